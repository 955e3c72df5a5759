"""Recordings: announced, a tone, a quiet tone at the planned end, a stop; taken again, deleted."""

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.incoming import Check, Correct
from tests.session.room import Room, recorded, texts, tones, transcript, without_speech


def announced() -> Room:
    """A plenary answer has been announced and is still being so."""
    room = Room().until("open")
    room.take(do.Next())
    return room


def recording() -> Room:
    return recorded(announced())


def saved() -> Room:
    return recording().obey(do.Next())


def test_a_recording_starts_after_its_announcement_and_its_tone() -> None:
    room = Room().until("open")
    events = room.take(do.Next())
    assert texts(events) == ["Na de toon neem ik vijftig seconden op. Noem geen namen van kinderen of ouders."]
    assert tones(events) == ["record"]
    assert not room.session.recordings
    started = room.hear()[-1]
    assert started == ev.RecordingStarted(
        recording=0, file="audio/001-open-take1.wav", purpose="answer", block=0, item="open", planned=50.0
    )


@pytest.mark.parametrize("command", [do.Next(), do.Hush()], ids=str)
def test_a_recording_never_starts_without_its_tone(command: do.Command) -> None:
    """Whoever stops our voice stops the tone with it."""
    room = announced()
    room.take(command)
    events = room.take(ev.SpeechFinished(room.session.speaking[0].number, cut=True))
    assert (texts(events), tones(events)) == ([], ["record"])
    assert room.hear()[-1] == room.session.recordings[0].request


def test_the_tone_is_the_last_thing_before_a_recording() -> None:
    room = announced()
    room.take(do.TimeLeft())
    happened = room.hear()
    assert tones(happened) == ["record"]
    assert isinstance(happened[-1], ev.RecordingStarted)


def test_a_recording_starts_though_the_loudspeaker_is_broken() -> None:
    room = announced()
    events = room.take(ev.SpeechFailed(room.session.speaking[0].number, "no sound"))
    assert isinstance(events[-1], ev.RecordingStarted)


@pytest.mark.parametrize("no", [do.Decline(), None], ids=["declined", "lapsed"])
def test_a_recording_that_a_question_of_ours_held_up_begins_with_its_tone(no: do.Command | None) -> None:
    room = announced()
    room.take(do.Finish())
    room.hear()
    happened = [*room.take(no)] if no else room.wait(12.0)
    happened += room.hear()
    assert tones(happened) == ["record"]
    assert isinstance(happened[-1], ev.RecordingStarted)


def test_a_pause_holds_up_what_was_announced() -> None:
    room = announced()
    room.take(do.Pause())
    room.hear()
    assert room.session.situation == "paused"
    room.wait(600.0)
    happened = [*room.take(do.Continue()), *room.hear()]
    assert "Na de toon neem ik vijftig seconden op." in texts(happened)[-1], "nobody remembers it"
    assert tones(happened)[-1] == "record"
    assert isinstance(happened[-1], ev.RecordingStarted)


def test_an_argument_that_was_announced_is_not_talked_over_by_the_next_stage() -> None:
    room = Room().until("s1", "choosing")
    room.settle()
    room.wait(14.6 - (room.now - room.session.run.stage_at))
    room.take(do.Record())
    assert tones(room.hear(0.6)) == []
    assert room.session.situation == "recording"
    assert room.session.run.stage == "choosing"


def test_a_quiet_tone_sounds_at_the_planned_end_and_the_stop_comes_fifteen_seconds_later() -> None:
    room = recording()
    assert room.wait(49.9) == []
    assert tones(room.wait(0.2)) == ["soft_end"]
    room.hear(0.0)
    assert ev.RecordingStopped(0) not in room.wait(14.8)
    assert ev.RecordingStopped(0) in room.wait(0.2)


def test_the_quiet_tone_sounds_once() -> None:
    room = recording()
    room.wait(50.0)
    room.hear(0.5)
    assert tones(room.wait(14.0)) == []


