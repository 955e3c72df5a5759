"""A journal is believed only where it can be true."""

from dataclasses import replace

import pytest

from levelup_voice.files.replaying import begin, follow
from levelup_voice.session import events as ev
from tests.session.room import Room

STARTED = ev.RecordingStarted(recording=0, file="audio/001-a-take1.wav", purpose="answer", block=0, item="open")


def entry(event: ev.Event) -> ev.Entry:
    return ev.Entry(100.0, event)


@pytest.mark.parametrize(
    "event",
    [
        ev.BlockStarted(99),
        ev.BlockStarted(-1),
        ev.ItemReached(0),
        ev.ParticipantsCounted(10**9),
        ev.GroupsFormed((10**9,)),
        ev.TranscriptionRequested(0),
        ev.RecordingStopped(-1),
        ev.TimeAdded(0, float("nan")),
        ev.SpeechRequested(utterance=10**12),
        replace(STARTED, file="audio/../../etc/passwd"),
        replace(STARTED, file="/etc/passwd"),
        replace(STARTED, file="notes.md"),
        replace(STARTED, file="audio/\x1b[2J.wav"),
        replace(STARTED, recording=7),
        replace(STARTED, item="nowhere"),
        replace(STARTED, rate=0),
    ],
)
def test_what_cannot_follow_is_refused(event: ev.Event) -> None:
    session = begin(Room().journal[0])
    with pytest.raises(ValueError, match=r"."):
        follow(session, entry(event))


def test_a_real_session_is_believed() -> None:
    first, *rest = Room().until("s1", "counting").journal
    session = begin(first)
    for one in rest:
        session = follow(session, one)
    assert session.item is not None


def test_a_session_does_not_open_twice() -> None:
    first = Room().journal[0]
    with pytest.raises(ValueError, match="SessionOpened"):
        follow(begin(first), first)
