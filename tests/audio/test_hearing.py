"""When somebody has said a phrase, and whether to believe it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from levelup_voice.audio.hearing import Expected, HeardWord, Reason, Utterance, is_onset, likeness

QUIET, LOUD = -60.0, -20.0

EXPECTED = Expected(
    phrases=frozenset({"spelleider volgende", "spelleider volgende stelling", "spelleider eens negen", "klopt"}),
    waiting=frozenset({"spelleider eens negen"}),
    skip=frozenset({"graag"}),
    wake="spelleider",
)


def words(text: str, seconds_each: float = 0.5, since: float = 0.3, confidence: float = 1.0) -> list[HeardWord]:
    return [
        HeardWord(word, since + nth * seconds_each, since + (nth + 1) * seconds_each, confidence)
        for nth, word in enumerate(text.split())
    ]


def said(seconds: float = 1.3, level: float = LOUD, expected: Expected = EXPECTED) -> Utterance:
    """An utterance in which somebody has spoken for so long."""
    utterance = Utterance(expected, -50.0)
    utterance.hear([QUIET] * 15, "", ended=False)
    utterance.hear([level] * round(seconds / 0.02), "", ended=False)
    return utterance


def is_time(utterance: Utterance, partial: str, quiet: float, *, ended: bool = False, level: float = QUIET) -> bool:
    return utterance.hear([level] * round(quiet / 0.02), partial, ended)


@pytest.mark.parametrize(
    ("partial", "quiet", "time"),
    [
        ("spelleider volgende", 0.2, False),
        ("spelleider volgende", 0.24, True),
        ("spelleider volgende graag", 0.24, True),
        ("spelleider", 0.4, False),
        ("spelleider volgende [unk]", 0.4, False),
        ("spelleider eens negen", 0.4, False),
        ("spelleider eens negen", 0.6, True),
        ("[unk]", 0.6, True),
    ],
)
def test_a_phrase_is_judged_after_a_quarter_of_a_second_and_what_may_go_on_later(
    partial: str, quiet: float, time: bool
) -> None:
    assert is_time(said(), partial, quiet) is time


SENTENCE = "wie is er nog niet geweest"


@pytest.mark.parametrize(("wake", "soonest"), [("", 0.6), ("spelleider", 0.24)])
def test_a_phrase_that_could_be_the_start_of_any_sentence_is_waited_for_where_no_name_comes_first(
    wake: str, soonest: float
) -> None:
    phrase = f"{wake} {SENTENCE}".strip()
    expected = Expected(phrases=frozenset({phrase}), wake=wake)
    assert not is_time(said(expected=expected), phrase, soonest - 0.04)
    assert is_time(said(expected=expected), phrase, soonest)


def test_an_end_that_the_recogniser_sees_is_an_end() -> None:
    assert is_time(said(), "", 0.0, ended=True)


def test_nobody_speaks_for_ten_seconds_on_end_unnoticed() -> None:
    assert is_time(said(9.5), "", 0.3, level=LOUD)


def test_quiet_is_what_lies_far_below_the_speaker_also_in_a_loud_room() -> None:
    assert is_time(said(level=-15.0), "spelleider volgende", 0.24, level=-35.0)
    assert not is_time(said(level=-25.0), "spelleider volgende", 0.24, level=-35.0)


def judged(
    heard: Sequence[HeardWord],
    free: Sequence[HeardWord],
    *,
    quiet: float = 0.3,
    level: float = LOUD,
    own: tuple[str, ...] = (),
) -> Reason | None:
    chosen = replace(EXPECTED, own=own)
    utterance = said(level=level, expected=chosen)
    is_time(utterance, "", quiet)
    verdict = utterance.judge(heard, lambda: free)
    return verdict.reason if verdict else None


NEXT = words("spelleider volgende")


def test_a_phrase_that_both_recognisers_heard_is_obeyed() -> None:
    assert judged(NEXT, NEXT) == "obeyed"
    assert judged(NEXT, words("spel leider volgende", 0.33)) == "obeyed", "an unknown name in two known words"


def test_a_phrase_of_which_the_free_recogniser_heard_something_else_is_not() -> None:
    assert judged(NEXT, words("wij praten later over de ouders", 0.16)) == "unlike"
    assert judged(NEXT, []) == "unlike"


def test_an_unsure_word_a_strange_tempo_and_a_faint_voice_are_not() -> None:
    assert judged(words("spelleider volgende", confidence=0.3), NEXT) == "unsure"
    quick = words("spelleider volgende", 0.1)
    assert judged(quick, quick) == "duration"
    slow = words("spelleider volgende", 3.0)
    assert judged(slow, slow) == "duration"
    assert judged(NEXT, NEXT, level=-52.0) == "too-quiet"


def test_what_we_say_ourselves_is_never_a_command() -> None:
    assert judged(NEXT, NEXT, own=("we gaan naar de volgende stelling",)) == "own-voice"
    assert judged(NEXT, NEXT, own=("we gaan verder",)) == "obeyed"


def test_no_phrase_is_told_apart_from_nothing() -> None:
    assert judged(words("spelleider"), words("spelleider")) == "no-phrase"
    assert judged(words("volgende spelleider"), NEXT) == "no-phrase"
    assert judged(words("[unk] [unk]"), NEXT) is None


def test_talk_before_the_wake_name_is_let_be_but_an_answer_must_stand_alone() -> None:
    called = words("[unk] spelleider volgende")
    assert judged(called, called) == "obeyed"
    assert judged(words("klopt"), words("klopt")) == "obeyed"
    assert judged(words("klopt"), words("klopt"), quiet=0.0) == "babble"
    answered = words("[unk] klopt")
    assert judged(answered, answered) == "babble"


def test_after_a_call_the_phrase_needs_no_name_and_what_is_left_of_that_is_let_be() -> None:
    called = Utterance(Expected(phrases=frozenset({"stil"}), calling="spelleider"), -50.0)
    called.hear([LOUD] * 40, "", ended=False)
    assert not called.hear([QUIET] * 10, "[unk] stil", ended=False)
    assert called.hear([QUIET] * 3, "[unk] stil", ended=False)
    heard = words("[unk] stil", 0.3, since=0.2)
    verdict = called.judge(heard, lambda: words("spel stil", 0.3, since=0.2))
    assert verdict is not None
    assert (verdict.words, verdict.reason) == ("spelleider stil", "obeyed")


def test_after_a_call_nobody_is_waited_for_longer_than_our_voice_pauses() -> None:
    called = Utterance(Expected(phrases=frozenset({"stil"}), calling="spelleider"), -50.0)
    assert not called.hear([LOUD] * 89, "[unk]", ended=False)
    assert called.hear([LOUD], "[unk]", ended=False)


def test_likeness_counts_letters() -> None:
    assert likeness("oneens negen", ["oneens", "negen"]) == 1.0
    assert likeness("oneens negen", ["on", "eens", "negen"]) == 1.0
    assert likeness("oneens negen", ["oneens"]) < 0.75
    assert likeness("klopt", ["[unk]"]) == 0.0


def test_a_click_is_no_onset() -> None:
    assert not is_onset([QUIET, LOUD, LOUD, QUIET, QUIET], -50.0)
    assert is_onset([QUIET, LOUD, LOUD, LOUD, QUIET], -50.0)
