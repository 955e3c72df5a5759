"""A session as it is reviewed: its recordings in agenda order, with text, versions, doubt and takes. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from levelup_voice.session.alignment import Placed, align, text_of
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.plan import Discussion, Harvest, Item, Statement
from levelup_voice.session.prose import Sentence, folded
from levelup_voice.session.recordings import counts
from levelup_voice.session.sentences import Sentences
from levelup_voice.session.state import Recording, Session

AROUND = 1.5
"""Seconds that are played of a doubtful word, with what is around it."""

CONTEXT = 4
"""Words that are shown on either side of a doubtful one."""

MOST_LETTERS = 2_000_000
"""Of versions that a page is given: those nearest to the text as it is."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Something of the plan, and the takes of what was recorded about it: those of one turn together."""

    title: str
    tally: tuple[int, int] | None
    turns: tuple[tuple[Recording, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word that was not heard for certain, with every place where it was heard."""

    word: str
    """As it is written where it was heard first."""
    before: str
    """What stands before it there."""
    after: str
    places: tuple[tuple[int, Placed], ...]
    """Recording and where in its text."""


class Written:
    """What there is to read of one recording; each thing worked out when it is first asked for."""

    def __init__(self, recording: Recording, said: Sequence[Sentence]) -> None:
        self.recording = recording
        self._said = said

    @cached_property
    def heard(self) -> str:
        """What the recogniser made of it, as a text."""
        return text_of(self._said)

    @property
    def text(self) -> str:
        return self.heard if self.recording.correction is None else self.recording.correction

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        return align(self._said, self.text)

    @cached_property
    def doubtful(self) -> tuple[tuple[str, int], ...]:
        """Each doubtful word, folded, and which of the words it is."""
        keys = ((folded(self.word(one)), at) for at, one in enumerate(self.placed) if one.doubtful)
        return tuple((key, at) for key, at in keys if key)

    def word(self, place: Placed) -> str:
        return self.text[place.first : place.last]

    def around(self, at: int) -> tuple[str, str]:
        """What stands before and after a word."""
        text, placed = self.text, self.placed
        first, last = placed[max(0, at - CONTEXT)].first, placed[min(len(placed) - 1, at + CONTEXT)].last
        return text[first : placed[at].first], text[placed[at].last : last]


class Reading:
    """The texts of one session in one language; made anew after each change."""

    def __init__(self, session: Session, words: Catalogue, before: "Reading | None" = None) -> None:
        """`before`: how the session was read last; what has not changed since is taken over."""
        self.session = session
        self.words = words
        self._sentences: Sentences = before._sentences if before is not None else Sentences(words)
        self._written: dict[int, Written] = {}
        for known in list(before._written.values()) if before is not None else ():
            number = known.recording.number
            if number < len(session.recordings) and session.recordings[number] is known.recording:
                self._written[number] = known

    def parts(self) -> tuple[Part, ...]:
        """The blocks in which there is something to review or to know."""
        made = (
            Part(block.title, tuple(chapter for item in block.items for chapter in self._chapters(item)))
            for block in self.session.plan.blocks
        )
        return tuple(part for part in made if part.chapters)

    def written(self, recording: Recording) -> Written:
        if recording.number not in self._written:
            self._written[recording.number] = Written(recording, self._sentences.of(recording))
        return self._written[recording.number]

    def text(self, recording: Recording) -> str:
        return self.written(recording).text

    def counts(self, recording: Recording) -> bool:
        """Whether it is the take to be read."""
        return counts(self.session, recording)

    def state(self, recording: Recording) -> dict[str, Any]:
        """What is true of a recording, without its words."""
        return {
            "number": recording.number,
            "version": len(recording.corrections),
            "edition": f"{len(recording.corrections)}.{len(recording.confirmed)}",
            "checked": recording.checked,
            "counts": self.counts(recording),
        }

    def detail(self, recording: Recording) -> dict[str, Any]:
        """Everything that a page needs to show one recording."""
        written = self.written(recording)
        return {
            **self.state(recording),
            "text": written.text,
            "heard": written.heard,
            "words": [
                (one.first, one.last, round(one.start, 3), round(one.end, 3), int(one.doubtful))
                for one in written.placed
            ],
        }

    def history(self, recording: Recording) -> dict[str, Any]:
        """Every text it ever had, what was heard first; which of them undo and redo go through; where that stands."""
        saved = [self.written(recording).heard, *recording.corrections]
        texts = list(dict.fromkeys(saved))
        gone_through, at = steps(saved)
        kept, letters = {gone_through[at]}, 0
        for text in reversed(texts):
            if (letters := letters + len(text)) > MOST_LETTERS:
                break
            kept.add(text)
        known = [text for text in texts if text in kept]
        still = [text for text in gone_through if text in kept]
        return {
            "texts": known,
            "steps": [known.index(text) for text in still],
            "at": still.index(gone_through[at]),
            "heard": texts[0] in kept,
        }

    def doubts(self) -> tuple[Doubt, ...]:
        """Each doubtful word once, the most frequent first."""
        found: dict[str, list[tuple[Written, int]]] = {}
        for recording in reviewable(self.session):
            written = self.written(recording)
            for key, at in written.doubtful:
                found.setdefault(key, []).append((written, at))
        return tuple(_doubt(places) for places in sorted(found.values(), key=len, reverse=True))

    def replaced_doubt(self, word: str, becomes: str) -> Mapping[int, str]:
        """The new text of each recording in which this doubtful word is written otherwise, everywhere at once."""
        places: dict[int, list[Placed]] = {}
        for doubt in self.doubts():
            if folded(doubt.word) == folded(word):
                for number, place in doubt.places:
                    places.setdefault(number, []).append(place)
        return {number: self._rewritten(number, found, becomes) for number, found in places.items()}

    def replaced(self, find: str, becomes: str) -> Mapping[int, str]:
        """The new text of each recording in which `find` stands, with a capital where it had one."""
        pattern = re.compile(re.escape(find), re.IGNORECASE)
        texts = {recording.number: self.text(recording) for recording in reviewable(self.session)}
        changed = {
            number: pattern.sub(lambda found: _cased(becomes, found[0]), text)
            for number, text in texts.items()
            if find and pattern.search(text)
        }
        return {number: text for number, text in changed.items() if text != texts[number]}

    def _rewritten(self, number: int, places: Sequence[Placed], becomes: str) -> str:
        text = self.text(self.session.recordings[number])
        for place in sorted(places, key=lambda one: one.first, reverse=True):
            word = text[place.first : place.last]
            bare = word.rstrip(_STOPS)
            text = text[: place.first] + _cased(becomes, bare) + word[len(bare) :] + text[place.last :]
        return text

    def _chapters(self, item: Item) -> Iterator[Chapter]:
        recordings = [one for one in self.session.recordings if one.request.item == item.id]
        if isinstance(item, Statement):
            tally = self.session.tallies.get(item.id)
            if tally or recordings:
                yield Chapter(item.text, tally, _turns(recordings))
        elif isinstance(item, Harvest | Discussion):
            yield from self._questions(item, recordings)
        elif recordings:
            yield Chapter(item.shown.text or item.shown.title or item.spoken, None, _turns(recordings))

    def _questions(self, item: Harvest | Discussion, recordings: Sequence[Recording]) -> Iterator[Chapter]:
        discussion = self.session.plan.item(item.discussion) if isinstance(item, Harvest) else item
        assert isinstance(discussion, Discussion)
        for question in discussion.questions:
            turns = _turns([one for one in recordings if one.request.question == question.id])
            if turns:
                yield Chapter(self.words.text("notes.own_question") if question.open else question.text, None, turns)


def reviewable(session: Session) -> list[Recording]:
    return [recording for recording in session.recordings if recording.saved and not recording.deleted]


def progress(session: Session) -> tuple[int, int]:
    """How many recordings have been checked, of how many."""
    counting = reviewable(session)
    return sum(recording.checked for recording in counting), len(counting)


def steps(saved: Sequence[str]) -> tuple[list[str], int]:
    """What undo and redo go through, after these texts were saved one after another; and where they stand now.

    Who goes back, saves a text that was there before: that is a step back, and no new text.
    """
    known, at = [saved[0]], 0
    for text in saved[1:]:
        if text in known:
            at = known.index(text)
        else:
            known[at + 1 :] = [text]
            at += 1
    return known, at


_STOPS = ".,;:!?"


def _doubt(places: Sequence[tuple[Written, int]]) -> Doubt:
    first, at = places[0]
    word = first.word(first.placed[at])
    before, after = first.around(at)
    bare = word.rstrip(_STOPS)
    return Doubt(
        word=bare,
        before=before,
        after=word[len(bare) :] + after,
        places=tuple((written.recording.number, written.placed[at]) for written, at in places),
    )


def _cased(becomes: str, before: str) -> str:
    """With a capital in the place of one."""
    return becomes[:1].upper() + becomes[1:] if before[:1].isupper() else becomes


def _turns(recordings: Sequence[Recording]) -> tuple[tuple[Recording, ...], ...]:
    """Takes of one thing together; arguments are different people, not takes of one."""
    turns: dict[object, list[Recording]] = {}
    for recording in recordings:
        own = recording.number if recording.request.purpose == "argument" else None
        turns.setdefault((recording.subject, own), []).append(recording)
    return tuple(tuple(takes) for takes in turns.values())
