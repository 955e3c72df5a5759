"""The templates, and what all of them may use. Every text is escaped; texts come from the catalogue."""

from functools import cache, lru_cache
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(code=code, length=length, clock=time_of_day)
    return made


def render(name: str, **values: object) -> str:
    return environment().get_template(name).render(**values)


@lru_cache(maxsize=64)
def code(url: str) -> Markup:
    """A link for the telephones in the room, as a QR code; nothing when it is longer than such a code can hold."""
    try:
        made = segno.make(url, error="m", micro=False)
    except segno.DataOverflowError:
        return Markup()
    return Markup(made.svg_inline(border=2, omitsize=True, svgclass="code"))


def length(seconds: float) -> str:
    """4:30, 1:02:03."""
    minutes, rest = divmod(int(abs(seconds) + 0.5), 60)
    hours, left = divmod(minutes, 60)
    return f"{hours}:{left:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def time_of_day(seconds_since_midnight: float) -> str:
    """10:42."""
    minutes = int(seconds_since_midnight // 60) % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
