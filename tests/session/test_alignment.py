"""Words keep their moment in the recording while a person edits the text."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.session import prose
from levelup_voice.session.alignment import align, text_of
from levelup_voice.session.transcript import Transcript, Word

SPELLING = prose.spelling(load_catalogue("nl"))
texts = st.lists(st.sampled_from(["de", "school", "ouders", "en", "kind", "écht"]), min_size=1, max_size=12)


def heard(*words: str, doubt: str = "") -> tuple[prose.Sentence, ...]:
    """A word each half second."""
    spoken = tuple(Word(text, n / 2, n / 2 + 0.4, 0.3 if text == doubt else 0.95) for n, text in enumerate(words))
    return prose.sentences(Transcript(words=spoken, audio_seconds=9.0, work_seconds=0.0, model=""), SPELLING)


def test_what_was_heard_has_its_moments() -> None:
    said = heard("de", "school", "wil")
    assert [(one.start, one.end) for one in align(said, text_of(said))] == [(0.0, 0.4), (0.5, 0.9), (1.0, 1.4)]


def test_a_corrected_word_is_certain_and_sounds_where_the_wrong_one_did() -> None:
    said = heard("de", "stool", "wil", doubt="stool")
    assert [one.doubtful for one in align(said, text_of(said))] == [False, True, False]
    placed = align(said, "De school wil.")
    assert [one.doubtful for one in placed] == [False, False, False]
    assert (placed[1].start, placed[1].end) == (0.5, 0.9)


def test_what_was_not_touched_keeps_its_doubt() -> None:
    said = heard("de", "stool", "wil", "meer", doubt="stool")
    assert [one.doubtful for one in align(said, "De stool wil minder.")] == [False, True, False, False]


def test_two_words_for_one_share_its_time() -> None:
    placed = align(heard("de", "ouderavond", "wil"), "De ouder avond wil.")
    assert placed[1].start == 0.5
    assert placed[1].end == placed[2].start
    assert placed[2].end == 0.9


@given(texts, texts)
def test_every_word_of_any_text_has_a_moment_in_order(spoken: list[str], written: list[str]) -> None:
    text = " ".join(written)
    placed = align(heard(*spoken), text)
    assert [text[one.first : one.last] for one in placed] == written
    assert all(one.start <= one.end for one in placed)
    assert all(one.end <= after.start + 0.001 for one, after in pairwise(placed))


def test_a_long_recording_with_an_edit_in_its_middle_is_aligned_at_once() -> None:
    """Eight hours: 70 000 words. What is far from the edit is not compared."""
    words = [f"woord{n % 500}" for n in range(70_000)]
    said = heard(*words)
    text = text_of(said).split(" ")
    text[35_000] = "iets anders"
    placed = align(said, " ".join(text))
    assert len(placed) == 70_001
    assert placed[-1].end == 69_999 / 2 + 0.4


def test_in_hours_of_talk_that_were_edited_all_over_every_word_that_stayed_keeps_its_moment() -> None:
    """Each fortieth word is written otherwise, and the first minutes are left out."""
    draw = Random(1)
    words = [f"woord{min(int(draw.paretovariate(0.6)), 4000)}" for _ in range(30_000)]
    said = heard(*words)
    text = text_of(said).split(" ")
    edited = [f"{word}s" if number % 40 == 0 else word for number, word in enumerate(text)][500:]
    placed = align(said, " ".join(edited))
    moved = [one for number, one in enumerate(placed, start=500) if abs(one.start - number / 2) > 0.01]
    assert moved == []
