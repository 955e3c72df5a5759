"""What no input may cause, whatever is in it: more than its share of work and memory, a step outside its folder, a
program that is run, an error that is not meant, or one that does not tell people what to do."""

import os
import resource
import signal
import sys
import tempfile
import time
import traceback
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from levelup_voice.cli.trouble import sentences
from levelup_voice.errors import MOST_PROBLEMS, LevelupError
from levelup_voice.files.catalogue import languages, load_catalogue

Take: TypeAlias = Callable[[bytes], object]
"""Gives an input to the program. Returns when it was taken, or refused as is meant; raises anything else."""

LONGEST = 1.0
"""Seconds of work for one input; the instruments of the fuzzer make it two to three times what a user would see."""

ENDLESS = 40.0
"""Seconds of work after which an input is given up."""

MOST_MEMORY = 256 * 1024 * 1024
"""Bytes, besides what the program had before."""

LONGEST_SENTENCE = 3_000
"""Characters of one that tells what is wrong: twenty names of a place, all kinds of command."""

ROOT = Path(__file__).parents[3]

_OURS = tuple(os.path.realpath(one) for one in (str(ROOT), sys.prefix, sys.base_prefix, "/usr", "/proc/self", "/dev"))
"""What the program itself consists of: it may be read."""

_RUNS = ("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "subprocess.Popen", "pty.spawn")
_REACHES = ("socket.connect", "socket.bind", "socket.getaddrinfo", "pickle.find_class", "ctypes.dlopen")
_CHANGES = ("os.chmod", "os.chown", "os.mkdir", "os.remove", "os.rmdir", "os.utime")
"""These tell a path first, and last the folder that a relative one starts from; -1: the current one."""
_PAIRS = ("os.link", "os.rename", "os.symlink")
"""These tell two, and then the folders of both, or of the last."""


class Endless(BaseException):
    """Not an Exception: nobody may take it for one of theirs."""


class Bounds:
    """Watches one process while it takes inputs, which may be written and read in `folder` alone. For the main thread.

    Of everything that the interpreter does outside itself it is told first (PEP 578).
    """

    def __init__(self, folder: Path, longest: float = LONGEST) -> None:
        self._longest = longest
        self._folder = os.path.realpath(folder)
        self._watching = False
        self._seen: list[str] = []
        self.slowest = 0.0
        sys.addaudithook(self._audit)
        signal.signal(signal.SIGPROF, _give_up)
        tempfile.tempdir = self._folder

    def broken_by(self, take: Take, data: bytes) -> str:
        """What this input causes that it may not; empty when there is nothing."""
        self._seen.clear()
        began = time.process_time()
        try:
            self._take(take, data)
        except (Exception, Endless) as error:  # noqa: BLE001 - whatever is not meant is what we look for
            self._seen.insert(0, f"{type(error).__name__}: {error} ({_place(error)})")
        took = time.process_time() - began
        self.slowest = max(self.slowest, took)
        if took > self._longest and not self._seen:
            self._seen.append(f"took {took:.1f} s of work")
        return "; ".join(self._seen)[:500]

    def _take(self, take: Take, data: bytes) -> None:
        limits, reserve = resource.getrlimit(resource.RLIMIT_DATA), bytearray(4 * 1024 * 1024)
        resource.setrlimit(resource.RLIMIT_DATA, (_data_size() + MOST_MEMORY, limits[1]))
        signal.setitimer(signal.ITIMER_PROF, ENDLESS)
        self._watching = True
        try:
            take(data)
        finally:
            del reserve  # First: with no memory at all not even the limit can be lifted.
            resource.setrlimit(resource.RLIMIT_DATA, limits)
            self._watching = False
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _audit(self, event: str, told: tuple[Any, ...]) -> None:
        if not self._watching:
            return
        if event == "open":
            path, mode, flags = told
            writes = any(letter in mode for letter in "wax+") if mode else flags & (os.O_WRONLY | os.O_RDWR)
            self._look(event, path, () if writes else _OURS)
        elif event in _CHANGES:
            self._look(event, _within(told[0], told[-1]), ())
        elif event in _PAIRS:
            for path in told[event == "os.symlink" : 2]:
                self._look(event, _within(path, told[-1]), ())
        elif event == "os.truncate":
            self._look(event, told[0], ())
        elif event in _RUNS or event in _REACHES:
            self._seen.append(f"{event} {told!r}"[:200])

    def _look(self, event: str, path: object, allowed: tuple[str, ...]) -> None:
        if isinstance(path, int) or not isinstance(path, str | bytes | os.PathLike):
            return  # What is open already has been looked at.
        try:
            real = os.path.realpath(os.fsdecode(path))
        except ValueError:
            return  # The system does not take such a path either.
        if not any(real == one or real.startswith(f"{one}{os.sep}") for one in (self._folder, *allowed)):
            self._seen.append(f"{event} {real!r}"[:200])


@contextmanager
def room_to_work() -> Iterator[Path]:
    """A folder for a while; in memory where there is one, for each input is written, and some to the disk itself."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="hostile-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def clear(error: LevelupError) -> None:
    """Asserts that an error can be told to people, on a terminal: in every language, briefly, nothing invisible."""
    for language in languages():
        told = list(sentences(error, load_catalogue(language)))
        assert told, "nothing is told"
        assert len(told) <= MOST_PROBLEMS + 1, f"{len(told)} sentences are told"
        for sentence in told:
            assert len(sentence) <= LONGEST_SENTENCE, f"told {len(sentence)} characters"
            assert not hidden(sentence), f"told {sentence!r}"[:200]


def hidden(text: str, allowed: str = "") -> str:
    """The characters that are not to be seen, or that move others; besides `allowed`."""
    return "".join(
        one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp") and one not in allowed
    )


def _within(path: object, folder: object) -> object:
    """The path, where it starts from an open folder."""
    if isinstance(path, str | bytes) and isinstance(folder, int) and folder >= 0:
        return os.path.join(os.readlink(f"/proc/self/fd/{folder}"), os.fsdecode(path))
    return path


def _give_up(number: int, frame: object) -> None:
    raise Endless(f"no end after {ENDLESS:g} s of work")


def _data_size() -> int:
    """Bytes of memory that this process can write to."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[5]) * resource.getpagesize()


def _place(error: BaseException) -> str:
    """Where in the program it was raised, or at least in the tests."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/levelup_voice/" in frame.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
