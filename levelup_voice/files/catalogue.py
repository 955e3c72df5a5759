"""The words of a language, read from content/catalogues/ and checked: a broken catalogue never reaches a room."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

from levelup_voice.errors import ContentError, Problem, SetupError
from levelup_voice.session.catalogue import Catalogue, ClockRule

from .data import content_folder
from .document import Document, Place, Tree, read_document, shortened

_FIELDS = ("language", "texts", "numbers", "hours", "clock", "respell")
_CLOCK_PLACES = {"hour", "next_hour", "past", "to", "past_half", "to_half"}
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
"""Capitals: what a command is called stands under its kind, `command.TimeLeft`."""


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are words for."""
    return tuple(sorted(path.stem for path in (content_folder() / "catalogues").glob("*.yaml")))


@cache
def load_catalogue(language: str) -> Catalogue:
    """The words of this language. SetupError when there are none, ContentError when the file is broken."""
    if language not in languages():
        raise SetupError(
            f"no words for the language {language}", "no_language", language=language, known=", ".join(languages())
        )
    return catalogue_in(content_folder() / "catalogues" / f"{language}.yaml")


def catalogue_in(path: Path) -> Catalogue:
    """The catalogue that this file holds. ContentError with everything that is wrong in it."""
    document = read_document(path)
    reading = _Reading(document)
    catalogue = reading.catalogue()
    if reading.problems:
        raise ContentError(sorted(reading.problems, key=lambda problem: problem.line))
    return catalogue


def places_in(text: str) -> set[str]:
    """The names between braces. ValueError when the braces do not match, or ask for more than a name."""
    found = set()
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None:
            if not _KEY.fullmatch(name) or form or conversion:
                raise ValueError(text)
            found.add(name)
    return found


class _Reading:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.tree = self._mapping(document.tree, ())

    def catalogue(self) -> Catalogue:
        for name in self.tree:
            if name not in _FIELDS:
                found = f"the unknown field {shortened(name)}"
                self._problem((name,), "one of the fields: " + ", ".join(_FIELDS), found)
        language = self._text(self.tree.get("language"), ("language",))
        if language != self.document.path.stem:
            self._problem(("language",), f"{self.document.path.stem}, as the file is called", shortened(language))
        return Catalogue(
            language=language,
            texts=dict(self._texts(self.tree.get("texts"), ("texts",))),
            numbers=self._words("numbers", 61),
            hours=self._words("hours", 12),
            clock=tuple(self._clock()),
            respell=self._respell(),
        )

    def _texts(self, tree: Tree, place: Place) -> Iterator[tuple[str, str]]:
        for name, part in self._mapping(tree, place).items():
            within = (*place, name)
            if not _KEY.fullmatch(name):
                self._problem(within, "a key of letters, digits and _", shortened(name))
            elif isinstance(part, dict):
                yield from self._texts(part, within)
            else:
                text = self._text(part, within).strip()
                self._places(text, within)
                yield ".".join(str(step) for step in within[1:]), text

    def _words(self, name: str, count: int) -> tuple[str, ...]:
        words = self._list(name)
        if len(words) != count:
            self._problem((name,), f"{count} words", str(len(words)))
        return tuple(self._text(word, (name, number)) for number, word in enumerate(words))

    def _clock(self) -> Iterator[ClockRule]:
        covered: list[int] = []
        for number, tree in enumerate(self._list("clock")):
            place: Place = ("clock", number)
            rule = self._mapping(tree, place)
            first, last = (self._minute(rule.get(name), (*place, name)) for name in ("first", "last"))
            say = self._text(rule.get("say"), (*place, "say"))
            unknown = self._places(say, (*place, "say")) - _CLOCK_PLACES
            if unknown or rule.keys() - {"first", "last", "say"}:
                self._problem(place, "first, last and say with " + ", ".join(sorted(_CLOCK_PLACES)), "something else")
            covered += range(first, last + 1)
            yield ClockRule(first=first, last=last, say=say)
        if sorted(covered) != list(range(60)):
            self._problem(("clock",), "each minute from 0 to 59 once", "a minute twice, or left out")

    def _respell(self) -> tuple[tuple[str, str], ...]:
        place: Place = ("respell",)
        pairs = self._mapping(self.tree.get("respell", {}), place)
        spelled = [(word, self._text(how, (*place, word))) for word, how in pairs.items()]
        return tuple(sorted(spelled, key=lambda pair: len(pair[0]), reverse=True))

    def _text(self, tree: Tree, place: Place) -> str:
        if isinstance(tree, str) and tree.strip():
            return tree
        self._problem(place, "a text", shortened(tree))
        return ""

    def _minute(self, tree: Tree, place: Place) -> int:
        if isinstance(tree, int) and not isinstance(tree, bool) and 0 <= tree < 60:
            return tree
        self._problem(place, "a minute from 0 to 59", shortened(tree))
        return 0

    def _places(self, text: str, place: Place) -> set[str]:
        try:
            return places_in(text)
        except ValueError:
            self._problem(place, "names between braces, such as {minutes}", shortened(text))
            return set()

    def _mapping(self, tree: Tree, place: Place) -> dict[str, Tree]:
        if isinstance(tree, dict):
            return tree
        self._problem(place, "named fields", shortened(tree))
        return {}

    def _list(self, name: str) -> list[Tree]:
        tree = self.tree.get(name)
        if isinstance(tree, list):
            return tree
        self._problem((name,), "a list", shortened(tree))
        return []

    def _problem(self, place: Place, expected: str, found: str) -> None:
        self.problems.append(self.document.problem(place, expected, found))
