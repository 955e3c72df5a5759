"""`run`: a session in a real room, from its opening to its notes."""

import contextlib
import sys
from datetime import datetime, time, timedelta
from pathlib import Path

import click

from levelup_voice.files.content import load_plan
from levelup_voice.files.folder import sessions_folder
from levelup_voice.files.space import LOW_MINUTES, minutes_left
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.plan import Seconds, SessionPlan

from .agreeing import agreed
from .live import about_model, lead_live, missing_devices, voice
from .opening import open_new, tell_fit
from .pages import Pages
from .rehearse import rehearse
from .resume import resume
from .stopping import resumable
from .unfinished import to_go_on_with
from .wiring import SoundChoices

LATE = timedelta(hours=3)
"""Who begins later than this meant tomorrow."""


def run(
    words: Catalogue,
    name: str,
    *,
    folder: Path | None,
    participants: int | None,
    starts: str,
    ends: str,
    shrink: bool,
    plain: bool,
    browser: bool,
    **sound: object,
) -> None:
    """Lead the session; on a computer without sound, offer the rehearsal."""
    plan = load_plan(name)
    choices = SoundChoices(**sound)  # type: ignore[arg-type]
    if not _has_sound(words, choices):
        rehearse(words, name, folder, as_json=False, seed=None)
        return
    sessions = folder or sessions_folder()
    pages = Pages.of_terminal(browser)
    unfinished = to_go_on_with(words, sessions)
    if unfinished is not None:
        resume(words, str(unfinished), folder=folder, plain=plain, pages=pages, **sound)
        return
    starts_at = planned_start(plan, starts, ends, datetime.now().astimezone())
    lead_new(words, plan, choices, sessions, participants, starts_at=starts_at, shrink=shrink, plain=plain, pages=pages)


def lead_new(
    words: Catalogue,
    plan: SessionPlan,
    choices: SoundChoices,
    sessions: Path,
    participants: int | None,
    *,
    starts_at: datetime | None,
    shrink: bool,
    plain: bool,
    pages: Pages,
) -> Path:
    """Lead a new session of this plan to its end. Returns its folder."""
    present = plan.participants if participants is None else participants
    _tell_space(words, sessions)
    tell_fit(plan, present, _to_stderr)
    if about := about_model(words, plan.language, choices):
        _to_stderr(about)
    with voice(words, plan, choices, present) as renderer:
        store, session = open_new(
            sessions,
            plan,
            present,
            room="shrink" if shrink else "shift",
            starts_at=starts_at,
            on_problem=lambda problem: _to_stderr(words.text("cli.files_problem", problem=problem)),
        )
        with contextlib.closing(store), resumable(words, store.path):
            lead_live(words, store, session, choices, renderer, plain=plain, pages=pages)
    click.echo(words.text("cli.notes_at", path=store.notes))
    return store.path


def planned_start(plan: SessionPlan, starts: str, ends: str, now: datetime) -> datetime | None:
    """When the session is to begin, from a local time of day ("15:30") at which it begins or ends; None: nobody said.

    The next such moment, or the last one when that is not long ago: at ten past midnight, "23:55" has just been.
    """
    if not starts and not ends:
        return None
    moment = datetime.combine(now.date(), time.fromisoformat(starts or ends), now.tzinfo)
    if not starts:
        moment -= timedelta(seconds=total_seconds(plan))
    while moment < now - LATE:
        moment += timedelta(days=1)
    while moment > now - LATE + timedelta(days=1):
        moment -= timedelta(days=1)
    return moment


def total_seconds(plan: SessionPlan) -> Seconds:
    return sum(block.duration for block in plan.blocks)


def _tell_space(words: Catalogue, folder: Path) -> None:
    """Say before the session when the disk may fill up during it."""
    with contextlib.suppress(OSError):
        if (minutes := minutes_left(folder)) < LOW_MINUTES:
            _to_stderr(words.text("check.disk_low", minutes=minutes))


def _has_sound(words: Catalogue, choices: SoundChoices) -> bool:
    """Whether to go on in this room. Without a terminal nobody can answer, so the rehearsal it is."""
    missing = missing_devices(choices)
    if not missing:
        return True
    for device in missing:
        _to_stderr(words.text(f"setup.missing_{device}"))
    if not sys.stdin.isatty():
        _to_stderr(words.text("cli.rehearsing_instead"))
        return False
    return not agreed(words, words.text("cli.rehearse_instead"), default=True)


def _to_stderr(line: str) -> None:
    click.echo(line, err=True)