@pytest.mark.parametrize("command", [do.Next(), do.StopRecording()], ids=str)
def test_a_key_stops_a_recording(command: do.Command) -> None:
    assert recording().take(command) == (ev.RecordingStopped(0),)


def test_a_second_key_stops_nothing_more() -> None:
    room = recording()
    room.take(do.Next())
    assert room.take(do.Next()) == ()


def test_a_saved_recording_is_transcribed_and_whoever_spoke_is_thanked() -> None:
    room = recording()
    room.take(do.Next())
    events = room.saved()
    assert without_speech(events) == [ev.RecordingSaved(recording=0, seconds=20.0), ev.TranscriptionRequested(0)]
    assert (tones(events), texts(events)) == (["stop"], ["Dank jullie wel."])


def test_a_device_may_end_a_recording_by_itself() -> None:
    room = recording()
    assert ev.TranscriptionRequested(0) in room.saved()
    assert room.session.open_recording is None


def test_a_failed_recording_is_said_and_the_session_goes_on() -> None:
    room = recording()
    failed = ev.RecordingFailed(0, "unplugged")
    events = room.take(failed)
    assert without_speech(events) == [failed]
    assert texts(events) == ["Die opname is niet gelukt."]


def test_a_recorder_that_stays_silent_is_given_up() -> None:
    room = recording()
    room.take(do.Next())
    assert ev.RecordingFailed(0, "no-answer") not in room.wait(4.9)
    assert ev.RecordingFailed(0, "no-answer") in room.wait(0.2)


def test_audio_that_comes_late_is_kept_and_transcribed_without_thanks() -> None:
    """By then someone else may be speaking."""
    room = recording()
    room.take(do.Next())
    room.wait(6.0)
    room.obey(do.Record())
    assert room.session.situation == "recording"
    late = ev.RecordingSaved(recording=0, seconds=30.0)
    assert room.take(late) == (late, ev.TranscriptionRequested(0))


def test_a_recogniser_that_stays_silent_is_given_up_and_late_words_are_welcome() -> None:
    room = saved()
    assert ev.TranscriptionFailed(0, "no-answer") in room.wait(2 * 20.0 + 60.0)
    assert len(room.transcribed("toch", "nog")) == 1
    assert room.session.recordings[0].text == "toch nog"
    assert room.session.recordings[0].transcription_problem is None


def test_recordings_that_wait_for_each_other_are_not_given_up_together() -> None:
    """A slow computer with a large model, which is asked for all of them at once."""
    room = Room().until("werkt")
    room.crash()
    asked = [one.number for one in room.session.recordings if one.asked_at is not None]
    assert len(asked) > 5
    for number in asked[:-1]:
        happened = room.wait(2 * 20.0 + 59.0)
        assert not any(isinstance(event, ev.TranscriptionFailed) for event in happened)
        room.take(ev.TranscriptReady(number, transcript("ja")))
    assert ev.TranscriptionFailed(asked[-1], "no-answer") in room.wait(2 * 20.0 + 61.0)


def test_after_a_recording_that_took_long_to_close_its_tone_sounds_again_for_the_next() -> None:
    """Whoever heard the first one has begun to speak; now it is true."""
    room = recording()
    room.take(do.Again())
    room.hear()
    assert room.session.announced is not None
    assert tones(room.saved()) == ["record"]
    assert room.session.situation != "recording"
    assert any(isinstance(event, ev.RecordingStarted) for event in room.hear())


def test_levels_are_shown_and_never_said_into_a_recording() -> None:
    finding = ev.LevelNoticed(0, "quiet")
    assert recording().take(finding) == (finding,)


def test_each_finding_about_the_level_counts_once() -> None:
    room = recording()
    room.take(ev.LevelNoticed(0, "quiet"))
    assert room.take(ev.LevelNoticed(0, "quiet")) == ()
    assert len(room.take(ev.LevelNoticed(0, "clipping"))) == 1


