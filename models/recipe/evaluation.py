"""How well a model hears what it was not made from: held-out sentences, voices and surroundings, through vosk itself.

Word error rates are jiwer's. Both texts are in lower case and without punctuation; numbers are words, as they are
spoken; `[unk]` counts as a word that is wrong. A command is right when the whole result is a phrase of the product, and
no more, that means what was asked for: "volgende vraag" for "de volgende vraag" too.
"""

import functools
import json
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import jiwer
import numpy as np
import vosk

from levelup_voice.audio.hearing import LEAST_LIKENESS, HeardWord, likeness, words_during, words_of
from levelup_voice.files.phrases import load_phrases
from levelup_voice.session.commands import Command
from levelup_voice.session.phrases import pairs_covered, weight

from .espeak import Manner, Synthesiser
from .rooms import Readings, babbling, in_classroom, rustling
from .sound import RATE, Sound, as_pcm, at_peak, in_silence, resampled
from .vocabulary import UNKNOWN, in_words, lines
from .voices import DEVELOPMENT, DIPHONES, HELD_OUT, HELD_OUT_KLATT, variants

MARGIN_SECONDS = 0.5
PIECE_SECONDS = 0.1
"""Of audio at a time, as from a microphone."""
DECIBELS = 10.0
"""Mean power from the first to the last sample of speech, over that of the noise."""
LOUDEST_DBFS, SOFTEST_DBFS = -3.0, -20.0
FLOOR = 2.0
"""Standard deviation of the noise of the converter, in steps of 16 bits."""
BABBLED_SENTENCES = 5
"""Of each voice."""

Condition: TypeAlias = Callable[[Sound, Sequence[Readings], np.random.Generator], Sound]

CONDITIONS: dict[str, Condition] = {
    "clean": lambda sound, others, draw: sound,
    "babble": lambda sound, others, draw: babbling(sound, others, DECIBELS, draw),
    "noise": lambda sound, others, draw: rustling(sound, others, DECIBELS, draw),
    "room": lambda sound, others, draw: in_classroom(sound, draw),
}

GROUPS = {
    "held-out": variants(HELD_OUT),
    "klatt": variants(HELD_OUT_KLATT),
    "diphones": (DIPHONES,),
    "development": variants(DEVELOPMENT),
}
"""Voices, by the names that espeak-ng knows them by."""

AROUND = {
    "held-out": (*GROUPS["held-out"], *GROUPS["klatt"]),
    "klatt": (*GROUPS["klatt"], *GROUPS["held-out"]),
    "diphones": (*GROUPS["held-out"], *GROUPS["klatt"]),
    "development": GROUPS["development"],
}
"""Who babbles around whom: never the one who speaks."""

SENTENCES = {group: "development.txt" if group == "development" else "held_out.txt" for group in GROUPS}
"""What is read, and babbled; settings are chosen on other sentences than are reported."""


@dataclass(frozen=True, slots=True)
class Heard:
    said: str
    text: str


@dataclass(slots=True)
class Effort:
    audio_seconds: float = 0.0
    work_seconds: float = 0.0


class Ear:
    """A model that listens through vosk."""

    def __init__(self, folder: Path) -> None:
        vosk.SetLogLevel(-1)
        began = time.perf_counter()
        self._model = vosk.Model(model_path=str(folder))
        self.load_seconds = time.perf_counter() - began
        self.effort = Effort()

    def results(self, sound: Sound, phrases: Sequence[str] = ()) -> list[dict[str, Any]]:
        """What vosk gives out for each utterance. phrases: a grammar for it; none: any words."""
        grammar = [json.dumps([*phrases, UNKNOWN], ensure_ascii=False)] if phrases else []
        recogniser = vosk.KaldiRecognizer(self._model, RATE, *grammar)
        recogniser.SetWords(True)
        pcm = as_pcm(sound).tobytes()
        size = int(PIECE_SECONDS * RATE) * 2
        began = time.process_time()
        results = [
            json.loads(recogniser.Result())
            for at in range(0, len(pcm), size)
            if recogniser.AcceptWaveform(pcm[at : at + size])
        ]
        results.append(json.loads(recogniser.FinalResult()))
        self.effort.work_seconds += time.process_time() - began
        self.effort.audio_seconds += len(sound) / RATE
        return [result for result in results if result["text"]]

    def text(self, sound: Sound, phrases: Sequence[str] = ()) -> str:
        return " ".join(result["text"] for result in self.results(sound, phrases))


