"""The folder of a session: made, found again, locked, and written by one program at a time.

It holds journal.jsonl (the truth), audio/ (the recordings) and what is derived from them. Everything in it is named
relative to it, so that it can be moved.
"""

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import filelock
import platformdirs

from levelup_voice.errors import JournalError, SetupError
from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.state import Session

from . import peaks, wav
from .derived import Derived
from .disk import replace_file
from .journal import Contents, Journal, read
from .replaying import begin, follow

JOURNAL = "journal.jsonl"


def sessions_folder() -> Path:
    """Where sessions go unless a person says otherwise."""
    return Path(platformdirs.user_documents_dir()) / "Level Up Voice"


@dataclass(frozen=True, slots=True)
class Found:
    """A session on disk."""

    path: Path
    session: Session
    last_at: float
    """The last moment that its journal knows."""
    newer: bool
    """Written by a later version: it may be read, not continued."""


def new_folder(parent: Path, plan_id: str, now: datetime) -> Path:
    """Make the dated folder of a new session. Raises SetupError when it cannot be made."""
    name = f"{now:%Y-%m-%d %H.%M} {plan_id}"
    for nth in range(1, 1000):
        folder = parent / (name if nth == 1 else f"{name} ({nth})")
        try:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
            (folder / "audio").mkdir(mode=0o700)
        except FileExistsError:
            continue
        except OSError as error:
            raise SetupError(f"{folder}: {error}", "no_folder", path=folder, problem=error.strerror or error) from error
        return folder
    raise SetupError(
        f"{parent / name}: too many sessions of this name", "no_folder", path=parent / name, problem="1000"
    )


def open_session(path: Path) -> Found:
    """Read a session. Raises SetupError when it is none, JournalError when its journal is damaged."""
    journal = path / JOURNAL
    try:
        contents = read(journal)
    except OSError as error:
        raise SetupError(f"{journal}: {error}", "no_journal", path=journal, problem=error.strerror or error) from error
    return Found(path, _replayed(journal, contents), contents.entries[-1].at, contents.newer)


def find_sessions(parent: Path) -> list[Path]:
    """The folders of sessions in `parent`, the latest first. Whether their journals can be read is not looked at.

    Raises SetupError when nobody may look into `parent`.
    """
    try:
        if not parent.is_dir():
            return []
        folders = [path for path in parent.iterdir() if _is_session(path)]
        return sorted(folders, key=lambda path: (path / JOURNAL).stat().st_mtime, reverse=True)
    except OSError as error:
        raise SetupError(f"{parent}: {error}", "no_journal", path=parent, problem=error.strerror or error) from error


def _is_session(path: Path) -> bool:
    """Not one that nobody may look into, like lost+found on a stick."""
    try:
        return (path / JOURNAL).is_file()
    except OSError:
        return False


def find_session(parent: Path, name: str) -> Path:
    """The session meant by a name in `parent`, a path, or (empty) the latest one. Raises SetupError when none is."""
    for path in (Path(name), parent / name) if name else find_sessions(parent)[:1]:
        if _is_session(path):
            return path
    raise SetupError(
        f"no session {name} in {parent}", "no_session" if name else "no_sessions", name=name, folder=parent
    )


def _replayed(path: Path, contents: Contents) -> Session:
    """The session that the entries tell of. Raises JournalError where they contradict each other: no run wrote that."""
    number, session = 1, None
    try:
        session = begin(contents.entries[0])
        for number, entry in enumerate(contents.entries[1:], start=2):  # noqa: B007 - named when it fails
            session = follow(session, entry)
    except ValueError as error:
        if contents.newer and session is not None:
            return session  # What we do not know of may be what is missing here; it is only read.
        raise JournalError(f"{path}, line {number}: {error}") from error
    return session


