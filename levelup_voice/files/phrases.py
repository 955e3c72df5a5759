"""The phrases of a language, read from content/phrases/ and expanded: each template becomes all it stands for.

The templates are those of hassil, the library of Home Assistant's sentences. It reads and expands them; the numbers are
put in here, in the words of the catalogue, because a command needs their values. What comes out is a table from whole
phrases to commands: a recogniser with a list of phrases answers with words, and words are looked up.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from itertools import product
from math import factorial, prod
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from levelup_voice.errors import ContentError, Problem, SetupError
from levelup_voice.session import commands as do
from levelup_voice.session.allowed import ALLOWED
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.phrases import Phrase, Phrasebook, plain

from .catalogue import load_catalogue, places_in
from .data import content_folder
from .document import Document, Place, Tree, read_document, shortened

if TYPE_CHECKING:
    from hassil.expression import Expression

MOST_SENTENCES = 1_000
MOST_PHRASES = 50_000
"""That one template stands for, before its numbers are put in, and all of them together; a language has some 9000."""

_FIELDS = ("language", "wake", "skip", "spellings", "decoys", "ballast", "phrases")

Numbers: TypeAlias = Mapping[str, int]

_COMMANDS: Mapping[str, tuple[Callable[[Numbers], do.Command], frozenset[str]]] = {
    name: (build, frozenset(places))
    for name, build, *places in (
        ("start", lambda n: do.Start()),
        ("next", lambda n: do.Next()),
        ("back", lambda n: do.Back()),
        ("repeat", lambda n: do.Repeat()),
        ("skip", lambda n: do.Skip()),
        ("pause", lambda n: do.Pause()),
        ("continue", lambda n: do.Continue()),
        ("time_left", lambda n: do.TimeLeft()),
        ("more_time", lambda n: do.AddTime(60.0 * n["minutes"]), "minutes"),
        ("less_time", lambda n: do.AddTime(-60.0 * n["minutes"]), "minutes"),
        ("shrink", lambda n: do.MakeRoom("shrink")),
        ("shift", lambda n: do.MakeRoom("shift")),
        ("participants", lambda n: do.SetParticipants(n["count"]), "count"),
        ("form_groups", lambda n: do.FormGroups()),
        ("agree", lambda n: do.GiveTally(agree=n["agree"]), "agree"),
        ("disagree", lambda n: do.GiveTally(disagree=n["disagree"]), "disagree"),
        ("tally", lambda n: do.GiveTally(n["agree"], n["disagree"]), "agree", "disagree"),
        ("turn", lambda n: do.TakeTurn(n["group"]), "group"),
        ("who_is_left", lambda n: do.WhoIsLeft()),
        ("record", lambda n: do.Record()),
        ("kernel", lambda n: do.RecordKernel()),
        ("stop_recording", lambda n: do.StopRecording()),
        ("again", lambda n: do.Again()),
        ("delete_recording", lambda n: do.DeleteRecording()),
        ("hush", lambda n: do.Hush()),
        ("help", lambda n: do.Help()),
        ("finish", lambda n: do.Finish()),
        ("confirm", lambda n: do.Confirm()),
        ("decline", lambda n: do.Decline()),
    )
}
"""What each name in a file stands for, and the numbers that its phrases must hold."""

_RANGES = {
    "minutes": range(1, 61),
    "count": range(1, 61),
    "agree": range(61),
    "disagree": range(61),
    "group": range(1, 31),
}


@cache
def load_phrases(language: str, wake: str | None = None) -> Phrasebook:
    """The phrases of this language, with another wake name than its own where one is given.

    SetupError when there are none, ContentError with everything that is wrong in the file.
    """
    path = content_folder() / "phrases" / f"{language}.yaml"
    if not path.is_file():
        raise SetupError(f"There are no phrases for the language {language!r}: {path} is missing.")
    return phrases_in(path, load_catalogue(language), wake)


def phrases_in(path: Path, words: Catalogue, wake: str | None = None) -> Phrasebook:
    """The phrasebook that this file holds, its numbers in the words of the catalogue."""
    document = read_document(path)
    reading = _Reading(document, words)
    phrasebook = reading.phrasebook(wake)
    if reading.problems:
        raise ContentError(sorted(reading.problems, key=lambda problem: problem.line))
    return phrasebook


class _Reading:
    def __init__(self, document: Document, words: Catalogue) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self._tree = document.tree if isinstance(document.tree, dict) else {}
        self._spellings = self._read_spellings()
        self._numbers = [self._spelled(plain(word)) for word in words.numbers]

    def phrasebook(self, wake: str | None) -> Phrasebook:
        for name in self._tree:
            if name not in _FIELDS:
                found = f"the unknown field {shortened(name)}"
                self._problem((name,), "one of the fields: " + ", ".join(_FIELDS), found)
        language = self._text(self._tree.get("language"), ("language",))
        if language != self.document.path.stem:
            self._problem(("language",), f"{self.document.path.stem}, as the file is called", shortened(language))
        named = self._text(self._tree.get("wake"), ("wake",))
        phrases = tuple(self._phrases())
        name = plain(named if wake is None else wake)
        return Phrasebook(
            language=language,
            wake=name,
            wake_spellings=tuple(map(plain, self._spellings.get(name, []))),
            skip=frozenset(self._texts("skip")),
            decoys=tuple(self._texts("decoys")),
            ballast=self._ballast(phrases),
            phrases=phrases,
        )

    def _ballast(self, phrases: Collection[Phrase]) -> str:
        if "ballast" not in self._tree:
            return ""
        word = plain(self._text(self._tree["ballast"], ("ballast",)))
        if " " in word or any(word in phrase.words.split() for phrase in phrases):
            self._problem(("ballast",), "one word, that is in no phrase", repr(word))
        return word

    def _phrases(self) -> Iterator[Phrase]:
        named = self._mapping(self._tree.get("phrases"), ("phrases",))
        places: dict[Phrase, Place] = {}
        count = 0
        for name, templates in named.items():
            if name not in _COMMANDS:
                found = f"the unknown command {shortened(name)}"
                self._problem(("phrases", name), "one of: " + ", ".join(_COMMANDS), found)
                continue
            for number, template in enumerate(self._list(templates, ("phrases", name))):
                place: Place = ("phrases", name, number)
                if text := self._text(template, place):
                    for phrase in self._expanded(name, text, place):
                        count += 1
                        if count > MOST_PHRASES:
                            self._problem(place, f"at most {MOST_PHRASES} phrases in all", "more")
                            return
                        places.setdefault(phrase, place)
        self._find_collisions(places)
        yield from places

    def _expanded(self, name: str, template: str, place: Place) -> Iterator[Phrase]:
        build, needed = _COMMANDS[name]
        for sentence in self._sentences(template, place):
            if places_in(sentence) != needed:
                self._problem(place, "the numbers " + (", ".join(sorted(needed)) or "(none)"), shortened(template))
                return
            for values in product(*(_RANGES[field] for field in sorted(needed))):
                numbers = dict(zip(sorted(needed), values, strict=True))
                for spelled in product(*(self._numbers[value] for value in values)):
                    put_in = dict(zip(sorted(needed), spelled, strict=True))
                    yield Phrase(plain(sentence.format(**put_in)), build(numbers))

    def _sentences(self, template: str, place: Place) -> list[str]:
        from hassil.errors import HassilError
        from hassil.parse_expression import parse_sentence
        from hassil.parser import ParseError
        from hassil.sample import sample_sentence

        try:
            sentence = parse_sentence(template)
            if _count(sentence.expression) > MOST_SENTENCES:
                self._problem(place, f"a template that stands for at most {MOST_SENTENCES} phrases", "more")
                return []
            found = list(sample_sentence(sentence, expand_lists=False, expand_ranges=False))
            if not found or not all(plain(one) for one in found):
                raise ValueError(template)
            for one in found:
                places_in(one)
        except (ParseError, HassilError, ValueError, AssertionError, RecursionError):
            self._problem(place, "a template such as: volgende [stelling|vraag]", shortened(template))
            return []
        return found

    def _find_collisions(self, places: Mapping[Phrase, Place]) -> None:
        """Commands that may be asked for at the same time must not share a phrase."""
        first: dict[str, dict[type[do.Command], Phrase]] = {}
        for phrase, place in places.items():
            for other in first.setdefault(phrase.words, {}).values():
                if any({type(phrase.command), type(other.command)} <= kinds for kinds in ALLOWED.values()):
                    other_name, name = str(places[other][1]), str(place[1])
                    found = f"{shortened(phrase.words)!r}, which means both {other_name} and {name}"
                    self._problem(place, "a phrase of its own", found)
            first[phrase.words].setdefault(type(phrase.command), phrase)

    def _read_spellings(self) -> Mapping[str, list[str]]:
        pairs = self._mapping(self._tree.get("spellings", {}), ("spellings",))
        return {
            word: [self._text(one, ("spellings", word)) for one in self._list(how, ("spellings", word))]
            for word, how in pairs.items()
        }

    def _spelled(self, word: str) -> list[str]:
        return [word, *self._spellings.get(word, [])]

    def _texts(self, name: str) -> list[str]:
        return [plain(self._text(one, (name, at))) for at, one in enumerate(self._list(self._tree.get(name), (name,)))]

    def _text(self, tree: Tree, place: Place) -> str:
        if isinstance(tree, str) and plain(tree):
            return tree
        self._problem(place, "a text", shortened(tree))
        return ""

    def _mapping(self, tree: Tree, place: Place) -> Mapping[str, Tree]:
        if isinstance(tree, dict):
            return tree
        self._problem(place, "named fields", shortened(tree))
        return {}

    def _list(self, tree: Tree, place: Place) -> list[Tree]:
        if isinstance(tree, list):
            return tree
        self._problem(place, "a list", shortened(tree))
        return []

    def _problem(self, place: Place, expected: str, found: str) -> None:
        self.problems.append(self.document.problem(place, expected, found))


def _count(expression: "Expression") -> int:
    """How many sentences a template stands for, before any of them is made."""
    from hassil.expression import Alternative, Group, Permutation

    if not isinstance(expression, Group):
        return 1
    counts = [_count(item) for item in expression.items]
    if isinstance(expression, Alternative):
        return sum(counts)
    return prod(counts) * (factorial(len(counts)) if isinstance(expression, Permutation) else 1)
