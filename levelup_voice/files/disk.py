"""Writing that lasts: whole writes, data that reaches the disk itself, files replaced in one step.

Every step that changes what is on the disk goes through here. It is timed, so that a slow disk is known of; and it can
be watched: that is how the tests fail each of them in turn, or cut the power before it.
"""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

BINARY: int = getattr(os, "O_BINARY", 0)
"""Windows otherwise translates line ends."""

TRIES = 4
WAIT = 0.05
"""Seconds. On Windows a virus scanner or a search index holds a fresh file for some tens of milliseconds."""

Step: TypeAlias = Literal["write", "sync", "cut", "rename", "sync-folder"]
Watcher: TypeAlias = Callable[[Step, int | Path, bytes], None]
"""Told before each step: the file (or the path that a name is put on), and what is to be written. May raise OSError."""

_T = TypeVar("_T")

_watchers: list[Watcher] = []

_under_way: dict[int, float] = {}
"""Since when each thread waits for the disk."""
_longest = 0.0
_timing = threading.Lock()


@contextlib.contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Meanwhile each step, of any thread, is told first."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def longest_wait() -> float:
    """Seconds of the step that took longest since this was last asked; one that has not ended counts until now."""
    global _longest
    with _timing:
        now = time.monotonic()
        longest, _longest = max([_longest, *(now - since for since in _under_way.values())]), 0.0
    return longest


@contextlib.contextmanager
def _step(step: Step, file: int | Path, data: bytes = b"") -> Iterator[None]:
    """Around one step: watchers are told first, and it is timed."""
    global _longest
    thread, began = threading.get_ident(), time.monotonic()
    with _timing:
        _under_way[thread] = began
    try:
        for watcher in _watchers:
            watcher(step, file, data)
        yield
    finally:
        with _timing:
            _longest = max(_longest, time.monotonic() - _under_way.pop(thread))


def write_all(file: int, data: bytes) -> None:
    """A disk that is almost full takes a part first. Raises OSError."""
    while data:
        with _step("write", file, data):
            data = data[os.write(file, data) :]


def sync(file: int) -> None:
    """Have a file's data on the disk. Raises OSError."""
    with _step("sync", file):
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
    with contextlib.suppress(OSError), _step("sync-folder", folder):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def cut(file: int, size: int) -> None:
    """Leave so many bytes of a file. Raises OSError."""
    with _step("cut", file):
        os.ftruncate(file, size)


def rename(old: Path, new: Path, look: Callable[[], None] = lambda: None) -> None:
    """Give a file another name, in the place of what had it, for good. Raises OSError.

    `look` is called right before; an OSError that it raises leaves both as they are.
    """

    def name() -> None:
        look()
        with _step("rename", new):
            os.replace(old, new)

    _patiently(name)
    sync_folder(new.parent)


def _patiently(act: Callable[[], _T]) -> _T:
    """Do something with a file that another program may hold for a moment."""
    for _ in range(TRIES - 1):
        try:
            return act()
        except PermissionError:
            time.sleep(WAIT)
    return act()


def replace_file(path: Path, data: bytes, look: Callable[[], None] = lambda: None) -> None:
    """Put `data` in the place of a file, whole or not at all; only its owner may read it. Raises OSError.

    `look` is called when all but the name is done; an OSError that it raises leaves the file as it is.
    """
    fresh = path.with_name(f".{path.name}.fresh")
    file = _patiently(lambda: os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, 0o600))
    try:
        try:
            write_all(file, data)
            sync(file)
        finally:
            os.close(file)
        rename(fresh, path, look)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)  # What people said stands in no file that nobody knows of.
        raise
