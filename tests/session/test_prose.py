"""What the recogniser heard becomes Dutch as people write it, and nothing of it gets lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.session.prose import (
    DOUBTFUL,
    NOT_UNDERSTOOD,
    SENTENCE_PAUSE,
    THINKING_PAUSE,
    is_understood,
    sentences,
    spelling,
)
from levelup_voice.session.transcript import UNKNOWN, Transcript, Word
from tests.session.told import heard

DUTCH = spelling(load_catalogue("nl"))
ENGLISH = spelling(load_catalogue("en"))


def written(text: str) -> str:
    return " ".join(sentence.text for sentence in sentences(heard(text), DUTCH))


def spoken(*words: tuple[str, float], confidence: float = 0.9) -> Transcript:
    """Words of 0.3 s, each with the silence before it."""
    found, at = [], 0.0
    for text, silence in words:
        found.append(Word(text, at + silence, at + silence + 0.3, confidence))
        at += silence + 0.3
    return Transcript(words=tuple(found), audio_seconds=at, work_seconds=0.1, model="m")


vocabulary = st.sampled_from(
    ("ouders", "en", "drie", "twintig", "drieëntwintig", "één", "punt", "nul", "ep", "de", UNKNOWN, "'s", "x", "")
)
transcripts = st.lists(st.tuples(vocabulary, st.floats(0.0, 2.0), st.floats(0.0, 1.0)), max_size=30).map(
    lambda words: Transcript(
        words=tuple(
            Word(text, nth * 3 + silence, nth * 3 + silence + 0.5, confidence)
            for nth, (text, silence, confidence) in enumerate(words)
        ),
        audio_seconds=100.0,
        work_seconds=0.1,
        model="m",
    )
)


@given(transcripts)
def test_every_word_heard_is_in_one_place_and_in_order(transcript: Transcript) -> None:
    written = [word for sentence in sentences(transcript, DUTCH) for piece in sentence.words for word in piece.words]
    assert tuple(written) == transcript.words


@given(transcripts)
def test_moments_run_on_from_piece_to_piece(transcript: Transcript) -> None:
    said = sentences(transcript, DUTCH)
    pieces = [piece for sentence in said for piece in sentence.words]
    assert all(piece.start < piece.end for piece in pieces)
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    assert all((one.start, one.end) == (one.words[0].start, one.words[-1].end) for one in said)


@given(transcripts)
def test_a_piece_is_doubtful_when_one_of_its_words_is(transcript: Transcript) -> None:
    for sentence in sentences(transcript, DUTCH):
        for piece in sentence.words:
            unsure = any(word.confidence < DOUBTFUL for word in piece.words)
            assert piece.doubtful == (unsure and not piece.gap)


def test_a_pause_ends_a_sentence_and_a_capital_begins_the_next() -> None:
    assert written("ouders bellen / school luistert") == "Ouders bellen. School luistert."


def test_a_breath_ends_no_sentence() -> None:
    breath = spoken(("ouders", 0.0), ("bellen", SENTENCE_PAUSE - 0.05))
    assert len(sentences(breath, DUTCH)) == 1


def test_who_stops_after_en_is_thinking() -> None:
    thinking = spoken(("bellen", 0.0), ("en", 0.1), ("luisteren", THINKING_PAUSE - 0.05))
    assert [one.text for one in sentences(thinking, DUTCH)] == ["Bellen en luisteren."]


def test_who_stays_silent_after_en_has_finished() -> None:
    finished = spoken(("bellen", 0.0), ("en", 0.1), ("luisteren", THINKING_PAUSE + 0.05))
    assert [one.text for one in sentences(finished, DUTCH)] == ["Bellen en.", "Luisteren."]


@pytest.mark.parametrize(
    ("said", "as_written"),
    [
        ("drie en twintig ouders", "23 ouders."),
        ("drieëntwintig ouders", "23 ouders."),
        ("een en twintig ouders", "21 ouders."),
        ("drie ouders", "Drie ouders."),
        ("twintig ouders", "Twintig ouders."),
        ("negentien ouders", "Negentien ouders."),
        ("veertig procent", "Veertig procent."),
        ("ouderbetrokkenheid drie punt nul", "Ouderbetrokkenheid 3.0."),
        ("wat is ep op een nederlandse school", "Wat is EP op een Nederlandse school."),
    ],
)
def test_numbers_and_names_are_written_as_people_write_them(said: str, as_written: str) -> None:
    assert written(said) == as_written


def test_a_pause_keeps_two_numbers_apart() -> None:
    assert written("het zijn er drie / twintig bleven thuis") == "Het zijn er drie. Twintig bleven thuis."


def test_english_numbers_are_written_in_english() -> None:
    assert [one.text for one in sentences(heard("twenty three parents"), ENGLISH)] == ["23 parents."]


def test_what_was_none_of_its_words_is_one_marked_gap() -> None:
    assert written("meer [unk] [unk] voor ouders") == "Meer (…) voor ouders."


def test_a_number_made_of_a_doubtful_word_is_doubtful() -> None:
    [said] = sentences(heard("drie? en twintig ouders"), DUTCH)
    assert [(piece.text, piece.doubtful) for piece in said.words] == [("23", True), ("ouders", False)]


def test_nothing_heard_is_no_sentence_and_not_understood() -> None:
    assert sentences(heard(""), DUTCH) == ()
    assert not is_understood(heard(""))


def test_a_transcript_that_is_mostly_guessed_is_not_understood() -> None:
    assert is_understood(heard("ouders willen meer", confidence=NOT_UNDERSTOOD + 0.01))
    assert not is_understood(heard("ouders willen meer", confidence=NOT_UNDERSTOOD - 0.01))


def test_a_transcript_with_too_many_unknown_words_is_not_understood() -> None:
    assert is_understood(heard("ouders [unk] willen"))
    assert not is_understood(heard("ouders [unk] willen [unk]"))
