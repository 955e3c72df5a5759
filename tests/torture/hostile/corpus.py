"""The inputs that are kept: as few as reach all that was reached, and by name those that once failed.

`python -m tests.torture.hostile.corpus NAME FOLDER SECONDS` adds the inputs in a folder that reach further.
"""

import hashlib
import io
import lzma
import sys
import tarfile
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from .bounds import LONGEST, ROOT, Bounds, Take, room_to_work
from .parsers import PARSERS

HERE = Path(__file__).parent
OURS = str(ROOT / "levelup_voice")

PATIENCE = 60.0
"""Seconds at most for what is fresh; what does not get its turn will be found again."""

Arc = tuple[int, int, int]
"""A step from one line of a piece of code to another."""


def kept(name: str) -> Mapping[str, bytes]:
    """By a name that says nothing. All are in one file: most of them are much alike."""
    path = _path(name)
    if not path.exists():
        return {}
    with tarfile.open(path) as archive:
        return {one.name: file.read() for one in archive if (file := archive.extractfile(one))}


def failed(name: str) -> Mapping[str, bytes]:
    """By what was wrong."""
    folder = HERE / "failed" / name.replace(" ", "-")
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def inputs(name: str) -> Mapping[str, bytes]:
    """All there is to begin with: what is well, what is kept, what once failed."""
    return {
        **{f"seed {number}": seed for number, seed in enumerate(PARSERS[name].seeds())},
        **kept(name),
        **failed(name),
    }


def keep(name: str, fresh: Iterable[bytes], seconds: float) -> None:
    """Keep of what is kept and what is fresh, the smaller first, what reaches further. `seconds`: for what is fresh."""
    parser, reached = PARSERS[name], _Reached()
    with room_to_work() as folder:
        take, bounds = parser.take(folder), Bounds(folder, longest=30 * LONGEST)  # Each step is looked at.
        for seed in (*parser.seeds(), *failed(name).values()):
            reached.more(bounds, take, seed)
        chosen = [one for one in sorted(kept(name).values(), key=len) if reached.more(bounds, take, one)]
        end = time.monotonic() + min(PATIENCE, seconds)
        for one in sorted(fresh, key=len):
            if time.monotonic() < end and reached.more(bounds, take, one):
                chosen.append(one)
    _write(name, chosen)


class _Reached:
    """The steps that the program's own code has taken so far."""

    def __init__(self) -> None:
        self._arcs: set[Arc] = set()

    def more(self, bounds: Bounds, take: Take, data: bytes) -> bool:
        """Whether this input takes one that none took before. What fails, or takes long, is no example of anything."""
        before = len(self._arcs)
        sys.settrace(self._trace)
        threading.settrace(self._trace)
        try:
            broken = bounds.broken_by(take, data)
        finally:
            sys.settrace(None)
            threading.settrace(None)
        return len(self._arcs) > before and not broken

    def _trace(self, frame: FrameType, event: str, told: object) -> Any:
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        code, last = id(frame.f_code), 0

        def line(frame: FrameType, event: str, told: object) -> Any:
            nonlocal last
            self._arcs.add((code, last, frame.f_lineno))
            last = frame.f_lineno
            return line

        return line


def _path(name: str) -> Path:
    return HERE / "corpus" / f"{name.replace(' ', '-')}.tar.xz"


def _write(name: str, chosen: Iterable[bytes]) -> None:
    """The same inputs make the same file."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for data in sorted(chosen, key=lambda one: (len(one), one)):
            member = tarfile.TarInfo(hashlib.sha256(data).hexdigest()[:12])
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    path = _path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lzma.compress(whole.getvalue(), preset=9))


if __name__ == "__main__":
    keep(sys.argv[1], [path.read_bytes() for path in Path(sys.argv[2]).iterdir()], float(sys.argv[3]))
