"""`rehearse`: the whole session with a simulated room and a clock that jumps."""

import contextlib
import json
import sys
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from levelup_voice.errors import ContentError, Problem, SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import load_plan, read_as
from levelup_voice.files.data import content_folder
from levelup_voice.files.folder import SessionFolder, sessions_folder
from levelup_voice.rehearsal.script import Script
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.decide import Incoming
from levelup_voice.session.plan import Seconds
from levelup_voice.session.state import Session
from levelup_voice.session.view import View
from levelup_voice.terminal.screen import Lines

from .opening import open_new, prepare, tell_fit
from .wiring import SoundChoices, lead, rehearsed, renderer_of


def rehearse(words: Catalogue, name: str, folder: Path | None, as_json: bool, seed: int | None) -> None:
    """Rehearse a script; prints what happens with its moment, and where the notes are."""
    path = _found(name)
    script = _with_seed(read_as(Script, path), seed)
    plan = load_plan(script.session)
    tell_fit(plan, script.participants, _to_stderr)
    store, session = open_new(
        folder or sessions_folder(),
        plan,
        script.participants,
        starts=_starts(script, path),
        rehearsal=path.read_text(encoding="utf-8"),
        seed=script.seed,
        on_problem=lambda problem: _to_stderr(words.text("cli.files_problem", problem=problem)),
    )
    with contextlib.closing(store):
        play(words, store, session, script, shows=not as_json)
    if as_json:
        click.echo(json.dumps({"session": str(store.path.resolve())}))
    else:
        click.echo(words.text("cli.notes_at", path=store.notes))


def play(
    words: Catalogue,
    store: SessionFolder,
    session: Session,
    script: Script,
    *,
    now: Seconds = 0.0,
    first: Incoming | None = None,
    shows: bool,
) -> Session:
    """Rehearse a session from where it stands to its end."""
    spoken = load_catalogue(session.plan.language)
    renderer = renderer_of(spoken, SoundChoices())
    with contextlib.closing(renderer):
        prepare(renderer, session.plan, spoken, script.participants, words.text("cli.preparing"))
        with rehearsed(now, script, renderer, store, spoken) as (devices, facilitator):
            lines = Lines(spoken, sys.stdout)

            def show(view: View) -> None:
                facilitator.look(view)
                if shows:
                    lines.show(view)

            return lead(session, spoken, devices, store, show, first)


def script_of(session: Session) -> Script | None:
    """The script that the journal of a rehearsal holds; None: the session is a live one."""
    if not session.opened.rehearsal:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.yaml"
        path.write_text(session.opened.rehearsal, encoding="utf-8")
        return _with_seed(read_as(Script, path), session.opened.seed)


def _found(name: str) -> Path:
    """The script in a file, or one of the program's own: `level-up.nl`, or `level-up`."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return path
    known = {script.stem: script for script in sorted((content_folder() / "rehearsals").glob("*.yaml"))}
    for stem, script in known.items():
        if name in (stem, stem.rpartition(".")[0]):
            return script
    raise SetupError(f"there is no rehearsal {name}", "no_rehearsal", name=name, known=", ".join(known))


def _with_seed(script: Script, seed: int | None) -> Script:
    return script if seed is None else replace(script, seed=seed)


def _starts(script: Script, path: Path) -> datetime:
    try:
        return datetime.strptime(script.starts, "%Y-%m-%d %H:%M").astimezone()
    except ValueError:
        expected = "a date and a time such as 2026-03-12 15:20"
        raise ContentError([Problem(str(path), 0, "starts", expected, script.starts)]) from None


def _to_stderr(line: str) -> None:
    click.echo(line, err=True)
