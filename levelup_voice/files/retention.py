"""How long audio is kept: which sessions are old enough, and whether their notes can do without it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from levelup_voice.errors import LevelupError
from levelup_voice.session.state import Recording, Session

from .folder import JOURNAL, Found, find_sessions, inside, open_session

_DAYS = re.compile(r"([0-9]{1,5})\s*d")


@dataclass(frozen=True, slots=True)
class Forgettable:
    """A session of which audio may go."""

    found: Found
    recordings: tuple[Recording, ...]
    """Those with words; none of a session that is not closed."""
    staying: tuple[Recording, ...]
    """Those whose audio is all there is, or is still to be gone on with."""
    size: int
    """Bytes that go."""


def days_in(text: str) -> int | None:
    """30 for "30d"; None when it is no number of days."""
    told = _DAYS.fullmatch(text.strip())
    return int(told[1]) if told else None


def look_through(parent: Path, older_than_days: int, now: datetime) -> tuple[list[Forgettable], list[Path]]:
    """The sessions in a folder that are older than so many days and still have audio; and those that are damaged and
    hold audio, of which nobody knows whether it may go."""
    old, damaged = [], []
    for path in find_sessions(parent):
        try:
            found = open_session(path)
            present = [one for one in found.session.recordings if _has_audio(path, one)]
        except LevelupError:
            if any((path / "audio").glob("*.wav*")):
                damaged.append(path)
            continue
        if present and not found.newer and _is_older(found, older_than_days, now):
            old.append(_forgettable(found, present))
    return old, damaged


def _forgettable(found: Found, present: Sequence[Recording]) -> Forgettable:
    closed = found.session.closed_at is not None
    going = tuple(one for one in present if closed and one.text)
    size = sum(inside(found.path, one.request.file).stat().st_size for one in going)
    return Forgettable(found, going, tuple(one for one in present if one not in going), size)


def words_on_disk(session: Session, recordings: Sequence[Recording], notes: Path, transcripts: Path) -> bool:
    """Whether the notes are there, and every word of these recordings on the disk beside the journal."""
    try:
        if not notes.read_text(encoding="utf-8").strip():
            return False
        told = "".join(file.read_text(encoding="utf-8") for file in sorted(transcripts.glob("*.json")))
    except (OSError, ValueError):
        return False
    return all(_in_json(one.text) in told for one in recordings)


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _is_older(found: Found, days: int, now: datetime) -> bool:
    """By the day it was opened; where that is not known, by the last change of its journal."""
    try:
        opened = datetime.fromisoformat(found.session.opened.opened_utc)
    except ValueError:
        opened = datetime.fromtimestamp((found.path / JOURNAL).stat().st_mtime, UTC)
    if opened.tzinfo is None:
        opened = opened.replace(tzinfo=UTC)
    return now - opened > timedelta(days=days)


def _has_audio(path: Path, recording: Recording) -> bool:
    return not recording.deleted and inside(path, recording.request.file).is_file()
