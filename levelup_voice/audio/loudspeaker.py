"""A loudspeaker: one output stream that stays open for the whole session, watched over and opened anew when it dies.

A sound with a moment is handed over early and placed by the callback, sample by sample, at that moment less the time
that the stream takes to be heard: handing it over at the moment itself would be 50 to 60 ms late. PortAudio calls us
on its own thread and does not wait: there we copy and count, nothing else. It has no word for a device that hangs, so
a watchdog looks at when we were last called.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup_voice.errors import SetupError

from .devices import SoundError, close_stream, find_device, open_stream, rate_settings, refresh, sounddevice
from .playout import RATE, Playout, Sound

BLOCK_FRAMES = 480
"""10 ms, with PortAudio's low latency: speech stops in half the time of 20 ms and high latency."""

SILENCE_SECONDS = 1.0
"""Without a call; a busy computer delays them by 0.15 s at most."""

LOOK_SECONDS = 0.1
RETRY_SECONDS = 1.0

MOST_LATENCY = 1.0
"""A driver that claims to be later than this talks nonsense."""

STEERING = 0.02
"""How far one block moves our idea of when it is heard: calls come in bursts, the device's clock does not."""

JUMP_SECONDS = 0.1
"""Further off than this is no jitter: the device started, stalled or skipped."""


class Sink:
    """One opening of the device."""

    def __init__(self, device: int, clock: Callable[[], float]) -> None:
        self.playout = Playout(clock)
        self.last_call = clock()
        self.finished = False
        self._clock = clock
        self._heard_at = 0.0
        package = sounddevice()
        self.stream = package.RawOutputStream(
            device=device,
            channels=1,
            dtype="int16",
            samplerate=RATE,
            blocksize=BLOCK_FRAMES,
            latency="low",
            extra_settings=rate_settings(device),
            callback=self._fill,
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

    def problem(self) -> str | None:
        """What keeps it from being heard, now."""
        if self.finished:
            return "stopped"
        return "hangs" if self._clock() - self.last_call > SILENCE_SECONDS else None

    def _fill(self, block: Any, frames: int, moments: Any, flags: Any) -> None:
        self.last_call = now = self._clock()
        late = moments.outputBufferDacTime - moments.currentTime
        self._heard_at += frames / RATE
        off = now + (late if 0 <= late <= MOST_LATENCY else 0.0) - self._heard_at
        self._heard_at += off if abs(off) > JUMP_SECONDS else off * STEERING
        self.playout.fill(memoryview(block), self._heard_at)

    def _finish(self) -> None:
        self.finished = True


class Loudspeaker:
    """Plays from `open` to `close` on the device called `name` (`""`: the default one).

    `on_lost`, with the problem, and `on_found` may be set by who must know; they are called on the watchdog's thread.
    """

    def __init__(self, name: str = "", volume: float = 1.0, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self.volume = volume
        """0 to 1; holds from the next sound on."""
        self.on_lost: Callable[[str], None] = lambda problem: None
        self.on_found: Callable[[], None] = lambda: None
        self._clock = clock
        self._sink: Sink | None = None
        self._problem = "not opened"
        self._closing = threading.Event()
        self._watchdog = threading.Thread(target=self._watch, name=f"watchdog of loudspeaker {name}", daemon=True)

    def open(self) -> None:
        """Begin to play silence. Raises SoundError when there is no such device, SetupError without PortAudio."""
        self._sink = self._connect()
        self._watchdog.start()

    def play(self, samples: NDArray[np.int16], due: float | None = None) -> Sound:
        """Play samples (mono, 48 kHz) after what was asked before, and not before `due` (`time.monotonic`).

        Returns at once. Raises SoundError while there is no loudspeaker.
        """
        sink = self._sink
        if sink is None:
            raise SoundError(f"no loudspeaker: {self._problem}")
        loud = samples if self.volume == 1.0 else (samples * self.volume).astype(np.int16)
        sound = sink.playout.add(loud.tobytes(), due)
        if sink is not self._sink:
            sink.playout.lose()  # It went while we added to it: who waits for the sound must not wait for ever.
        return sound

    def stop(self) -> None:
        """Silence, within a block: everything asked for so far is cut."""
        if (sink := self._sink) is not None:
            sink.playout.stop()

    def pause(self, seconds: float) -> None:
        """Silence for so long; then what sounds goes on where it was. What is asked for after a stop does not wait."""
        if (sink := self._sink) is not None:
            sink.playout.pause(seconds)

    def close(self) -> None:
        """Cut what sounds and let go of the device."""
        self._closing.set()
        if self._watchdog.ident is not None:
            self._watchdog.join(timeout=5 * RETRY_SECONDS)  # It may sit in a driver that never answers.
        self._part("closed")

    def _watch(self) -> None:
        while not self._closing.wait(LOOK_SECONDS):
            if self._sink is not None:
                if (problem := self._sink.problem()) is not None:
                    self._part(problem, self.on_lost)
            elif not self._closing.wait(RETRY_SECONDS):
                self._try_again()

    def _try_again(self) -> None:
        try:
            self._sink = self._connect()
        except (SoundError, SetupError) as error:
            self._problem = str(error)
        else:
            self.on_found()

    def _connect(self) -> Sink:
        refresh()
        device = find_device(self.name, "output")
        if device is None:
            raise SoundError(f"there is no loudspeaker {self.name}".rstrip())
        return open_stream(lambda: Sink(device, self._clock))

    def _part(self, problem: str, tell: Callable[[str], None] = lambda problem: None) -> None:
        """Let go of the device; who must know is told before it closes, because a driver that hangs takes its time."""
        sink, self._sink, self._problem = self._sink, None, problem
        if sink is not None:
            sink.playout.lose()
            tell(problem)
            close_stream(sink)