@pytest.mark.parametrize(
    "command",
    [do.SetParticipants(20), do.DeleteRecording(99), do.Refuse(5), do.Hush(), do.TimeLeft(), do.Help()],
    ids=str,
)
def test_no_answer_is_spoken_into_a_recording(command: do.Command) -> None:
    room = recording()
    assert texts(room.take(command)) == []
    assert room.session.open_recording is not None
    assert room.session.open_recording.stopped_at is None


def test_the_number_present_is_taken_during_a_recording_without_a_word() -> None:
    assert recording().take(do.SetParticipants(20)) == (ev.ParticipantsCounted(20),)


def test_again_makes_a_second_take_and_keeps_the_first() -> None:
    room = saved().obey(do.Again(), do.StopRecording())
    first, second = room.session.recordings
    assert (first.request.take, second.request.take) == (1, 2)
    assert first.saved
    assert second.saved
    assert not first.deleted
    assert first.request.file != second.request.file


def test_again_during_a_recording_stops_it_and_keeps_it() -> None:
    room = recording()
    events = room.take(do.Again())
    assert events[0] == ev.RecordingStopped(0)
    assert texts(events) == ["Nog een keer, na de toon."]
    room.hear()
    assert len(room.session.recordings) == 1, "the first file is still being closed"
    room.saved()
    room.hear()
    assert [one.request.take for one in room.session.recordings] == [1, 2]


def test_between_two_takes_nobody_is_thanked() -> None:
    room = recording()
    room.take(do.Again())
    assert texts(room.saved()) == []


def test_again_without_anything_recorded_here_is_nothing() -> None:
    assert Room().until("welkom").take(do.Again()) == ()


def test_record_makes_another_take_of_an_answer() -> None:
    room = saved().obey(do.Record())
    assert room.session.recordings[-1].request.take == 2


def test_an_answer_can_be_recorded_at_a_question_without_a_planned_one() -> None:
    room = Room().until("s1", "counting").obey(do.Record(), do.StopRecording())
    assert room.session.recordings[-1].request.planned == 20.0


def test_deleting_asks_first() -> None:
    room = saved()
    events = room.take(do.DeleteRecording())
    assert without_speech(events) == [ev.ConfirmationAsked("delete", 0)]
    assert texts(events) == ["Ik wis deze opname. Klopt dat?"]


def test_what_is_deleted_is_gone_with_its_words() -> None:
    room = saved()
    room.transcribed("een", "geheim")
    room.take(Correct(0, "Een geheim."))
    room.obey(do.DeleteRecording())
    events = room.take(do.Confirm())
    assert without_speech(events) == [ev.ConfirmationEnded(True), ev.RecordingDeleted(0)]
    assert texts(events) == ["Die opname is gewist."]
    assert (room.session.recordings[0].text, room.session.recordings[0].transcript) == ("", None)
    assert room.take(Correct(0, "Een geheim.")) == ()


@pytest.mark.parametrize("no", [do.Decline(), do.Next(), do.Back()], ids=str)
def test_a_deletion_must_be_confirmed_by_name(no: do.Command) -> None:
    room = saved().obey(do.DeleteRecording())
    assert not any(isinstance(event, ev.RecordingDeleted) for event in room.take(no))
    assert not room.session.recordings[0].deleted


def test_deleting_the_recording_that_runs_stops_it_first() -> None:
    room = recording()
    assert room.take(do.DeleteRecording())[0] == ev.RecordingStopped(0)


def test_nobody_is_thanked_while_we_wait_for_an_answer() -> None:
    room = recording()
    room.take(do.DeleteRecording())
    assert texts(room.saved()) == []


def test_a_file_that_is_closed_after_its_deletion_is_deleted_once_more() -> None:
    room = recording()
    room.take(do.DeleteRecording())
    room.take(do.Confirm())
    room.hear()
    assert room.saved()[-1] == ev.RecordingDeleted(0)
    assert not any(isinstance(entry.event, ev.TranscriptionRequested) for entry in room.journal)


