"""How much memory a process and all it started take together (Linux only)."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


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
