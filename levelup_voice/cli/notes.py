"""`notes`: write the notes of a session anew from its journal."""

import contextlib
import json
import sys
from itertools import count
from pathlib import Path

import click

from levelup_voice.errors import SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.disk import replace_file
from levelup_voice.files.folder import SessionFolder, find_session, open_session, sessions_folder
from levelup_voice.session.catalogue import Catalogue


def notes(
    words: Catalogue, name: str, folder: Path | None, as_json: bool, browser: bool = True, form: str = ""
) -> None:
    """Bring everything that is derived from the journal up to date, and tell where it is.

    At a terminal the review follows, until it is stopped. `form`: only write the session in this format, here.
    """
    path = find_session(folder or sessions_folder(), name)
    if form:
        _export(words, path, form, as_json)
        return
    spoken = load_catalogue(open_session(path).session.plan.language)
    with contextlib.closing(SessionFolder(path, spoken, lambda problem: click.echo(problem, err=True))) as store:
        session = open_session(path).session  # As it was left: nobody else writes in it from here on.
        store.know_session(session)
        store.refresh(session)
    if as_json:
        click.echo(json.dumps({"session": str(path.resolve()), "notes": str(store.notes.resolve())}))
    else:
        click.echo(words.text("cli.notes_at", path=store.notes))
        if sys.stdin.isatty() and sys.stdout.isatty():
            from .review import review

            review(words, path.resolve().parent, path.resolve(), browser)


def _export(words: Catalogue, path: Path, form: str, as_json: bool) -> None:
    """Not in the session's folder: what stands there follows the journal, and a copy is somebody's own.

    So nothing takes its place either: a file of this name with anything else in it stays.
    """
    from levelup_voice.files.export import export

    session, name = open_session(path).session, path.resolve().name
    data = export(session, load_catalogue(session.plan.language), form)
    names = (Path(f"{name} ({number}).{form}" if number > 1 else f"{name}.{form}") for number in count(1))
    try:
        target = next(one for one in names if not one.exists() or (one.is_file() and one.read_bytes() == data))
        replace_file(target, data)
    except OSError as error:
        raise SetupError(f"{name}.{form}: {error.strerror or error}") from error
    if as_json:
        click.echo(json.dumps({"session": str(path.resolve()), "export": str(target.resolve())}))
    else:
        click.echo(words.text("cli.exported", path=target))
