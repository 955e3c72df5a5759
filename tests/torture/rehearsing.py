"""A rehearsal that acknowledges, on a pipe, what it has safely written: what a kill may not take away.

The program is the real one; only its store is watched. It is started by forking a process that has everything
imported, because a thousand of them are to be killed.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from levelup_voice.cli.opening import open_new
from levelup_voice.cli.rehearse import play
from levelup_voice.cli.resume import pick_up
from levelup_voice.cli.scripts import script_of
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import load_plan, read_as
from levelup_voice.files.folder import SessionFolder, open_session
from levelup_voice.rehearsal.script import Script
from levelup_voice.session import events as ev

SCRIPT = Path(__file__).with_name("short.nl.yaml")


class Acknowledging:
    """A session folder that tells, after each write, how far the journal and each recording have come."""

    def __init__(self, store: SessionFolder, acknowledge: Callable[[str, int], None]) -> None:
        self._store = store
        self._acknowledge = acknowledge
        self._journal = store.path / "journal.jsonl"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def append(self, entries: Sequence[ev.Entry]) -> None:
        self._store.append(entries)
        self._acknowledge("journal.jsonl", self._journal.stat().st_size)

    def open_writer(self, file: str, rate: int) -> "AcknowledgingWriter":
        return AcknowledgingWriter(self._store.open_writer(file, rate), lambda size: self._acknowledge(file, size))


class AcknowledgingWriter:
    def __init__(self, writer: Any, acknowledge: Callable[[int], None]) -> None:
        self._writer = writer
        self._acknowledge = acknowledge
        self._size = 0

    def write(self, pcm: bytes) -> None:
        self._writer.write(pcm)
        self._size += len(pcm)
        self._acknowledge(self._size)

    def finish(self) -> object:
        return self._writer.finish()


def start(folder: Path, pipe: int) -> int:
    """Rehearse in a new process; its id."""
    return _forked(lambda: _rehearse(folder, pipe))


def resume(session: Path, pipe: int) -> int:
    """Go on in a new process; its id."""
    return _forked(lambda: _resume(session, pipe))


def _forked(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            work()
            status = 0
        finally:
            if status:
                import traceback

                traceback.print_exc()
            os._exit(status)
    return pid


def _rehearse(folder: Path, pipe: int) -> None:
    script = read_as(Script, SCRIPT)
    store, session = open_new(
        folder,
        load_plan(script.session),
        script.participants,
        starts=datetime(2026, 3, 12, 15, 20).astimezone(),
        rehearsal=SCRIPT.read_text(encoding="utf-8"),
        seed=script.seed,
        on_problem=_told,
    )
    with closing(store):
        play(load_catalogue("nl"), _watched(store, pipe), session, script, shows=False)


def _resume(path: Path, pipe: int) -> None:
    found = open_session(path)
    words = load_catalogue("nl")
    script = script_of(found.session)
    assert script is not None
    with closing(SessionFolder(path, words, _told)) as store:
        store.know_session(found.session)
        picked_up = pick_up(found, found.last_at)
        play(words, _watched(store, pipe), found.session, script, now=found.last_at, first=picked_up, shows=False)


def _watched(store: SessionFolder, pipe: int) -> SessionFolder:
    return cast(SessionFolder, Acknowledging(store, lambda file, size: _write(pipe, f"{file}\t{size}\n")))


def _write(pipe: int, line: str) -> None:
    os.write(pipe, line.encode())


def _told(problem: str) -> None:
    raise AssertionError(problem)
