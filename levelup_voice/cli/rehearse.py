"""`rehearse`: the whole session with a simulated room and a clock that jumps."""

import contextlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import click

from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import load_plan
from levelup_voice.files.folder import SessionFolder, sessions_folder
from levelup_voice.rehearsal.script import Script
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.incoming import Incoming
from levelup_voice.session.plan import Seconds
from levelup_voice.session.state import Session
from levelup_voice.session.view import View
from levelup_voice.terminal.screen import Lines

from .opening import open_new, prepare, tell_fit
from .pages import NOWHERE, Paced, Pages, open_face, tell_pages
from .scripts import find_script
from .wiring import SoundChoices, lead, rehearsed, renderer_of


def rehearse(
    words: Catalogue,
    name: str,
    folder: Path | None,
    as_json: bool,
    seed: int | None,
    watch: float | None = None,
    pages: Pages = NOWHERE,
) -> Path:
    """Rehearse a script; prints what happens with its moment, and where the notes are. Returns the session's folder.

    `watch`: show it on the pages as well, this many times as fast as it would be.
    """
    written = find_script(name, seed)
    script, plan = written.script, load_plan(written.script.session)
    tell_fit(plan, script.participants, _to_stderr)
    store, session = open_new(
        folder or sessions_folder(),
        plan,
        script.participants,
        starts=written.starts,
        rehearsal=written.text,
        seed=script.seed,
        on_problem=lambda problem: _to_stderr(words.text("cli.files_problem", problem=problem)),
    )
    with contextlib.closing(store):
        play(words, store, session, script, shows=not as_json, watch=watch, pages=pages)
    if as_json:
        click.echo(json.dumps({"session": str(store.path.resolve())}))
    else:
        click.echo(words.text("cli.notes_at", path=store.notes))
    return store.path


def play(
    words: Catalogue,
    store: SessionFolder,
    session: Session,
    script: Script,
    *,
    now: Seconds = 0.0,
    first: Incoming | None = None,
    shows: bool,
    watch: float | None = None,
    pages: Pages = NOWHERE,
) -> Session:
    """Rehearse a session from where it stands to its end."""
    spoken = load_catalogue(session.plan.language)
    renderer = renderer_of(spoken, SoundChoices())
    with contextlib.closing(renderer):
        prepare(renderer, session.plan, spoken, script.participants, words.text("cli.preparing"))
        with rehearsed(now, script, renderer, store, spoken, watched=watch is not None) as (devices, facilitator):
            lines = Lines(spoken, sys.stdout)
            face = None
            if watch is not None:
                devices = replace(devices, inbox=Paced(devices.inbox, watch))
                face = open_face(words, spoken, devices.inbox, devices.level, pages=pages, rate=watch)
                if face is not None:
                    tell_pages(words, face)
                    pages.open(face.projector_address, face.address)

            def show(view: View) -> None:
                facilitator.look(view)
                if shows:
                    lines.show(view)
                if face is not None:
                    face.show(view)

            with contextlib.closing(face) if face is not None else contextlib.nullcontext():
                return lead(session, spoken, devices, store, show, first)


def _to_stderr(line: str) -> None:
    click.echo(line, err=True)
