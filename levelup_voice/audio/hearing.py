"""When somebody has said a phrase, and whether to believe it. Counts seconds of audio; reads no clock, knows no vosk.

Two recognisers hear the same audio. One knows only the phrases of the moment: quick, and it makes a phrase of almost
anything. The other knows the whole language: it tells whether those words were really said. Measured on generated talk:
the first alone, acting on its result at the end of an utterance, obeys several sentences an hour.

An utterance begins with a level above that of the room and ends where people fall quiet. A phrase is acted upon as soon
as the whole of what was recognised is one phrase and a quarter of a second of quiet has followed; when the phrase may
still go on ("eens negen … oneens zeven", and any sentence), after a longer quiet.

While our own voice sounds there is no quiet, and no phrase stands alone. So then only the wake name is listened for,
among the words that we are saying. Whoever says it is *calling*: our voice pauses, and what follows is an utterance of
its own, in which the name is not needed again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal, TypeAlias

LEVEL_SECONDS = 0.02
"""The length of audio for each level."""

QUIET_SECONDS = 0.24
"""Of quiet after a phrase before it is acted upon: less obeys sentences that begin like a command."""

LONG_QUIET_SECONDS = 0.6
"""After a phrase that may still go on, and after what is no phrase."""

SENTENCE_WORDS = 5
"""From so many words on a phrase is a sentence like any other, and may go on as such. People who speak slowly are quiet
for a quarter of a second within "wie is er nog niet geweest bij het rapport". Behind the wake name nobody talks on."""

BELOW_SPEECH_DB = 14.0
"""So far below the loud parts of an utterance it is quiet, whatever the room is like."""

LONGEST_SECONDS = 10.0
"""Of an utterance; the longest phrase takes three."""

PAUSE_SECONDS = 1.8
"""Of our voice, for somebody who calls: "wees even stil" begins a fifth of a second after the name and takes one."""

ONSET_LEVELS = 3
"""So many levels above the threshold within a chunk are the start of something."""

LEAST_LIKENESS = 0.6
"""Of what the free recogniser heard, letter by letter."""

LEAST_CONFIDENCE = 0.5
"""Of the least sure word. vosk is nearly always sure; this catches only the worst."""

LETTER_SECONDS = (0.025, 0.19)
"""Shortest and longest time that a letter of a phrase takes, of the quickest and the slowest who speak."""

UNKNOWN = "[unk]"

Reason: TypeAlias = Literal["obeyed", "no-phrase", "unlike", "unsure", "duration", "too-quiet", "own-voice", "babble"]
"""no-phrase: something of a phrase, but not one phrase. unlike: the free recogniser heard something else. duration:
too fast or too slow for these words. own-voice: we were saying this ourselves. babble: an answer without quiet."""


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word in an utterance, with seconds from its beginning."""

    text: str
    start: float
    end: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What may be said at a moment."""

    phrases: frozenset[str] = frozenset()
    """Whole, the wake name included where it is needed."""
    waiting: frozenset[str] = frozenset()
    """Those of them that may still go on."""
    skip: frozenset[str] = frozenset()
    wake: str = ""
    own: tuple[str, ...] = ()
    """What our own voice says meanwhile, as a recogniser would write it."""
    calling: str = ""
    """The name by which we were called a moment ago: what is left of it, and of our voice, comes before the phrase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of an utterance."""

    words: str
    """As the recogniser of phrases understood it."""
    reason: Reason
    began: float = 0.0
    """When the phrase began, in seconds from the beginning of the utterance."""
    ended: float = 0.0
    scores: Mapping[str, float] = field(default_factory=dict)
    """confidence, likeness, level (dBFS), seconds."""

    @property
    def accepted(self) -> bool:
        return self.reason == "obeyed"


class Utterance:
    """Something that is being said, followed until it is time to judge it."""

    def __init__(self, expected: Expected, threshold: float) -> None:
        """`threshold`: the level, in dBFS, above which the room is not quiet."""
        self._expected = expected
        self._threshold = threshold
        self._levels: list[float] = []

    @property
    def seconds(self) -> float:
        return len(self._levels) * LEVEL_SECONDS

    @property
    def is_long(self) -> bool:
        """It is judged for its length, whatever is under way."""
        return self.seconds >= (PAUSE_SECONDS if self._expected.calling else LONGEST_SECONDS)

    @property
    def quiet_seconds(self) -> float:
        """How long it has been quiet."""
        quiet = 0
        limit = self._quiet_limit()
        for level in reversed(self._levels):
            if level >= limit:
                break
            quiet += 1
        return quiet * LEVEL_SECONDS

    def hear(self, levels: Sequence[float], partial: str, ended: bool) -> bool:
        """Take in the next piece: its levels in dBFS, what the recogniser of phrases makes of the utterance so far, and
        whether it sees an end itself. Tells whether it is time to judge."""
        self._levels += levels
        if ended or self.is_long:
            return True
        quiet = self.quiet_seconds
        if quiet >= LONG_QUIET_SECONDS:
            return True
        phrase = self._phrase(partial.split())
        return quiet >= QUIET_SECONDS and phrase in self._expected.phrases and not self._may_go_on(phrase)

    def judge(self, heard: Sequence[HeardWord], free: Callable[[], Sequence[HeardWord]]) -> Verdict | None:
        """What both recognisers finally heard: is it a command? None: nothing that resembles one. The free one is asked
        only about a phrase."""
        words = [word.text for word in heard]
        if all(word == UNKNOWN for word in words):
            return None
        phrase = self._phrase(words)
        first = next((nth for nth, word in enumerate(words) if word != UNKNOWN), 0)
        told = f"{self._expected.calling} {phrase}".strip() if self._expected.calling else " ".join(words)
        if phrase not in self._expected.phrases:
            return Verdict(words=told, reason="no-phrase")
        spoken = heard[first:]
        began, ended = spoken[0].start, spoken[-1].end
        scores = {
            "confidence": round(min(word.confidence for word in spoken), 3),
            "likeness": round(likeness(phrase, words_during(free(), began, ended)), 3),
            "level": round(self._level(began, ended), 1),
            "seconds": round(ended - began, 2),
            "quiet": round(self.quiet_seconds, 2),
        }
        return Verdict(
            words=told,
            reason=self._reason(phrase, scores, alone=first == 0),
            began=began,
            ended=ended,
            scores=scores,
        )

    def _may_go_on(self, phrase: str) -> bool:
        is_sentence = len(phrase.split()) >= SENTENCE_WORDS and not self._called(phrase) and not self._expected.calling
        return is_sentence or phrase in self._expected.waiting

    def _called(self, phrase: str) -> bool:
        return bool(self._expected.wake) and phrase.startswith(self._expected.wake)

    def _phrase(self, words: Sequence[str]) -> str:
        """The words without polite ones; and what came before the wake name, or is left of it, is not ours to judge."""
        kept = [word for word in words if word not in self._expected.skip]
        while kept and kept[0] == UNKNOWN and (self._expected.wake or self._expected.calling):
            kept.pop(0)
        return " ".join(kept)

    def _reason(self, phrase: str, scores: Mapping[str, float], *, alone: bool) -> Reason:
        called = self._called(phrase)
        alone = alone or bool(self._expected.calling)
        letters = len(phrase.replace(" ", ""))
        shortest, longest = (letters * seconds for seconds in LETTER_SECONDS)
        command = phrase.removeprefix(self._expected.wake).strip()
        if any(contains(text, command) for text in self._expected.own):
            return "own-voice"
        if not called and (scores["quiet"] < QUIET_SECONDS or not alone):
            return "babble"
        if scores["level"] < self._threshold:
            return "too-quiet"
        if not shortest <= scores["seconds"] <= longest + (0.5 if called else 0.0):  # People pause after a name.
            return "duration"
        if scores["confidence"] < LEAST_CONFIDENCE:
            return "unsure"
        return "unlike" if scores["likeness"] < LEAST_LIKENESS else "obeyed"

    def _quiet_limit(self) -> float:
        recent = sorted(self._levels[-int(2.0 / LEVEL_SECONDS) :])
        loud = recent[int(0.9 * (len(recent) - 1))] if recent else self._threshold
        return max(self._threshold, loud - BELOW_SPEECH_DB)

    def _level(self, began: float, ended: float) -> float:
        """Of the louder half of a phrase."""
        levels = sorted(self._levels[int(began / LEVEL_SECONDS) : max(1, int(ended / LEVEL_SECONDS))], reverse=True)
        louder = levels[: max(1, len(levels) // 2)] or [-120.0]
        return sum(louder) / len(louder)


def is_onset(levels: Sequence[float], threshold: float) -> bool:
    """Whether something begins in a piece of audio with these levels."""
    return sum(level >= threshold for level in levels) >= ONSET_LEVELS


def likeness(phrase: str, free: Sequence[str]) -> float:
    """How much of a phrase and of what was heard freely is the same, letter by letter: 1 is all of both.

    Letters, because the free recogniser may write a word that it does not know as two that it does.
    """
    one, other = phrase.replace(" ", ""), "".join(word for word in free if word != UNKNOWN)
    if not one or not other:
        return 0.0
    same = sum(block.size for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())
    return 2 * same / (len(one) + len(other))


def words_of(result: Mapping[str, Any]) -> list[HeardWord]:
    """The words of a result as vosk gives it."""
    return [HeardWord(word["word"], word["start"], word["end"], word["conf"]) for word in result.get("result", [])]


def words_during(free: Sequence[HeardWord], began: float, ended: float) -> list[str]:
    """The words of which the middle lies in a stretch, give or take a syllable."""
    return [word.text for word in free if began - 0.1 <= (word.start + word.end) / 2 <= ended + 0.1]


def contains(text: str, phrase: str) -> bool:
    """Whether these words stand in a text."""
    return f" {phrase} " in f" {text} "