class Speakers:
    """A group of voices who read, and what others say meanwhile."""

    def __init__(self, synthesiser: Synthesiser, group: str, seed: int) -> None:
        self._synthesiser = synthesiser
        self.names = GROUPS[group]
        self._random = random.Random(seed)
        self._draw = np.random.default_rng(seed)
        self._around = {name: self._readings(name, lines(SENTENCES[group])) for name in AROUND[group]}

    def say(self, text: str, name: str, condition: str) -> Sound:
        """The text under that condition, with silence before and after, at some level."""
        sound = in_silence(self._read(text, name), MARGIN_SECONDS, MARGIN_SECONDS)
        others = [readings for other, readings in self._around.items() if other != name]
        sound = CONDITIONS[condition](sound, others, self._draw)
        sound = at_peak(sound, self._random.uniform(SOFTEST_DBFS, LOUDEST_DBFS))
        return sound + self._draw.standard_normal(len(sound), dtype=np.float32) * np.float32(FLOOR)

    def _read(self, text: str, name: str) -> Sound:
        pick = self._random
        manner = Manner(pick.choice((135, 150, 165, 185)), pick.randint(25, 75), pick.randint(30, 75))
        spoken = self._synthesiser.speak(f"{text}.", name, manner)
        return resampled(spoken.samples, spoken.rate)

    def _readings(self, name: str, sentences: Sequence[str]) -> Readings:
        return [self._read(sentence, name) for sentence in self._random.sample(sentences, BABBLED_SENTENCES)]


def dictation(ear: Ear, speakers: Speakers, sentences: Sequence[str], condition: str, each: int) -> list[Heard]:
    """Every sentence by so many voices, with any words allowed."""
    return list(_asked(ear, speakers, sentences, condition, each, ()))


def obedience(ear: Ear, speakers: Speakers, phrases: Sequence[str], condition: str, each: int) -> list[Heard]:
    """Every phrase by so many voices, with all that the product knows allowed."""
    return list(_asked(ear, speakers, phrases, condition, each, grammar()))


@functools.cache
def meanings() -> Mapping[str, frozenset[Command]]:
    """Every phrase of the product, and what it means; more than one thing where these are never possible at once."""
    meant: dict[str, set[Command]] = {}
    for phrase in load_phrases("nl").phrases:
        meant.setdefault(phrase.words, set()).add(phrase.command)
    return {words: frozenset(commands) for words, commands in meant.items()}


@functools.cache
def grammar() -> tuple[str, ...]:
    """All phrases at once, as the program hands them over."""
    book = load_phrases("nl")
    others = (*book.decoys, *sorted(book.skip), book.wake)
    return (*pairs_covered(tuple(meanings())), *others, *weight(book.ballast))


@dataclass(frozen=True, slots=True)
class Unknown:
    """What became of words that the model does not know."""

    count: int
    rejected: float
    """Percent of which `[unk]` was written, for all of it or for a part: nobody takes that for what was said."""
    commands: float
    """Percent that was taken for a command where only commands were possible."""


