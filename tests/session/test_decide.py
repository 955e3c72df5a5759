"""Given what happened, when this comes in, then this happens: what holds for the session as a whole."""

from typing import get_args

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.allowed import ALLOWED, Kind
from levelup_voice.session.incoming import Tick
from levelup_voice.session.plan import SessionPlan
from levelup_voice.session.state import Situation
from levelup_voice.session.timing import next_wakeup
from tests.plans import ALOUD, LEVEL_UP, OWN_CUES, SMALL
from tests.session.room import Room, texts, transcript, without_speech

COMMANDS: dict[Kind, do.Command] = {
    do.AddTime: do.AddTime(60.0),
    do.MakeRoom: do.MakeRoom("shift"),
    do.StartedEarlier: do.StartedEarlier(60.0),
    do.SetParticipants: do.SetParticipants(20),
    do.GiveTally: do.GiveTally(disagree=3),
    do.TakeTurn: do.TakeTurn(2),
    do.SwapQuestion: do.SwapQuestion(2, "q5"),
    do.ChooseMicrophone: do.ChooseMicrophone("USB"),
    do.ChooseLoudspeaker: do.ChooseLoudspeaker("USB"),
}


def room_that_is(situation: Situation) -> Room:
    match situation:
        case "ready":
            return Room()
        case "reading":
            return Room().until("welkom")
        case "thinking":
            return Room().until("s1", "thinking")
        case "voting":
            return Room().until("s1", "counting")
        case "talking":
            return Room().until("praten", "talking")
        case "harvesting":
            return Room().until("oogst")
        case "recording":
            return Room().until("open").obey(do.Next())
        case "confirming":
            return Room().until("welkom").obey(do.Finish())
        case "paused":
            return Room().until("welkom").obey(do.Pause())
        case "closed":
            return Room().obey(do.Start(), do.Finish(), do.Confirm())


@pytest.mark.parametrize("situation", get_args(Situation))
def test_what_makes_no_sense_now_changes_nothing(situation: Situation) -> None:
    room = room_that_is(situation)
    assert room.session.situation == situation
    for kind in set(get_args(do.Command)) - ALLOWED[situation]:
        assert room.take(COMMANDS.get(kind) or kind()) == ()


@pytest.mark.parametrize("plan", [SMALL, ALOUD, OWN_CUES, LEVEL_UP], ids=lambda plan: plan.id)
@pytest.mark.parametrize("participants", [0, 1, 5, 26])
def test_next_alone_leads_from_the_opening_to_the_close(plan: SessionPlan, participants: int) -> None:
    room = Room(plan, participants=participants)
    seen = []
    for _ in range(200):
        room.obey(do.Next())
        if room.session.item is not None and room.session.item.id not in seen:
            seen.append(room.session.item.id)
        if room.session.closed_at is not None:
            break
    assert room.session.closed_at is not None
    assert seen == [item.id for block in plan.blocks for item in block.items]
    assert all(recording.saved for recording in room.session.recordings)


def test_next_alone_records_each_group_and_each_question_once() -> None:
    room = Room(LEVEL_UP)
    while room.session.closed_at is None:
        room.obey(do.Next())
    made = [(recording.request.item, recording.request.group) for recording in room.session.recordings]
    harvest = [("oogst", group) for group in (1, 5, 2, 6, 3, 7, 4)]
    assert made == [("waar-denk-jij-aan", 0), *harvest, ("neem-je-mee", 0)]


def test_next_alone_gets_past_a_dead_microphone() -> None:
    room = Room()
    clicks = 0
    while room.session.closed_at is None and clicks < 100:
        room.obey(do.Next())
        clicks += 1
        if (recording := room.session.open_recording) is not None:
            room.take(ev.RecordingFailed(recording.number, "unplugged"))
            room.settle()
    assert room.session.closed_at is not None
    assert len(room.session.recordings) == 9


def test_a_session_that_nobody_clicks_on_waits_without_end() -> None:
    room = Room().obey(do.Start())
    room.wait(3 * 3600)
    assert room.session.item is not None
    assert room.session.item.id == "welkom"
    assert next_wakeup(room.session) == float("inf")


def test_hush_silences_us() -> None:
    room = Room()
    room.take(do.Start())
    assert room.take(do.Hush()) == (ev.SpeechStopped(),)


def test_hush_in_silence_is_nothing() -> None:
    assert Room().obey(do.Start()).take(do.Hush()) == ()


def test_help_names_what_can_be_asked_for() -> None:
    (said,) = texts(room_that_is("voting").take(do.Help()))
    assert "volgende" in said


def test_finishing_asks_first() -> None:
    room = Room().until("welkom")
    events = room.take(do.Finish())
    assert without_speech(events) == [ev.ConfirmationAsked("finish")]
    assert texts(events) == ["Ik sluit de sessie af. Klopt dat?"]
    assert without_speech(room.take(do.Confirm())) == [ev.ConfirmationEnded(True), ev.SessionClosed()]


def test_a_session_can_be_called_off_before_it_starts() -> None:
    room = Room().obey(do.Finish(), do.Confirm())
    assert room.session.situation == "closed"


@pytest.mark.parametrize("no", [do.Decline(), do.Back()])
def test_who_does_not_want_to_finish_goes_on(no: do.Command) -> None:
    room = Room().until("s1", "thinking").obey(do.Finish(), no)
    assert room.session.situation == "thinking"


