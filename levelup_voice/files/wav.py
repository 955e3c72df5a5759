"""Recordings on disk: mono PCM16 WAV that survives a kill at any byte.

A recording is known by its final path, `NAME.wav`; while it is written it is called `NAME.wav.part` and its header
says that the length is unknown. What was written counts, never what a header says: every length here is that of the
file. Which recordings exist, and what was lost in between, is in the journal.
"""

import os
import struct
from pathlib import Path

from levelup_voice.session.events import RATES

from .disk import BINARY, cut, rename, sync, sync_folder, write_all

HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
FRAME = 2
"""Bytes of one frame: mono, 16 bits."""

UNKNOWN = 0xFFFFFFFF
"""The length in the header of a WAV that is still being written; readers take what the file holds."""

RATE = 16000
"""Of a file whose header did not reach the disk."""

SYNC_SECONDS = 0.25
"""Audio that a power cut may cost; one sync takes about 4 ms. A killed program loses nothing that was written."""


class WavWriter:
    """One recording being written. One thread at a time.

    Raises FileExistsError when there is one of that name, finished or not: a recording is never overwritten.
    """

    def __init__(self, path: Path, rate: int = RATE) -> None:
        if path.exists():
            raise FileExistsError(path)
        self.path = path
        self._file = os.open(_part(path), os.O_RDWR | os.O_CREAT | os.O_EXCL | BINARY, 0o600)
        self._unsynced = 0
        self._sync_bytes = int(rate * SYNC_SECONDS) * FRAME
        try:
            write_all(self._file, _header(rate, UNKNOWN))
            sync(self._file)
            sync_folder(path.parent)
        except OSError:
            os.close(self._file)
            raise

    def write(self, pcm: bytes) -> None:
        """Append mono PCM16. On return it outlives this program. Raises OSError, as when the disk is full."""
        write_all(self._file, pcm)
        self._unsynced += len(pcm)
        if self._unsynced >= self._sync_bytes:
            sync(self._file)
            self._unsynced = 0

    def finish(self) -> Path:
        """Give the file its length and its name; also after a write that failed. Raises OSError."""
        try:
            _complete(self._file)
        finally:
            os.close(self._file)
        _rename(self.path)
        return self.path


def repair(path: Path) -> float:
    """Finish the recording that a kill or a power cut left unfinished; its seconds. Harmless for a finished one.

    Raises FileNotFoundError when nothing of it is there.
    """
    if path.exists():
        return duration(path)
    file = os.open(_part(path), os.O_RDWR | BINARY)
    try:
        _complete(file)
    finally:
        os.close(file)
    _rename(path)
    return duration(path)


def unfinished(folder: Path) -> list[Path]:
    """The final paths of the recordings in a folder that are to be repaired."""
    return sorted(part.with_suffix("") for part in folder.glob("*.wav.part"))


def rate_of(path: Path) -> int:
    """Sample rate, finished or still being written."""
    with _existing(path).open("rb") as file:
        return _rate(file.read(HEADER.size))


def duration(path: Path) -> float:
    """Seconds of audio, finished or still being written."""
    return _frames(_existing(path).stat().st_size) / rate_of(path)


def read_pcm(path: Path, start: int = 0, frames: int | None = None) -> bytes:
    """Mono PCM16 from frame `start` on, at most `frames` of it, finished or still being written."""
    with _existing(path).open("rb") as file:
        present = _frames(os.fstat(file.fileno()).st_size)
        wanted = present - start if frames is None else min(frames, present - start)
        file.seek(HEADER.size + start * FRAME)
        return file.read(max(0, wanted) * FRAME)


def erase(path: Path) -> None:
    """Delete a recording, finished or not. Nothing to delete is fine."""
    for form in (path, _part(path)):
        form.unlink(missing_ok=True)
    sync_folder(path.parent)


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _existing(path: Path) -> Path:
    return path if path.exists() else _part(path)


def _frames(size: int) -> int:
    return max(0, size - HEADER.size) // FRAME


def _header(rate: int, data: int) -> bytes:
    riff = UNKNOWN if data == UNKNOWN else HEADER.size - 8 + data
    return HEADER.pack(b"RIFF", riff, b"WAVE", b"fmt ", 16, 1, 1, rate, rate * FRAME, FRAME, 8 * FRAME, b"data", data)


def _rate(header: bytes) -> int:
    """A header may be torn, or zeros after a power cut."""
    if len(header) < HEADER.size:
        return RATE
    riff, _, wave, _, _, _, _, rate, *_ = HEADER.unpack(header)
    believable = (riff, wave) == (b"RIFF", b"WAVE") and rate in RATES
    return int(rate) if believable else RATE


def _complete(file: int) -> None:
    size = os.fstat(file).st_size
    data = _frames(size) * FRAME
    os.lseek(file, 0, os.SEEK_SET)
    rate = _rate(os.read(file, HEADER.size))
    os.lseek(file, 0, os.SEEK_SET)
    write_all(file, _header(rate, data))
    cut(file, HEADER.size + data)
    sync(file)


def _rename(path: Path) -> None:
    rename(_part(path), path)
