"""How the model is judged: by the product's own phrases, among voices that it never heard, and by what was meant."""

import re

import numpy as np
import pytest

from levelup_voice.files.phrases import load_phrases
from models.recipe import evaluation, figures, rooms
from models.recipe.espeak import Synthesiser
from models.recipe.evaluation import AROUND, GROUPS, Heard, Speakers
from models.recipe.sound import RATE
from models.recipe.vocabulary import lines
from models.recipe.voices import DIPHONES, HELD_OUT, HELD_OUT_KLATT, variants
from tests.audio.speech import MODEL


def test_every_command_of_the_product_is_asked_for_and_each_phrase_once() -> None:
    asked = figures.asked()
    assert len(asked) == len(set(asked)) > 180
    meant = {type(command) for words in asked for command in evaluation.meanings()[words]}
    assert meant == {type(phrase.command) for phrase in load_phrases("nl").phrases}
    without_number = {words for words, meant in evaluation.meanings().items() if not re.search("[0-9]", repr(meant))}
    assert len(without_number) > 100
    assert without_number <= set(asked)


def test_every_pair_of_words_of_every_phrase_is_allowed() -> None:
    pairs = {pair for phrase in evaluation.grammar() for pair in zip(phrase.split(), phrase.split()[1:], strict=False)}
    for words in evaluation.meanings():
        assert set(zip(words.split(), words.split()[1:], strict=False)) <= pairs


def test_a_command_is_right_when_it_means_what_was_asked_for() -> None:
    heard = [
        Heard("de volgende vraag", "de volgende vraag"),
        Heard("de volgende vraag", "volgende vraag"),
        Heard("één minuut erbij", "een minuut erbij"),
        Heard("vorige vraag", "volgende vraag"),
        Heard("volgende", "aan volgende"),
        Heard("volgende", ""),
    ]
    assert evaluation.accuracy(heard) == pytest.approx(100 * 3 / 6)
    assert evaluation.exactness(heard) == pytest.approx(100 * 2 / 6)
    assert evaluation.mistaken(heard) == pytest.approx(100 * 1 / 6)


def test_words_too_many_are_errors_too() -> None:
    assert evaluation.word_error_rate([Heard("wij willen", "Wij willen, ook"), Heard("dat", "dat")]) == pytest.approx(
        100 / 3
    )


@pytest.mark.parametrize(("count", "bound"), [(0, 2.996), (1, 4.744), (3, 7.754), (10, 16.962)])
def test_the_bound_is_that_of_a_poisson_count(count: int, bound: float) -> None:
    """Half of the 90 % quantile of chi-square with 2 (count + 1) degrees of freedom, as tables have it."""
    assert evaluation.upper_bound(count) == pytest.approx(bound, abs=0.001)


def test_only_voices_that_were_kept_out_babble_and_settings_are_chosen_among_others() -> None:
    kept_out = {*variants(HELD_OUT), *variants(HELD_OUT_KLATT)}
    for group, around in AROUND.items():
        assert group == "development" or set(around) <= kept_out
        assert len(set(around) - {around[0]}) >= rooms.FEWEST_BABBLERS
    assert not set(AROUND["development"]) & kept_out
    assert DIPHONES not in {voice for around in AROUND.values() for voice in around}
    assert set(GROUPS["held-out"]) <= set(AROUND["klatt"])


def test_four_to_eight_voices_babble_none_of_them_twice() -> None:
    """Each voice is a tone of its own, so that they can be counted."""
    draw = np.random.default_rng(1)
    time = np.arange(RATE) / RATE
    tones = [100 * (number + 1) for number in range(11)]
    voices = [[np.sin(2 * np.pi * tone * time).astype(np.float32)] * 5 for tone in tones]
    counts = set()
    for _ in range(60):
        speech = np.zeros(RATE, np.float32)
        speech[100] = 1000
        babble = rooms.babbling(speech, voices, 10, draw) - speech
        strength = np.abs(np.fft.rfft(babble))[tones]
        heard = strength > 0.5 * strength.max()
        assert strength[heard].max() < 1.1 * strength[heard].min()
        counts.add(int(heard.sum()))
    assert counts == {4, 5, 6, 7, 8}


def test_who_speaks_does_not_babble(monkeypatch: pytest.MonkeyPatch) -> None:
    speakers = Speakers(Synthesiser(), "klatt", 1)
    around: list[int] = []

    def listened_to(sound: object, others: list[object], draw: object) -> object:
        around.append(len(others))
        return sound

    monkeypatch.setitem(evaluation.CONDITIONS, "babble", listened_to)
    speakers.say("volgende", speakers.names[0], "babble")
    assert around == [len(AROUND["klatt"]) - 1]


def test_what_it_does_not_know_is_no_command_and_seldom_all_known_words() -> None:
    known = {line.split()[0] for line in (MODEL / "graph" / "words.txt").read_text(encoding="utf-8").splitlines()}
    assert not set(lines("unknown.txt")) & known
    unknown = figures.strange(MODEL)
    assert unknown.commands == 0
    assert unknown.rejected >= 60


def test_a_process_that_listens_holds_more_than_the_model() -> None:
    speakers = Speakers(Synthesiser(), "held-out", 1)
    resident = figures.resident(MODEL, speakers, ["wij willen meer tijd voor gesprekken met ouders"])
    assert resident > figures.megabytes(MODEL)


def test_the_model_is_small_enough_to_come_along() -> None:
    assert figures.megabytes(MODEL) <= 12
