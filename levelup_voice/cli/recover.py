"""`recover`: save what can be saved of a session whose journal is damaged, beside the original."""

import contextlib
import shutil
from datetime import datetime
from pathlib import Path

import click

from levelup_voice.errors import DiskError, SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import load_plan
from levelup_voice.files.folder import SessionFolder, find_session, new_folder, open_session, sessions_folder
from levelup_voice.files.recovery import examine, write
from levelup_voice.session.catalogue import Catalogue


def recover(words: Catalogue, name: str, folder: Path | None, plan: str) -> None:
    """Tell what is damaged, line by line, and put everything else in a new session with notes of its own."""
    path = find_session(folder or sessions_folder(), name)
    try:
        recovered = examine(path, load_plan(plan) if plan else None)
    except OSError as error:
        raise SetupError(f"{path}: {error}", "no_journal", path=path, problem=error.strerror or error) from error
    for damage in recovered.damages:
        click.echo(words.text("cli.damaged_line", line=damage.line, problem=damage.problem), err=True)
    for file in recovered.guessed:
        click.echo(words.text("cli.guessed", file=file), err=True)
    if not recovered.damages and not recovered.guessed:
        click.echo(words.text("cli.not_damaged", path=path))
        return
    title = recovered.entries[0].event.plan.id  # type: ignore[union-attr]
    name = f"{title} ({words.text('cli.recovered_name')})"
    into = new_folder(path.resolve().parent, name, datetime.now().astimezone())
    try:
        write(recovered, path, into)
    except (OSError, DiskError) as error:
        # All of it is still in the original; half of it would look like a session.
        shutil.rmtree(into, ignore_errors=True)
        problem = error.problem if isinstance(error, DiskError) else error.strerror or type(error).__name__
        raise SetupError(f"{into}: {problem}", "read_only", path=into, problem=problem) from error
    spoken = load_catalogue(open_session(into).session.plan.language)
    with contextlib.closing(SessionFolder(into, spoken, lambda problem: click.echo(problem, err=True))) as store:
        store.refresh(store.take_up().session)
    count = len(recovered.entries)
    click.echo(words.text("cli.recovered", count=count, recordings=len(recovered.audio), path=into))
    click.echo(words.text("cli.notes_at", path=store.notes))
