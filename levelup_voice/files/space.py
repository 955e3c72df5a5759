"""How much room the disk has left, and whether it keeps up, watched while a session runs."""

import contextlib
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

from levelup_voice.session import events as ev

from .disk import longest_wait

Room: TypeAlias = Literal["enough", "low", "full"]

FLOOR = 200_000_000
"""Bytes that stay free: for the journal and the notes, and because computers falter on a full disk."""

MINUTE = 16000 * 2 * 60
"""Bytes of a minute of recording."""

LOW_MINUTES = 60
"""Of recording: about as much as a session needs with all its takes."""

MARGIN = 10_000_000
"""A disk that hovers around a limit is not told about again and again."""

LOOK_SECONDS = 1.0

SLOW_SECONDS = 1.0
"""One step on the disk takes milliseconds; one that takes so long holds up whoever waits for it."""

CALM_LOOKS = 10
"""So many looks without a slow step, and it is over."""


def minutes_left(folder: Path) -> int:
    """Minutes of recording for which there is room in a folder, which need not exist yet. Raises OSError."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    return max(0, shutil.disk_usage(there).free - FLOOR) // MINUTE


class Space:
    """Watches the disk of a folder from `start` to `close`, and reports DeviceLost or DeviceFound when that changes.

    `free` tells the bytes that are free; it may raise OSError, and then nothing is known. `wait` tells how long the
    slowest step on the disk took since it was last asked.
    """

    def __init__(
        self,
        folder: Path,
        report: Callable[[ev.Report], None],
        *,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        wait: Callable[[], float] = longest_wait,
        every: float = LOOK_SECONDS,
    ) -> None:
        self._folder = folder
        self._report = report
        self._free = free
        self._wait = wait
        self._every = every
        self._room: Room = "enough"
        self._slow_looks = 0
        """Looks until a slow disk counts as one that keeps up."""
        self._told = ""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="space on the disk", daemon=True)

    def start(self) -> None:
        """Look now, and then again and again on a thread of its own."""
        self.look()
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=1.0)  # A network disk may hang.

    def look(self) -> None:
        """A disk that hangs may not even tell what is free: that it is slow is told first."""
        self._slow_looks = CALM_LOOKS if self._wait() > SLOW_SECONDS else max(0, self._slow_looks - 1)
        self._tell()
        with contextlib.suppress(OSError):
            self._room = _room(self._free(self._folder), self._room)
            self._tell()

    def _tell(self) -> None:
        """The one problem that matters most."""
        slow = "slow" if self._slow_looks and self._room != "full" else ""
        problem = slow or (self._room if self._room != "enough" else "")
        if problem != self._told:
            self._told = problem
            self._report(ev.DeviceLost("disk", problem) if problem else ev.DeviceFound("disk"))

    def _watch(self) -> None:
        while not self._closing.wait(self._every):
            self.look()


def _room(free: int, before: Room) -> Room:
    low = FLOOR + LOW_MINUTES * MINUTE
    if free < FLOOR + (MARGIN if before == "full" else 0):
        return "full"
    return "low" if free < low + (MARGIN if before != "enough" else 0) else "enough"
