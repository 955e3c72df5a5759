"""Pulls out and freezes the devices of a virtual room, and measures how soon the program says so."""

import time
from collections.abc import Callable
from typing import Literal

from tests.processes import comes_true
from tests.virtual_audio import VirtualRoom, Which

PROGRAM: dict[Which, tuple[str, ...]] = {
    "mic": ("-m", "tests.torture.watching", "mic"),
    "spk": ("-m", "tests.torture.watching", "spk"),
}


def notice_faults(rounds: int) -> list[float]:
    """Seconds from each fault until it was noticed: both devices pulled out and frozen, so many times each."""
    took = []
    for which in PROGRAM:
        with VirtualRoom() as room, room.start(*PROGRAM[which]) as program:
            assert program.stdout is not None
            assert program.stdout.readline().strip() == "works"
            for _ in range(rounds):
                for fault in ("unplug", "freeze"):
                    took.append(_fault(room, which, fault, program.stdout.readline))
            program.kill()
    return took


def _fault(room: VirtualRoom, which: Which, fault: Literal["unplug", "freeze"], line: Callable[[], str]) -> float:
    time.sleep(0.5)
    began = time.monotonic()
    room.unplug(which) if fault == "unplug" else room.freeze(which)
    assert line().startswith("lost")
    took = time.monotonic() - began
    room.plug(which) if fault == "unplug" else room.thaw(which)
    assert comes_true(lambda: line().startswith("found"))
    return took
