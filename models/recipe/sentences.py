"""What is read to the model while it learns: generated summaries, words in any order, commands and numbers.

Sentences that are held out for evaluation never get in: `without_held_out` drops a sentence that shares six words in a
row with one, and so also any that equals or holds one.
"""

import re
from collections.abc import Callable, Iterable
from random import Random

from .vocabulary import (
    POLITE,
    WAKE_NAME,
    adjectives,
    commands,
    in_words,
    lines,
    nouns,
    numbers,
    plain_commands,
    verbs,
    vocabulary,
)

SHARED_WORDS = 6
"""In a row: so much of a held-out sentence may not be heard in learning. A shorter one may not be heard whole."""

SLOT = re.compile(r"\{(\w+)\}|\[(\w+)\]")


class Summaries:
    """Draws sentences as groups say them after a conversation: by `grammar.txt`, with any word of our tables."""

    def __init__(self, draw: Random) -> None:
        self._draw = draw
        self._ways: dict[str, list[str]] = {}
        for line in lines("grammar.txt"):
            name, ways = line.split("=", 1)
            self._ways.setdefault(name.strip(), []).extend(way.strip() for way in ways.split("|"))
        self._tables: dict[str, Callable[[], str]] = {
            "noun_phrase": self._noun_phrase,
            "infinitive": lambda: draw.choice(verbs())[0],
            "form": lambda: draw.choice(draw.choice(verbs())),
            "adjective": lambda: draw.choice(adjectives())[0],
            "number": lambda: draw.choice(numbers()),
        }

    def sentence(self) -> str:
        return " ".join(self.draw("sentence").split())

    def draw(self, name: str) -> str:
        """One way to say it. KeyError for what is neither in the grammar nor a table."""
        if name in self._tables:
            return self._tables[name]()
        return SLOT.sub(self._fill, self._draw.choice(self._ways[name]))

    def _fill(self, slot: re.Match[str]) -> str:
        always, sometimes = slot.groups()
        return self.draw(always or sometimes) if always or self._draw.random() < 0.5 else ""

    def _noun_phrase(self) -> str:
        noun = self._draw.choice(nouns())
        several = bool(noun.several) and (not noun.one or self._draw.random() < 0.4)
        before = self.draw("before_several" if several else f"before_{noun.article}")
        adjective = self._adjective(noun.article == "het" and not several) if self._draw.random() < 0.35 else ""
        return f"{before} {adjective} {noun.several if several else noun.one}"

    def _adjective(self, bare: bool) -> str:
        """Bare ("groot") or inflected ("grote"); the language model need not know which is right where."""
        forms = self._draw.choice(adjectives())
        return forms[0] if bare else forms[min(1, len(forms) - 1)]


def command(draw: Random) -> str:
    """A command, with or without the wake name and a polite word."""
    phrase = draw.choice(commands()) if draw.random() < 0.5 else draw.choice(plain_commands())
    if draw.random() < 0.3:
        phrase = f"{WAKE_NAME}, {phrase}"
    return f"{phrase} {draw.choice(POLITE)}" if draw.random() < 0.05 else phrase


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def held_out_sentences() -> list[str]:
    """Only ever in evaluation: those that settings are chosen on, and those that are reported."""
    return lines("development.txt") + lines("held_out.txt")


def without_held_out(sentences: Iterable[str]) -> list[str]:
    """Those that give away nothing of the evaluation."""
    held_out = [in_words(sentence) for sentence in held_out_sentences()]
    runs = {run for words in held_out for run in _runs(words, min(SHARED_WORDS, len(words)))}
    lengths = sorted({len(run) for run in runs})
    kept = []
    for sentence in sentences:
        words = in_words(sentence)
        if not any(run in runs for length in lengths for run in _runs(words, length)):
            kept.append(sentence)
    return kept


def training_sentences(seed: int, count: int) -> list[str]:
    """Running text, for the language model: generated summaries, those we wrote, and what the session itself says."""
    draw = Random(seed)
    summaries = Summaries(draw)
    generated = [summaries.sentence() for _ in range(count)]
    written = lines("summaries.txt") * max(1, count // 4000) + lines("session.txt") * max(1, count // 8000)
    amounts = [summaries.draw("amount") for _ in range(count // 40)]
    asked = [command(draw) for _ in range(count // 25)]
    return without_held_out([*generated, *written, *amounts, *asked])


def lines_to_read(seed: int, count: int) -> list[str]:
    """What voices read, for the acoustic model: sentences, and words, commands and numbers in any order."""
    draw = Random(seed)
    running = training_sentences(seed, count // 2)
    words = vocabulary()

    def line() -> str:
        kind = draw.random()
        if kind < 0.42:
            return draw.choice(running)
        if kind < 0.72:
            return " ".join(draw.choice(words) for _ in range(draw.randint(1, 8)))
        if kind < 0.9:
            return ". ".join(command(draw) for _ in range(draw.randint(1, 3)))
        return ", ".join(draw.choice(numbers()) for _ in range(draw.randint(1, 5)))

    return [f"{text}." for text in without_held_out(line() for _ in range(count))]
