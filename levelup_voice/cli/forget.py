"""`sessions forget`: delete audio whose time is over, once its words are safely in the notes."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import click

from levelup_voice.clock import LiveInbox
from levelup_voice.errors import LevelupError, SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.folder import SessionFolder, sessions_folder
from levelup_voice.files.retention import Forgettable, days_in, look_through, words_on_disk
from levelup_voice.runner import Runner
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.incoming import ForgetAudio
from levelup_voice.terminal.figures import clean

from .moment import now_in
from .silence import Silence
from .trouble import sentences


def forget(words: Catalogue, older_than: str, folder: Path | None, yes: bool) -> int:
    """Show what would go; with `yes`, let it go. The exit code: 1 when not all of it went."""
    days = days_in(older_than)
    if days is None:
        raise SetupError(f"{older_than} is no number of days", "no_days", text=older_than)
    old, damaged = look_through(folder or sessions_folder(), days, datetime.now(UTC))
    for one in old:
        _show(words, one)
    for path in damaged:
        click.echo(words.text("cli.forget_damaged", session=clean(path.name), path=clean(str(path))))
    count = sum(len(one.recordings) for one in old)
    if not count:
        click.echo(words.text("cli.forget_nothing"))
        return 0
    if not yes:
        click.echo(words.text("cli.forget_preview", count=count))
        return 0
    for one in old:
        for why in _refusals(words, one) if one.recordings else ():
            click.echo(why, err=True)
    gone = sum(not (one.found.path / each.request.file).exists() for one in old for each in one.recordings)
    click.echo(words.text("cli.forgotten", count=gone))
    return 0 if gone == count else 1


def _show(words: Catalogue, one: Forgettable) -> None:
    name = clean(one.found.path.name)
    if one.recordings:
        size = f"{one.size / 1e6:.1f}"
        click.echo(words.text("cli.forget_one", session=name, count=len(one.recordings), megabytes=size))
    if one.staying:
        key = "cli.forget_open" if one.found.session.closed_at is None else "cli.forget_keeps"
        click.echo(words.text(key, session=name, count=len(one.staying), path=clean(str(one.found.path))))


def _refusals(words: Catalogue, one: Forgettable) -> list[str]:
    """What keeps the audio of this session from going; it goes when nothing does."""
    try:
        done = _forget(one)
    except LevelupError as error:
        return list(sentences(error, words))
    return [] if done else [words.text("cli.forget_not_verified", session=clean(one.found.path.name))]


def _forget(one: Forgettable) -> bool:
    """Write the notes anew, look whether they are there, and only then let the audio go."""
    path = one.found.path
    spoken = load_catalogue(one.found.session.plan.language)
    with contextlib.closing(SessionFolder(path, spoken, _tell)) as store:
        session = store.take_up().session
        store.refresh(session)
    if not words_on_disk(session, one.recordings, store.notes, path / "transcripts"):
        return False
    with contextlib.closing(SessionFolder(path, spoken, _tell)) as store:
        runner = Runner(
            store.take_up().session,
            spoken,
            inbox=LiveInbox(now_in(one.found)),
            store=store,
            speaker=Silence(),
            recorder=Silence(),
            transcriber=Silence(),
            show=lambda view: None,
        )
        runner.take(ForgetAudio(tuple(recording.number for recording in one.recordings)))
    return True


def _tell(problem: str) -> None:
    click.echo(problem, err=True)
