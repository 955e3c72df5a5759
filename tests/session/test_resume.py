"""After a crash: the journal is folded, and the session goes on from wherever it stopped."""

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.fold import replay
from levelup_voice.session.incoming import Resume, Tick
from levelup_voice.session.notes import notes
from levelup_voice.session.timing import next_wakeup, remaining, spent
from levelup_voice.session.view import view
from tests.plans import SMALL
from tests.session.room import WORDS, Room, texts, tones, without_speech


def a_whole_session() -> Room:
    """With everything in it that a journal can be torn at."""
    room = Room()
    room.obey(do.Start(), do.AddTime(60.0), do.Pause(), do.Continue()).until("open")
    room.obey(do.Next(), do.Next(), do.Again(), do.Next(), do.DeleteRecording(0), do.Confirm())
    room.until("s1", "counting").obey(do.GiveTally(disagree=9), do.Record(), do.Next()).until("oogst")
    room.obey(do.SwapQuestion(2, "q5"), do.Next(), do.Next(), do.RecordKernel(), do.Next())
    room.obey(do.SetParticipants(9), do.FormGroups(), do.Refuse(3)).until("werkt")
    room.take(do.Back())
    room.obey(do.Back()).until("dank").obey(do.Next())
    return room


WHOLE = a_whole_session()

CLOSE = next(number for number, entry in enumerate(WHOLE.journal) if isinstance(entry.event, ev.SessionClosed))


@pytest.mark.parametrize("kept", range(1, CLOSE + 1))
def test_every_prefix_of_a_journal_can_be_resumed_and_led_to_its_close(kept: int) -> None:
    room = Room()
    room.journal = WHOLE.journal[:kept]
    room.crash(30.0)
    assert replay(room.journal) == room.session
    assert room.session.situation in ("ready", "paused")
    assert room.take(Tick()) == ()
    assert next_wakeup(room.session) > room.now
    assert view(room.session, room.now, WORDS).situation == room.session.situation
    assert notes(room.session, WORDS)
    assert not room.session.runs or room.session.run.ended_at is None, "the block on show is being run"
    for _ in range(80):
        room.obey(do.Next())
        if room.session.closed_at is not None:
            break
    assert room.session.closed_at is not None
    assert room.session.turns_taken["oogst"]
    assert sum(spent(room.session, block, room.now) for block in range(3)) <= room.now - 30.0 + 1e-6


@pytest.mark.parametrize("kept", range(1, CLOSE + 1))
def test_from_every_prefix_one_can_go_back(kept: int) -> None:
    room = Room()
    room.journal = WHOLE.journal[:kept]
    room.crash(30.0)
    room.obey(do.Next(), do.Back(), do.Back())
    assert room.session.runs


def test_it_is_said_where_we_were_and_the_clocks_stand_still_from_the_crash_on() -> None:
    room = Room().until("s2", "choosing")
    left = remaining(room.session, room.journal[-1].at)
    events = room.crash(600.0)
    assert room.session.situation == "paused"
    (said,) = texts(events)
    assert said.startswith("Daar ben ik weer.")
    assert "stelling twee" in said
    assert remaining(room.session, room.now) == left
    room.obey(do.Next())
    assert remaining(room.session, room.now) == pytest.approx(left, abs=5.0)


def test_a_pause_goes_on_after_a_crash() -> None:
    room = Room().until("welkom").obey(do.Pause())
    since = room.session.paused_at
    events = room.crash()
    assert not any(isinstance(event, ev.ClockPaused) for event in events)
    assert room.session.paused_at == since


def test_nothing_is_said_before_a_session_starts_or_after_it_closed() -> None:
    assert texts(Room().crash()) == []
    assert texts(Room().obey(do.Start(), do.Finish(), do.Confirm()).crash()) == []


def test_the_recording_that_ran_is_kept_and_transcribed_without_thanks() -> None:
    room = Room().until("oogst").obey(do.Next())
    repaired = ev.RecordingSaved(recording=1, seconds=12.0, interrupted=True)
    events = room.crash(60.0, repaired)
    assert repaired in events
    assert events.count(ev.TranscriptionRequested(1)) == 1
    assert "Dank jullie wel." not in texts(events)
    assert room.session.open_recording is None


def test_a_recording_of_which_nothing_is_left_has_failed() -> None:
    room = Room().until("open").obey(do.Next())
    assert ev.RecordingFailed(0, "no-answer") in room.crash()


def test_the_turn_that_a_crash_interrupted_before_its_recording_is_taken_again() -> None:
    room = Room().until("oogst")
    room.take(do.Next())
    room.crash()
    room.obey(do.Next())
    events = room.take(do.Next())
    assert without_speech(events)[0] == ev.TurnTaken(1, "q1")


def test_the_turn_that_a_crash_interrupted_in_its_recording_is_over() -> None:
    room = Room().until("oogst").obey(do.Next())
    room.crash(60.0, ev.RecordingSaved(recording=1, seconds=12.0, interrupted=True))
    room.obey(do.Next())
    assert ev.TurnTaken(5, "q1") in room.take(do.Next())


def test_a_turn_with_a_second_question_is_taken_again_too() -> None:
    room = Room().until("oogst").obey(do.Next(), do.Next(), do.SwapQuestion(1, "q5"))
    room.take(do.TakeTurn(1))
    room.crash()
    room.obey(do.Next())
    assert ev.TurnTaken(1, "q5") in room.take(do.Next())


def test_what_has_no_words_yet_is_transcribed() -> None:
    room = Room().until("open").obey(do.Next(), do.Next())
    assert ev.TranscriptionRequested(0) in room.crash()
    room.transcribed("dag")
    assert ev.TranscriptionRequested(0) not in room.crash()


def test_what_was_deleted_is_deleted_once_more() -> None:
    """The crash may have come between the decision and the deed."""
    room = Room().until("open").obey(do.Next(), do.Next(), do.DeleteRecording(), do.Confirm())
    events = room.crash()
    assert ev.RecordingDeleted(0) in events
    assert ev.TranscriptionRequested(0) not in events


def test_a_statement_that_was_being_read_is_read_again() -> None:
    room = Room().until("uitleg")
    room.take(do.Next())
    room.crash()
    room.hear()
    assert texts(room.take(do.Next())) == ["We gaan verder.", "Ouders weten het beter."]


def test_nothing_that_was_announced_is_recorded_unannounced_after_a_crash() -> None:
    room = Room().until("open")
    room.take(do.Next())
    room.crash()
    room.obey(do.Next())
    assert room.session.recordings == ()
    assert tones(room.take(do.Next())) == ["record"]


def test_a_question_of_ours_does_not_outlive_the_program() -> None:
    room = Room().until("welkom").obey(do.Finish())
    room.crash()
    assert room.session.confirming is None


def test_cues_that_were_given_are_not_given_again_after_a_crash() -> None:
    room = Room().until("uitleg")
    room.wait(650.0)
    room.crash(300.0)
    room.obey(do.Next())
    assert not [event for event in room.wait(5.0) if isinstance(event, ev.CueGiven) and event.remaining == 300.0]


def test_a_second_crash_is_like_the_first() -> None:
    room = Room().until("s1", "thinking")
    room.crash()
    left = remaining(room.session, room.now)
    room.crash(3600.0)
    assert room.session.resumed == 2
    assert remaining(room.session, room.now) == left


def test_what_resumes_knows_how_its_moment_was_reached() -> None:
    room = Room(SMALL).until("welkom")
    event = ev.SessionResumed(resumed_utc="2025-03-04T11:00:00+00:00", left_at=room.now)
    assert room.take(Resume(event))[0] == event