class SessionFolder:
    """The memory of a running session: the `Store` of the runner. Holds the folder's lock until closed."""

    def __init__(self, path: Path, words: Catalogue, on_problem: Callable[[str], None]) -> None:
        """Raises SetupError naming the process that holds the folder, if one does, or why nothing can be written."""
        self.path = path
        try:
            self._lock = _lock(path)
            self._journal = _opened_journal(path, self._lock)
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise SetupError(f"{path}: {problem}", "read_only", path=path, problem=problem) from error
        self._files: dict[int, str] = {}
        self._derived = Derived(path, words, on_problem)
        self._words = words
        self._on_problem = on_problem

    @property
    def notes(self) -> Path:
        """Where the notes are, once closed: a person's own are never overwritten, ours then have another name."""
        return self._derived.path("notes.md")

    def append(self, entries: Sequence[ev.Entry]) -> None:
        self._journal.append(entries)
        for entry in entries:
            self.know(entry.event)

    def know(self, event: ev.Event) -> None:
        """Remember where a recording goes."""
        if isinstance(event, ev.RecordingStarted):
            self._files[event.recording] = event.file

    def take_up(self) -> Found:
        """The session as it was left: nobody else writes in it from here on. Raises SetupError when a later version
        wrote it, JournalError, DiskError."""
        found = open_session(self.path)
        if found.newer:
            raise SetupError(f"{self.path} is of a later version", "newer", path=self.path)
        self.know_session(found.session)
        return found

    def know_session(self, session: Session) -> None:
        """Take up a session that was found on disk; what should have been deleted before the program ended goes now.

        Raises DiskError when the disk refuses.
        """
        for recording in session.recordings:
            self.know(recording.request)
            if recording.deleted or recording.audio_forgotten:
                self._erase(recording.request.file)
        if deleted := {recording.number for recording in session.recordings if recording.deleted}:
            self._journal.forget(deleted)

    def audio(self, recording: int) -> Path:
        """The path of a recording's audio. One whose end could not be written, as on a full disk, is finished first."""
        path = inside(self.path, self._files[recording])
        with contextlib.suppress(OSError):
            wav.repair(path)
        return path

    def forget_audio(self, recording: int) -> None:
        """Remove the audio of a recording; its words stay."""
        self._erase(self._files[recording])

    def open_writer(self, file: str, rate: int) -> wav.WavWriter:
        """The sink of a new recording."""
        return wav.WavWriter(inside(self.path, file), rate)

    def forget(self, recording: int) -> None:
        """Remove the audio and every word of a recording. Raises DiskError when the disk refuses."""
        self._erase(self._files[recording])
        self._derived.forget(recording)
        self._journal.forget((recording,))

    def refresh(self, session: Session) -> None:
        self._derived.refresh(session)

    def close(self) -> None:
        """Write the derived files as they should be, and let others in."""
        self._derived.close()
        self._journal.close()
        self._lock.release()
        (self.path / ".lock.pid").unlink(missing_ok=True)

    def _erase(self, file: str) -> None:
        """A file that cannot go, as on Windows one that a player holds, goes when the session is taken up again."""
        path = inside(self.path, file)
        try:
            wav.erase(path)
            peaks.erase(self.path, file)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._on_problem(self._words.text("notes.problem_erase", file=file, reason=reason))


def inside(folder: Path, relative: str) -> Path:
    """A path in a folder. Raises JournalError when it leads out of it: a journal may have been tampered with."""
    path = folder / relative
    if not path.resolve().is_relative_to(folder.resolve()):
        raise JournalError(f"{folder / JOURNAL}: {relative!r} is not in the session's folder")
    return path


def is_held(path: Path) -> bool:
    """Whether a program now runs on this session."""
    try:
        with filelock.FileLock(path / ".lock", mode=0o600, timeout=0):
            return False
    except (filelock.Timeout, OSError):
        return True


def _opened_journal(path: Path, lock: filelock.BaseFileLock) -> Journal:
    try:
        return Journal(path / JOURNAL)
    except OSError:
        lock.release()
        raise


def _lock(path: Path) -> filelock.BaseFileLock:
    """A crash does not leave it behind: the system lets go of it with the process."""
    lock = filelock.FileLock(path / ".lock", mode=0o600)
    holder = path / ".lock.pid"
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        process = holder.read_text(encoding="ascii").strip() if holder.exists() else "?"
        raise SetupError(f"{path}: process {process} holds it", "in_use", path=path, process=process) from None
    with contextlib.suppress(OSError):  # On a full disk the lock itself still works.
        replace_file(holder, str(os.getpid()).encode())
    return lock
