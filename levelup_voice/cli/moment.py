"""Which moment of a session it is now, for a program that goes on with it."""

from datetime import UTC, datetime

from levelup_voice.clock import boot_id, boot_seconds
from levelup_voice.files.folder import Found
from levelup_voice.files.journal import LATEST
from levelup_voice.session.plan import Seconds


def now_in(found: Found) -> Seconds:
    """The moment of the session that it is now: its last one and the time that has passed since.

    By the computer's own clock where it has not been started anew since, else by the time of day. A beginning that is
    out of all measure tells nothing.
    """
    opened = found.session.opened
    if opened.boot_id and opened.boot_id == boot_id():
        elapsed = boot_seconds() - opened.boot_at
    else:
        elapsed = _since(opened.opened_utc)
    return max(found.last_at, elapsed) if elapsed <= LATEST else found.last_at


def _since(moment: str) -> Seconds:
    """Seconds since a time of day; 0 when it is not known, as after the recovery of a lost opening."""
    try:
        return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
    except (ValueError, TypeError):
        return 0.0
