"""More time, less time, an earlier start; and what it means is said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.plan import Seconds
from levelup_voice.session.timing import allotted, behind, expected_end, item_remaining, planned_end, remaining, spent
from tests.plans import SMALL
from tests.session.room import Room, texts, without_speech


def started(room: do.Room = "shift") -> Room:
    """The first block has just begun, at eleven o'clock."""
    made = Room()
    made.take(do.MakeRoom(room))
    made.take(do.Start())
    return made


def lengths(room: Room) -> list[Seconds]:
    return [allotted(room.session, block) for block in range(3)]


def test_extra_time_shifts_what_follows_and_its_consequence_is_said() -> None:
    room = started()
    events = room.take(do.AddTime(120.0))
    assert without_speech(events) == [ev.TimeAdded(0, 120.0)]
    assert lengths(room) == [1020.0, 1200.0, 300.0]
    assert texts(events) == ["Twee minuten erbij. Dan zijn we om twaalf over half twaalf klaar."]
    assert planned_end(room.session) == 2520.0


def test_the_time_of_the_end_is_said_as_people_say_it() -> None:
    plan = replace(SMALL, blocks=(replace(SMALL.blocks[0], duration=180.0),))
    room = Room(plan)
    room.take(do.Start())
    assert texts(room.take(do.AddTime(120.0))) == ["Twee minuten erbij. Dan zijn we om vijf over elf klaar."]


def test_extra_time_shrinks_later_blocks_in_proportion_to_what_they_can_give() -> None:
    room = started("shrink")
    events = room.take(do.AddTime(132.0))
    assert without_speech(events) == [
        ev.BlockShortened(1, 120.0),
        ev.BlockShortened(2, 12.0),
        ev.TimeAdded(0, 132.0),
    ]
    assert lengths(room) == pytest.approx([1032.0, 1080.0, 288.0])
    assert planned_end(room.session) == pytest.approx(2400.0)


def test_shrinking_never_takes_a_block_below_its_minimum_and_the_end_moves_by_the_rest() -> None:
    room = started("shrink")
    room.take(do.AddTime(1500.0))
    assert lengths(room) == pytest.approx([2400.0, 0.0, 180.0])
    assert planned_end(room.session) == pytest.approx(2580.0)


def test_when_no_block_can_give_anything_the_end_moves() -> None:
    room = Room().obey(do.MakeRoom("shrink")).until("dank")
    before = planned_end(room.session)
    assert before is not None
    events = room.take(do.AddTime(60.0))
    assert without_speech(events) == [ev.TimeAdded(2, 60.0)]
    assert planned_end(room.session) == before + 60.0


@given(st.lists(st.floats(1.0, 3600.0), max_size=8))
def test_shrinking_protects_the_minimum_whatever_is_asked(asked: list[Seconds]) -> None:
    room = started("shrink")
    for seconds in asked:
        room.take(do.AddTime(seconds))
    assert allotted(room.session, 2) >= 180.0 - 1e-6
    assert allotted(room.session, 1) >= -1e-6
    assert sum(lengths(room)) >= 2400.0 - 1e-6


@given(st.floats(1.0, 1200.0))
def test_shrinking_keeps_the_end_as_long_as_there_is_room(seconds: Seconds) -> None:
    room = started("shrink")
    room.take(do.AddTime(seconds))
    assert sum(lengths(room)) == pytest.approx(2400.0)


def test_in_a_talk_extra_time_is_of_the_talk_and_of_the_block() -> None:
    room = Room().until("praten", "talking")
    left = item_remaining(room.session, room.now)
    assert left is not None
    events = room.take(do.AddTime(60.0))
    assert without_speech(events) == [ev.ItemTimeAdded(60.0), ev.TimeAdded(1, 60.0)]
    assert item_remaining(room.session, room.now) == left + 60.0


def test_the_way_to_make_room_is_chosen_in_one_phrase() -> None:
    room = Room()
    assert texts(room.take(do.MakeRoom("shrink"))) == ["Extra tijd gaat van de latere onderdelen af."]
    assert texts(room.take(do.MakeRoom("shift"))) == ["Extra tijd schuift alles op."]
    assert room.session.room == "shift"


def test_time_can_be_taken_away() -> None:
    room = started()
    events = room.take(do.AddTime(-120.0))
    assert without_speech(events) == [ev.TimeAdded(0, -120.0)]
    assert texts(events)[0].startswith("Twee minuten eraf. Dan zijn we om ")


def test_no_more_is_taken_away_than_there_is() -> None:
    room = started()
    room.take(do.AddTime(-3600.0))
    assert remaining(room.session, room.now) == 0.0
    room.take(do.AddTime(-60.0))
    assert allotted(room.session, 0) == 0.0


