"""Writing that lasts: whole writes, data that reaches the disk itself, files replaced in one step."""

import contextlib
import os
import sys
from pathlib import Path

BINARY: int = getattr(os, "O_BINARY", 0)
"""Windows otherwise translates line ends."""


def write_all(file: int, data: bytes) -> None:
    """A disk that is almost full takes a part first. Raises OSError."""
    while data:
        data = data[os.write(file, data) :]


def sync(file: int) -> None:
    """Have a file's data on the disk."""
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
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in the place of a file, whole or not at all; only its owner may read it. Raises OSError."""
    fresh = path.with_name(f".{path.name}.fresh")
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, 0o600)
    try:
        write_all(file, data)
        sync(file)
    finally:
        os.close(file)
    os.replace(fresh, path)
    sync_folder(path.parent)
