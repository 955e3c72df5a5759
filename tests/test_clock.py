"""The inbox of a live session: in order, on time, and aware of a computer that slept."""

import time
from math import inf

import pytest

from levelup_voice.clock import LiveInbox, boot_seconds
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev


class Watch:
    """A clock that is set by hand: each look at it takes the next of its jumps."""

    def __init__(self, *jumps: float) -> None:
        self.now = 1000.0
        self.jumps = list(jumps)

    def __call__(self) -> float:
        self.now += self.jumps.pop(0) if self.jumps else 0.0
        return self.now


def test_what_came_in_first_comes_out_first() -> None:
    inbox = LiveInbox()
    inbox.put(do.Next())
    inbox.put(do.Back())
    assert [inbox.get(inf), inbox.get(inf)] == [do.Next(), do.Back()]


def test_nothing_comes_when_its_moment_has_passed() -> None:
    inbox = LiveInbox(now=50.0)
    assert inbox.get(10.0) is None
    assert inbox.now() == pytest.approx(50.0, abs=0.5)


def test_a_session_that_goes_on_after_a_restart_goes_on_with_its_time() -> None:
    assert LiveInbox(now=1234.0).now() == pytest.approx(1234.0, abs=0.5)


def test_a_moment_of_the_session_is_one_of_the_sound_devices_too() -> None:
    inbox = LiveInbox()
    before = time.monotonic()
    moment = inbox.moment(inbox.now() + 3.0)
    assert before + 3.0 - 0.001 <= moment <= time.monotonic() + 3.0 + 0.001
    assert inbox.session_moment(inbox.moment(7.0)) == pytest.approx(7.0, abs=0.1)


def test_a_computer_that_slept_says_so_before_anything_else() -> None:
    inbox = LiveInbox(clock=Watch(0.0, 0.0, 0.0, 3600.0))
    inbox.put(do.Next())
    slept = inbox.get(inf)
    assert isinstance(slept, ev.ComputerSlept)
    assert slept.seconds == pytest.approx(3600.0, abs=1.0)
    assert inbox.get(inf) == do.Next()


def test_the_clock_counts_on_while_the_computer_sleeps() -> None:
    """On Linux that is CLOCK_BOOTTIME; it never shows less than the clock that stops."""
    assert boot_seconds() >= time.monotonic() - 0.01
