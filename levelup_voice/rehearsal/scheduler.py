"""The one owner of rehearsal time: an inbox whose clock jumps.

Time moves only when nothing waits in the inbox and no device still works on what it was asked: then it jumps to the
next thing that happens. So a rehearsal does the same each time, however fast the computer is.
"""

import heapq
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from math import inf

from levelup_voice.session.incoming import Incoming
from levelup_voice.session.plan import Seconds

PATIENCE = 120.0
"""Real seconds that a device may work without an answer; workers have shorter limits of their own."""


@dataclass(order=True, slots=True)
class Happening:
    """Something that will happen, unless it is called off."""

    at: Seconds
    number: int
    action: Callable[[], None] = field(compare=False)
    off: bool = field(default=False, compare=False)


class Scheduler:
    """The inbox and the clock of a rehearsal. The thread that made it runs the session; others only put."""

    def __init__(self, now: Seconds = 0.0) -> None:
        self.is_busy: Callable[[], bool] = lambda: False
        """Whether a device with a thread or process of its own has not yet answered."""
        self._now = now
        self._owner = threading.get_ident()
        self._own: list[Incoming] = []
        self._others: queue.SimpleQueue[Incoming] = queue.SimpleQueue()
        self._happenings: list[Happening] = []
        self._numbers: Iterator[int] = count()

    @property
    def came_at(self) -> Seconds:
        return self._now

    def now(self) -> Seconds:
        return self._now

    def put(self, incoming: Incoming) -> None:
        """What the room itself does comes before what other threads report: which is first there is chance."""
        if threading.get_ident() == self._owner:
            self._own.append(incoming)
        else:
            self._others.put(incoming)

    def at(self, moment: Seconds, action: Callable[[], None]) -> Happening:
        """Have something happen at a moment; those of one moment happen in the order of asking."""
        happening = Happening(max(moment, self._now), next(self._numbers), action)
        heapq.heappush(self._happenings, happening)
        return happening

    def get(self, until: Seconds) -> Incoming | None:
        """What comes next; None when the moment `until` comes first. Raises RuntimeError when nothing ever will."""
        while True:
            if self._own:
                return self._own.pop(0)
            self._wait_for_devices()
            if not self._others.empty():
                return self._others.get()
            following = self._next()
            if following is None and until == inf:
                raise RuntimeError("the rehearsal waits for something that nobody does")
            if following is None or until < following.at:
                self._now = max(self._now, until)
                return None
            heapq.heappop(self._happenings)
            self._now = following.at
            following.action()

    def _next(self) -> Happening | None:
        while self._happenings and self._happenings[0].off:
            heapq.heappop(self._happenings)
        return self._happenings[0] if self._happenings else None

    def _wait_for_devices(self) -> None:
        limit = time.monotonic() + PATIENCE
        while self.is_busy():
            if time.monotonic() > limit:
                raise RuntimeError(f"a device has not answered for {PATIENCE:g} s")
            time.sleep(0.0005)
