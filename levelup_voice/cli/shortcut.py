"""`shortcut`: something to double-click, for who never opens a terminal."""

import os
import shlex
import sys
from pathlib import Path

import click
import platformdirs

from levelup_voice.errors import SetupError
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.web.pages import STATIC

ICON = STATIC / "icon.svg"


def shortcut(words: Catalogue) -> None:
    """Write it to the desktop, on Linux to the menu as well, and tell where it is. Raises SetupError."""
    desktop = Path(platformdirs.user_desktop_dir())
    match sys.platform:
        case "win32":
            files = {desktop / "Level Up Voice.cmd": f'@start "Level Up Voice" /min {_windows(program())}\r\n'}
        case "darwin":
            files = {desktop / "Level Up Voice.command": f"#!/bin/sh\nexec {shlex.join(program())}\n"}
        case _:
            menu = Path(platformdirs.user_data_dir()) / "applications"
            text = desktop_entry(words, program())
            files = {menu / "levelup-voice.desktop": text}
            if desktop.is_dir():
                files[desktop / "levelup-voice.desktop"] = text
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            os.chmod(path, 0o755)
        except OSError as error:
            raise SetupError(f"{path}: {error.strerror or error}") from error
        click.echo(words.text("cli.shortcut_at", path=path))


def program() -> list[str]:
    """This program, however it was started."""
    return [sys.executable, "-m", "levelup_voice"]


def desktop_entry(words: Catalogue, command: list[str]) -> str:
    """As freedesktop.org has it (Desktop Entry Specification 1.5)."""
    lines = {
        "Type": "Application",
        "Name": "Level Up Voice",
        "Comment": words.text("help.program"),
        "Exec": " ".join(_quoted(part) for part in command),
        "Icon": str(ICON),
        "Terminal": "false",
        "Categories": "Education;AudioVideo;Audio;",
    }
    return "[Desktop Entry]\n" + "".join(f"{key}={value}\n" for key, value in lines.items())


def _quoted(part: str) -> str:
    """An argument of Exec: in quotes, where these characters stand behind a backslash that is itself escaped once."""
    escaped = part.replace("%", "%%")
    for character in '\\"`$':
        escaped = escaped.replace(character, f"\\{character}")
    return '"' + escaped.replace("\\", "\\\\") + '"'


def _windows(command: list[str]) -> str:
    return " ".join(f'"{part}"' for part in command)
