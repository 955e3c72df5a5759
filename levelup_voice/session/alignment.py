"""Where each word of a text sounds in the recording, also after a person has edited the text.

What stayed as it was heard keeps its moment and its doubt. What a person wrote is certain; it gets the time of the
words in whose place it stands, shared out by length.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple, TypeAlias

from .plan import Seconds
from .prose import Sentence, Spoken, folded

_WORD = re.compile(r"\S+")

_Stretch: TypeAlias = tuple[int, int, int, int]
"""First and one past the last of the words that were heard, and of those that were written."""

LONGEST_AT_ONCE = 400
"""Words that are compared one with another: the comparison takes time with the square of them. Beyond, in parts."""


class Placed(NamedTuple):
    """A word of the text, by its place in it, and when it sounds. A tuple: of eight hours there are 70 000."""

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


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[_Stretch]:
    """Stretches of both that belong together, in order, none left out."""
    # What is the same at both ends mostly is nearly all. In between, three words that stand once in both are the same
    # place: an edit moves what comes after it, and changes little of it.
    head, tail = _same(old, new, 0, 0), _same(old[::-1], new[::-1], 0, 0)
    middles = _landmarks(old[head : len(old) - tail], new[head : len(new) - tail])
    places = [(0, 0), *((head + at, head + there) for at, there in middles), (len(old), len(new))]
    done_old = done_new = 0
    for from_old, from_new in places:
        if from_old >= done_old and from_new >= done_new:
            yield from _compared(old, new, done_old, from_old, done_new, from_new)
            same = _same(old, new, from_old, from_new)
            done_old, done_new = from_old + same, from_new + same
            if same:
                yield from_old, done_old, from_new, done_new


def _same(old: Sequence[str], new: Sequence[str], at: int, there: int) -> int:
    """How many words are the same from here on."""
    most = min(len(old) - at, len(new) - there)
    same = 0
    while same < most and old[at + same] == new[there + same]:
        same += 1
    return same


def _landmarks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places in both where the same three words begin that stand nowhere else, in the order of both."""
    once_in_new = _once(new)
    found = [(at, there) for run, at in _once(old).items() if (there := once_in_new.get(run)) is not None]
    # The longest series that rises in the new text too: what was moved elsewhere is left out.
    last: list[int] = []
    """By length, less one: the smallest end of a series of that length, by its number in `found`."""
    ends: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(found):
        length = bisect_left(ends, there)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [there]
        last[length : length + 1] = [number]
    series, number = list[tuple[int, int]](), last[-1] if last else -1
    while number >= 0:
        series.append(found[number])
        number = before[number]
    return series[::-1]


def _once(words: Sequence[str]) -> dict[tuple[str, str, str], int]:
    """Each run of three words that stands there once, and where."""
    found: dict[tuple[str, str, str], int] = {}
    again = set[tuple[str, str, str]]()
    for at, run in enumerate(zip(words, words[1:], words[2:], strict=False)):
        if found.setdefault(run, at) != at:
            again.add(run)
    return {run: at for run, at in found.items() if run not in again}


def _compared(
    old: Sequence[str], new: Sequence[str], from_old: int, to_old: int, from_new: int, to_new: int
) -> Iterator[_Stretch]:
    """Stretches of what lies between two landmarks; its end may be the same."""
    same = 0
    while same < min(to_old - from_old, to_new - from_new) and old[to_old - 1 - same] == new[to_new - 1 - same]:
        same += 1
    end_old, end_new = to_old - same, to_new - same
    while from_old < end_old or from_new < end_new:
        until_old = min(end_old, from_old + LONGEST_AT_ONCE)
        until_new = min(end_new, from_new + LONGEST_AT_ONCE)
        matcher = SequenceMatcher(None, old[from_old:until_old], new[from_new:until_new], autojunk=False)
        for _, first, last, first_new, last_new in matcher.get_opcodes():
            yield from_old + first, from_old + last, from_new + first_new, from_new + last_new
        from_old, from_new = until_old, until_new
    if same:
        yield end_old, to_old, end_new, to_new


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