def strangeness(ear: Ear, speakers: Speakers) -> Unknown:
    """Unknown words in the middle of a sentence, and alone where a command may come."""
    rejected = commands = 0
    words = lines("unknown.txt")
    for number, word in enumerate(words):
        name = speakers.names[number % len(speakers.names)]
        rejected += UNKNOWN in ear.text(speakers.say(f"wij praten over {word} met de ouders", name, "clean"))
        commands += ear.text(speakers.say(word, name, "clean"), grammar()) in meanings()
    return Unknown(len(words), 100 * rejected / len(words), 100 * commands / len(words))


def _asked(
    ear: Ear, speakers: Speakers, texts: Sequence[str], condition: str, each: int, phrases: Sequence[str]
) -> Iterator[Heard]:
    for place, text in enumerate(texts):
        for turn in range(each):
            name = speakers.names[(place * each + turn) % len(speakers.names)]
            yield Heard(text, ear.text(speakers.say(text, name, condition), phrases))


def word_error_rate(heard: Sequence[Heard]) -> float:
    """Percent of the words said: substituted, left out and put in."""
    said = [" ".join(in_words(each.said)) for each in heard]
    text = [" ".join(in_words(each.text)) for each in heard]
    rate: float = jiwer.wer(said, text)
    return 100 * rate


def accuracy(heard: Sequence[Heard]) -> float:
    """Percent of which the right command was heard."""
    return 100 * sum(_is_right(each) for each in heard) / len(heard)


def exactness(heard: Sequence[Heard]) -> float:
    """Percent that was heard word for word; "een" may stand for "één"."""
    return 100 * sum(_unstressed(each.said) == _unstressed(each.text) for each in heard) / len(heard)


def mistaken(heard: Sequence[Heard]) -> float:
    """Percent of which another command was heard: worse than none."""
    return 100 * sum(each.text in meanings() and not _is_right(each) for each in heard) / len(heard)


def _is_right(heard: Heard) -> bool:
    return bool(meanings().get(heard.text, frozenset()) & meanings()[heard.said])


def _unstressed(text: str) -> str:
    return text.replace("één", "een")


@dataclass(frozen=True, slots=True)
class Mistaken:
    """What was taken for a command in talk that held none."""

    hours: float
    phrases: int
    """Results that are a whole phrase; all are possible at once."""
    commands: int
    """Those of them that free decoding of the same audio agrees with, as the program asks of it."""


def false_commands(ear: Ear, speakers: Speakers, sentences: Callable[[], str], hours: float) -> Mistaken:
    """Listen to talk for at least so many hours: a quarter of it in quiet, half in babble, a quarter across a room."""
    phrases, commands, seconds, turn = 0, 0, 0.0, 0
    while seconds < 3600 * hours:
        talk = ". ".join(sentences() for _ in range(5))
        condition = ("clean", "babble", "room", "babble")[turn % 4]
        sound = speakers.say(talk, speakers.names[turn % len(speakers.names)], condition)
        heard = [result for result in ear.results(sound, grammar()) if result["text"] in meanings()]
        if heard:
            free = words_of({"result": [word for result in ear.results(sound) for word in result.get("result", [])]})
            agreed = [result for result in heard if _agrees(result, free)]
            phrases, commands = phrases + len(heard), commands + len(agreed)
        seconds += len(sound) / RATE
        turn += 1
    return Mistaken(seconds / 3600, phrases, commands)


def _agrees(result: dict[str, Any], free: Sequence[HeardWord]) -> bool:
    words = words_of(result)
    meanwhile = words_during(free, words[0].start, words[-1].end)
    return likeness(result["text"], meanwhile) >= LEAST_LIKENESS


def upper_bound(count: int) -> float:
    """Of the mean of a Poisson count, with 95 % certainty: 3.0 for none (found by halving)."""
    low, high = float(count), float(count) + 10 * math.sqrt(count + 3)
    for _ in range(60):
        middle = (low + high) / 2
        terms, term = 0.0, math.exp(-middle)
        for number in range(count + 1):
            terms += term
            term *= middle / (number + 1)
        low, high = (middle, high) if terms > 0.05 else (low, middle)
    return high
