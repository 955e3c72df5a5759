"""Journals: whatever is believed of one can be shown, exported, gone on with, and written down again."""

import json
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from math import inf
from pathlib import Path

from levelup_voice.cli.resume import repaired
from levelup_voice.errors import JournalError, LevelupError, SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.export import FORMATS, export
from levelup_voice.files.exports import times_csv, transcript_json
from levelup_voice.files.folder import JOURNAL, Found, inside, new_folder, open_session
from levelup_voice.files.journal import LATEST, from_line, to_line
from levelup_voice.files.notes_html import html
from levelup_voice.files.notes_markdown import markdown
from levelup_voice.files.recovery import examine, write
from levelup_voice.files.replaying import begin, follow
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.decide import decide
from levelup_voice.session.incoming import Correct, Incoming, Resume, Tick
from levelup_voice.session.notes import notes
from levelup_voice.session.plan import Seconds
from levelup_voice.session.state import Session
from levelup_voice.session.timing import next_wakeup
from levelup_voice.session.view import view
from levelup_voice.terminal import bindings
from levelup_voice.terminal.lines import changes, key_lines
from levelup_voice.terminal.picture import Picture
from levelup_voice.web import projector, remote
from levelup_voice.web.reviewing import Reading, reviewable
from tests.plans import LEVEL_UP, SMALL
from tests.session.room import Room

from .bounds import Take, clear, hidden

WORDS = load_catalogue("nl")

STEPS = 4
"""That a session is led on."""


@cache
def room() -> Room:
    """A session with some of everything, while the groups take their turns."""
    room = Room().until("open").obey(do.Next(), do.Next())
    room.transcribed("een", "geheim", "van", "stool")
    room.take(Correct(0, "Een geheim."))
    room.obey(do.Next()).until("s1", "counting").obey(do.GiveTally(disagree=9), do.Record(), do.Next())
    room.transcribed("iets", "anders")
    room.obey(do.Next(), do.AddTime(60.0)).until("oogst", "turns")
    room.take(ev.DeviceLost("loudspeaker", "unplugged"))
    room.obey(do.Next(), do.Next())
    room.transcribed("wij", "willen", "meer")
    return room


@cache
def lines() -> tuple[bytes, ...]:
    """Its journal."""
    return tuple(to_line(entry).encode() for entry in room().journal)


def journal_lines(folder: Path) -> Take:
    """One line that follows what was."""
    session, last = room().session, room().now

    def take(data: bytes) -> None:
        try:
            entry = from_line(data)
            if entry is None:
                return
            after = follow(session, entry)
        except (ValueError, RecursionError):
            return
        assert from_line(to_line(entry).encode()) == entry or "nan" in str(entry)
        look_at(after, max(entry.at, last), data)

    return take


def openings(folder: Path) -> Take:
    def take(data: bytes) -> None:
        try:
            entry = from_line(data)
            if entry is None:
                return
            session = begin(entry)
        except (ValueError, RecursionError):
            return
        look_at(session, entry.at, data)

    return take


def journals(folder: Path) -> Take:
    """A journal is read, else recovered; what was recovered is read."""
    path, saved = folder / "session", folder / "saved"

    def take(data: bytes) -> None:
        shutil.rmtree(path, ignore_errors=True)
        shutil.rmtree(saved, ignore_errors=True)
        for each in (path, saved):
            (each / "audio").mkdir(parents=True)
        (path / JOURNAL).write_bytes(data)
        found = opened(path, data)
        try:
            recovered = examine(path)
        except JournalError as error:
            clear(error)
            assert found is None, "read, and not recovered"
            return
        for damage in recovered.damages:
            assert not hidden(damage.problem), f"told {damage.problem!r}"[:200]
            assert len(damage.problem) < 1000
        write(recovered, path, saved)
        again = opened(saved, data)
        assert again is not None, "recovered, and not read"
        folder_of(again, folder)

    return take


def opened(path: Path, data: bytes) -> Found | None:
    try:
        found = open_session(path)
    except (JournalError, SetupError) as error:
        clear(error)
        return None
    for recording in found.session.recordings:
        assert inside(path, recording.request.file).parent == path / "audio"
    repaired(found)
    look_at(found.session, found.last_at, data)
    return found


