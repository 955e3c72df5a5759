"""What to listen for at each moment, and what a command given by voice does besides."""

from dataclasses import replace

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.allowed import allowed
from levelup_voice.session.incoming import Spoken
from levelup_voice.session.listening import BARGE_IN, Asked, Listening, is_one_wish, listening_for
from levelup_voice.session.transcript import Transcript, Word
from levelup_voice.session.view import view
from levelup_voice.session.wording import worth_saying
from tests.session.room import WORDS, Room, recorded, texts, tones


def test_what_makes_sense_now_is_listened_for() -> None:
    session = Room().session
    assert listening_for(session) == Listening(allowed(session))


def test_while_we_speak_only_our_silence_and_a_pause_can_be_asked_for() -> None:
    room = Room()
    room.take(do.Start())
    listening = listening_for(room.session)
    assert listening.commands == BARGE_IN
    assert listening.answers == frozenset()
    assert listening.aloud
    assert listening.speaking == ("Welkom. Mogen we straks opnemen?",)
    room.hear()
    assert listening_for(room.session) == Listening(allowed(room.session))


def test_the_answer_to_a_question_of_ours_needs_no_wake_name() -> None:
    room = Room().until("s1", "counting")
    assert listening_for(room.session).answers == {do.GiveTally}
    room.obey(do.GiveTally(disagree=9))
    assert listening_for(room.session).answers == {do.GiveTally, do.Again}
    room.obey(do.Finish())
    assert listening_for(room.session).answers == {do.Confirm, do.Decline}


def test_where_nobody_knows_how_many_we_are_that_is_an_answer_too() -> None:
    room = Room(participants=0).until("s1", "counting")
    assert listening_for(room.session).answers == {do.GiveTally, do.SetParticipants}


def test_after_the_end_nothing_is_listened_for() -> None:
    room = Room().obey(do.Start(), do.Finish(), do.Confirm())
    assert listening_for(room.session) == Listening()
    assert view(room.session, room.now, WORDS).phrases == ()


def test_a_command_by_voice_is_answered_in_the_same_breath() -> None:
    room = Room().obey(do.Start())
    answer = room.take(Spoken(do.TimeLeft()))
    assert tones(answer) == ["earcon"]
    assert texts(answer) == ["We hebben nog vijftien minuten."]


def test_a_command_that_has_nothing_to_say_is_answered_with_a_sound() -> None:
    room = Room().until("s1", "counting")
    answer = room.take(Spoken(do.FormGroups()))
    assert tones(answer)[:1] == ["earcon"]


def test_a_command_that_always_sounds_does_not_sound_twice() -> None:
    room = Room().obey(do.Start())
    assert tones(room.take(Spoken(do.Pause()))) == ["earcon"]


@pytest.mark.parametrize(
    ("item", "command"),
    [("oogst", do.TakeTurn(12)), ("oogst", do.RecordKernel()), ("welkom", do.Record()), ("uitleg", do.Repeat())],
)
def test_a_command_of_which_nothing_comes_is_answered_with_silence(item: str, command: do.Command) -> None:
    room = Room().until(item)
    assert type(command) in allowed(room.session)
    assert room.take(Spoken(command)) == ()


def test_what_there_is_nothing_to_do_with_is_not_listened_for() -> None:
    room = Room().obey(do.Start())
    assert do.Again not in listening_for(room.session).commands
    recorded(room.obey(do.Next(), do.Next())).settle()
    assert do.Again in listening_for(room.session).commands
    room.obey(do.Next(), do.Next())
    assert do.Again not in listening_for(room.session).commands, "another item is on show"


def test_by_hand_there_is_no_such_sound_and_who_asks_for_silence_gets_silence() -> None:
    room = Room().obey(do.Start())
    assert "earcon" not in tones(room.take(do.TimeLeft()))
    assert tones(room.take(Spoken(do.Hush()))) == []


def test_a_command_of_another_moment_is_no_command() -> None:
    assert Room().take(Spoken(do.StopRecording())) == ()


def test_the_closing_phrase_is_no_part_of_a_recording() -> None:
    room = recorded(Room().obey(do.Start(), do.Next(), do.Next()))
    room.wait(20.0)
    stopped = room.take(Spoken(do.StopRecording(), ago=1.5))
    began = room.session.recordings[-1].started_at
    assert ev.RecordingStopped(0, round(room.now - 1.5 - began, 3)) in stopped
    room.saved()
    words = (
        Word("samen", 17.0, 17.5, 0.9),
        Word("spelleider", 18.6, 19.2, 0.9),
        Word("klaar", 19.3, 19.8, 0.9),
    )
    room.take(ev.TranscriptReady(0, Transcript(words=words, audio_seconds=20.0, work_seconds=0.1, model="test")))
    assert room.session.recordings[-1].text == "samen"


@pytest.mark.parametrize(
    ("closing_at", "gaps", "seconds"),
    [
        (None, (), 20.0),
        (18.5, (), 18.5),
        (18.5, ((3.0, 2.0), (10.0, 1.5)), 15.0),
        (5.0, ((4.0, 3.0),), 4.0),
        (5.0, ((5.5, 3.0),), 5.0),
        (0.0, (), 0.0),
        (25.0, (), 20.0),
    ],
    ids=["by hand", "whole", "after gaps", "within a gap", "before a gap", "nothing said", "later than the audio"],
)
def test_a_recording_is_as_long_as_what_was_said_in_its_audio(
    closing_at: float | None, gaps: tuple[tuple[float, float], ...], seconds: float
) -> None:
    room = recorded(Room().obey(do.Start(), do.Next(), do.Next()))
    room.wait(closing_at or 20.0)
    if closing_at is not None:
        room.take(Spoken(do.StopRecording(), ago=room.now - room.session.recordings[-1].started_at - closing_at))
    else:
        room.take(do.StopRecording())
    room.take(ev.RecordingSaved(recording=0, seconds=20.0, gaps=gaps))
    assert room.session.recordings[-1].seconds == pytest.approx(seconds, abs=0.001)


