"""`run`: a session in a real room, from its opening to its notes."""

import contextlib
import sys
from pathlib import Path

import click

from levelup_voice.files.content import load_plan
from levelup_voice.files.folder import sessions_folder
from levelup_voice.files.space import LOW_MINUTES, minutes_left
from levelup_voice.session.catalogue import Catalogue

from .live import lead_live, missing_devices, tell_model, voice
from .opening import open_new, tell_fit
from .rehearse import rehearse
from .resume import resume
from .unfinished import to_go_on_with
from .wiring import SoundChoices


def run(
    words: Catalogue,
    name: str,
    *,
    folder: Path | None,
    participants: int | None,
    shrink: bool,
    plain: bool,
    browser: bool,
    test_model: bool,
    **sound: object,
) -> None:
    """Lead the session; on a computer without sound, offer the rehearsal."""
    plan = load_plan(name)
    present = plan.participants if participants is None else participants
    choices = SoundChoices(**sound, test_model=test_model)  # type: ignore[arg-type]
    if not _has_sound(words, choices):
        rehearse(words, name, folder, as_json=False, seed=None)
        return
    sessions = folder or sessions_folder()
    unfinished = to_go_on_with(words, sessions)
    if unfinished is not None:
        resume(words, str(unfinished), folder=folder, plain=plain, browser=browser, test_model=test_model, **sound)
        return
    _tell_space(words, sessions)
    tell_fit(plan, present, _to_stderr)
    tell_model(words, plan.language, test_model)
    with voice(words, plan, choices, present) as renderer:
        store, session = open_new(
            sessions,
            plan,
            present,
            room="shrink" if shrink else "shift",
            on_problem=lambda problem: _to_stderr(words.text("cli.files_problem", problem=problem)),
        )
        with contextlib.closing(store), _resumable(words, store.path):
            lead_live(words, store, session, choices, renderer, plain=plain, browser=browser)
    click.echo(words.text("cli.notes_at", path=store.notes))


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
    return not click.confirm(words.text("cli.rehearse_instead"), default=True, err=True)


@contextlib.contextmanager
def _resumable(words: Catalogue, path: Path):  # type: ignore[no-untyped-def]
    """Whoever stops the program half-way is told how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        _to_stderr(words.text("cli.stopped", path=path))
        sys.exit(130)


def _to_stderr(line: str) -> None:
    click.echo(line, err=True)
