"""A microphone: one input stream that stays open for the whole session, watched over and opened anew when it dies.

    PortAudio ──blocks──► queue ──► pump ──chunks──► who listens
                                    watchdog ──lost, found──► who must know

PortAudio calls us on its own thread and does not wait: there we copy and queue, nothing else. The pump turns blocks
into chunks. PortAudio has no word for a device that hangs and often none for one that is gone, so the watchdog looks
at when we were last called. A device that another one silently took the place of is beyond it: only people can tell.
"""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from levelup_voice.errors import SetupError

from .chunks import RATE, Chunk, Chunker
from .devices import SoundError, close_stream, find_device, open_stream, rate_settings, refresh, sounddevice

Problem: TypeAlias = Literal["missing", "stopped", "hangs"]
"""missing: it could not be opened. stopped: its stream ended. hangs: its stream fell silent without ending."""

BLOCK_SECONDS = 0.02
SILENCE_SECONDS = 1.0
"""Without a block; a busy computer delays them by 0.15 s at most."""

LOOK_SECONDS = 0.1
RETRY_SECONDS = 1.0

CLOSE_SECONDS = 3.0
"""Then the driver or the disk hangs, and the program ends without them."""

MOST_LATENCY = 2.0
"""A driver that claims to be later than this talks nonsense."""


class Source:
    """One opening of the device."""

    def __init__(self, device: int, blocks: "queue.SimpleQueue[Block | None]", clock: Callable[[], float]) -> None:
        self.last_call = clock()
        self.called = False
        self.finished = False
        self._blocks = blocks
        self._clock = clock
        package = sounddevice()
        settings = {"device": device, "channels": 1, "dtype": "int16", "extra_settings": rate_settings(device)}
        self.rate = _rate(package, settings)
        self.stream = package.RawInputStream(
            **settings,
            samplerate=self.rate,
            blocksize=int(self.rate * BLOCK_SECONDS),
            latency="high",
            callback=self._take,
            finished_callback=self._finish,
        )
        try:
            self.stream.start()
        except package.PortAudioError:
            self.stream.close()
            raise

    def abort(self) -> None:
        self.stream.abort()

    def close(self) -> None:
        self.stream.close()

    def problem(self) -> Problem | None:
        """What keeps it from being heard, now."""
        if self.finished:
            return "stopped"
        return "hangs" if self._clock() - self.last_call > SILENCE_SECONDS else None

    def _take(self, block: Any, frames: int, moments: Any, flags: Any) -> None:
        now = self._clock()
        late = moments.currentTime - moments.inputBufferAdcTime
        if not frames / self.rate <= late <= MOST_LATENCY:  # Nothing is delivered before it was heard.
            late = frames / self.rate
        self._blocks.put(Block(self, bytes(block), now - late, flags.input_overflow))
        self.last_call = now
        self.called = True

    def _finish(self) -> None:
        self.finished = True


@dataclass(frozen=True, slots=True)
class Block:
    source: Source
    pcm: bytes
    """Mono PCM16 at the rate of its source."""
    moment: float
    torn: bool


class Microphone:
    """Listens from `start` to `close` to the device called `name` (`""`: the default one).

    `on_chunk` gets 100 ms of mono PCM16 at 16 kHz at a time, on the pump's thread; what it needs long for waits, and
    nothing is lost. `on_lost` and `on_found` are called on the watchdog's thread, in turns, `on_lost` first: also when
    there is no such device at the start.
    """

    def __init__(
        self,
        name: str,
        on_chunk: Callable[[Chunk], None],
        on_lost: Callable[[Problem], None],
        on_found: Callable[[], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._on_chunk = on_chunk
        self._on_lost = on_lost
        self._on_found = on_found
        self._clock = clock
        self._blocks: queue.SimpleQueue[Block | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._pump = threading.Thread(target=self._deliver, name=f"pump of microphone {name}", daemon=True)
        self._watchdog = threading.Thread(target=self._watch, name=f"watchdog of microphone {name}", daemon=True)

    def start(self) -> None:
        """Begin to listen; returns at once."""
        self._pump.start()
        self._watchdog.start()

    def close(self) -> None:
        """Deliver what was heard and let go of the device."""
        self._closing.set()
        self._watchdog.join(CLOSE_SECONDS)
        self._blocks.put(None)
        self._pump.join(CLOSE_SECONDS)

    def _deliver(self) -> None:
        source: Source | None = None
        chunker = Chunker(RATE)
        while (block := self._blocks.get()) is not None:
            if block.source is not source:
                source = block.source
                chunker = Chunker(source.rate, chunker.number)
            for chunk in chunker.cut(block.pcm, block.moment, torn=block.torn):
                self._on_chunk(chunk)

    def _watch(self) -> None:
        lost = False
        while not self._closing.is_set():
            source = self._open()
            problem: Problem | None = None if source else "missing"
            while source is not None and problem is None and not self._closing.wait(LOOK_SECONDS):
                if lost and source.called:
                    lost = False
                    self._on_found()
                problem = source.problem()
            if problem is not None and not lost:
                lost = True
                self._on_lost(problem)
            if source is not None:
                close_stream(source)  # A driver that hangs takes a second: nobody waits for that to be told.
            if problem is not None:
                self._closing.wait(RETRY_SECONDS)

    def _open(self) -> Source | None:
        """The device as it is now plugged in. A list that is out of date is renewed when no stream forbids it."""
        try:
            refresh()
            device = find_device(self.name, "input")
            return None if device is None else open_stream(lambda: Source(device, self._blocks, self._clock))
        except (SoundError, SetupError):
            return None


def _rate(package: Any, settings: dict[str, Any]) -> int:
    """16 kHz where the device takes it, else its own."""
    try:
        package.check_input_settings(**settings, samplerate=RATE)
    except package.PortAudioError:
        return int(package.query_devices(settings["device"])["default_samplerate"])
    return RATE
