"""Times, levels and foreign text as a terminal shows them. Knows no language."""

import math
import re
import unicodedata
from typing import TypeAlias

from levelup_voice.session.plan import Seconds

Level: TypeAlias = tuple[float, float]
"""Peak and RMS of the microphone, in dBFS."""

QUIETEST = -60.0
"""dBFS at the left end of a level bar; quieter rooms do not exist."""

_ESCAPES = re.compile(
    r"\x1b[\]PX^_].*?(?:\x07|\x1b\\|\x9c|$)"  # commands with a text, such as a window title
    r"|[\x90\x98\x9d-\x9f].*?(?:\x07|\x1b\\|\x9c|$)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # cursor, colours
    r"|\x1b[ -/]*[0-~]?",
    re.DOTALL,
)
_SPACES = re.compile(r"\s+")

_DIGITS = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▀█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
    ":": ("▄", "▄", " "),
    "+": (" ▄ ", "▀█▀", "   "),
}


def clean(text: str) -> str:
    """Text from anywhere as one line that can only be read: no escapes, no control or invisible characters."""
    text = _SPACES.sub(" ", _ESCAPES.sub("", text))
    return "".join(one for one in text if unicodedata.category(one)[0] != "C").strip()


def minutes_seconds(seconds: Seconds) -> str:
    """A length of time as a clock shows it: 4:30, 1:02:03. In whole seconds that have passed, without a sign."""
    minutes, rest = divmod(int(abs(seconds) + 0.001), 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours}:{minutes_left:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def countdown(remaining: Seconds) -> str:
    """What is left, 0:00 only when nothing is; past the end, how far past it: +0:12."""
    return minutes_seconds(math.ceil(remaining - 0.001)) if remaining >= 0 else f"+{minutes_seconds(remaining)}"


def time_of_day(seconds_since_midnight: Seconds) -> str:
    """10:42."""
    minutes = int(seconds_since_midnight // 60) % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def large(figures: str) -> tuple[str, str, str]:
    """The figures of a clock, three lines high."""
    rows = (" ".join(_DIGITS[figure][row] for figure in figures) for row in range(3))
    top, middle, bottom = rows
    return top, middle, bottom


def level_bar(level: Level, width: int) -> str:
    """A meter: filled as far as the average, with a mark at the peak."""
    filled, mark = (_along(dbfs, width) for dbfs in (level[1], level[0]))
    cells = ["█" if cell < filled else "░" for cell in range(width)]
    if mark > filled:
        cells[mark - 1] = "▌"
    return "".join(cells)


def _along(dbfs: float, width: int) -> int:
    return round(width * min(1.0, max(0.0, 1 - dbfs / QUIETEST)))
