"""The words the model knows: our own tables, with the part of speech that the sentences need, and the voice commands.

The tables hold stems we chose, with regular inflections and compounds that a Dutch spelling list knows.
"""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

TEXT = Path(__file__).with_name("text")

UNKNOWN = "[unk]"
WAKE_NAME = "spelleider"
POLITE = ("graag", "alsjeblieft")

Article: TypeAlias = Literal["de", "het"]


@dataclass(frozen=True, slots=True)
class Noun:
    article: Article | None
    """None for a word that is listed in the plural alone."""
    one: str
    several: str
    """Empty when it has no plural, or none of use."""


@functools.cache
def commands() -> tuple[str, ...]:
    """Every phrase that may be asked for, without the wake name: plain ones, then counted ones."""
    counted = [template.format(n=word) for template in _templates(counted=True) for word in numbers()[1:]]
    return (*plain_commands(), *counted)


def plain_commands() -> tuple[str, ...]:
    """Those without a number of one's choice."""
    return tuple(_templates(counted=False))


def _templates(counted: bool) -> list[str]:
    return [line for line in lines("commands.txt") if ("{n}" in line) == counted]


@functools.cache
def numbers() -> tuple[str, ...]:
    """In words, from 0 on."""
    return tuple(lines("numbers.txt"))


def lines(name: str) -> list[str]:
    """The lines of a text of ours, without comments."""
    text = (TEXT / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@functools.cache
def nouns() -> tuple[Noun, ...]:
    return tuple(_noun(line.split()) for line in lines("nouns.txt"))


def _noun(fields: list[str]) -> Noun:
    if fields[0] == "plural":
        return Noun(None, "", fields[1])
    several = fields[2] if len(fields) > 2 else ""
    return Noun("het" if fields[0] == "het" else "de", fields[1], several)


@functools.cache
def verbs() -> tuple[tuple[str, ...], ...]:
    """Infinitive first."""
    return tuple(tuple(line.split()) for line in lines("verbs.txt"))


@functools.cache
def adjectives() -> tuple[tuple[str, ...], ...]:
    """Base form first."""
    return tuple(tuple(line.split()) for line in lines("adjectives.txt"))


@functools.cache
def vocabulary() -> tuple[str, ...]:
    """All words, sorted, without `[unk]`."""
    words = {WAKE_NAME, *POLITE, *numbers(), *lines("others.txt")}
    words.update(word for phrase in commands() for word in phrase.split())
    words.update(word for noun in nouns() for word in (noun.one, noun.several) if word)
    words.update(word for forms in (*verbs(), *adjectives()) for word in forms)
    words.update(word for name in ("summaries.txt", "session.txt") for line in lines(name) for word in in_words(line))
    return tuple(sorted(words))


def in_words(line: str) -> list[str]:
    """The words of a written sentence, without punctuation."""
    return [word for word in line.lower().translate(PUNCTUATION).split() if word]


PUNCTUATION = str.maketrans(dict.fromkeys('.,?!;:“”"()…', " "))
