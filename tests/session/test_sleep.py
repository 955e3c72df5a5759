"""A laptop that slept: noticed, shown, asked about when it was long, and no fault of any device."""

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.notes import notes
from levelup_voice.session.timing import next_wakeup, remaining
from levelup_voice.session.view import view
from tests.session.room import WORDS, Room, recorded, texts


def test_after_a_long_sleep_the_clocks_stand_still_since_its_beginning_until_somebody_says() -> None:
    room = Room().until("welkom")
    left = remaining(room.session, room.now)
    said = texts(room.sleep(600.0))
    assert said == ["Daar ben ik weer. We waren in Begin, nog vijftien minuten. Verder?"]
    assert room.session.situation == "paused"
    room.hear()
    room.take(do.Continue())
    assert remaining(room.session, room.now) > left - 5.0


def test_the_time_slept_counts_when_the_facilitator_says_so() -> None:
    room = Room().until("welkom")
    left = remaining(room.session, room.now)
    room.sleep(600.0)
    room.take(do.Continue(counting=True))
    assert remaining(room.session, room.now) <= left - 600.0


def test_a_short_sleep_is_shown_for_a_while_and_nobody_is_asked() -> None:
    room = Room().until("welkom")
    assert texts(room.sleep(8.0)) == []
    assert room.session.situation == "reading"
    assert view(room.session, room.now, WORDS).troubles == (("computer", "slept"),)
    assert view(room.session, room.now + 60.0, WORDS).troubles == ()


def test_a_recording_goes_on_and_is_given_the_time_that_was_slept() -> None:
    room = Room().until("open")
    room.take(do.Record())
    recorded(room)
    assert room.session.open_recording is not None
    planned = room.session.open_recording.request.planned
    room.wait(2.0)
    assert texts(room.sleep(300.0)) == []
    assert room.session.situation == "recording"
    assert next_wakeup(room.session) - room.now == planned - 2.0


def test_what_devices_did_not_do_while_the_computer_slept_is_no_fault_of_theirs() -> None:
    room = Room().until("open")
    room.take(do.Record())
    recorded(room)
    room.take(do.StopRecording())
    happened = room.sleep(20.0)
    assert not any(isinstance(event, ev.RecordingFailed) for event in happened)
    room.saved()
    assert room.session.speaking
    happened = room.sleep(20.0)
    assert not any(isinstance(event, ev.SpeechFailed | ev.TranscriptionFailed) for event in happened)


def test_the_notes_tell_that_the_computer_slept() -> None:
    room = Room().until("welkom")
    room.sleep(90.0)
    assert "de computer sliep" in str(notes(room.session, WORDS))
    assert "de computer sliep" not in str(notes(room.session, WORDS, shared=True))
