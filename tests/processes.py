"""Looking at processes, for tests that hang or kill them."""

import time
from collections.abc import Callable
from pathlib import Path


def children_of(pid: int) -> set[int]:
    """The child processes of a process, on Linux."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It has just ended.
        if int(fields[1]) == pid and fields[0] != "Z":
            found.add(int(stat.parent.name))
    return found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def comes_true(fact: Callable[[], bool], within: float = 10.0) -> bool:
    """Whether it is so before long; the limit is for what never happens."""
    end = time.monotonic() + within
    while not fact():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
