"""Consent is asked before anything is recorded, and who refuses is not."""

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from tests.session.room import Room, texts, without_speech

ASKED = "Welkom. Mogen we straks opnemen?"
ASKED_LATER = (
    "Straks nemen we per groep een halve minuut op. Dat blijft op deze computer. Liever niet? Zeg het me gerust."
)


def test_the_words_by_which_the_room_was_asked_are_kept() -> None:
    assert Room().obey(do.Start()).session.consent == ev.ConsentAsked(ASKED)


def test_consent_counts_as_asked_once_it_was_heard() -> None:
    room = Room()
    room.take(do.Start())
    assert room.session.consent is None
    assert room.hear() == [ev.SpeechFinished(0), ev.ConsentAsked(ASKED)]


def test_consent_that_was_clicked_away_is_asked_before_the_first_recording() -> None:
    room = Room()
    room.take(do.Start())
    room.take(do.Next())
    room.hear()
    events = room.take(do.Next())
    assert texts(events)[0] == ASKED_LATER
    assert room.session.consent is None
    assert ev.ConsentAsked(ASKED_LATER) in room.hear()


def test_consent_that_was_hushed_has_not_been_asked() -> None:
    room = Room()
    room.take(do.Start())
    room.obey(do.Hush())
    assert room.session.consent is None
    room.obey(do.Repeat())
    assert room.session.consent == ev.ConsentAsked(ASKED)


def test_consent_that_was_skipped_is_asked_before_the_first_recording() -> None:
    room = Room()
    room.take(do.Start())
    room.take(do.Skip())
    room.obey(do.Skip(), do.Skip()).until("s1", "counting")
    assert room.session.consent is None
    room.take(do.Record())
    room.hear()
    assert room.session.consent == ev.ConsentAsked(ASKED_LATER)


@pytest.mark.parametrize("cut", [do.Next(), do.Hush()], ids=["next", "hush"])
def test_consent_that_was_cut_short_waits_for_the_next_step_and_nothing_is_recorded_before(cut: do.Command) -> None:
    room = Room()
    room.take(do.Start())
    room.take(do.Next())
    room.hear()
    room.take(do.Next())
    for _ in range(3):
        room.wait(0.2)
        room.take(cut)
        room.hear()
        assert room.session.situation != "recording"
        assert texts(room.wait(60.0)) == [], "who asks for silence gets silence"
        assert texts(room.take(do.Next()))[0] == ASKED_LATER
    room.hear()
    assert room.session.consent == ev.ConsentAsked(ASKED_LATER)
    assert room.session.situation == "recording"


def test_consent_is_asked_once() -> None:
    room = Room().until("open").obey(do.Back())
    assert [entry.event for entry in room.journal].count(ev.ConsentAsked(ASKED)) == 1
    assert ASKED_LATER not in texts(room.until("open").take(do.Next()))


def test_consent_is_asked_on_the_screen_where_it_cannot_be_said() -> None:
    room = Room()
    room.take(do.Start())
    room.take(ev.SpeechFailed(0, "no voice"))
    assert room.session.consent == ev.ConsentAsked(ASKED)


def test_a_group_that_refuses_has_its_turn_without_a_recording() -> None:
    room = Room().until("oogst").obey(do.Refuse(1))
    events = room.take(do.Next())
    assert without_speech(events) == [ev.TurnTaken(1, "q1")]
    assert texts(events) == ["Groep één, vertel. Wat geven jullie ons mee?", "Dit nemen we niet op."]
    room.hear()
    assert room.session.recordings[-1].request.item == "open"


def test_after_a_group_that_refused_the_next_is_recorded() -> None:
    room = Room().until("oogst").obey(do.Refuse(1), do.Next(), do.Next())
    assert room.session.recordings[-1].request.group == 5


def test_a_refusal_calls_off_what_was_announced() -> None:
    room = Room().until("oogst")
    room.take(do.Next())
    events = room.take(do.Refuse(1))
    assert any(isinstance(event, ev.SpeechStopped) for event in events), "the tone would say that we record"
    assert not any(isinstance(event, ev.RecordingStarted) for event in room.hear())


def test_a_refusal_stops_the_recording_of_who_refuses() -> None:
    room = Room().until("oogst").obey(do.Next())
    assert ev.RecordingStopped(1) in room.take(do.Refuse(1))


def test_a_refusal_of_another_group_disturbs_nobody() -> None:
    room = Room().until("oogst").obey(do.Next())
    assert room.take(do.Refuse(2)) == (ev.RecordingRefused(2),)


def test_a_refusal_for_all_stops_every_recording() -> None:
    room = Room().until("oogst").obey(do.Next())
    assert ev.RecordingStopped(1) in room.take(do.Refuse())
    room.settle()
    for command in (do.Record(), do.Next(), do.Again(), do.RecordKernel(), do.TakeTurn(3)):
        room.obey(command)
    assert len(room.session.recordings) == 2


def test_who_refused_since_is_not_recorded_again() -> None:
    room = Room().until("oogst").obey(do.Next(), do.Next(), do.Refuse(1))
    assert texts(room.take(do.Again())) == ["Dit nemen we niet op."]
    room.hear()
    assert len(room.session.recordings) == 2


def test_nobody_is_asked_at_a_question_when_nobody_may_be_recorded() -> None:
    room = Room().obey(do.Refuse()).until("open")
    assert texts(room.take(do.Record())) == ["Goed. We nemen niets op."]
    room.hear()
    assert without_speech(room.take(do.Next())) == [ev.ItemReached(2)]


def test_a_turn_that_was_announced_is_not_recorded_as_that_of_the_group_after_it() -> None:
    """Group 1 is skipped while it is announced; group 5, which refused, speaks."""
    room = Room().until("oogst").obey(do.Refuse(5))
    room.take(do.Next())
    room.take(do.Skip())
    room.hear()
    assert room.session.turn == (5, "q1")
    assert room.session.situation == "harvesting"


def test_a_turn_that_was_announced_is_not_recorded_as_that_of_the_group_called_instead() -> None:
    room = Room().until("oogst").obey(do.Refuse(5))
    room.take(do.Next())
    room.obey(do.TakeTurn(5))
    assert (room.session.turn, room.session.situation) == ((5, "q1"), "harvesting")


@pytest.mark.parametrize("group", [0, -1])
def test_there_is_no_group_of_that_number(group: int) -> None:
    assert Room().until("oogst").take(do.Refuse(group)) == ()


def test_a_refusal_before_the_session_starts_holds() -> None:
    room = Room().obey(do.Refuse(1)).until("oogst").obey(do.Next())
    assert (room.session.turn, room.session.situation) == ((1, "q1"), "harvesting")
