"""Writing that lasts: whole writes, data that reaches the disk itself, files replaced in one step.

Every step that changes what is on the disk goes through here, and can be watched: that is how the tests fail each of
them in turn, or cut the power before it.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, TypeAlias

BINARY: int = getattr(os, "O_BINARY", 0)
"""Windows otherwise translates line ends."""


Step: TypeAlias = Literal["write", "sync", "cut", "rename", "sync-folder"]
Watcher: TypeAlias = Callable[[Step, int | Path, bytes], None]
"""Told before each step: the file (or the path that a name is put on), and what is to be written. May raise OSError."""

_watchers: list[Watcher] = []


@contextlib.contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Meanwhile each step, of any thread, is told first."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def _tell(step: Step, file: int | Path, data: bytes = b"") -> None:
    for watcher in _watchers:
        watcher(step, file, data)


def write_all(file: int, data: bytes) -> None:
    """A disk that is almost full takes a part first. Raises OSError."""
    while data:
        _tell("write", file, data)
        data = data[os.write(file, data) :]


def sync(file: int) -> None:
    """Have a file's data on the disk. Raises OSError."""
    _tell("sync", file)
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(file, fcntl.F_FULLFSYNC)  # fsync on macOS leaves the data in the drive's cache.
    elif sys.platform == "win32":
        os.fsync(file)
    else:
        os.fdatasync(file)


def sync_folder(folder: Path) -> None:
    """Make names last. Windows has no way to, and some network file systems refuse."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        _tell("sync-folder", folder)
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def cut(file: int, size: int) -> None:
    """Leave so many bytes of a file. Raises OSError."""
    _tell("cut", file)
    os.ftruncate(file, size)


def rename(old: Path, new: Path) -> None:
    """Give a file another name, in the place of what had it, for good. Raises OSError."""
    _tell("rename", new)
    os.replace(old, new)
    sync_folder(new.parent)


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in the place of a file, whole or not at all; only its owner may read it. Raises OSError."""
    fresh = path.with_name(f".{path.name}.fresh")
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, 0o600)
    try:
        write_all(file, data)
        sync(file)
    finally:
        os.close(file)
    rename(fresh, path)