def test_more_than_an_hour_is_a_slip_of_the_tongue() -> None:
    room = started()
    room.take(do.AddTime(90_000.0))
    assert allotted(room.session, 0) == 900.0 + 3600.0


def test_nothing_added_is_nothing() -> None:
    assert started().take(do.AddTime(0.0)) == ()


def test_extra_time_can_be_given_in_a_pause() -> None:
    room = started().obey(do.Pause())
    assert ev.TimeAdded(0, 60.0) in room.take(do.AddTime(60.0))


def test_agreed_time_is_not_behind_the_plan_and_overrun_is() -> None:
    room = started()
    room.take(do.AddTime(120.0))
    assert behind(room.session, room.now) == 0.0
    room.wait(900.0 + 120.0 + 60.0)
    assert behind(room.session, room.now) == pytest.approx(60.0)


def test_who_goes_on_early_is_ahead_of_the_plan() -> None:
    room = started()
    for _ in range(3):
        room.take(do.Skip())
    assert behind(room.session, room.now) == -900.0
    assert expected_end(room.session, room.now) == room.now + 1500.0


def test_a_block_can_be_started_earlier_than_noted() -> None:
    room = started()
    room.wait(60.0)
    room.obey(do.StartedEarlier(180.0))
    assert room.session.run.started_at == pytest.approx(-120.0)
    assert texts(entry.event for entry in room.journal)[-1] == "Goed. Dit begon drie minuten geleden."


def test_a_session_that_is_started_late_can_start_earlier() -> None:
    room = Room()
    room.wait(300.0)
    events = room.take(do.StartedEarlier(120.0))
    assert without_speech(events) == [ev.BlockStarted(0), ev.ItemReached(0), ev.StartMoved("block", 120.0)]
    assert remaining(room.session, room.now) == 780.0


def test_an_earlier_start_ends_the_block_before_earlier() -> None:
    room = Room().until("uitleg")
    room.wait(300.0)
    room.take(do.Next())
    room.take(do.StartedEarlier(120.0))
    first, second = room.session.runs
    assert first.ended_at == second.started_at == room.now - 120.0
    assert spent(room.session, 0, room.now) == room.now - 120.0


def test_no_block_starts_before_the_one_before_it() -> None:
    room = Room().until("uitleg")
    room.take(do.Next())
    room.take(do.StartedEarlier(3600.0))
    assert room.session.run.started_at == room.session.runs[0].started_at


def test_in_a_talk_it_is_the_talk_that_began_earlier() -> None:
    room = Room().until("s2", "counting")
    room.wait(200.0)
    room.until("praten", "talking")
    before = room.session.run
    room.wait(30.0)
    room.take(do.StartedEarlier(60.0))
    assert room.session.run.started_at == before.started_at
    assert room.session.run.stage_at == pytest.approx(room.now - 60.0)


@pytest.mark.parametrize("seconds", [0.0, -60.0])
def test_a_start_cannot_be_moved_to_later(seconds: Seconds) -> None:
    room = Room().until("open")
    assert room.take(do.StartedEarlier(seconds)) == ()


def test_what_began_earlier_still_is_not_moved_to_later() -> None:
    room = started()
    room.wait(300.0)
    room.hear()
    assert without_speech(room.take(do.StartedEarlier(60.0))) == []


def test_the_time_left_is_told() -> None:
    room = started()
    room.hear(0.0)
    room.wait(300.0)
    assert texts(room.take(do.TimeLeft())) == ["We hebben nog tien minuten."]
    room.hear()
    room.wait(720.0)
    assert texts(room.take(do.TimeLeft())) == ["We zijn twee minuten over de tijd."]


def test_in_a_talk_the_time_left_is_that_of_the_talk() -> None:
    room = Room().until("praten", "talking")
    assert texts(room.take(do.TimeLeft())) == ["We hebben nog zes minuten."]


def test_more_time_in_an_overrun_counts_from_now() -> None:
    """Else "one more minute" would be followed at once by "the time is up"."""
    room = Room().until("praten", "talking")
    room.wait(430.0)
    over = item_remaining(room.session, room.now)
    assert over is not None
    assert over < -60.0
    room.obey(do.AddTime(60.0))
    assert item_remaining(room.session, room.now) == pytest.approx(60.0, abs=5.0)


def test_taking_time_from_a_talk_costs_the_block_no_more_than_it_has() -> None:
    """Else who is late, and cuts the talk for it, would be later still."""
    room = Room().until("praten", "briefing")
    room.wait(remaining(room.session, room.now) - 100.0)
    room.obey(do.Next())
    late = behind(room.session, room.now)
    room.take(do.AddTime(-120.0))
    assert item_remaining(room.session, room.now) == pytest.approx(239.0, abs=2.0)
    assert remaining(room.session, room.now) == pytest.approx(0.0, abs=0.001)
    assert behind(room.session, room.now) <= late
