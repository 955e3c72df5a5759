"""How loud audio is, and what sounds wrong about it. Counts seconds of audio; reads no clock."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from .chunks import FRAME, RATE

FLOOR = -120.0
"""dBFS of silence; 16 bits reach down to -90."""

FULL_SCALE = 32768

SILENT_SECONDS = 1.5
"""Exact zeros for so long: muted or dead. A microphone that works always hears some noise."""

QUIET_DBFS = -45.0
QUIET_SECONDS = 5.0
"""RMS that speech into a microphone exceeds at least once in so many seconds."""

CLIPPED = 32760
CLIPPED_FRAMES = 3
"""So many frames in a row this near to full scale are no speech but a limit."""

Finding: TypeAlias = Literal["silent", "clipping", "quiet"]


@dataclass(frozen=True, slots=True)
class Level:
    """In dBFS: 0 is full scale. A sine of full scale has peak 0 and RMS -3."""

    peak_dbfs: float = FLOOR
    rms_dbfs: float = FLOOR


def level(pcm: bytes) -> Level:
    """Peak and RMS of mono PCM16."""
    meter = Meter()
    meter.add(pcm)
    return meter.level


class Meter:
    """Adds up the level of audio that comes in pieces."""

    def __init__(self) -> None:
        self._peak = 0
        self._energy = 0.0
        self._frames = 0

    def add(self, pcm: bytes) -> None:
        """Take mono PCM16 into account."""
        frames = np.frombuffer(pcm, np.int16).astype(np.int32)
        if frames.size:
            self._peak = max(self._peak, int(np.abs(frames).max()))
            self._energy += float(np.square(frames, dtype=np.float64).sum())
            self._frames += frames.size

    @property
    def level(self) -> Level:
        return Level(dbfs(self._peak), dbfs(math.sqrt(self._energy / self._frames)) if self._frames else FLOOR)


def dbfs(amplitude: float) -> float:
    """Amplitude in steps of a 16-bit sample, as dBFS rounded to a tenth."""
    return max(FLOOR, round(20 * math.log10(amplitude / FULL_SCALE), 1)) if amplitude > 0 else FLOOR


class Watch:
    """Notices what is wrong with a stretch of audio, each finding once."""

    def __init__(self) -> None:
        self._found: set[Finding] = set()
        self._silent = 0.0
        self._quiet = 0.0
        self._clipped = 0

    def hear(self, pcm: bytes) -> list[Finding]:
        """What is found for the first time in this piece of mono PCM16 at 16 kHz."""
        seconds = len(pcm) / FRAME / RATE
        heard = level(pcm)
        silent = heard.peak_dbfs == FLOOR
        self._silent = self._silent + seconds if silent else 0.0
        if heard.rms_dbfs >= QUIET_DBFS:
            self._quiet = 0.0
        elif not silent:
            self._quiet += seconds
        findings: dict[Finding, bool] = {
            "silent": self._silent > SILENT_SECONDS,
            "quiet": self._quiet >= QUIET_SECONDS,
            "clipping": self._clips(pcm),
        }
        new = [finding for finding, true in findings.items() if true and finding not in self._found]
        self._found.update(new)
        return new

    def _clips(self, pcm: bytes) -> bool:
        """Runs may cross from one piece into the next."""
        at_limit = np.abs(np.frombuffer(pcm, np.int16).astype(np.int32)) >= CLIPPED
        edges = np.flatnonzero(~at_limit)
        if not edges.size:
            self._clipped += at_limit.size
            return self._clipped >= CLIPPED_FRAMES
        runs = np.diff(edges) - 1
        longest = max(self._clipped + int(edges[0]), int(runs.max(initial=0)))
        self._clipped = at_limit.size - 1 - int(edges[-1])
        return max(longest, self._clipped) >= CLIPPED_FRAMES
