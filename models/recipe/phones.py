"""The phones of the model, and the way from what espeak-ng says it spoke to labels in time.

espeak-ng tells the sample at which each phone begins, so that no aligner is needed. Two corrections are made: it books
the closure of a stop on the phone before, and it gives an l at the end of a syllable no time of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .espeak import Spoken

SILENCE = "SIL"
NAMES = "@ r t n s l k d a: A p I E Q m O b o: v f i e: x z v# EI h N u 8 Wy j y VU Y: O: S"
PHONES: tuple[str, ...] = (SILENCE, *NAMES.split())
"""Names are espeak-ng's for Dutch. The index is the output of the network; silence is 0."""

INDEX = {phone: number for number, phone in enumerate(PHONES)}

PAUSES = frozenset({"_", "_:", "_::"})
MARKS = frozenset({"_|", "!", ";", "_!", "_^_", "?", "|", "-", "%"})
"""They belong to the phone before: releases, devoicing, glottal stops."""

GLOTTAL_PAUSE_SECONDS = 0.06
"""A mark `_!` longer than this is heard as a pause."""

RARE: dict[str, tuple[tuple[str, float], ...]] = {
    "*": (("r", 1.0),),
    "R": (("r", 1.0),),
    "E2": (("E", 1.0),),
    "E:": (("E", 1.0),),
    "E~": (("E", 1.0),),
    "&": (("E", 1.0),),
    "e": (("e:", 1.0),),
    "e2": (("e:", 1.0),),
    "A~": (("A", 1.0),),
    "O~": (("O", 1.0),),
    "w": (("v#", 1.0),),
    "g": (("x", 1.0),),
    "G": (("x", 1.0),),
    "Z": (("S", 1.0),),
    "o": (("o:", 1.0),),
    "a": (("a:", 1.0),),
    "U": (("u", 1.0),),
    "u:": (("u", 1.0),),
    "i:": (("i", 1.0),),
    "I2": (("I", 1.0),),
    "y:": (("y", 1.0),),
    "V": (("8", 1.0),),
    "Y": (("8", 1.0),),
    "3": (("@", 1.0),),
    "@2": (("@", 1.0),),
    "tl#": (("t", 1.0),),
    "l#": (("l", 1.0),),
    "n^": (("n", 0.6), ("j", 0.4)),
    "l^": (("l", 0.6), ("j", 0.4)),
    "tj": (("t", 0.5), ("j", 0.5)),
    "tS": (("t", 0.5), ("S", 0.5)),
    "dZ": (("d", 0.5), ("S", 0.5)),
    "aI": (("A", 0.5), ("j", 0.5)),
    "eU": (("e:", 0.6), ("v#", 0.4)),
    "iU": (("i", 0.6), ("v#", 0.4)),
    "yU": (("y", 0.6), ("v#", 0.4)),
}
"""Phones too rare to learn become common ones, each with its share of the time."""

CLOSURE_SECONDS = {"p": 0.040, "t": 0.040, "k": 0.040, "b": 0.030, "d": 0.030}
SWALLOWED_SHARE = 0.45
"""Of the vowel before: what a phone without a length of its own gets."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A phone until the next one begins."""

    phone: str
    start: float
    """Seconds from the first sample."""
    word: int
    """Number of the word it belongs to, from 0; -1 before the first."""


def segments(spoken: Spoken) -> list[Segment]:
    """The phones of an utterance in order, with closures moved into their stops. Phones nobody knows are left out."""
    placed = [segment for start, end, word, name in _spans(spoken) for segment in _known(name, start, end, word)]
    starts = _without_empty(placed)
    return [Segment(old.phone, start, old.word) for old, start in zip(placed, starts, strict=True)]


def _spans(spoken: Spoken) -> Iterator[tuple[float, float, int, str]]:
    """Start and end in seconds, word, and name of every phone event."""
    ends = [*(phone.start for phone in spoken.phones[1:]), spoken.seconds]
    for phone, end in zip(spoken.phones, ends, strict=True):
        yield phone.start, end, phone.word, phone.name


def _known(name: str, start: float, end: float, word: int) -> Iterator[Segment]:
    if name in PAUSES or (name == "_!" and end - start > GLOTTAL_PAUSE_SECONDS):
        yield Segment(SILENCE, start, word)
    elif name not in MARKS:
        length = end - start
        for phone, share in ((name, 1.0),) if name in INDEX else RARE.get(name, ()):
            yield Segment(phone, start, word)
            start += share * length


def _without_empty(placed: Sequence[Segment]) -> list[float]:
    """Starts in seconds, after both corrections."""
    starts = [segment.start for segment in placed]
    for number in range(1, len(starts) - 1):
        if starts[number + 1] - starts[number] < 1e-3 and placed[number].phone != SILENCE:
            starts[number] -= SWALLOWED_SHARE * (starts[number] - starts[number - 1])
    for number in range(1, len(starts)):
        closure = CLOSURE_SECONDS.get(placed[number].phone, 0.0)
        starts[number] -= min(closure, 0.5 * (starts[number] - starts[number - 1]))
    return starts
