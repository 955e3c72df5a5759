"""`devices`, `voices` and `sessions`: what there is on this computer, for people and as JSON."""

import contextlib
import json
from dataclasses import asdict
from pathlib import Path

import click

from levelup_voice.errors import JournalError, SetupError
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.terminal.figures import clean


def devices(words: Catalogue, as_json: bool) -> None:
    """Microphones and loudspeakers by the names that the options take."""
    from levelup_voice.audio.devices import list_devices

    found = list_devices()
    if as_json:
        click.echo(json.dumps([asdict(device) for device in found], ensure_ascii=False))
        return
    for device in found:
        kinds = [words.text("cli.microphone")] if device.inputs else []
        kinds += [words.text("cli.loudspeaker")] if device.outputs else []
        chosen = f" ({words.text('screen.any_device')})" if device.default else ""
        click.echo(f"{clean(device.name)}: {', '.join(kinds)}{chosen}")
    if not found:
        click.echo(words.text("cli.no_devices"))


def voices(words: Catalogue, as_json: bool, language: str) -> None:
    """The voices of this computer's speech engine; with a language, the one that would be used for it."""
    from levelup_voice.audio.voices import choose_voice

    from .wiring import SoundChoices, renderer_of

    with contextlib.closing(renderer_of(words, SoundChoices())) as renderer:
        engine, version, offered = renderer.offer()
    if language:
        offered = (choose_voice(offered, language),)
    if as_json:
        click.echo(json.dumps({"engine": engine, "version": version, "voices": [asdict(one) for one in offered]}))
        return
    for one in offered:
        click.echo(clean(f"{one.name} ({', '.join(one.languages)})"))


_STATES = {"open": "cli.session_open", "closed": "cli.session_closed", "damaged": "cli.session_damaged"}


def sessions(words: Catalogue, folder: Path | None, as_json: bool) -> None:
    """The sessions on disk, the latest first, and whether each was closed."""
    from levelup_voice.files.folder import find_sessions, open_session, sessions_folder

    rows: list[dict[str, str]] = []
    for path in find_sessions(folder or sessions_folder()):
        try:
            found = open_session(path)
            title, state = found.session.plan.title, "closed" if found.session.closed_at is not None else "open"
        except (JournalError, SetupError):
            title, state = "", "damaged"
        rows.append({"session": str(path.resolve()), "title": title, "state": state})
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        name, title = clean(Path(row["session"]).name), clean(row["title"])
        click.echo(f"{name}  {title}  {words.text(_STATES[row['state']])}")
    if not rows:
        click.echo(words.text("cli.no_sessions"))
