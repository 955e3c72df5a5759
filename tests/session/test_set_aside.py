"""What was left unfinished is reviewed, or gets its words, before somebody goes on with it: that costs it no time."""

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.fold import replay
from levelup_voice.session.incoming import Correct, Incoming, SetAside, Transcribe
from levelup_voice.session.timing import remaining
from tests.session.room import Room, transcript

HOUR = 3600.0


def left(stage: str) -> Room:
    """A program was killed in the middle of a statement; an hour later somebody takes up what it left."""
    room = Room().until("s2", stage)
    left_at = room.journal[-1].at
    room.session, room.now = replay(room.journal), left_at + HOUR
    assert room.take(SetAside(left_at)) == (ev.SessionSetAside(left_at),)
    return room


@pytest.mark.parametrize("stage", ["thinking", "choosing", "counting"])
@pytest.mark.parametrize("work", [Correct(0, "Anders."), Transcribe()], ids=["review", "transcribe"])
def test_whoever_works_on_it_lets_no_time_go_on(stage: str, work: Incoming) -> None:
    room = left(stage)
    before, cues = remaining(room.session, room.now), room.session.run.cues_given
    room.take(work)
    for number in [one.number for one in room.session.recordings if one.asked_at is not None]:
        assert room.take(ev.TranscriptReady(number, transcript("ja"))) != ()
    assert room.wait(HOUR) == []
    room.crash()
    assert room.session.situation == "paused"
    assert (room.session.item and room.session.item.id, room.session.run.stage) == ("s2", stage)
    assert room.session.run.cues_given == cues
    assert remaining(room.session, room.now) == before
    room.settle()
    room.take(do.Continue())
    assert remaining(room.session, room.now) == before


def test_nothing_is_said_or_recorded_where_nobody_is() -> None:
    room = Room().until("open")
    room.take(do.Record())
    assert room.session.announced is not None
    room.session, left_at = replay(room.journal), room.now
    events = [*room.take(SetAside(left_at)), *room.take(Transcribe()), *room.wait(HOUR)]
    assert events == [ev.SessionSetAside(left_at)]


def test_whoever_comes_after_another_leaves_the_pause_where_it_is() -> None:
    room = left("thinking")
    since = room.session.paused_at
    room.take(SetAside(room.now))
    assert room.session.paused_at == since


def test_of_a_closed_session_only_what_its_program_did_not_wait_for_is_set_aside() -> None:
    room = Room().until("dank").obey(do.Next())
    assert room.session.closed_at is not None
    assert room.session.awaits_devices
    room.now += HOUR
    assert room.take(SetAside(room.now)) == (ev.SessionSetAside(room.now),)
    asked = room.take(Transcribe())
    assert {type(event) for event in asked} == {ev.TranscriptionRequested}
    assert len(asked) == len(room.session.recordings)
    for recording in room.session.recordings:
        room.take(ev.TranscriptReady(recording.number, transcript("ja")))
    assert room.take(SetAside(room.now)) == ()
