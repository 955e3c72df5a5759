"""What the room check found out about this room, kept on this computer for the session that follows."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_config_path

from .disk import replace_file


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRoom:
    microphone: str
    """Its name; empty: the computer's own choice."""
    threshold: float
    """dBFS: above it somebody speaks."""
    understood: bool
    """The speech model understood this person's commands."""


def checked_room(microphone: str, file: Path | None = None) -> CheckedRoom | None:
    """What is known of this microphone; None when it was not checked, or what was kept cannot be read."""
    try:
        kept = json.loads((file or _file()).read_text(encoding="utf-8"))
        room = CheckedRoom(
            microphone=str(kept["microphone"]),
            threshold=float(kept["threshold"]),
            understood=bool(kept["understood"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return room if room.microphone == microphone else None


def keep_room(room: CheckedRoom, file: Path | None = None) -> None:
    """Keep it, in place of what was known. Raises OSError."""
    path = file or _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, json.dumps(asdict(room)).encode())


def _file() -> Path:
    return user_config_path("levelup-voice", appauthor=False) / "room.json"
