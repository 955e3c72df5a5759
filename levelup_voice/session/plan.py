"""What is meant to happen: the plan of a session (broadcasting: its rundown), as authored in content/sessions/."""

from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

Seconds: TypeAlias = Annotated[float, "seconds"]
"""A duration, or a moment counted from the opening of the session. Never a time of day.

The annotation marks the fields that an author writes as text ("15 min", "45 s"); see files/content.py."""

MOST_PEOPLE = 200
"""More than this does not fit one facilitator and one room; also bounds what a journal may ask us to compute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Further reading. Shown, never spoken."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One of several things shown side by side, such as a form of partnership with its examples."""

    title: str
    text: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the projector and the notes show of an item. Every field may be empty."""

    title: str = ""
    text: str = ""
    points: tuple[str, ...] = ()
    panels: tuple[Panel, ...] = ()
    links: tuple[Link, ...] = ()
    source: str = ""
    """Where the text comes from, as people cite it: "De Vries, 2017"."""


CueStyle: TypeAlias = Literal["spoken", "screen", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A time announcement. `none` is no way to give one: leave the cue out."""

    remaining: Seconds
    """When: this long before the planned end."""
    text: str = ""
    """Its words; empty: the catalogue's words for this much time."""
    style: Literal["spoken", "screen"] = "screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Something told or shown; the facilitator does the talking."""

    id: str
    seconds: Seconds
    spoken: str = ""
    shown: Shown = field(default_factory=Shown)
    optional: bool = False
    asks_consent: bool = False
    """Its spoken text asks the room for consent to record; the notes keep that text as the basis."""
    kind: Literal["card"] = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Put to everyone; one answer may be recorded in plenary."""

    id: str
    seconds: Seconds
    """For the whole item: asking, thinking or talking in pairs, and the recording."""
    spoken: str = ""
    shown: Shown = field(default_factory=Shown)
    summary: Seconds = 0.0
    """Planned length of the recorded answer; 0: nothing is recorded."""
    optional: bool = False
    kind: Literal["question"] = "question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence to agree or disagree with. Read aloud exactly as it is shown."""

    id: str
    text: str
    seconds: Seconds = 60.0
    think: Seconds = 5.0
    """Silence after reading, before "kies nu"."""
    walk: Seconds = 15.0
    """Time to choose a side, before the count is asked for."""
    optional: bool = False
    kind: Literal["statement"] = "statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupQuestion:
    """One of the questions of a discussion."""

    id: str
    text: str
    open: bool = False
    """The groups may word it themselves; it is never handed out by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discussion:
    """Talk in groups: people count off, hear their question, then talk for `talk` seconds."""

    id: str
    questions: tuple[GroupQuestion, ...]
    talk: Seconds
    counting_off: Seconds = 75.0
    """Making groups and sitting down."""
    briefing: Seconds = 65.0
    """The task and the questions, read once."""
    spoken: str = ""
    """The task in a sentence or two, before the questions."""
    shown: Shown = field(default_factory=Shown)
    group_size: int = 4
    """The largest group; groups are of this many and one fewer."""
    questions_per_group: int = 1
    summary: Seconds = 30.0
    """Planned length of each recorded summary."""
    cues: tuple[Cue, ...] | None = None
    """Of the talk; None: by default from its length."""
    cue_style: CueStyle = "spoken"
    optional: bool = False
    kind: Literal["discussion"] = "discussion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """Each group in turn summarises what it said about its question of a discussion."""

    id: str
    discussion: str
    """The id of that discussion; it comes earlier in the plan."""
    turn: Seconds = 45.0
    """Announcing 5, handing over the microphone 8, the summary 30, thanks 2."""
    spoken: str = ""
    shown: Shown = field(default_factory=Shown)
    optional: bool = False
    kind: Literal["harvest"] = "harvest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The last words. After it the session is closed."""

    id: str
    seconds: Seconds
    spoken: str = ""
    shown: Shown = field(default_factory=Shown)
    optional: bool = False
    kind: Literal["closing"] = "closing"


Item: TypeAlias = Card | Question | Statement | Discussion | Harvest | Closing


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of the agenda with its own allotted time."""

    id: str
    title: str
    duration: Seconds
    items: tuple[Item, ...]
    cues: tuple[Cue, ...] | None = None
    """None: by default from its length."""
    cue_style: CueStyle = "screen"
    """How default cues are given. A facilitator who talks is not interrupted; spoken cues belong to discussions."""
    minimum: Seconds = 0.0
    """Shortening later blocks never takes this one below its minimum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where to stand during statements, with the article: "de ramen"."""

    agree: str
    disagree: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """The blocks in the order in which they are run, and what belongs to the session as a whole."""

    id: str
    title: str
    language: str
    """Which catalogue speaks: "nl", "en"."""
    blocks: tuple[Block, ...]
    subtitle: str = ""
    participants: int = 0
    """How many to expect when nobody says; 0: unknown."""
    places: Places | None = None
    authors: tuple[str, ...] = ()
    organisation: str = ""
    background: tuple[Panel, ...] = ()
    """Reading for the notes: longer texts that are shown, never spoken."""
    links: tuple[Link, ...] = ()
    literature: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()

    def item(self, item_id: str) -> Item:
        """The item with this id. KeyError when there is none."""
        for block in self.blocks:
            for item in block.items:
                if item.id == item_id:
                    return item
        raise KeyError(item_id)
