"""Audio on its way through the program: mono PCM16 at 16 kHz, in chunks of 100 ms that know their moment."""

from dataclasses import dataclass

import numpy as np
import soxr

RATE = 16000
"""Frames a second of everything we record; what speech models are trained on."""

FRAME = 2
"""Bytes of one frame: mono, 16 bits."""

CHUNK_SECONDS = 0.1
CHUNK_BYTES = int(RATE * CHUNK_SECONDS) * FRAME

DRIFT = 200e-6
"""A sound card's clock strays from the computer's by some 50 ppm; this is faster, so that we can follow it."""

JUMP_SECONDS = 1.0
"""A block that comes later than this did not come late: audio before it is missing."""


@dataclass(frozen=True, slots=True)
class Chunk:
    pcm: bytes
    """Mono PCM16, 16 kHz."""
    number: int
    """Counted from 0 by the microphone, without holes."""
    moment: float
    """When its first frame was heard, on the clock of the microphone (monotonic seconds)."""

    @property
    def seconds(self) -> float:
        return len(self.pcm) / FRAME / RATE

    @property
    def end(self) -> float:
        return self.moment + self.seconds


class Chunker:
    """Cuts what one stream of a device delivers into chunks, resampled to 16 kHz where needed.

    A block is delivered some time after it was heard, and by a busy computer later still. So the moment of the
    stream's first frame is the earliest one that any block speaks for, and moments follow by counting frames.
    """

    def __init__(self, rate: int, first: int = 0) -> None:
        self.number = first
        """Of the next chunk."""
        self._rate = rate
        self._resampler = None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="int16")
        self._waiting = b""
        self._origin: float | None = None
        self._received = 0
        self._sent = 0

    def cut(self, pcm: bytes, moment: float, *, torn: bool = False) -> list[Chunk]:
        """Take a block of mono PCM16 at the device's rate, whose first frame was heard no later than `moment`.

        `torn`: the device lost audio just before it.
        """
        frames = len(pcm) // FRAME
        self._anchor(moment, DRIFT * frames / self._rate, torn)
        self._received += frames
        self._waiting += self._resampled(pcm)
        chunks = []
        while len(self._waiting) >= CHUNK_BYTES:
            chunks.append(self._next())
        return chunks

    def _anchor(self, moment: float, drift: float, torn: bool) -> None:
        origin = moment - self._received / self._rate
        if self._origin is None or torn or origin - self._origin > JUMP_SECONDS:
            self._origin = origin
        else:
            self._origin = min(origin, self._origin + drift)

    def _resampled(self, pcm: bytes) -> bytes:
        if self._resampler is None:
            return pcm
        resampled: bytes = self._resampler.resample_chunk(np.frombuffer(pcm, np.int16)).tobytes()
        return resampled

    def _next(self) -> Chunk:
        assert self._origin is not None
        chunk = Chunk(self._waiting[:CHUNK_BYTES], self.number, self._origin + self._sent / RATE)
        self._waiting = self._waiting[CHUNK_BYTES:]
        self._sent += CHUNK_BYTES // FRAME
        self.number += 1
        return chunk
