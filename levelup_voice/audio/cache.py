"""Rendered sounds on disk, each under the digest of everything that makes it sound as it does.

A file is the SHA-256 of the sound and then the sound (16 bits, mono, little-endian), so that a damaged or short one
shows itself and counts as missing. The folder may be deleted at any moment.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LIMIT = 256 * 1024 * 1024
"""Bytes: 45 minutes of speech at 48 kHz, seven times what a session says."""

DIGEST = 32


class Cache:
    """A folder of rendered sounds; safe to share between processes."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit

    def read(self, key: str) -> NDArray[np.int16] | None:
        """The sound under this key, or None when it is missing or damaged."""
        try:
            content = self._path(key).read_bytes()
            os.utime(self._path(key))  # The oldest is the one that was not heard for longest.
        except OSError:
            return None
        digest, pcm = content[:DIGEST], content[DIGEST:]
        if hashlib.sha256(pcm).digest() != digest:
            return None
        return np.frombuffer(pcm, dtype="<i2").astype(np.int16)

    def write(self, key: str, samples: NDArray[np.int16]) -> None:
        """Keep a sound; the ones heard longest ago make room. A full or locked disk costs the next render, no more."""
        pcm = samples.astype("<i2").tobytes()
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
            try:
                with open(number, "wb") as file:
                    file.write(hashlib.sha256(pcm).digest() + pcm)
                os.replace(name, self._path(key))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            self._make_room()

    def _make_room(self) -> None:
        held = []
        for entry in os.scandir(self._folder):
            with contextlib.suppress(OSError):  # Another process makes room as well.
                held.append((entry.stat().st_mtime_ns, entry.stat().st_size, entry.path))
        total = sum(size for _, size, _ in held)
        for _, size, path in sorted(held):
            if total <= self._limit:
                return
            with contextlib.suppress(OSError):
                os.unlink(path)
            total -= size

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.pcm"


def key_of(*parts: object) -> str:
    """One key for everything that changes a sound."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
