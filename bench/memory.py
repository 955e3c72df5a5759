"""What a process and all it started hold together: memory, handles, threads (Linux only)."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")

STRETCHES = 10
"""Into so many parts of equal length a run is divided to see whether it grows."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is held at one moment."""

    memory_mb: float
    handles: int
    threads: int


def look(pid: int) -> Look:
    """Of this process and its descendants."""
    members = family(pid)
    return Look(memory_mb(pid), sum(map(_handles, members)), sum(map(_threads, members)))


def growth(values: Sequence[float]) -> list[float]:
    """How much more than in the first stretch of a run was held in each later one, at the least; the last one last.

    What comes and goes is no growth. The very end does not count: there a program gives back what it holds. Raises
    ValueError with too few values.
    """
    length = len(values) // (STRETCHES + 1)
    if not length:
        raise ValueError(f"{len(values)} looks are too few")
    first, *later = (min(values[at * length : (at + 1) * length]) for at in range(STRETCHES))
    return [one - first for one in later]


def family(pid: int) -> list[int]:
    """This process and all its descendants, as they are now."""
    children = defaultdict(list)
    for child, parent in _parents():
        children[parent].append(child)
    found = [pid]
    for member in found:
        found.extend(children[member])
    return found


def memory_mb(pid: int) -> float:
    """Proportional set size of this process and its descendants, in 10^6 bytes: a shared page counts once."""
    return sum(_pss_bytes(member) for member in family(pid)) / 1e6


def _handles(pid: int) -> int:
    try:
        return len(os.listdir(PROC / str(pid) / "fd"))
    except OSError:
        return 0


def _threads(pid: int) -> int:
    with suppress(OSError):
        for line in (PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("Threads:"):
                return int(line.split()[1])
    return 0


def _parents() -> Iterator[tuple[int, int]]:
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we looked
            # The name of the program stands between brackets, and may hold spaces and brackets itself.
            yield int(folder.name), int(stat.rpartition(")")[2].split()[1])


def _pss_bytes(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
