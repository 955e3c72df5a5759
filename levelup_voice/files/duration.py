"""Lengths of time as people write them in content: "15 min", "45 s", "1 min 30 s"."""

import re

from levelup_voice.session.plan import Seconds

EXPECTED = "a duration such as 15 min, 45 s or 1 min 30 s"
LONGEST: Seconds = 12 * 3600

_NUMBER = r"(\d{1,5}(?:\.\d{1,3})?) *"
_WRITTEN = re.compile(rf"(?:{_NUMBER}(?:h|uur))? *(?:{_NUMBER}min)? *(?:{_NUMBER}s)?", re.ASCII)


def seconds_in(text: str) -> Seconds | None:
    """The length that a text names. None when it names none: units are asked for, so that 15 can be no mistake."""
    written = _WRITTEN.fullmatch(text.strip())
    if written is None or not any(written.groups()):
        return None
    hours, minutes, seconds = (float(part or 0) for part in written.groups())
    return hours * 3600 + minutes * 60 + seconds