def test_words_of_a_deleted_recording_are_dropped() -> None:
    room = saved().obey(do.DeleteRecording(), do.Confirm())
    assert room.transcribed("een", "geheim") == ()


def test_an_older_recording_can_be_deleted_by_its_number() -> None:
    room = saved().obey(do.Again(), do.StopRecording(), do.DeleteRecording(0), do.Confirm())
    assert [one.deleted for one in room.session.recordings] == [True, False]


def test_there_may_be_nothing_to_delete() -> None:
    assert texts(Room().until("welkom").take(do.DeleteRecording())) == ["Er is geen opname om te wissen."]
    assert texts(saved().obey(do.DeleteRecording(), do.Confirm()).take(do.DeleteRecording(0))) == [
        "Er is geen opname om te wissen."
    ]


def test_consent_can_be_withdrawn_after_the_session() -> None:
    room = saved().obey(do.Finish(), do.Confirm(), do.DeleteRecording(0), do.Confirm())
    assert room.session.recordings[0].deleted


def test_after_an_answer_next_goes_on_and_does_not_record_again() -> None:
    assert without_speech(saved().take(do.Next())) == [ev.ItemReached(2)]


def test_who_reviews_a_session_that_was_left_does_not_let_its_time_go_on() -> None:
    room = saved()
    room.now += 3600.0
    assert room.take(Correct(0, "Beter zo.")) == (ev.SummaryCorrected(0, "Beter zo."),)
    assert room.take(Check(0)) == (ev.SummaryChecked(0, True),)


def test_nobody_is_cut_short_to_delete_what_another_said() -> None:
    room = Room().until("oogst").obey(do.Next(), do.Next(), do.Next())
    assert room.session.situation == "recording"
    assert room.take(do.DeleteRecording(1)) == ()
    assert ev.RecordingStopped(2) in room.take(do.DeleteRecording(2))


def test_this_recording_is_never_that_of_another_group() -> None:
    room = Room().until("oogst").obey(do.Next(), do.Next(), do.Next(), do.Next(), do.DeleteRecording(), do.Confirm())
    assert [one.deleted for one in room.session.recordings] == [False, False, True]
    assert texts(room.take(do.DeleteRecording())) == ["Er is geen opname om te wissen."]
    room = Room().until("oogst").obey(do.Refuse(5), do.Next(), do.Next(), do.Next())
    assert texts(room.take(do.DeleteRecording())) == ["Er is geen opname om te wissen."]


def test_this_recording_is_the_one_that_runs_whosever_turn_it_is() -> None:
    room = Room().until("oogst").obey(do.Next(), do.Next())
    room.take(do.Next())  # Group five is announced.
    room.take(do.RecordKernel())
    room.hear()
    assert room.session.recordings[-1].request.purpose == "kernel"
    assert ev.RecordingStopped(2) in room.take(do.DeleteRecording())


def test_after_the_close_this_recording_is_the_last() -> None:
    room = Room().until("oogst").obey(do.Next(), do.Next(), do.Refuse(5), do.Next(), do.Finish(), do.Confirm())
    assert room.session.closed_at is not None
    assert ev.ConfirmationAsked("delete", 1) in room.take(do.DeleteRecording())


def test_this_argument_is_that_of_one_person() -> None:
    room = Room().until("s1", "counting").obey(do.Record(), do.Next(), do.Record(), do.Next())
    assert [one.request.purpose for one in room.session.recordings[-2:]] == ["argument", "argument"]
    room.obey(do.DeleteRecording(), do.Confirm())
    assert texts(room.take(do.DeleteRecording())) == ["Er is geen opname om te wissen."]


def test_this_recording_is_the_take_before_once_the_last_is_gone() -> None:
    room = saved().obey(do.Again(), do.Next(), do.DeleteRecording(), do.Confirm())
    assert [one.deleted for one in room.session.recordings] == [False, True]
    room.obey(do.DeleteRecording(), do.Confirm())
    assert [one.deleted for one in room.session.recordings] == [True, True]
