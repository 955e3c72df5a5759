"""What there is to read of a session: texts, versions, doubtful words, and what is not worked out again."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from levelup_voice.files.folder import open_session
from levelup_voice.session import events as ev
from levelup_voice.session.fold import apply
from levelup_voice.session.state import Session
from levelup_voice.web.reviewing import MOST_LETTERS, Reading, steps

from .faces import WORDS
from .recorded import held

TEXT = "Ouders willen graag stool helpen maar weten niet altijd hoe."


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return open_session(held(tmp_path)).session


def after(session: Session, *events: ev.Event) -> Session:
    for event in events:
        session = apply(session, ev.Entry(9e4, event))
    return session


@pytest.mark.parametrize(
    ("saved", "known", "at"),
    [
        (["a"], ["a"], 0),
        (["a", "b", "c"], ["a", "b", "c"], 2),
        (["a", "b", "c", "b"], ["a", "b", "c"], 1),
        (["a", "b", "c", "a", "c"], ["a", "b", "c"], 2),
        (["a", "b", "c", "a", "d"], ["a", "d"], 1),
        (["a", "b", "b"], ["a", "b"], 1),
    ],
)
def test_going_back_to_a_text_is_no_new_text(saved: Sequence[str], known: list[str], at: int) -> None:
    assert steps(saved) == (known, at)


def test_a_version_that_was_left_can_still_be_read(session: Session) -> None:
    texts = ["Een.", "Twee.", "Een.", "Drie."]
    session = after(session, *(ev.SummaryCorrected(1, text) for text in texts))
    history = Reading(session, WORDS).history(session.recordings[1])
    assert history == {"texts": [TEXT, "Een.", "Twee.", "Drie."], "steps": [0, 1, 3], "at": 2, "heard": True}


def test_of_hours_of_text_only_the_latest_versions_are_sent(session: Session) -> None:
    texts = [f"{number} " + "x" * (MOST_LETTERS // 4) for number in range(6)]
    session = after(session, *(ev.SummaryCorrected(1, text) for text in texts), ev.SummaryCorrected(1, texts[0]))
    history = Reading(session, WORDS).history(session.recordings[1])
    assert history["texts"] == [texts[0], *texts[3:]]
    assert (history["steps"], history["at"], history["heard"]) == ([0, 1, 2, 3], 0, False)


def test_a_doubtful_word_is_shown_with_what_is_around_it(session: Session) -> None:
    session = after(session, ev.SummaryCorrected(0, "Stool, zeiden ze. Ouders willen graag stool helpen."))
    (doubt,) = Reading(session, WORDS).doubts()
    assert (doubt.word, doubt.before, doubt.after) == ("stool", "ze. Ouders willen graag ", " helpen.")
    assert len(doubt.places) == len(session.recordings)


def test_what_replaces_a_word_takes_over_its_capital(session: Session) -> None:
    session = after(session, ev.SummaryCorrected(0, "OUDERS, ouders en Ouders."))
    assert Reading(session, WORDS).replaced("ouders", "vaders")[0] == "Vaders, vaders en Vaders."
    assert Reading(session, WORDS).replaced("o.ders", "vaders") == {}
    assert Reading(session, WORDS).replaced("x" * 9, "vaders") == {}


def test_after_a_change_only_what_changed_is_read_anew(session: Session) -> None:
    before = Reading(session, WORDS)
    before.doubts()
    session = after(session, ev.SummaryCorrected(1, "Anders."))
    reading = Reading(session, WORDS, before)
    same = [reading.written(one) is before.written(one) for one in session.recordings if one.number != 1]
    assert all(same)
    assert reading.text(session.recordings[1]) == "Anders."
    assert before.text(before.session.recordings[1]) == TEXT


def test_nothing_is_kept_of_a_recording_that_was_deleted(session: Session) -> None:
    before = Reading(session, WORDS)
    before.doubts()
    session = after(session, ev.RecordingDeleted(1))
    reading = Reading(session, WORDS, before)
    assert reading.text(session.recordings[1]) == ""
    assert len(reading.doubts()[0].places) == len(session.recordings) - 1