def test_next_confirms_that_the_session_ends() -> None:
    assert Room().until("dank").obey(do.Finish(), do.Next()).session.situation == "closed"


def test_a_question_that_nobody_answers_lapses() -> None:
    room = Room().until("welkom").obey(do.Finish())
    assert ev.ConfirmationEnded(False) in room.wait(12.0)
    assert room.take(do.Confirm()) == ()


def test_what_was_due_before_a_command_counts_first() -> None:
    """The question lapsed a second ago, and only then was it confirmed."""
    room = Room().until("welkom").obey(do.Finish())
    room.now += 30.0
    assert without_speech(room.take(do.Confirm())) == [ev.ConfirmationEnded(False)]


def test_a_report_counts_before_what_its_lateness_would_cause() -> None:
    room = Room().until("open").obey(do.Next())
    room.take(do.Next())
    room.now += 6.0
    assert ev.RecordingFailed(0, "no-answer") not in room.saved()


def test_a_statement_does_not_go_on_while_we_wait_for_an_answer() -> None:
    room = Room().until("s1", "thinking").obey(do.Finish())
    assert ev.StageReached("choosing") not in room.wait(9.0)
    assert ev.StageReached("choosing") in room.wait(5.0)


REPORTS: list[ev.Report] = [
    ev.SpeechFinished(99),
    ev.SpeechFinished(-1),
    ev.SpeechFailed(99, "hung"),
    ev.RecordingSaved(recording=7, seconds=3.0),
    ev.RecordingSaved(recording=-1, seconds=3.0),
    ev.RecordingFailed(7, "unplugged"),
    ev.TranscriptReady(7, transcript("dag")),
    ev.TranscriptReady(-1, transcript("dag")),
    ev.TranscriptionFailed(7, "no model"),
    ev.LevelNoticed(7, "silent"),
    ev.DeviceFound("microphone"),
]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: type(report).__name__)
def test_a_report_that_nobody_asked_for_changes_nothing(report: ev.Report) -> None:
    assert Room().until("welkom").take(report) == ()


def test_a_second_report_changes_nothing() -> None:
    room = Room().until("open").obey(do.Next(), do.Next())
    room.transcribed("dag")
    assert room.take(ev.SpeechFinished(0)) == ()
    assert room.saved() == ()
    assert room.take(ev.RecordingFailed(0, "unplugged")) == ()
    assert room.transcribed("iets", "anders") == ()
    assert room.take(ev.TranscriptionFailed(0, "no model")) == ()
    assert room.take(ev.LevelNoticed(0, "silent")) == ()


def test_a_loudspeaker_that_stays_silent_is_given_up_and_its_late_report_harmless() -> None:
    room = Room().until("uitleg")
    room.take(do.Next())
    (utterance,) = room.session.speaking
    failed = ev.SpeechFailed(utterance.number, "no-answer")
    assert failed not in room.wait(12.0)
    happened = room.wait(12.0)
    assert failed in happened
    assert ev.StageReached("thinking") in happened
    assert room.take(ev.SpeechFinished(utterance.number)) == ()


def test_each_utterance_of_a_silent_loudspeaker_has_its_own_time() -> None:
    room = Room()
    room.take(do.Start())
    room.take(do.TimeLeft())
    given_up = [room.wait(60.0)]
    assert [event for events in given_up for event in events if isinstance(event, ev.SpeechFailed)] == [
        ev.SpeechFailed(0, "no-answer"),
        ev.SpeechFailed(1, "no-answer"),
    ]


def test_what_failed_to_sound_is_remembered_as_not_said() -> None:
    room = Room()
    room.take(do.Start())
    room.take(ev.SpeechFailed(0, "no voice"))
    assert [line.failed for line in room.session.said] == [True]
    room.take(do.Repeat())
    room.hear()
    assert [line.failed for line in room.session.said] == [True, False]


def test_the_loss_of_a_device_is_noted_once_and_its_return_too() -> None:
    room = Room().until("welkom")
    lost = ev.DeviceLost("microphone", "unplugged")
    found = ev.DeviceFound("microphone")
    assert lost in room.take(lost)
    assert lost not in room.take(lost)
    assert found in room.take(found)
    assert found not in room.take(found)
    assert lost in room.take(lost)


def test_a_lost_microphone_is_said_aloud_only_when_a_recording_suffers() -> None:
    room = Room().until("open").obey(do.Next())
    assert texts(room.take(ev.DeviceLost("microphone", "unplugged"))) == ["De microfoon doet het niet."]


def test_time_alone_changes_nothing_before_it_has_to() -> None:
    room = Room().until("s1", "thinking")
    room.now = next_wakeup(room.session) - 0.01
    assert room.take(Tick()) == ()


def test_after_the_close_only_what_concerns_recordings_happens() -> None:
    room = Room().until("open").obey(do.Next(), do.Next(), do.Finish(), do.Confirm())
    (ready,) = room.transcribed("dag")
    assert isinstance(ready, ev.TranscriptReady)
    assert room.wait(3600.0) == []


def test_the_session_ends_with_the_same_last_words() -> None:
    goodbye = "Dank jullie wel. De microfoon gaat uit. Het laatste woord is aan jullie gespreksleider."
    room = Room().until("dank")
    assert texts(room.take(do.Next())) == [goodbye]
    assert texts(Room().obey(do.Finish()).take(do.Confirm())) == [goodbye]
