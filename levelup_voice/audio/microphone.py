"""A microphone: one input stream that stays open for the whole session.

    PortAudio ──blocks──► queue ──► pump ──chunks──► who listens
                                    watchdog ──lost, found──► who must know

The pump turns blocks into chunks, on a thread of its own, and waits for who listens.
"""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .chunks import RATE, Chunk, Chunker
from .devices import rate_settings, sounddevice
from .routes import Routes
from .stream import CLOSE_SECONDS, Opening, Problem, Watchdog

BLOCK_SECONDS = 0.02

MOST_WAITING = 600.0
"""Seconds of audio that may wait for a disk that hangs: 20 MB."""

MOST_LATENCY = 2.0
"""A driver that claims to be later than this talks nonsense."""


ROUTES = Routes()
"""Of all microphones: a sound server knows our process, and not which of its streams is which."""


class Source(Opening):
    """One opening of the device."""

    def __init__(
        self,
        device: int,
        blocks: "queue.SimpleQueue[Block | None]",
        most_waiting: float,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(clock)
        self._blocks = blocks
        self._most = round(most_waiting / BLOCK_SECONDS)
        self._torn = False
        package = sounddevice()
        settings = {"device": device, "channels": 1, "dtype": "int16", "extra_settings": rate_settings(device)}
        self.rate = _rate(package, settings)
        self.begin(
            package.RawInputStream(
                **settings,
                samplerate=self.rate,
                blocksize=int(self.rate * BLOCK_SECONDS),
                latency="high",
                callback=self._take,
                finished_callback=self.finish,
            )
        )

    def _take(self, block: Any, frames: int, moments: Any, flags: Any) -> None:
        now = self._clock()
        late = moments.currentTime - moments.inputBufferAdcTime
        if not frames / self.rate <= late <= MOST_LATENCY:  # Nothing is delivered before it was heard.
            late = frames / self.rate
        self.note_call(now)
        if not self.admitted:
            return
        if self._blocks.qsize() >= self._most:
            self._torn = True
            return
        self._blocks.put(Block(self, bytes(block), now - late, flags.input_overflow or self._torn))
        self._torn = False


@dataclass(frozen=True, slots=True)
class Block:
    source: Source
    pcm: bytes
    """Mono PCM16 at the rate of its source."""
    moment: float
    torn: bool


class Microphone:
    """Listens from `start` to `close` to the device called `name` (`""`: the default one).

    `on_chunk` gets 100 ms of mono PCM16 at 16 kHz at a time, on the pump's thread; what it needs long for waits, up to
    `most_waiting` seconds of it. `on_lost` and `on_found` are told when the device goes, and comes: also when there is
    none at the start; see Watchdog.
    """

    def __init__(
        self,
        name: str,
        on_chunk: Callable[[Chunk], None],
        on_lost: Callable[[Problem], None],
        on_found: Callable[[], None],
        *,
        most_waiting: float = MOST_WAITING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._on_chunk = on_chunk
        self._blocks: queue.SimpleQueue[Block | None] = queue.SimpleQueue()
        self._watchdog = Watchdog(
            name, "input", lambda device: Source(device, self._blocks, most_waiting, clock), clock=clock, routes=ROUTES
        )
        self._watchdog.tell(on_lost, on_found)
        self._pump = threading.Thread(target=self._deliver, name=f"pump of microphone {name}", daemon=True)

    def start(self) -> None:
        """Begin to listen; returns at once."""
        self._pump.start()
        self._watchdog.start()

    @property
    def name(self) -> str:
        return self._watchdog.name

    @property
    def is_missing(self) -> bool:
        """It could not be opened the last time."""
        return self._watchdog.is_missing

    def choose(self, name: str) -> None:
        """From now on listen to this device: the computer's choice when it is empty. Returns at once."""
        self._watchdog.choose(name)

    def seek(self) -> None:
        """Open it once PortAudio has started anew. Returns at once."""
        self._watchdog.seek()

    def close(self) -> None:
        """Deliver what was heard and let go of the device."""
        self._watchdog.close()
        self._blocks.put(None)
        self._pump.join(CLOSE_SECONDS)

    def _deliver(self) -> None:
        source: Source | None = None
        chunker = Chunker(RATE)
        while (block := self._blocks.get()) is not None:
            chunks = []
            if block.source is not source:
                chunks = chunker.rest()
                source = block.source
                chunker = Chunker(source.rate, chunker.number)
            for chunk in [*chunks, *chunker.cut(block.pcm, block.moment, torn=block.torn)]:
                self._on_chunk(chunk)
        for chunk in chunker.rest():
            self._on_chunk(chunk)


def _rate(package: Any, settings: dict[str, Any]) -> int:
    """16 kHz where the device takes it, else its own."""
    try:
        package.check_input_settings(**settings, samplerate=RATE)
    except package.PortAudioError:
        return int(package.query_devices(settings["device"])["default_samplerate"])
    return RATE
