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
"""Blocks that all come later than this did not come late: audio before them is missing."""

SETTLE_SECONDS = 0.3
"""What waited while the computer stood still comes faster than it was heard; after so much at its own pace, that is
over."""

PACE_SECONDS = 0.005
"""A block that comes so much too early for its place was waiting."""


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
    stream's first frame is the earliest one that any block speaks for, and moments follow by counting frames. Whether
    audio is missing is known when what may have been waiting somewhere has come: until then chunks are held back.
    """

    def __init__(self, rate: int, first: int = 0) -> None:
        self.number = first
        """Of the next chunk."""
        self._rate = rate
        self._resampler = None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="int16")
        self._waiting = b""
        self._origin: float | None = None
        self._later: float | None = None
        """The same, as the blocks since a jump speak for it, while that is not settled."""
        self._settled = 0.0
        """Seconds that came at their own pace since."""
        self._received = 0
        self._sent = 0

    def cut(self, pcm: bytes, moment: float, *, torn: bool = False) -> list[Chunk]:
        """Take a block of mono PCM16 at the device's rate, whose first frame was heard no later than `moment`.

        `torn`: the device lost audio just before it.
        """
        frames = len(pcm) // FRAME
        self._anchor(moment, frames / self._rate, torn)
        self._received += frames
        self._waiting += self._resampled(pcm)
        return [] if self._later is not None else self._whole()

    def rest(self) -> list[Chunk]:
        """What was held back, when the stream has ended."""
        self._settle()
        return self._whole()

    def _whole(self) -> list[Chunk]:
        chunks = []
        while len(self._waiting) >= CHUNK_BYTES:
            chunks.append(self._next())
        return chunks

    def _anchor(self, moment: float, seconds: float, torn: bool) -> None:
        origin = moment - self._received / self._rate
        if self._origin is None or torn:
            self._origin, self._later = origin, None
        elif self._later is not None:
            self._settled = 0.0 if origin < self._later - PACE_SECONDS else self._settled + seconds
            self._later = min(origin, self._later)
            if self._settled >= SETTLE_SECONDS:
                self._settle()
        elif origin - self._origin > JUMP_SECONDS:
            self._later, self._settled = origin, 0.0
        else:
            self._origin = min(origin, self._origin + DRIFT * seconds)

    def _settle(self) -> None:
        """Whatever had been waiting has come: only what is still later than it should be was missed."""
        if self._later is not None and self._origin is not None and self._later - self._origin > JUMP_SECONDS:
            self._origin = self._later
        self._later = None

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
