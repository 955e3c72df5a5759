"""What the room check found out about this room, kept on this computer for the session that follows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from platformdirs import user_config_path
from pydantic import Field, TypeAdapter, ValidationError

from .disk import replace_file

_LARGEST = 10_000
"""Bytes; the name of a microphone takes the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRoom:
    microphone: str
    """Its name; empty: the computer's own choice."""
    threshold: Annotated[float, Field(ge=-120.0, le=0.0)]
    """dBFS: above it somebody speaks."""
    understood: bool
    """The speech model understood this person's commands."""


def checked_room(microphone: str, file: Path | None = None) -> CheckedRoom | None:
    """What is known of this microphone; None when it was not checked, or what was kept cannot be read."""
    try:
        with (file or _file()).open("rb") as kept:
            room = TypeAdapter(CheckedRoom).validate_json(kept.read(_LARGEST), strict=True)
    except (OSError, ValidationError):
        return None
    return room if room.microphone == microphone else None


def keep_room(room: CheckedRoom, file: Path | None = None) -> None:
    """Keep it, in place of what was known. Raises OSError."""
    path = file or _file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(path, TypeAdapter(CheckedRoom).dump_json(room))


def _file() -> Path:
    return user_config_path("levelup-voice", appauthor=False) / "room.json"
