"""The graph of the embedded model, and a small one: what can be heard, and what cannot."""

import functools
from collections.abc import Iterable, Sequence

import pytest

from models.recipe import language_model
from models.recipe.graph import WordGraph, number_words
from models.recipe.graph_phones import NAMES, entering, positioned
from models.recipe.lexicon import Pronunciation
from models.recipe.openfst_format import Graph, read
from models.recipe.phones import PHONES, SILENCE
from models.recipe.vocabulary import UNKNOWN
from tests.audio.speech import MODEL

LEXICON = [
    Pronunciation("klaar", 1.0, ("k", "l", "a:", "r")),
    Pronunciation("klas", 1.0, ("k", "l", "A", "s")),
    Pronunciation("klassen", 1.0, ("k", "l", "A", "s", "@", "n")),
    Pronunciation("klassen", 0.35, ("k", "l", "A", "s", "@")),
    Pronunciation("u", 1.0, ("y",)),
    Pronunciation("uu", 1.0, ("y",)),
]


@pytest.fixture(scope="module")
def small() -> tuple[Graph, dict[str, int]]:
    numbers = number_words(LEXICON)
    return WordGraph(LEXICON, numbers, dict.fromkeys(PHONES, 0.5)).build(), numbers


@functools.cache
def embedded() -> Graph:
    return read(MODEL / "graph" / "HCLr.fst")


@functools.cache
def words() -> dict[str, int]:
    lines = (MODEL / "graph" / "words.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(number) for word, number in (line.split() for line in lines)}


def words_of(graph: Graph, phones: Sequence[str]) -> set[int]:
    """Which single words can be heard when exactly these phones follow each other."""
    reached = {(graph.start, 0)}
    for phone in phones:
        reached = {
            (arc.target, arc.output or word)
            for state, word in _with_silent_arcs(graph, reached)
            for arc in graph.arcs[state]
            if arc.input == entering(phone) and not (arc.output and word)
        }
    return {word for state, word in _with_silent_arcs(graph, reached) if state in graph.finals}


def _with_silent_arcs(graph: Graph, reached: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    found = set(reached)
    for state, word in list(found):
        found |= {(arc.target, arc.output) for arc in graph.arcs[state] if arc.input == 0 and not word}
    return found


@pytest.mark.parametrize("entry", LEXICON, ids=lambda entry: " ".join(entry.phones))
def test_every_pronunciation_is_heard_as_its_word(small: tuple[Graph, dict[str, int]], entry: Pronunciation) -> None:
    graph, numbers = small
    assert numbers[entry.word] in words_of(graph, positioned(entry.phones))


def test_words_that_sound_alike_are_both_possible(small: tuple[Graph, dict[str, int]]) -> None:
    graph, numbers = small
    assert words_of(graph, ("y_S",)) == {numbers["u"], numbers["uu"]}


def test_part_of_a_word_is_no_word(small: tuple[Graph, dict[str, int]]) -> None:
    graph, _ = small
    assert words_of(graph, positioned(("k", "l", "A"))) == set()


def test_a_likely_pronunciation_costs_less_than_an_unlikely_one() -> None:
    costs = {}
    for probability in (1.0, 0.35):
        graph = WordGraph([Pronunciation("u", probability, ("y",))], {"u": 1}, dict.fromkeys(PHONES, 0.5)).build()
        costs[probability] = min(arc.cost for arc in graph.arcs[graph.start] if arc.output)
    assert costs[1.0] < costs[0.35]


def reachable(graph: Graph) -> set[int]:
    found, waiting = {graph.start}, [graph.start]
    while waiting:
        for arc in graph.arcs[waiting.pop()]:
            if arc.target not in found:
                found.add(arc.target)
                waiting.append(arc.target)
    return found


def test_every_state_and_every_word_of_the_model_can_be_reached() -> None:
    graph = embedded()
    states = reachable(graph)
    assert states == set(range(len(graph.arcs)))
    given_out = {arc.output for state in states for arc in graph.arcs[state] if arc.output}
    assert given_out == set(words().values()) - {0}


def test_from_everywhere_a_word_can_be_finished() -> None:
    graph = embedded()
    before: list[list[int]] = [[] for _ in graph.arcs]
    for state, arcs in enumerate(graph.arcs):
        for arc in arcs:
            before[arc.target].append(state)
    found, waiting = set(graph.finals), list(graph.finals)
    while waiting:
        for state in before[waiting.pop()]:
            if state not in found:
                found.add(state)
                waiting.append(state)
    assert found == set(range(len(graph.arcs)))


def test_no_time_passes_in_no_circle() -> None:
    """A circle of arcs without a phone would let the search run for ever."""
    graph = embedded()
    for state, arcs in enumerate(graph.arcs):
        for first in (arc for arc in arcs if arc.input == 0):
            assert first.target != state
            assert all(arc.input for arc in graph.arcs[first.target])


def test_silence_does_not_follow_silence() -> None:
    graph = embedded()
    silence = entering(SILENCE)
    after = {arc.target for arcs in graph.arcs for arc in arcs if arc.input == silence}
    assert after
    assert not any(arc.input == silence for state in after for arc in graph.arcs[state])


def test_every_phone_can_be_held() -> None:
    """Whoever enters a phone arrives where it may go on: "reordered", as the recogniser's word times expect."""
    graph = embedded()
    for arcs in graph.arcs:
        for arc in arcs:
            if arc.input and arc.input % 2 == 0:
                staying = [loop for loop in graph.arcs[arc.target] if loop.input == arc.input - 1]
                assert [loop.target for loop in staying] == [arc.target]


def test_all_files_of_the_graph_speak_of_the_same_words_and_phones() -> None:
    grammar = read(MODEL / "graph" / "Gr.fst")
    in_grammar = {arc.input for arcs in grammar.arcs for arc in arcs}
    assert in_grammar == set(words().values())
    boundaries = (MODEL / "graph" / "phones" / "word_boundary.int").read_text().splitlines()
    assert [int(line.split()[0]) for line in boundaries] == list(range(1, len(NAMES) + 1))


def test_a_word_that_is_not_ours_may_come_anywhere_and_begins_anew() -> None:
    unknown = words()[UNKNOWN]
    found = [[arc for arc in arcs if arc.input == unknown] for arcs in read(MODEL / "graph" / "Gr.fst").arcs]
    assert {len(arcs) for arcs in found} == {1}
    assert {(round(arc.cost, 3), arc.target) for (arc,) in found} == {(language_model.UNKNOWN_COST, 0)}


def test_probabilities_of_what_follows_add_up_to_one() -> None:
    known = ("wij", "willen", "meer", "tijd")
    model = language_model.make_language_model(["wij willen meer tijd", "wij willen tijd", "meer tijd"] * 3, known)
    for history in ((), ("wij",), ("wij", "willen"), ("willen", "meer"), ("tijd", "wij")):
        total = sum(model.probability(word, history) for word in (*known, language_model.END))
        assert total == pytest.approx(1.0)


def test_what_was_written_often_is_likely() -> None:
    known = ("wij", "willen", "meer", "tijd")
    model = language_model.make_language_model(["wij willen meer tijd"] * 5, known)
    assert model.probability("tijd", ("willen", "meer")) > 0.8
    assert model.probability("wij", ("willen", "meer")) > 0
