"""A session as it is reviewed: its recordings in agenda order, with text, versions, doubt and takes. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from levelup_voice.session import prose
from levelup_voice.session.alignment import Placed, align, text_of
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.plan import Discussion, Harvest, Item, Statement
from levelup_voice.session.prose import Sentence, folded
from levelup_voice.session.state import Recording, Session
from levelup_voice.session.transcript import Transcript

AROUND = 1.5
"""Seconds that are played of a doubtful word, with what is around it."""


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
    places: tuple[tuple[int, Placed], ...]
    """Recording and where in its text."""


class Sentences:
    """What was heard, as sentences: worked out once for each transcript."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[Transcript, tuple[Sentence, ...]]] = {}

    def of(self, transcript: Transcript, words: Catalogue) -> tuple[Sentence, ...]:
        # By identity: comparing hours of words would cost what is to be saved.
        key = id(transcript), words.language
        if key not in self._known or self._known[key][0] is not transcript:
            self._known[key] = transcript, prose.sentences(transcript, prose.spelling(words))
        return self._known[key][1]


class Reading:
    """The texts of one session in one language; made anew after each change."""

    def __init__(self, session: Session, words: Catalogue, sentences: Sentences | None = None) -> None:
        self.session = session
        self.words = words
        self._sentences = sentences or Sentences()
        self._places: dict[int, tuple[Placed, ...]] = {}

    def parts(self) -> tuple[Part, ...]:
        """The blocks in which there is something to review or to know."""
        made = (
            Part(block.title, tuple(chapter for item in block.items for chapter in self._chapters(item)))
            for block in self.session.plan.blocks
        )
        return tuple(part for part in made if part.chapters)

    def reviewable(self) -> list[Recording]:
        return [recording for recording in self.session.recordings if recording.saved and not recording.deleted]

    def progress(self) -> tuple[int, int]:
        """How many have been checked, of how many."""
        counting = self.reviewable()
        return sum(recording.checked for recording in counting), len(counting)

    def heard(self, recording: Recording) -> str:
        """What the recogniser made of it, as a text."""
        return text_of(self._said(recording))

    def text(self, recording: Recording) -> str:
        return self.heard(recording) if recording.correction is None else recording.correction

    def placed(self, recording: Recording) -> tuple[Placed, ...]:
        if recording.number not in self._places:
            self._places[recording.number] = align(self._said(recording), self.text(recording))
        return self._places[recording.number]

    def detail(self, recording: Recording) -> dict[str, Any]:
        """Everything that a page needs to show one recording."""
        text = self.text(recording)
        return {
            "number": recording.number,
            "text": text,
            "version": len(recording.corrections),
            "versions": list(recording.corrections),
            "heard": self.heard(recording),
            "checked": recording.checked,
            "chosen": recording.chosen,
            "words": [
                [one.first, one.last, round(one.start, 3), round(one.end, 3), int(one.doubtful)]
                for one in self.placed(recording)
            ],
        }

    def doubts(self) -> tuple[Doubt, ...]:
        """Each doubtful word once, the most frequent first."""
        found: dict[str, list[tuple[int, Placed]]] = {}
        spelled: dict[str, str] = {}
        for recording in self.reviewable():
            text = self.text(recording)
            for one in self.placed(recording):
                key = folded(text[one.first : one.last])
                if one.doubtful and key:
                    found.setdefault(key, []).append((recording.number, one))
                    spelled.setdefault(key, text[one.first : one.last].rstrip(".,;:!?"))
        ranked = sorted(found.items(), key=lambda pair: -len(pair[1]))
        return tuple(Doubt(spelled[key], tuple(places)) for key, places in ranked)

    def replaced_doubt(self, word: str, becomes: str) -> Mapping[int, str]:
        """The new text of each recording in which this doubtful word is written otherwise, everywhere at once."""
        places: dict[int, list[Placed]] = {}
        for doubt in self.doubts():
            if folded(doubt.word) == folded(word):
                for number, place in doubt.places:
                    places.setdefault(number, []).append(place)
        return {number: self._rewritten(number, found, becomes) for number, found in places.items()}

    def replaced(self, find: str, becomes: str) -> Mapping[int, str]:
        """The new text of each recording in which `find` stands, capitals and all."""
        texts = {recording.number: self.text(recording) for recording in self.reviewable()}
        return {number: text.replace(find, becomes) for number, text in texts.items() if find and find in text}

    def _rewritten(self, number: int, places: Sequence[Placed], becomes: str) -> str:
        text = self.text(self.session.recordings[number])
        for place in sorted(places, key=lambda one: one.first, reverse=True):
            word = text[place.first : place.last]
            bare = word.rstrip(".,;:!?")
            capital = bare[:1].isupper() and becomes[:1].islower()
            written = becomes[:1].upper() + becomes[1:] if capital else becomes
            text = text[: place.first] + written + word[len(bare) :] + text[place.last :]
        return text

    def _said(self, recording: Recording) -> tuple[Sentence, ...]:
        if recording.transcript is None:
            return ()
        return prose.confirmed(self._sentences.of(recording.transcript, self.words), recording.confirmed)

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


def _turns(recordings: Sequence[Recording]) -> tuple[tuple[Recording, ...], ...]:
    """Takes of one thing together; arguments are different people, not takes of one."""
    turns: dict[object, list[Recording]] = {}
    for recording in recordings:
        own = recording.number if recording.request.purpose == "argument" else None
        turns.setdefault((recording.subject, own), []).append(recording)
    return tuple(tuple(takes) for takes in turns.values())