def test_no_word_lasts_into_the_closing_phrase() -> None:
    room = recorded(Room().obey(do.Start(), do.Next(), do.Next()))
    room.wait(20.0)
    room.take(Spoken(do.StopRecording(), ago=2.0))
    room.saved()
    words = (Word("samen", 17.0, 18.2, 0.9), Word("spelleider", 18.2, 19.2, 0.9))
    room.take(ev.TranscriptReady(0, Transcript(words=words, audio_seconds=20.0, work_seconds=0.1, model="test")))
    recording = room.session.recordings[-1]
    assert recording.transcript is not None
    assert [(word.text, word.end) for word in recording.transcript.words] == [("samen", recording.seconds)]


def test_a_recording_stopped_by_hand_is_kept_to_its_end() -> None:
    room = recorded(Room().obey(do.Start(), do.Next(), do.Next()))
    assert ev.RecordingStopped(0) in room.take(do.StopRecording())


def test_no_sound_of_ours_answers_into_a_recording() -> None:
    room = recorded(Room().obey(do.Start(), do.Next(), do.Next()))
    assert tones(room.take(Spoken(do.SetParticipants(27)))) == []
    assert room.session.participants == 27


def test_that_we_do_not_listen_is_said_once() -> None:
    room = Room()
    off = ev.ListeningChanged(False, "no-model")
    assert texts(room.take(off)) == [WORDS.text("say.not_listening")]
    assert texts(room.take(off)) == []
    assert texts(room.take(ev.ListeningChanged(True, "restarted"))) == [WORDS.text("say.listening_again")]


def test_the_same_few_phrases_are_read_aloud_and_shown() -> None:
    room = Room().obey(do.Start())
    shown = view(room.session, room.now, WORDS).phrases
    assert 1 <= len(shown) <= 5
    said = texts(room.take(Spoken(do.Help())))[0]
    assert all(phrase in said for phrase in shown)


def test_no_phrase_is_offered_that_the_listener_cannot_hear() -> None:
    room = Room().until("s1", "counting")
    assert "oneens negen" in view(room.session, room.now, WORDS).phrases
    room.take(ev.ListeningChanged(True, name="spelleider", unknown=("oneens",)))
    shown = view(room.session, room.now, WORDS)
    assert shown.phrases == ("volgende", "opnieuw", "twee minuten erbij", "hoeveel tijd nog")
    assert shown.answers == ()
    assert "oneens" not in texts(room.obey().take(Spoken(do.Help())))[0]
    every_word = {word for phrase in shown.phrases for word in phrase.split()}
    room.take(ev.ListeningChanged(True, name="spelleider", unknown=("oneens", *sorted(every_word))))
    assert texts(room.take(Spoken(do.Help()))) == [], "nothing to offer"


@pytest.mark.parametrize(
    ("spoken", "pressed", "one"),
    [
        (do.Next(), do.Next(), True),
        (do.StopRecording(), do.Next(), True),
        (do.AddTime(60.0), do.AddTime(60.0), True),
        (do.AddTime(60.0), do.AddTime(120.0), False),
        (do.Next(), do.Back(), False),
    ],
)
def test_who_asks_by_voice_and_by_hand_may_want_one_thing(spoken: do.Command, pressed: do.Command, one: bool) -> None:
    voice, hand = Asked(spoken, True, 10.0, 11.8), Asked(pressed, False, 12.5, 12.5)
    assert is_one_wish(voice, hand) is one
    assert is_one_wish(replace(hand, since=10.1, until=10.1), voice) is one, "pressed as one began to speak"


def test_two_presses_and_what_comes_long_after_are_two_wishes() -> None:
    voice, hand = Asked(do.Next(), True, 10.0, 11.8), Asked(do.Next(), False, 13.9, 13.9)
    assert not is_one_wish(voice, hand)
    assert not is_one_wish(hand, hand)
    assert not is_one_wish(replace(hand, since=7.9, until=7.9), voice)


def worth_saying_now(room: Room) -> str:
    shown = view(room.session, room.now, WORDS)
    return worth_saying(WORDS, shown.phrases, shown.answers, "spelleider")


def test_only_what_answers_a_question_is_shown_without_the_wake_name() -> None:
    room = Room()
    assert worth_saying_now(room) == "Zeg: spelleider, en dan start, volgende."
    room.until("s1", "counting")
    assert worth_saying_now(room) == (
        "Zeg: oneens negen. Of spelleider, en dan volgende, opnieuw, twee minuten erbij, hoeveel tijd nog."
    )
    room.obey(do.Finish())
    assert worth_saying_now(room) == "Zeg: klopt, nee laat maar. Of spelleider, en dan volgende, vorige."


def test_without_a_wake_name_all_phrases_are_shown_alike() -> None:
    assert worth_saying(WORDS, ("klopt", "volgende"), ("klopt",), "") == "Zeg: klopt, volgende."
