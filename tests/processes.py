"""Looking at processes, and hanging them, for tests."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
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


@contextlib.contextmanager
def standing_still(pid: int) -> Iterator[None]:
    """Meanwhile a process and its children do not run, as on a computer that sleeps."""
    family = [pid, *children_of(pid)]
    for member in family:
        os.kill(member, signal.SIGSTOP)
    try:
        yield
    finally:
        for member in family:
            os.kill(member, signal.SIGCONT)


@contextlib.contextmanager
def hanging_children(pid: int) -> Iterator[None]:
    """Meanwhile every worker of a process hangs, also those that it starts anew.

    Not before it runs its own program: until then it is still the process itself that would hang.
    """
    enough = threading.Event()

    def hang() -> None:
        for child in children_of(pid):
            with contextlib.suppress(OSError):  # It was killed while we looked.
                if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(child, signal.SIGSTOP)

    def go_on() -> None:
        while not enough.wait(0.005):
            hang()

    hang()
    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()
