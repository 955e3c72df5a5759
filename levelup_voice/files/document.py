"""A YAML file that a person wrote, read strictly, with the line of everything in it.

Less than YAML allows: no anchors or aliases, no tags, no duplicate keys, and only `true`, `false`, `null` and numbers
are anything but text. So `no`, `15:00` and `2023-01-30` are text, and nothing in a file can be run or grow.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

import yaml

from levelup_voice.errors import MOST_PROBLEMS, ContentError, Problem

from .visible import visible

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str | int | float | bool | None"
Place: TypeAlias = tuple[str | int, ...]
"""The way to something in a document: ("blocks", 1, "items", 3, "seconds")."""

LARGEST = 1_000_000
"""Bytes. A session of forty minutes takes about 22 000."""

DEEPEST = 20
"""Mappings and lists within each other. A session needs nine."""

MOST_PARTS = 10_000
"""Values, lists and mappings together; the largest catalogue has 940. It bounds what checking may cost."""

# Invisible characters would be spoken, or would turn a line around on the projector. Tabs and ends of lines may stay.
_UNWANTED = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufeff\\ufffe\\uffff]"
)
_CONSTANTS: Final[dict[str, bool | None]] = {"": None, "null": None, "~": None, "true": True, "false": False}
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,15})")
_BROKEN = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")

_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Document:
    """What a file says, and where in the file each part begins."""

    path: Path
    tree: Tree = None
    lines: dict[Place, int] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return str(self.path)

    def line(self, place: Place) -> int:
        """The line of this place, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(self, place: Place, expected: str, found: str) -> Problem:
        return Problem(self.file, self.line(place), written(place), expected, found)


def written(place: Place) -> str:
    """A place as people read it: `blocks[1].items[3].seconds`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{shortened(part)}" for part in place)
    return "".join(parts).removeprefix(".") or "the file"


def shortened(value: object) -> str:
    """What was found, short enough for one line."""
    if isinstance(value, dict):
        return "named fields" if value else "nothing"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if value is None or value == "":
        return "nothing"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = visible(text)
    return text if len(text) <= 60 else text[:59] + "…"


def read_document(path: Path) -> Document:
    """The file as plain data. ContentError with everything that is wrong in how it is written."""
    document = Document(path)
    text = _text(path)
    problems = [
        Problem(document.file, text.count("\n", 0, hit.start()) + 1, "the file", "visible characters", _named(hit[0]))
        for hit in islice(_UNWANTED.finditer(text), MOST_PROBLEMS + 1)
    ]
    if not problems:
        try:
            _Reading(document, problems).read(yaml.parse(text, Loader=_Loader))
        except yaml.YAMLError as error:
            problems.append(_not_yaml(document.file, error))
    if problems:
        raise ContentError(problems)
    return document


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise ContentError([Problem(str(path), 0, "the file", "a file that can be read", _reason(error))]) from None
    if len(content) > LARGEST:
        raise ContentError([Problem(str(path), 0, "the file", f"at most {LARGEST} bytes", "more")])
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ContentError([Problem(str(path), line, "the file", "text in UTF-8", "other bytes")]) from None


class _Reading:
    """One pass over the parser's events: the limits are watched before anything is built."""

    def __init__(self, document: Document, problems: list[Problem]) -> None:
        self.document = document
        self.problems = problems
        self._parts = 0

    def read(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self.document.lines:
                    self._object(event, (), "one document", "a second one")
                    return
                self.document.tree = self._value(next(events), ())

    def _value(self, event: yaml.Event, place: Place) -> Tree:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise _TooMuch(event, f"more than {MOST_PARTS} parts")
        self.document.lines.setdefault(place, _line(event))
        if isinstance(event, yaml.AliasEvent):
            self._object(event, place, "the text itself", f"an alias, *{event.anchor}")
            return None
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)
        if event.anchor is not None:
            self._object(event, place, "no anchor", f"&{event.anchor}")
        # "!" says no more than: take this as text.
        if event.tag not in (None, "!"):
            self._object(event, place, "no tag", str(event.tag))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if len(place) >= DEEPEST:
            raise _TooMuch(event, f"more than {DEEPEST} levels")
        return self._mapping(place) if isinstance(event, yaml.MappingStartEvent) else self._list(place)

    def _mapping(self, place: Place) -> Tree:
        found: dict[str, Tree] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _TooMuch(event, "a name that is no text")
            key = unicodedata.normalize("NFC", event.value)
            within = (*place, key)
            if event.anchor is not None:
                self._object(event, within, "no anchor", f"&{event.anchor}")
            self._look(event, key, within)
            if key in found:
                first = self.document.line(within)
                self._object(event, within, f"each name once (line {first} has it)", "it again")
            self.document.lines.setdefault(within, _line(event))
            value = self._value(next(self.events), within)
            found.setdefault(key, value)
        return found

    def _list(self, place: Place) -> Tree:
        found: list[Tree] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*place, len(found))))
        return found

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Tree:
        text = unicodedata.normalize("NFC", event.value)
        self._look(event, text, place)
        if not event.implicit[0]:  # in quotes, or a block of text
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _WHOLE.fullmatch(text):
            return int(text)
        return float(text) if _BROKEN.fullmatch(text) else text

    def _look(self, event: yaml.Event, text: str, place: Place) -> None:
        """Quotes let in what no text of a file may hold as it is: "\\e", "\\u202e"."""
        if hidden := _UNWANTED.search(text):
            self._object(event, place, "visible characters", _named(hidden[0]))

    def _object(self, event: yaml.Event, place: Place, expected: str, found: str) -> None:
        self.problems.append(Problem(self.document.file, _line(event), written(place), expected, shortened(found)))


class _TooMuch(yaml.YAMLError):
    """YAML that we do not take; there is no going on after it."""

    def __init__(self, event: yaml.Event, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.problem_mark = event.start_mark


def _line(event: yaml.Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.line + 1


def _not_yaml(file: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    found = getattr(error, "problem", None) or str(error).splitlines()[0]
    if "nesting depth" in found:  # Of the parser itself, which reads ahead.
        found = f"more than {DEEPEST} levels"
    return Problem(file, mark.line + 1 if mark else 0, "the file", "YAML as in docs/writing-a-session.md", str(found))


def _named(character: str) -> str:
    return f"the invisible character U+{ord(character):04X}"


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