def folder_of(found: Found, parent: Path) -> None:
    """What is made for a recovered session stands beside it."""
    try:
        made = new_folder(parent, f"{found.session.plan.id} (hersteld)", datetime(2026, 3, 12, 15, 20))  # noqa: DTZ001
    except LevelupError as error:
        clear(error)
        raise
    assert made.parent == parent
    shutil.rmtree(made)


def look_at(session: Session, at: Seconds, data: bytes) -> None:
    """All that people are shown of it, and how it goes on. What takes long, for some inputs only: `data` tells which,
    so that an input always comes to the same."""
    try:
        words = load_catalogue(session.plan.language)
    except SetupError as error:
        clear(error)
        return
    chance = zlib.crc32(data)
    notes(session, words)
    for seen in (session, _go_on(session, at, words)):
        view(seen, at, words)
        if chance % 4 == 0:
            _show(seen, at, words)
    if chance % 4 == 0:
        _export(session, words)
    if chance % 32 == 0:
        export(session, words, "docx")


def _show(session: Session, at: Seconds, words: Catalogue) -> None:
    seen = view(session, at, words)
    projector.regions(seen, words)
    remote.regions(seen, words, bindings.useful_keys(seen, words))
    for size in ((80, 24), (60, 16)):
        for line in Picture(seen, words, *size).lines():
            assert not hidden(line.plain), f"on the terminal: {line.plain!r}"[:200]
    for text in (*changes(None, seen, words), *key_lines(seen, words)):
        assert not hidden(text), f"on the terminal: {text!r}"[:200]
    reading = Reading(session, words)
    reading.parts()
    reading.doubts()
    for recording in reviewable(session):
        reading.detail(recording)
        reading.history(recording)


def _export(session: Session, words: Catalogue) -> None:
    whole = notes(session, words)
    written = [markdown(whole), html(whole), times_csv(session)]
    written += [export(session, words, form).decode() for form in FORMATS if form not in ("docx", "json")]
    for text in written:
        assert not hidden(text, "\n\r\u200c\u200d"), f"in a file: {hidden(text)!r}"
    # For programs, and there every character stays as it was said or written.
    json.loads(export(session, words, "json"))
    for one in session.recordings:
        if one.transcript is not None:
            json.loads(transcript_json(one))


def _go_on(session: Session, at: Seconds, words: Catalogue) -> Session:
    """After a restart, and some of what follows; each step is written down and read again. No session goes on that has
    reached the last moment that a journal may name, in thirty years."""
    if at > LATEST - 1_000:
        return session
    resumed = ev.SessionResumed(left_at=at)
    failed = tuple(ev.RecordingFailed(one.number, "no-sound") for one in session.recordings if one.is_open)
    for incoming in (Resume(resumed, failed), do.Continue(), *_steps()):
        if session.closed_at is not None and isinstance(incoming, do.Continue):
            break
        if isinstance(incoming, Tick):
            wakeup = next_wakeup(session)
            if wakeup == inf:
                continue
            at = max(at, wakeup)
        events = decide(session, incoming, at, words)
        for event in events:
            entry = from_line(to_line(ev.Entry(at, event)).encode())
            assert entry is not None
            session = follow(session, entry)
        if isinstance(incoming, Tick):
            # A stage of no seconds is over at once; what changed nothing is not to be asked for again.
            assert events or next_wakeup(session) > at, "the session asks to be woken at a moment that has passed"
    return session


def _steps() -> Iterator[Incoming]:
    for _ in range(STEPS):
        yield Tick()
        yield do.Next()


def openings_seeds() -> list[bytes]:
    """Small ones: a plan with each kind of item."""
    brief = replace(LEVEL_UP, blocks=LEVEL_UP.blocks[:1], background=LEVEL_UP.background[:1])
    made = [ev.SessionOpened(plan=plan, opened_utc="2026-03-12", opened_of_day=5.0) for plan in (SMALL, brief)]
    return [to_line(ev.Entry(0.0, event)).encode() for event in made]
