"""A transcript as people write it: sentences, capitals, numbers, and marks where the recogniser was not sure.

Nothing is made up: every piece knows the words it was made of. What is true of one language comes from its catalogue.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from .catalogue import Catalogue
from .plan import Seconds
from .transcript import UNKNOWN, Transcript, Word

SENTENCE_PAUSE: Seconds = 0.40
"""A silence this long ends a sentence. Measured between words of synthetic Dutch at 130 to 160 words a minute: 0.33 to
0.57 s after a full stop, 0.12 to 0.33 s after a comma. People pause longer, at the end of a sentence and within it: a
full stop too many is read over more easily than one too few in the words of someone who speaks on."""

THINKING_PAUSE: Seconds = 1.20
"""Only this long a silence ends a sentence after a word that leads on ("en", "omdat"): people stop there to think."""

DOUBTFUL = 0.60
"""A word below this confidence is marked. What a recogniser is sure of, it rates 0.9 to 1; at 0.6 another word was
nearly as likely."""

NOT_UNDERSTOOD = 0.50
"""A transcript with a lower mean confidence is not worth reading: one word in two is a guess."""

MOST_UNKNOWN = 0.34
"""Nor is one of which more words than this were none of the recogniser's: a third of the sense is missing."""

FIRST_IN_DIGITS = 21
"""Dutch and English writing advice: up to twenty in words, and so are round tens; larger ones in digits."""

_LONGEST_NUMBER = 3
"""Words that one number may be heard as: "drie en twintig"."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A written word, and what was heard of it."""

    text: str
    doubtful: bool
    words: tuple[Word, ...]
    gap: bool = False
    """Nothing could be made of these words; the text is the mark for it."""

    @property
    def start(self) -> Seconds:
        return self.words[0].start

    @property
    def end(self) -> Seconds:
        return self.words[-1].end


@dataclass(frozen=True, slots=True)
class Sentence:
    """Never empty. Its text ends with a full stop, which is no part of its words."""

    words: tuple[Spoken, ...]

    @property
    def start(self) -> Seconds:
        return self.words[0].start

    @property
    def end(self) -> Seconds:
        return self.words[-1].end

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words) + "."


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one language is written; worked out once, it serves any number of transcripts."""

    leads_on: frozenset[str]
    """Words that no sentence ends with."""
    written: Mapping[str, str]
    """How what was heard is written, by its words folded together."""
    beginnings: frozenset[str]
    """What those words may begin with: few words do, and the others need no looking up."""
    gap: str
    """Stands for what was not understood."""


def spelling(words: Catalogue) -> Spelling:
    """Of the language of this catalogue."""
    written = {folded(name): name for name in words.text("notes.names").split()}
    # What our voice is taught to say is also how people say it: "drie punt nul" is 3.0.
    written |= {folded(said): name for name, said in words.respell if name[0].isdigit()}
    written |= {
        folded(name): str(number)
        for number, name in enumerate(words.numbers)
        if number >= FIRST_IN_DIGITS and number % 10
    }
    beginnings = frozenset(name[:length] for name in written for length in range(len(name) + 1))
    return Spelling(frozenset(words.text("notes.leads_on").split()), written, beginnings, words.text("notes.gap"))


def sentences(transcript: Transcript, spelling: Spelling) -> tuple[Sentence, ...]:
    """Everything that was heard, in order, as sentences."""
    return tuple(
        Sentence(_capitalised(tuple(_written(heard, spelling))))
        for heard in _split(transcript.words, spelling.leads_on)
    )


def is_understood(transcript: Transcript) -> bool:
    """Whether the words are worth showing. Without any word there is nothing to understand."""
    if not transcript.words:
        return False
    unknown = sum(word.text == UNKNOWN for word in transcript.words) / len(transcript.words)
    return transcript.confidence >= NOT_UNDERSTOOD and unknown <= MOST_UNKNOWN


def confirmed(said: Sequence[Sentence], right: Collection[str]) -> tuple[Sentence, ...]:
    """The same, without doubt about the words that a person has found to be right (as `folded` gives them)."""
    if not right:
        return tuple(said)
    return tuple(
        Sentence(
            tuple(
                replace(word, doubtful=False) if word.doubtful and folded(word.text) in right else word
                for word in sentence.words
            )
        )
        for sentence in said
    )


def is_doubtful(word: Word) -> bool:
    return word.confidence < DOUBTFUL


def _split(words: Sequence[Word], leads_on: frozenset[str]) -> Iterator[tuple[Word, ...]]:
    sentence: list[Word] = []
    for word in words:
        if sentence:
            pause = THINKING_PAUSE if sentence[-1].text in leads_on else SENTENCE_PAUSE
            if word.start - sentence[-1].end >= pause:
                yield tuple(sentence)
                sentence = []
        sentence.append(word)
    if sentence:
        yield tuple(sentence)


def _written(heard: Sequence[Word], spelling: Spelling) -> Iterator[Spoken]:
    position = 0
    while position < len(heard):
        length = _unknown(heard, position)
        if length:
            words = tuple(heard[position : position + length])
            yield Spoken(spelling.gap, False, words, gap=True)
        else:
            text, length = _spelled(heard, position, spelling)
            words = tuple(heard[position : position + length])
            yield Spoken(text, any(is_doubtful(word) for word in words), words)
        position += length


def _unknown(heard: Sequence[Word], position: int) -> int:
    """How many words from here on are unknown."""
    length = 0
    while position + length < len(heard) and heard[position + length].text == UNKNOWN:
        length += 1
    return length


def _spelled(heard: Sequence[Word], position: int, spelling: Spelling) -> tuple[str, int]:
    """The longest run of words from here on that is written in its own way, else one word as it was heard."""
    if folded(heard[position].text) not in spelling.beginnings:
        return heard[position].text, 1
    for length in range(min(_LONGEST_NUMBER, len(heard) - position), 0, -1):
        run = "".join(word.text for word in heard[position : position + length])
        if (written := spelling.written.get(folded(run))) is not None:
            return written, length
    return heard[position].text, 1


def _capitalised(spoken: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
    first = spoken[0]
    if first.gap:
        return spoken
    return (Spoken(first.text[:1].upper() + first.text[1:], first.doubtful, first.words), *spoken[1:])


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """Letters and digits alone, without accents: "drieëntwintig" and "drie en twintig" are one."""
    return "".join(character for character in unicodedata.normalize("NFKD", text.lower()) if character.isalnum())
