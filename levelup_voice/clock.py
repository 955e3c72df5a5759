"""The one clock of a live session, and its inbox.

The clock counts the time a computer sleeps: `time.monotonic` on Linux does not (CPython leaves it to CLOCK_BOOTTIME).
"""

import queue
import sys
import time
from collections.abc import Callable
from math import inf

from .session import events as ev
from .session.incoming import Incoming
from .session.plan import Seconds

LONGEST_WAIT: Seconds = 0.5
"""The loop looks up at least this often, so that a computer that slept is noticed."""

SLEPT: Seconds = 5.0
"""Waking this much later than asked means that the computer was suspended: a busy one is late by fractions."""


def boot_seconds() -> Seconds:
    """Seconds on a clock that never jumps and counts sleep.

    Linux: CLOCK_BOOTTIME. macOS: CLOCK_MONOTONIC, which counts sleep there. Windows: `time.monotonic` does.
    """
    if sys.platform.startswith("linux"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


def boot_id() -> str:
    """Tells one start of the computer from another; empty where that cannot be known."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""


class LiveInbox:
    """The inbox of a session in real time. Several threads may put; one gets."""

    def __init__(self, now: Seconds = 0.0, clock: Callable[[], Seconds] = boot_seconds) -> None:
        """`now`: the moment in the session at which it is created."""
        self._clock = clock
        self._opened_at = clock() - now
        self._waiting: queue.SimpleQueue[tuple[Incoming, Seconds]] = queue.SimpleQueue()
        self._came_at = now

    @property
    def came_at(self) -> Seconds:
        """When that came in which `get` gave last."""
        return self._came_at

    def now(self) -> Seconds:
        return self._clock() - self._opened_at

    def moment(self, at: Seconds) -> float:
        """A moment of the session on the clock of `time.monotonic`, which the sound devices use."""
        return time.monotonic() + at - self.now()

    def session_moment(self, monotonic: float) -> Seconds:
        """The inverse of `moment`."""
        return self.now() + monotonic - time.monotonic()

    def put(self, incoming: Incoming) -> None:
        self._waiting.put((incoming, self.now()))

    def get(self, until: Seconds) -> Incoming | None:
        """What came in first; None at `until`, or after a short while. A sleep of the computer comes in as such."""
        before = self.now()
        wait = max(0.0, min(until - before, LONGEST_WAIT) if until < inf else LONGEST_WAIT)
        try:
            came: tuple[Incoming, Seconds] | None = self._waiting.get(timeout=wait)
        except queue.Empty:
            came = None
        now = self.now()
        slept = now - before - wait
        if slept > SLEPT:
            if came is not None:
                self._waiting.put(came)
            came = ev.ComputerSlept(slept), now
        if came is None:
            return None
        incoming, self._came_at = came
        return incoming
