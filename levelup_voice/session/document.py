"""The notes as a tree: what is said in them and in which order, not how it looks. Every text in it is for people.

What people said or wrote stands in it as it is; who writes it out in a format escapes it.
"""

from dataclasses import dataclass
from typing import TypeAlias

from .plan import Link, Panel, Seconds
from .prose import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something about the session as a whole: "Aanwezig: 26"."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """A place in a recording."""

    file: str
    """Relative to the session folder, as in the journal."""
    label: str
    """ "Luister (0:31)"."""
    start: Seconds = 0.0
    """Where to begin to listen."""
    end: Seconds | None = None
    """Where to stop; None: at the end of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What was shown and told."""

    title: str = ""
    text: str = ""
    points: tuple[str, ...] = ()
    panels: tuple[Panel, ...] = ()
    links: tuple[Link, ...] = ()
    source: str = ""
    spoken: str = ""
    """What was read aloud, where that is not what was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A statement and how the room stood."""

    statement: str
    result: str
    """ "17 eens, 9 oneens"."""
    agree: int = 0
    disagree: int = 0
    """Both 0: not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One recording: whose it is, what was said and what to know of it."""

    label: str
    """That of its turn, or "Kernzin"."""
    said: tuple[Sentence, ...] = ()
    correction: str = ""
    """A person's words, which stand in the place of what was heard."""
    instead: str = ""
    """Why there are no words: "Niet goed verstaan, luister"."""
    audio: Audio | None = None
    marks: tuple[str, ...] = ()
    heard: str = ""
    """What the recogniser made of it, where a person corrected that."""
    is_kernel: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one group, or the room, gave: the facilitator's sentence first, earlier takes last."""

    label: str = ""
    """ "Groep 3"."""
    kernels: tuple[Summary, ...] = ()
    summaries: tuple[Summary, ...] = ()
    earlier: tuple[Summary, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A question of a discussion, or nothing but what was said about the item above."""

    question: str = ""
    asked_of: str = ""
    """ "Groep 1 en 5"."""
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One sentence about what happened."""

    text: str
    is_trouble: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something for a person to listen to, or to do."""

    label: str
    reason: str
    places: tuple[Audio, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckList:
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Lines such as those of a literature list."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    links: tuple[Link, ...]


Entry: TypeAlias = Content | Tally | Answers | Remark | CheckList | Listing | Links


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    timing: str = ""
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    language: str
    title: str
    subtitle: str = ""
    facts: tuple[Fact, ...] = ()
    blocks: tuple[Section, ...] = ()
    """In agenda order."""
    appendices: tuple[Section, ...] = ()
    """What is to be checked, then the reading matter."""
    doubtful_mark: str = "(?)"
    """Stands after a word that was not heard for certain."""
    legend: tuple[str, ...] = ()
    """How to read the marks in it."""
    footer: str = ""
