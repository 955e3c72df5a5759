"""A session that was not closed: found before another one starts, because its program may have been killed."""

import sys
import time
from pathlib import Path

import click

from levelup_voice.errors import LevelupError
from levelup_voice.files.folder import JOURNAL, Found, find_sessions, is_held, open_session
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.terminal.figures import clean

from .agreeing import agreed

RECENT_SECONDS = 12 * 3600.0
"""Since the last thing that happened in it: nobody goes on with yesterday's session."""


def to_go_on_with(words: Catalogue, folder: Path) -> Path | None:
    """The session to go on with, if there is one and the facilitator wants to. Without a terminal nobody can answer."""
    found = unfinished(words, folder)
    if found is None:
        return None
    title = clean(found.session.plan.title)
    if not sys.stdin.isatty():
        click.echo(words.text("cli.unfinished", title=title, path=clean(str(found.path))), err=True)
        return None
    return found.path if agreed(words, words.text("cli.go_on", title=title), default=True) else None


def unfinished(words: Catalogue, folder: Path) -> Found | None:
    """The latest live session that was left, not long ago, and that no other program leads."""
    since = time.time() - RECENT_SECONDS
    for path in find_sessions(folder):
        if (path / JOURNAL).stat().st_mtime < since:
            return None
        try:
            found = open_session(path)
        except LevelupError as error:
            click.echo(clean(words.text("cli.damaged", path=path, problem=error)), err=True)
            continue
        session = found.session
        if session.closed_at is None and session.runs and not session.opened.rehearsal and not found.newer:
            return None if is_held(path) else found
    return None
