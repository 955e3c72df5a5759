"""Where each word of a text sounds in the recording, also after a person has edited the text.

What stayed as it was heard keeps its moment and its doubt. What a person wrote is certain; it gets the time of the
words in whose place it stands, shared out by length.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from .plan import Seconds
from .prose import Sentence, Spoken, folded

_WORD = re.compile(r"\S+")

LONGEST_AT_ONCE = 4000
"""Words that are compared at once: the comparison takes time with the square of them. Beyond, in parts."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A word of the text, by its place in it, and when it sounds."""

    first: int
    last: int
    """One past its last character."""
    start: Seconds
    end: Seconds
    doubtful: bool


def text_of(said: Sequence[Sentence]) -> str:
    """What was heard, as a text to read and to edit."""
    return " ".join(sentence.text for sentence in said)


def align(said: Sequence[Sentence], text: str) -> tuple[Placed, ...]:
    """Every word of `text`, in order, with its moment."""
    heard = [word for sentence in said for word in sentence.words]
    written = list(_WORD.finditer(text))
    if len(written) == len(heard) and text == text_of(said):
        return tuple(map(_as_heard, heard, written))
    return tuple(_placed(heard, written))


def _as_heard(word: Spoken, match: re.Match[str]) -> Placed:
    return Placed(match.start(), match.end(), word.start, word.end, word.doubtful)


def _placed(heard: Sequence[Spoken], written: Sequence[re.Match[str]]) -> Iterator[Placed]:
    old = [folded(word.text) for word in heard]
    new = [folded(match[0]) for match in written]
    for from_old, to_old, from_new, to_new in _stretches(old, new):
        same = old[from_old:to_old] == new[from_new:to_new]
        if same:
            for word, match in zip(heard[from_old:to_old], written[from_new:to_new], strict=True):
                yield _as_heard(word, match)
        else:
            begin, end = _time(heard, from_old, to_old)
            yield from _shared_out(written[from_new:to_new], begin, end)


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of both that belong together, in order, none left out."""
    # What is the same at both ends needs no comparing, and mostly is nearly all.
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head:
        yield 0, head, 0, head
    yield from _compared(old, new, head, len(old) - tail, head, len(new) - tail)
    if tail:
        yield len(old) - tail, len(old), len(new) - tail, len(new)


def _compared(
    old: Sequence[str], new: Sequence[str], from_old: int, to_old: int, from_new: int, to_new: int
) -> Iterator[tuple[int, int, int, int]]:
    while from_old < to_old or from_new < to_new:
        until_old = min(to_old, from_old + LONGEST_AT_ONCE)
        until_new = min(to_new, from_new + LONGEST_AT_ONCE)
        matcher = SequenceMatcher(None, old[from_old:until_old], new[from_new:until_new], autojunk=False)
        for _, first, last, first_new, last_new in matcher.get_opcodes():
            yield from_old + first, from_old + last, from_new + first_new, from_new + last_new
        from_old, from_new = until_old, until_new


def _time(heard: Sequence[Spoken], first: int, last: int) -> tuple[Seconds, Seconds]:
    """When the words from `first` up to `last` sound; of none, the gap that is there."""
    if first < last:
        return heard[first].start, heard[last - 1].end
    before = heard[first - 1].end if first > 0 else 0.0
    after = heard[first].start if first < len(heard) else before
    return before, max(before, after)


def _shared_out(written: Sequence[re.Match[str]], begin: Seconds, end: Seconds) -> Iterator[Placed]:
    letters = sum(len(match[0]) for match in written)
    so_far, start = 0, begin
    for match in written:
        so_far += len(match[0])
        stop = end if so_far == letters else begin + (end - begin) * so_far / letters
        yield Placed(match.start(), match.end(), start, stop, False)
        start = stop
