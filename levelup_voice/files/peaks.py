"""How loud a recording is along its length, for its waveform: worked out once, and kept as peaks/NAME.json.

Nothing in it is needed, and it holds nothing but loudness; it goes when its audio goes.
"""

import contextlib
import json
from itertools import pairwise
from math import inf
from pathlib import Path, PurePosixPath

from . import wav
from .disk import replace_file

BARS = 600
"""As many as a wide screen can show apart."""


def peaks(folder: Path, audio: str, seconds: float = inf) -> list[int]:
    """The loudest sample of each stretch of what was said in a recording, in per cent of the loudest of all.

    `audio` is its WAV, relative to the session's folder, of which the first `seconds` count. Raises FileNotFoundError
    when it is not there.
    """
    path, kept = folder / audio, _kept(folder, audio)
    stat = path.stat()
    made_of = [stat.st_size, stat.st_mtime_ns, seconds]
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(kept.read_bytes())
        if known["made_of"] == made_of:
            return [int(value) for value in known["peaks"]]
    found = _measured(path, seconds)
    with contextlib.suppress(OSError):  # On a disk that is full, or only to be read, they are worked out again.
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        replace_file(kept, json.dumps({"made_of": made_of, "peaks": found}).encode())
        if not path.exists():
            erase(folder, audio)  # The recording was deleted meanwhile, by another program.
    return found


def erase(folder: Path, audio: str) -> None:
    """Nothing to delete is fine."""
    _kept(folder, audio).unlink(missing_ok=True)


def _kept(folder: Path, audio: str) -> Path:
    return folder / "peaks" / f"{PurePosixPath(audio).stem}.json"


def _measured(path: Path, seconds: float) -> list[int]:
    """A stretch at a time: eight hours are a gigabyte."""
    frames = round(min(seconds, wav.duration(path)) * wav.rate_of(path))
    bars = min(BARS, frames)
    borders = [frames * bar // max(1, bars) for bar in range(bars + 1)]
    loudest = [_loudest(path, first, last - first) for first, last in pairwise(borders)]
    most = max(loudest, default=0) or 1
    return [100 * one // most for one in loudest]


def _loudest(path: Path, start: int, frames: int) -> int:
    import numpy as np  # Whoever only opens a session's folder need not wait for it.

    samples = np.frombuffer(wav.read_pcm(path, start, frames), np.int16)
    return int(max(samples.max(), -int(samples.min()))) if len(samples) else 0
