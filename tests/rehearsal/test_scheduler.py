"""Rehearsal time: it jumps only when nothing waits and no device works, and the same each time."""

import threading
import time
from math import inf

import pytest

from levelup_voice.rehearsal.scheduler import Scheduler
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev


def test_time_jumps_to_what_happens_next() -> None:
    scheduler = Scheduler()
    scheduler.at(5.0, lambda: scheduler.put(do.Next()))
    assert scheduler.get(inf) == do.Next()
    assert scheduler.now() == 5.0


def test_a_moment_that_comes_first_is_a_tick() -> None:
    scheduler = Scheduler()
    scheduler.at(5.0, lambda: scheduler.put(do.Next()))
    assert scheduler.get(3.0) is None
    assert scheduler.now() == 3.0


def test_what_happens_at_the_very_moment_comes_before_the_tick() -> None:
    scheduler = Scheduler()
    scheduler.at(3.0, lambda: scheduler.put(do.Next()))
    assert scheduler.get(3.0) == do.Next()


def test_what_happens_at_one_moment_happens_in_the_order_of_asking() -> None:
    scheduler = Scheduler()
    for group in range(1, 5):
        scheduler.at(1.0, lambda group=group: scheduler.put(do.TakeTurn(group)))  # type: ignore[misc]
    assert [scheduler.get(inf) for _ in range(4)] == [do.TakeTurn(group) for group in range(1, 5)]


def test_what_was_called_off_does_not_happen() -> None:
    scheduler = Scheduler()
    scheduler.at(1.0, lambda: scheduler.put(do.Next())).off = True
    scheduler.at(2.0, lambda: scheduler.put(do.Back()))
    assert scheduler.get(inf) == do.Back()


def test_time_stands_still_while_a_device_works_and_its_report_comes_at_that_moment() -> None:
    scheduler = Scheduler()
    working = threading.Event()
    working.set()
    scheduler.is_busy = working.is_set
    scheduler.at(9.0, lambda: scheduler.put(do.Next()))

    def work() -> None:
        time.sleep(0.2)
        scheduler.put(ev.TranscriptionFailed(0, "no-audio"))
        working.clear()

    threading.Thread(target=work).start()
    assert scheduler.get(inf) == ev.TranscriptionFailed(0, "no-audio")
    assert scheduler.now() == 0.0
    assert scheduler.get(inf) == do.Next()


def test_what_the_room_does_comes_before_what_other_threads_report() -> None:
    scheduler = Scheduler()
    reporting = threading.Thread(target=lambda: scheduler.put(ev.DeviceFound("voice")))
    reporting.start()
    reporting.join()
    scheduler.put(do.Next())
    assert [scheduler.get(inf), scheduler.get(inf)] == [do.Next(), ev.DeviceFound("voice")]


def test_a_rehearsal_that_nothing_can_end_says_so() -> None:
    with pytest.raises(RuntimeError, match="nobody"):
        Scheduler().get(inf)
