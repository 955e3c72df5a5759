"""A live session in a virtual room, led with keys at a terminal."""

import fcntl
import os
import pty
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType

from levelup_voice.files.journal import from_line
from levelup_voice.session import events as ev
from levelup_voice.session.fold import apply, replay
from levelup_voice.session.state import Session
from tests.virtual_audio import VirtualRoom

SHORT = Path(__file__).with_name("short.nl.yaml")


class Following:
    """The session as its journal tells it, read on from where it was left."""

    def __init__(self) -> None:
        self.entries: list[ev.Entry] = []
        self._session: Session | None = None
        self._file = (0, 0)
        """Which file it is, and how much of it was read: what is deleted is taken out of a new one."""

    def session(self, journal: Path) -> Session:
        with journal.open("rb") as file:
            this, read = os.fstat(file.fileno()).st_ino, self._file[1]
            if this != self._file[0]:
                self.entries, self._session, read = [], None, 0
            file.seek(read)
            new = file.read()
        whole = new.rfind(b"\n") + 1
        self._file = (this, read + whole)
        for line in new[:whole].splitlines():
            entry = from_line(line)
            assert entry is not None
            self.entries.append(entry)
            self._session = replay([entry]) if self._session is None else apply(self._session, entry)
        assert self._session is not None
        return self._session


class LiveSession:
    """`levelup-voice` in a terminal of its own; the keys are ours, the journal tells how far it is."""

    def __init__(
        self,
        room: VirtualRoom,
        folder: Path,
        *arguments: str,
        program: str = "levelup_voice",
        through: Sequence[str] = (),
        also: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._folder = folder
        self._terminal, inside = pty.openpty()
        self.process = subprocess.Popen(
            [*through, sys.executable, "-m", program, *arguments, "--folder", str(folder), "--plain"],
            env={**os.environ, **room.environment, **also, "LEVELUP_VOICE_LANGUAGE": "nl"},
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            # The terminal becomes the program's own; without that, keys do not concern it.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(inside)
        os.set_blocking(self._terminal, False)
        self.shown = ""
        self._following = Following()

    def __enter__(self) -> "LiveSession":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self.read_terminal()
        os.close(self._terminal)
        if error is not None:
            print(self.shown)  # noqa: T201 - pytest shows it with the failure

    def press(self, keys: str) -> None:
        """Keys that come before the program lists them would be lost, as they would be for a person."""
        limit = time.monotonic() + 30
        while "Toetsen:" not in self.shown and time.monotonic() < limit:
            self.read_terminal()
            time.sleep(0.02)
        os.write(self._terminal, keys.encode())

    def answer(self, text: str) -> None:
        """Answer a question that is asked before the session."""
        os.write(self._terminal, f"{text}\r".encode())

    def next(self) -> None:
        """PageDown, as a clicker sends it."""
        self.press("\x1b[6~")

    def quit(self) -> None:
        """Stop the program half-way, as a facilitator does."""
        self.press("\x03")
        time.sleep(0.3)
        self.press("\x03")
        self.process.wait(20)

    def wait_shown(self, text: str, seconds: float = 30.0) -> None:
        """Until this text has been on the terminal, in however many pieces its lines were broken."""
        limit = time.monotonic() + seconds
        while "".join(text.split()) not in "".join(self.shown.split()):
            assert time.monotonic() < limit, f"{text!r} was not shown"
            self.read_terminal()
            time.sleep(0.05)

    @property
    def path(self) -> Path:
        (found,) = self._folder.glob("*/journal.jsonl")
        return found.parent

    @property
    def is_open(self) -> bool:
        """Its journal has its first line."""
        return any(b"\n" in journal.read_bytes() for journal in self._folder.glob("*/journal.jsonl"))

    @property
    def session(self) -> Session:
        return self._following.session(self.path / "journal.jsonl")

    @property
    def events(self) -> list[ev.Event]:
        self._following.session(self.path / "journal.jsonl")
        return [entry.event for entry in self._following.entries]

    def wait(self, fact: Callable[[Session], object], seconds: float = 30.0) -> Session:
        """The session once this holds."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            self.read_terminal()
            if self.is_open and fact(session := self.session):
                return session
            assert self.process.poll() is None, f"ended with {self.process.returncode}"
            time.sleep(0.05)
        raise AssertionError(f"it did not come so far within {seconds:g} s")

    def wait_quiet(self) -> None:
        self.wait(lambda session: session.runs and not session.speaking)

    def read_terminal(self) -> None:
        try:
            while block := os.read(self._terminal, 65536):
                self.shown += block.decode(errors="replace")
        except (BlockingIOError, OSError):
            pass


def lasting(device: str, session: Session) -> list[str]:
    """What is wrong with a device now."""
    return [trouble.problem for trouble in session.troubles if trouble.device == device and trouble.over_at is None]


def start(live: LiveSession) -> None:
    live.wait(lambda session: session.situation == "ready")
    live.wait_shown("Toetsen:")
    live.next()
    live.wait(lambda session: session.runs)


def lead_into_recording(live: LiveSession) -> None:
    start(live)
    live.wait(lambda session: session.consent)  # Without it having been heard nothing is recorded.
    live.next()
    live.wait(lambda session: session.item and session.item.id == "vraag")
    live.next()
    live.wait(lambda session: session.announced)
    live.next()  # Half a minute of announcements need not be heard out.
    live.wait(lambda session: session.situation == "recording")
