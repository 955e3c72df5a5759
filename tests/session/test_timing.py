"""Time keeping: what is left, what is due, and when the session is to be woken."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup_voice.session import commands as do
from levelup_voice.session.plan import Seconds
from levelup_voice.session.timing import (
    alarms,
    behind,
    expected_end,
    item_remaining,
    next_wakeup,
    of_day,
    planned_end,
    planned_seconds,
    remaining,
    spent,
    still_true,
)
from tests.plans import LEVEL_UP, SMALL
from tests.session.room import ELEVEN, Room


def test_a_session_that_has_not_started_waits_for_people() -> None:
    session = Room().session
    assert next_wakeup(session) == inf
    assert planned_end(session) is None
    assert expected_end(session, 100.0) == 2500.0


def test_until_the_moment_it_was_to_begin_a_session_ends_by_plan_and_then_runs_late() -> None:
    session = Room(starts_at=600.0).session
    assert planned_end(session) == 3000.0
    assert (expected_end(session, 100.0), behind(session, 100.0)) == (3000.0, 0.0)
    assert (expected_end(session, 720.0), behind(session, 720.0)) == (3120.0, 120.0)


def test_a_session_that_begins_late_or_early_knows_so() -> None:
    room = Room(starts_at=600.0)
    room.wait(660.0)
    room.take(do.Start())
    assert behind(room.session, 700.0) == 60.0
    room = Room(starts_at=600.0)
    room.wait(570.0)
    room.take(do.Start())
    assert behind(room.session, 580.0) == -30.0


def test_a_block_counts_down_and_then_its_overrun() -> None:
    room = Room()
    room.wait(100.0)
    room.take(do.Start())
    assert remaining(room.session, 400.0) == 600.0
    assert remaining(room.session, 1100.0) == -100.0


def test_the_end_of_the_session_is_when_its_blocks_have_had_their_time() -> None:
    room = Room()
    room.wait(100.0)
    room.take(do.Start())
    assert planned_end(room.session) == 100.0 + 2400.0
    assert expected_end(room.session, 300.0) == 2500.0
    assert expected_end(room.session, 1200.0) == 2700.0


def test_after_the_close_times_stand_still() -> None:
    room = Room().until("dank").obey(do.Next())
    closed_at = room.session.closed_at
    assert closed_at is not None
    for moment in (closed_at, closed_at + 5000.0):
        assert expected_end(room.session, moment) == closed_at
        assert remaining(room.session, moment) == remaining(room.session, closed_at)
        assert spent(room.session, 2, moment) == spent(room.session, 2, closed_at)


def test_midnight_is_no_hurdle() -> None:
    room = Room(at_of_day=23 * 3600.0 + 50 * 60.0)
    assert of_day(room.session, 1200.0) == 600.0
    assert of_day(Room().session, 60.0) == ELEVEN + 60.0


def test_an_item_counts_down_from_its_own_time() -> None:
    room = Room().until("open")
    assert item_remaining(room.session, room.session.run.item_at + 20.0) == 100.0


def test_a_harvest_is_meant_to_last_as_long_as_its_groups_need() -> None:
    room = Room().until("oogst")
    assert item_remaining(room.session, room.session.run.item_at) == 7 * 45.0
    room = Room(participants=9).until("oogst")
    assert item_remaining(room.session, room.session.run.item_at) == 3 * 45.0


def test_the_session_that_we_ship_fits_its_blocks_with_seven_groups() -> None:
    for block in LEVEL_UP.blocks:
        assert planned_seconds(LEVEL_UP, block, 7) <= block.duration


@pytest.mark.parametrize("stage", ["thinking", "choosing", "counting"])
def test_the_session_is_woken_at_the_first_of_its_alarms(stage: str) -> None:
    session = Room().until("s1", stage).session
    moments = [moment for moment, _ in alarms(session)]
    assert moments == sorted(moments)
    assert next_wakeup(session) == moments[0]


@given(st.floats(0.0, 86_400.0), st.floats(0.0, 1.0))
def test_who_is_woken_at_the_asked_moment_has_something_to_do(start: Seconds, early: float) -> None:
    """Wherever the clock stands: one formula says when to wake and what is due, to the last bit."""
    room = Room()
    room.wait(start)
    room.take(do.Start())
    room.hear(early)
    while next_wakeup(room.session) < inf:
        before = len(room.journal)
        room.now = next_wakeup(room.session)
        room.wait(0.0)
        assert len(room.journal) > before
        room.hear(early)


@pytest.mark.parametrize(
    ("then", "late", "true"),
    [
        (300.0, 0.0, True),
        (300.0, 45.0, True),
        (300.0, 46.0, False),
        (60.0, 9.0, True),
        (60.0, 10.0, False),
        (20.0, 5.0, True),
        (20.0, 6.0, False),
        (0.0, 5000.0, True),
        (0.0, -60.0, False),
        (300.0, -60.0, False),
        (300.0, -0.4, True),
    ],
)
def test_how_long_an_announcement_stays_true(then: Seconds, late: Seconds, true: bool) -> None:
    assert still_true(then, late) == true


def test_planned_time_needs_no_people() -> None:
    assert planned_seconds(SMALL, SMALL.blocks[0], 0) == 270.0
