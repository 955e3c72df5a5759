"""Event streams: each page that looks hears at once what changed, and only that.

What a page has not shown yet is the latest, not each: a page that is slow skips, and delays nobody. Streams live in the
server's event loop; `publish` and `end` may be called from any thread.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Protocol

SHORTEST_GAP = 0.02
"""Seconds between two messages to one page: more often than a screen is drawn serves nobody."""

KEEP_ALIVE = 15.0
"""Seconds of silence after which a stream says that it is there, which also finds the page that has gone."""

LEVEL_EVERY = 0.1
"""Seconds between two levels of the microphone."""


class Picture(Protocol):
    """What one kind of page shows of a state."""

    def __call__(self) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        """HTML by the name of its region, and the numbers that a page counts with."""


class Streams:
    def __init__(self, program: str) -> None:
        """`program` tells a page that another program answers than the one it was made by."""
        self._program = program
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Event] = set()
        self._ended = False

    def live_in(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def publish(self) -> None:
        """Something has changed."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def end(self) -> None:
        """Every stream tells what it has not told and ends: none may hold up the end of the program."""
        self._ended = True
        self.publish()

    async def stream(
        self, picture: Picture, age: Callable[[], float], rate: float, level: Callable[[], float | None]
    ) -> AsyncIterator[bytes]:
        """The messages for one page.

        `age`: seconds that have passed since the moment of the picture, on a clock that runs `rate` times as fast as
        the page's; `level`: the microphone's, 0 to 1, or None while there is none to show.
        """
        changed = asyncio.Event()
        self._waiting.add(changed)
        shown: dict[str, str] = {}
        counted: Mapping[str, Any] | None = None
        loud: float | None = None
        quiet_since = asyncio.get_running_loop().time()
        try:
            yield b"retry: 500\n" + _message("program", self._program)
            while True:
                changed.clear()
                ended = self._ended
                regions, numbers = picture()
                fresh = {name: html for name, html in regions.items() if shown.get(name) != html}
                now = asyncio.get_running_loop().time()
                if fresh or numbers != counted:
                    shown.update(fresh)
                    counted, quiet_since = numbers, now
                    yield _message("view", {"regions": fresh, "age": age() / rate, "rate": rate, **numbers})
                    await asyncio.sleep(SHORTEST_GAP)
                heard = level()
                if heard != loud:
                    loud, quiet_since = heard, now
                    yield _message("level", heard)
                if now - quiet_since > KEEP_ALIVE:
                    quiet_since = now
                    yield b": still here\n\n"
                if ended:
                    return
                await _either(changed, LEVEL_EVERY)
        finally:
            self._waiting.discard(changed)

    def _wake(self) -> None:
        for changed in self._waiting:
            changed.set()


async def _either(changed: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await changed.wait()
    except TimeoutError:
        pass


def _message(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
