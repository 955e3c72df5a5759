"""Pulls devices out of a virtual room, puts them back, hangs them and has others take their place, and measures how
soon the program says so.

A program of its own: `python -m tests.torture.devices COUNT SEED SECONDS` tries COUNT faults of each kind.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from typing import Literal, TypeAlias

from tests.processes import comes_true
from tests.virtual_audio import VirtualRoom, Which

Fault: TypeAlias = Literal["unplug", "replug", "freeze", "reroute"]
Noticed: TypeAlias = dict[Fault, list[float]]
"""Seconds from each fault, or from its end for `replug`, until that was told."""

FAULTS: tuple[Fault, ...] = ("unplug", "replug", "freeze", "reroute")


def pull_and_freeze(which: Which, noticed: Noticed, chance: random.Random) -> None:
    """One device is pulled out and put back, then frozen and thawed."""
    with VirtualRoom() as room, _Watching(room, which, chance) as program:
        program.take(noticed, "unplug", lambda: room.unplug(which), lambda: room.plug(which), "replug")
        program.take(noticed, "freeze", lambda: room.freeze(which), lambda: room.thaw(which))


def reroute(noticed: Noticed, chance: random.Random) -> None:
    """Another microphone takes the place of the one that is used, twice."""
    with VirtualRoom(second=True) as room, _Watching(room, "mic", chance) as program:
        for _ in range(2):
            program.take(noticed, "reroute", lambda: room.take("first"), lambda: room.bring("first"))


class _Watching:
    """The program that has one device open."""

    def __init__(self, room: VirtualRoom, which: Which, chance: random.Random) -> None:
        self._chance = chance
        self._process = room.start("-m", "tests.torture.watching", which)
        assert self._process.stdout is not None
        self._line = self._process.stdout.readline

    def __enter__(self) -> "_Watching":
        assert self._line().strip() == "works"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def take(
        self,
        noticed: Noticed,
        fault: Fault,
        begin: Callable[[], None],
        end: Callable[[], None],
        ended: Fault | None = None,
    ) -> None:
        time.sleep(self._chance.uniform(0.3, 1.5))
        began = time.monotonic()
        begin()
        assert self._line().startswith("lost")
        noticed[fault].append(round(time.monotonic() - began, 3))
        end()
        over = time.monotonic()
        assert comes_true(lambda: self._line().startswith("found"))
        if ended is not None:
            noticed[ended].append(round(time.monotonic() - over, 3))


def main(count: int, seed: int, seconds: float) -> None:
    """As many of each kind as were asked for, in at most so long; prints when they were noticed, as JSON."""
    noticed: Noticed = {fault: [] for fault in FAULTS}
    chance, end = random.Random(seed), time.monotonic() + seconds
    while time.monotonic() < end and min(map(len, noticed.values())) < count:
        pull_and_freeze("mic", noticed, chance)
        pull_and_freeze("spk", noticed, chance)
        reroute(noticed, chance)
    sys.stdout.write(json.dumps(noticed) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
