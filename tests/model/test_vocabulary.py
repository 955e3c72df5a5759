"""The words: enough of them, all of the session's among them, and those of every command."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from levelup_voice.files.phrases import load_phrases
from models.recipe.vocabulary import UNKNOWN, WAKE_NAME, commands, in_words, nouns, numbers, vocabulary
from tests.audio.speech import MODEL

ROOT = Path(__file__).parents[2]

NOT_SPOKEN = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\{[^}]*\}|[0-9]\S*")
WORD = re.compile(r"[a-zà-ÿ]+(?:['-][a-zà-ÿ]+)*")

NOT_DUTCH = set(Path(__file__).with_name("not_dutch.txt").read_text(encoding="utf-8").split())
"""In the content: names of programs, formats, fields, ids and authors, English titles, and spellings for the voice."""

FRAGMENTS = {
    *("a", "b", "n", "o", "heid"),
    "betrekken-bij-extra-oefenen-met-lezen-en-rekenen-ouderbetrokkenheid-educationlab",
    "op-kansrijke-ontwikkeling",
    "project-educatief-partnerschap",
}
"""In the seeds, letters of abbreviations, half of a word in brackets, and parts of links."""


def words_of(text: str) -> set[str]:
    return set(WORD.findall(NOT_SPOKEN.sub(" ", text.lower().replace("’", "'"))))


def texts(data: object, keys: frozenset[str] | None = None, key: str = "") -> Iterator[str]:
    """All texts in a file, or those under these keys."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from texts(value, keys, name)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value, keys, key)
    elif isinstance(data, str) and (keys is None or key in keys):
        yield data


def embedded_words() -> set[str]:
    lines = (MODEL / "graph" / "words.txt").read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines}


def test_the_model_knows_more_than_eight_thousand_words_and_rejects_the_rest() -> None:
    known = embedded_words()
    assert len(known) > 8000
    assert UNKNOWN in known
    assert set(vocabulary()) <= known


def test_all_words_of_all_commands_are_known() -> None:
    """Those of the product, and those that the sentences of learning are made with."""
    asked = {word for phrase in (*commands(), *numbers(), WAKE_NAME) for word in phrase.split()}
    assert (load_phrases("nl").vocabulary() | asked) - embedded_words() == set()


@pytest.mark.parametrize(
    ("number", "word"), [(0, "nul"), (8, "acht"), (13, "dertien"), (22, "tweeëntwintig"), (60, "zestig")]
)
def test_numbers_are_words(number: int, word: str) -> None:
    assert numbers()[number] == word
    assert len(numbers()) == 61


def test_every_word_that_is_spoken_in_the_session_is_known() -> None:
    session = yaml.safe_load((ROOT / "content" / "sessions" / "level-up.nl.yaml").read_text(encoding="utf-8"))
    catalogue = yaml.safe_load((ROOT / "content" / "catalogues" / "nl.yaml").read_text(encoding="utf-8"))
    rehearsal = yaml.safe_load((ROOT / "content" / "rehearsals" / "level-up.nl.yaml").read_text(encoding="utf-8"))
    spoken = [
        *texts(session, frozenset({"spoken"})),
        *texts(catalogue["texts"]["say"]),
        *texts(rehearsal["speeches"], frozenset({"text"})),
    ]
    assert len(spoken) > 50
    assert not set().union(*(words_of(text) for text in spoken)) - embedded_words()


@pytest.mark.parametrize("name", ["catalogues/nl.yaml", "sessions/level-up.nl.yaml", "rehearsals/level-up.nl.yaml"])
def test_every_dutch_word_of_the_content_is_known(name: str) -> None:
    content = yaml.safe_load((ROOT / "content" / name).read_text(encoding="utf-8"))
    unknown = set().union(*(words_of(text) for text in texts(content))) - embedded_words() - NOT_DUTCH
    assert {word for word in unknown if len(word) > 1} == set()
    assert not NOT_DUTCH & embedded_words()


@pytest.mark.parametrize("seed", ["article.txt", "slides.txt"])
def test_every_word_of_the_seeds_is_known(seed: str) -> None:
    """But for the list of literature, which is in English."""
    text = (ROOT / "tests" / "files" / "seeds" / seed).read_text(encoding="utf-8").split("LITERATUUR")[0]
    assert not words_of(text) - embedded_words() - FRAGMENTS


def test_numbers_are_all_different() -> None:
    assert len(set(numbers())) == 61


def test_the_session_is_in_the_vocabulary() -> None:
    session = (
        "partnerschap medezeggenschapsraad ouderbetrokkenheid logopedist kansenongelijkheid ouderparticipatie "
        "leefwereld competentiebeleving welbevinden oudergesprekken thuissituatie schoolleider huiswerk spelleider"
    )
    assert set(session.split()) <= set(vocabulary())


def test_every_noun_has_an_article_or_only_a_plural() -> None:
    assert all(noun.article or noun.several for noun in nouns())
    assert all(" " not in noun.one + noun.several for noun in nouns())


def test_punctuation_is_no_part_of_a_word() -> None:
    assert in_words("Nee, laat maar. “Zo’n” vraag?") == ["nee", "laat", "maar", "zo’n", "vraag"]
