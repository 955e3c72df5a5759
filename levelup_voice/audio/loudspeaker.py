"""A loudspeaker: one output stream that stays open for the whole session.

A sound with a moment is handed over early and placed by the callback, sample by sample, at that moment less the time
that the stream takes to be heard: handing it over at the moment itself would be 50 to 60 ms late.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .devices import SoundError, rate_settings, sounddevice
from .playout import RATE, Playout, Sound
from .stream import Opening, Problem, Watchdog

BLOCK_FRAMES = 480
"""10 ms."""

LATENCY_SECONDS = 0.045
"""Of sound that is always handed over before it is heard: with less, a computer that draws twenty pages runs out of it
and moves what follows; with more, speech stops later than it should."""

MOST_LATENCY = 1.0
"""A driver that claims to be later than this talks nonsense."""

STEADY = 0.001
"""How far one call at last moves our idea of when it is heard, which begins as the mean of all calls: a busy computer
makes them late and early by many milliseconds, while the clock of a device drifts by a microsecond a block."""

JUMP_SECONDS = 0.1
"""Further off than this is no jitter: the device started, stalled or skipped, as it also does when it runs out of
sound. Then we begin anew."""


class Sink(Opening):
    """One opening of the device."""

    def __init__(self, device: int, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.playout = Playout(clock)
        self._heard_at = 0.0
        self._calls = 0
        """Since the device was last seen to start, stall or skip."""
        self.begin(
            sounddevice().RawOutputStream(
                device=device,
                channels=1,
                dtype="int16",
                samplerate=RATE,
                blocksize=BLOCK_FRAMES,
                latency=LATENCY_SECONDS,
                extra_settings=rate_settings(device),
                callback=self._fill,
                finished_callback=self.finish,
            )
        )

    def part(self) -> None:
        """Who waits for a sound must not wait for ever."""
        self.playout.lose()

    def _fill(self, block: Any, frames: int, moments: Any, flags: Any) -> None:
        now = self._clock()
        self.note_call(now)
        late = moments.outputBufferDacTime - moments.currentTime
        self._heard_at += frames / RATE
        off = now + (late if 0 <= late <= MOST_LATENCY else 0.0) - self._heard_at
        if abs(off) > JUMP_SECONDS or flags.output_underflow:
            self._calls = 0
        self._calls += 1
        self._heard_at += off * max(STEADY, 1 / self._calls)
        self.playout.fill(memoryview(block), self._heard_at)


class Loudspeaker:
    """Plays from `open` to `close` on the device called `name` (`""`: the default one)."""

    def __init__(self, name: str = "", volume: float = 1.0, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.volume = volume
        """0 to 1; holds from the next sound on."""
        self._watchdog = Watchdog(name, "output", lambda device: Sink(device, clock), clock=clock)

    def open(self) -> None:
        """Begin to play silence. Raises SoundError when there is no such device; it plays once there is one."""
        self._watchdog.start()
        self._watchdog.wait_until_tried()
        if self._watchdog.opening is None:
            raise SoundError(self._watchdog.why)

    def tell(self, on_lost: Callable[[Problem], None], on_found: Callable[[], None]) -> None:
        """From now on tell these when the device goes, and comes; see Watchdog."""
        self._watchdog.tell(on_lost, on_found)

    def play(self, samples: NDArray[np.int16], due: float | None = None) -> Sound:
        """Play samples (mono, 48 kHz) after what was asked before, and not before `due` (`time.monotonic`).

        Returns at once. Raises SoundError while there is no loudspeaker.
        """
        sink = self._watchdog.opening
        if sink is None:
            raise SoundError(f"no loudspeaker: {self._watchdog.why}")
        loud = samples if self.volume == 1.0 else (samples * self.volume).astype(np.int16)
        sound = sink.playout.add(loud.tobytes(), due)
        if sink is not self._watchdog.opening:
            sink.part()  # It went while we added to it.
        return sound

    def stop(self) -> None:
        """Silence, within a block: everything asked for so far is cut."""
        if (sink := self._watchdog.opening) is not None:
            sink.playout.stop()

    def pause(self, seconds: float) -> None:
        """Silence for so long; then what sounds goes on where it was. What is asked for after a stop does not wait."""
        if (sink := self._watchdog.opening) is not None:
            sink.playout.pause(seconds)

    @property
    def name(self) -> str:
        return self._watchdog.name

    @property
    def is_missing(self) -> bool:
        """It could not be opened the last time."""
        return self._watchdog.is_missing

    @property
    def sounds(self) -> bool:
        """Something is being played, or is about to be."""
        sink = self._watchdog.opening
        return sink is not None and sink.playout.sounds

    def choose(self, name: str) -> None:
        """From now on play on this device: the computer's choice when it is empty. What sounds now is lost."""
        self._watchdog.choose(name)

    def seek(self) -> None:
        """Open it once PortAudio has started anew. Returns at once."""
        self._watchdog.seek()

    def close(self) -> None:
        """Cut what sounds and let go of the device."""
        self._watchdog.close()
