"""`resume`: go on with a session that was not closed, live or rehearsed."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import click

from levelup_voice import __version__
from levelup_voice.clock import boot_id, boot_seconds
from levelup_voice.errors import LevelupError, SetupError
from levelup_voice.files import wav
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.folder import (
    Found,
    SessionFolder,
    find_session,
    find_sessions,
    inside,
    open_session,
    sessions_folder,
)
from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.incoming import Resume
from levelup_voice.session.plan import Seconds

from .live import lead_live, voice
from .moment import now_in
from .pages import Pages
from .rehearse import play
from .scripts import script_of
from .stopping import resumable
from .wiring import SoundChoices


def resume(words: Catalogue, name: str, *, folder: Path | None, plain: bool, pages: Pages, **sound: object) -> Path:
    """Go on where the journal stops. A rehearsal goes on by itself; in a room the facilitator says when.

    Returns the session's folder.
    """
    found = left_open(folder or sessions_folder(), name)
    path = found.path
    spoken = load_catalogue(found.session.plan.language)
    script = script_of(found.session)
    choices = SoundChoices(**sound)  # type: ignore[arg-type]
    opened = SessionFolder(path, spoken, lambda problem: _tell(words, problem))
    with resumable(words, path), contextlib.closing(opened) as store:
        found = store.take_up()  # Another program may have led it until now.
        if found.session.closed_at is not None:
            raise SetupError(f"{path} is closed", "closed", path=path)
        if script is not None:
            picked_up = pick_up(found, found.last_at)
            play(words, store, found.session, script, now=found.last_at, first=picked_up, shows=True)
        else:
            with voice(words, found.session.plan, choices, found.session.participants) as renderer:
                now = now_in(found)  # Getting the voice ready takes its time.
                lead_live(
                    words,
                    store,
                    found.session,
                    choices,
                    renderer,
                    now=now,
                    first=pick_up(found, now),
                    plain=plain,
                    pages=pages,
                )
    click.echo(words.text("cli.notes_at", path=store.notes))
    return path


def left_open(parent: Path, name: str) -> Found:
    """The session that is meant; without a name, the latest that was led and not closed, else the latest of all."""
    for path in () if name else find_sessions(parent):
        with contextlib.suppress(LevelupError):  # One that is damaged is no reason to go on with none.
            found = open_session(path)
            session = found.session
            if session.closed_at is None and session.runs and not session.opened.rehearsal and not found.newer:
                return found
    return open_session(find_session(parent, name))


def pick_up(found: Found, now: Seconds) -> Resume:
    """What the session is told: that it goes on, and how the recording that ran was found."""
    event = ev.SessionResumed(
        resumed_utc=datetime.now(UTC).isoformat(timespec="seconds"),
        boot_at=boot_seconds(),
        boot_id=boot_id(),
        program=__version__,
        left_at=found.last_at,
    )
    return Resume(event, tuple(repaired(found)))


def repaired(found: Found) -> list[ev.RecordingSaved | ev.RecordingFailed]:
    """How the recordings were found that the journal does not know to be saved."""
    reports: list[ev.RecordingSaved | ev.RecordingFailed] = []
    for recording in found.session.recordings:
        if recording.saved is not None or recording.deleted:
            continue
        try:
            seconds = wav.repair(inside(found.path, recording.request.file))
        except OSError:
            seconds = 0.0
        if seconds:
            reports.append(ev.RecordingSaved(recording=recording.number, seconds=round(seconds, 3), interrupted=True))
        elif recording.is_open:
            reports.append(ev.RecordingFailed(recording.number, "no-sound"))
    return reports


def _tell(words: Catalogue, problem: str) -> None:
    click.echo(words.text("cli.files_problem", problem=problem), err=True)
