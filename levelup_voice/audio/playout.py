"""Which sound is played at which sample: a queue of sounds, one after another, each not before its moment.

The audio callback fills blocks here, so that part copies and counts, takes no lock and needs no numpy; any other
thread may add a sound or stop them all. Moments are seconds of `time.monotonic`.
"""

import array
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Literal, TypeAlias

RATE = 48000
"""Frames a second, of every sound and of the loudspeaker; mono, 16 bits in the machine's byte order."""

FRAME = 2
"""Bytes."""

FADE_FRAMES = 240
"""5 ms: what ends more sharply clicks."""

Outcome: TypeAlias = Literal["waiting", "played", "cut", "lost"]
"""cut: stopped before its end, or before its beginning. lost: the loudspeaker went."""


class Sound:
    """One sound on its way to the loudspeaker."""

    def __init__(self, pcm: bytes, due: float | None, run: int, clock: Callable[[], float]) -> None:
        self.pcm = memoryview(pcm)
        self.due = due
        self.run = run
        """Sounds of an earlier run than the playout's have been stopped."""
        self.position = 0
        """Bytes handed over so far."""
        self.is_faded = False
        """It is silent in the midst of a pause."""
        self.heard_from: float | None = None
        """The moment its first sample is heard; None while it waits."""
        self.heard_until = 0.0
        """The moment after its last sample is heard, once it has ended."""
        self.outcome: Outcome = "waiting"
        self._clock = clock
        self._ended = threading.Event()

    def end(self, outcome: Outcome, heard_until: float) -> None:
        if not self._ended.is_set():
            self.outcome, self.heard_until = outcome, heard_until
            self._ended.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is over and silent in the room. False: not within `timeout` seconds."""
        if not self._ended.wait(timeout):
            return False
        time.sleep(max(0.0, self.heard_until - self._clock()))
        return True


class Playout:
    """The queue of one opening of the loudspeaker."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._queue: deque[Sound] = deque()
        self._run = 0
        self._paused_until = float("-inf")

    def add(self, pcm: bytes, due: float | None = None) -> Sound:
        """Play this after all that was added before, and not before `due`."""
        sound = Sound(pcm, due, self._run, self._clock)
        if pcm:
            self._queue.append(sound)
        else:
            sound.end("played", 0.0)
        return sound

    @property
    def sounds(self) -> bool:
        """Something is being played, or is about to be."""
        return bool(self._queue)

    def stop(self) -> None:
        """Cut off everything added so far, within one block. What is added from now on waits for no pause."""
        self._run += 1
        self._paused_until = float("-inf")

    def pause(self, seconds: float) -> None:
        """Be silent for so long, from the next block on; then everything goes on where it was."""
        self._paused_until = self._clock() + seconds

    def lose(self) -> None:
        """The loudspeaker is gone: everything is over. Should it come back to life, it stays silent."""
        self._run += 1
        for sound in tuple(self._queue):
            sound.end("lost", 0.0)

    def fill(self, block: memoryview, heard_at: float) -> None:
        """Fill a block (bytes, mono, 16 bits) whose first frame is heard at `heard_at`."""
        block[:] = bytes(len(block))
        at = 0
        while at < len(block) and self._queue:
            sound = self._queue[0]
            if sound.run != self._run:
                at += _fade_out(sound, block[at:])
                sound.end("cut", heard_at + _seconds(at))
                self._queue.popleft()
                continue
            if heard_at < self._paused_until:
                _fade_out(sound, block[at:])
                return
            if sound.heard_from is None:
                if sound.due is not None:
                    at = max(at, round((sound.due - heard_at) * RATE) * FRAME)
                    if at >= len(block):
                        return
                sound.heard_from = heard_at + _seconds(at)
            at += _copy(sound, block[at:])
            if sound.position == len(sound.pcm):
                sound.end("played", heard_at + _seconds(at))
                self._queue.popleft()


def _copy(sound: Sound, room: memoryview) -> int:
    """Hand over as much as fits; gives the number of bytes."""
    piece = sound.pcm[sound.position : sound.position + len(room)]
    room[: len(piece)] = piece
    if sound.is_faded:
        sound.is_faded = False
        begun = piece[: FADE_FRAMES * FRAME]
        room[: len(begun)] = _fading(begun, into=True)
    sound.position += len(piece)
    return len(piece)


def _fade_out(sound: Sound, room: memoryview) -> int:
    """Hand over the next bit of a sound that is stopped or pauses, dying away; gives the number of bytes."""
    if sound.heard_from is None or sound.is_faded:
        return 0
    sound.is_faded = True
    rest = sound.pcm[sound.position :][: FADE_FRAMES * FRAME][: len(room)]
    room[: len(rest)] = _fading(rest, into=False)
    return len(rest)


def _fading(samples: memoryview, *, into: bool) -> bytes:
    """These samples, from silence to full loudness (`into`) or the other way round."""
    frames = array.array("h", bytes(samples))
    for index, sample in enumerate(frames):
        frames[index] = sample * (index if into else len(frames) - index) // len(frames)
    return frames.tobytes()


def _seconds(length: int) -> float:
    return length / FRAME / RATE
