"""The words for commands: which phrase means what, and which phrases belong to a moment. Pure data; files/phrases.py
reads it from content/phrases/."""

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from .commands import Command

BALLAST = 30_000
"""Words. More of them help a little more, but for whatever is said a recogniser is made anew: in 8 ms with these, in
25 ms with 100,000, in 1 ms with none."""


@dataclass(frozen=True, slots=True)
class Phrase:
    words: str
    """Lower case, single spaces, no punctuation; without the wake name."""
    command: Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasebook:
    """Everything a facilitator can say in one language."""

    language: str
    wake: str
    """The name to call the program by, before a command. Empty: none is needed."""
    wake_spellings: tuple[str, ...] = ()
    """How else to write that name, for a model that does not know it as one word."""
    skip: frozenset[str] = frozenset()
    """Polite words that change nothing."""
    decoys: tuple[str, ...] = ()
    """What sounds like a phrase, or is often said near one, and means nothing."""
    ballast: str = ""
    """A long word that is in no phrase; see `weight`."""
    phrases: tuple[Phrase, ...] = ()
    """The first one of a command is the one to mention."""

    def phrases_for(self, kinds: Collection[type[Command]]) -> Mapping[str, Command]:
        """What may be said for commands of these kinds, without the wake name."""
        return {phrase.words: phrase.command for phrase in self.phrases if type(phrase.command) in kinds}

    def expected(
        self, kinds: Collection[type[Command]], answers: Collection[type[Command]] = ()
    ) -> Mapping[str, Command]:
        """What may be said, whole: commands after the wake name, answers with and without it."""
        if not self.wake:
            return self.phrases_for({*kinds, *answers})
        called = {f"{self.wake} {words}": command for words, command in self.phrases_for({*kinds, *answers}).items()}
        return called | dict(self.phrases_for(answers))

    def words_for(self, command: Command) -> str | None:
        """How to say this command, without the wake name; None: it cannot be said."""
        return next((phrase.words for phrase in self.phrases if phrase.command == command), None)

    def vocabulary(self) -> frozenset[str]:
        """Every word that somebody may say to the program."""
        spoken = [self.wake, *self.wake_spellings, *self.skip, *(phrase.words for phrase in self.phrases)]
        return frozenset(word for words in spoken for word in words.split())

    def without(self, unknown: Collection[str]) -> "Phrasebook":
        """The phrases that hold none of these words. Without its wake name, however it is written, nothing can be
        said."""
        wake = next((name for name in (self.wake, *self.wake_spellings) if not _holds(name, unknown)), None)
        kept = tuple(phrase for phrase in self.phrases if wake is not None and not _holds(phrase.words, unknown))
        decoys = tuple(decoy for decoy in self.decoys if not _holds(decoy, unknown))
        name = self.wake if wake is None else wake
        return replace(self, wake=name, phrases=kept, decoys=decoys, skip=self.skip - set(unknown))

    def kinds(self) -> frozenset[type[Command]]:
        """The kinds of command that can be said."""
        return frozenset(type(phrase.command) for phrase in self.phrases)

    def lost(self, unknown: Collection[str]) -> frozenset[str]:
        """Those of these words without which something cannot be said: their phrases are off."""
        heard = self.without(unknown)
        wake = frozenset(self.wake.split()) if not heard.phrases else frozenset[str]()
        words = {word for phrase in self.phrases for word in phrase.words.split()} | self.skip | wake
        return frozenset(words & set(unknown))


def plain(text: str) -> str:
    """As a recogniser writes it: lower case, no punctuation, words apart."""
    kept = "".join(letter if letter.isalnum() or letter == "'" else " " for letter in text.lower())
    return " ".join(kept.split())


def meaning(words: str, expected: Mapping[str, Command], skip: Collection[str] = ()) -> Command | None:
    """What somebody asks for who says this and nothing else. A part of a phrase means nothing."""
    return expected.get(bare(words, skip))


def bare(words: str, skip: Collection[str]) -> str:
    """The words without the polite ones."""
    return " ".join(word for word in words.split() if word not in skip)


def unfinished(expected: Mapping[str, Command]) -> frozenset[str]:
    """The phrases that begin another one which means something else: whoever says one may still go on."""
    return frozenset(
        beginning
        for words, command in expected.items()
        for beginning in _beginnings(words)
        if beginning in expected and expected[beginning] != command
    )


def pairs_covered(phrases: Collection[str]) -> list[str]:
    """As few of these phrases as together hold every pair of words that follow each other in any of them.

    vosk's run-time grammar is a bigram: it knows which word may follow which, and no more. So it is the same for these
    as for all, and thousands of numbers need not be handed over anew at each moment of a session.
    """
    known: set[tuple[str, str]] = set()
    kept = []
    for phrase in phrases:
        words = ["", *phrase.split(), ""]
        pairs = set(itertools.pairwise(words))
        if not pairs <= known:
            known |= pairs
            kept.append(phrase)
    return kept


def weight(ballast: str) -> list[str]:
    """A line for such a grammar that holds nothing but this word; none without a word.

    To the bigram the first word costs as much as it is rare among all, and so does each that follows its forerunner in
    no line. What is common beside them, and unlike anything that is said, makes such words dear: one is always needed,
    two are what chatter makes by a word before a phrase, or in it. What it brings is measured in models/README.md.
    """
    return [" ".join([ballast] * BALLAST)] if ballast else []


def _holds(words: str, some: Collection[str]) -> bool:
    return bool(set(words.split()) & set(some))


def _beginnings(words: str) -> Iterator[str]:
    parts = words.split()
    for end in range(1, len(parts)):
        yield " ".join(parts[:end])
