"""The notes as one page for a browser: self-contained, without scripts, with players for the recordings next to it."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from levelup_voice.session.document import Audio, Document
from levelup_voice.session.notes_of_recordings import RUN_UP
from levelup_voice.session.prose import Spoken

from .visible import href, paragraphs, safe_url, visible


def html(document: Document) -> str:
    """The whole page."""
    return _template().render(document=document) + "\n"


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
    )
    environment.globals.update(
        kind=lambda entry: type(entry).__name__,
        at=_at,
        href=href,
        paragraphs=paragraphs,
        safe_url=safe_url,
    )
    return environment.get_template("notes.html.jinja")


def _shown(value: object) -> object:
    """Every text that is put in, before it is escaped; what a macro made is markup already, and stays."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _at(audio: Audio, word: Spoken) -> Audio:
    """A little before a word in this recording."""
    return replace(audio, start=max(0.0, word.start - RUN_UP))
