"""What is measured of a model, as a table and as benchmarks."""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path

from bench.measure import Benchmark, Result

from .espeak import Synthesiser
from .evaluation import (
    CONDITIONS,
    GROUPS,
    Ear,
    Effort,
    Mistaken,
    Speakers,
    accuracy,
    all_phrases,
    dictation,
    false_commands,
    mistaken,
    obedience,
    upper_bound,
    word_error_rate,
)
from .sentences import Summaries
from .steps import megabytes
from .vocabulary import lines, plain_commands

SEED = 3
COUNTED_PHRASES = 120
"""How many of the phrases with a number are asked for; of those without one, all are."""
SENTENCE_VOICES, PHRASE_VOICES = 1, 8
"""How many voices say each sentence and each phrase; they take turns. All of the held-out ones say each phrase."""


@dataclass(frozen=True, slots=True)
class Row:
    """One group of voices under one condition."""

    voices: str
    condition: str
    words: int
    word_error_rate: float
    commands: int
    accuracy: float
    mistaken: float

    def __str__(self) -> str:
        return (
            f"| {self.voices} | {self.condition} | {self.word_error_rate:.1f} % of {self.words} | "
            f"{self.accuracy:.1f} % of {self.commands} | {self.mistaken:.1f} % |"
        )


HEADING = (
    "| voices | surroundings | dictation: words wrong | commands: exactly right | taken for another |\n"
    "|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Cost:
    load_seconds: float
    real_time_factor: float
    megabytes: float


def asked() -> list[str]:
    """The phrases of the evaluation."""
    phrases = list(all_phrases())
    return sorted(set(random.Random(SEED).sample(phrases, COUNTED_PHRASES)) | set(plain_commands()))


def rows(model: Path, groups: Sequence[str], conditions: Sequence[str], sentences: int, workers: int) -> Iterator[Row]:
    """One after the other, of the groups whose voices are installed; each is some minutes of work for a process."""
    synthesiser = Synthesiser()
    there = [group for group in groups if all(map(synthesiser.has, GROUPS[group]))]
    asked_for = list(product(there, conditions))
    with _processes(workers) as pool:
        yield from pool.map(partial(_row, model, sentences), *zip(*asked_for, strict=True))


def _row(model: Path, sentences: int, group: str, condition: str) -> Row:
    ear, speakers = Ear(model), Speakers(Synthesiser(), GROUPS[group], SEED)
    texts = lines("development.txt" if group == "development" else "held_out.txt")[:sentences]
    heard = dictation(ear, speakers, texts, condition, SENTENCE_VOICES)
    obeyed = obedience(ear, speakers, asked(), condition, PHRASE_VOICES)
    words = sum(len(each.said.split()) for each in heard)
    return Row(group, condition, words, word_error_rate(heard), len(obeyed), accuracy(obeyed), mistaken(obeyed))


def _processes(workers: int) -> ProcessPoolExecutor:
    """Each new: espeak-ng keeps its state in globals."""
    return ProcessPoolExecutor(workers, get_context("spawn"))


def cost(model: Path) -> Cost:
    """Of loading, and of taking down held-out summaries in quiet, on one core."""
    ear = Ear(model)
    ear.effort = Effort()
    dictation(ear, Speakers(Synthesiser(), GROUPS["held-out"], SEED), lines("held_out.txt")[:20], "clean", 1)
    factor = ear.effort.work_seconds / ear.effort.audio_seconds
    return Cost(ear.load_seconds, factor, megabytes(model))


def talk(model: Path, hours: int, workers: int) -> Mistaken:
    """What is taken for a command when held-out voices talk: sentences of the evaluation, and others of their kind."""
    with _processes(workers) as pool:
        each = list(pool.map(partial(_hour_of_talk, model), range(SEED, SEED + hours)))
    return Mistaken(
        hours=sum(hour.hours for hour in each),
        phrases=sum(hour.phrases for hour in each),
        commands=sum(hour.commands for hour in each),
    )


def _hour_of_talk(model: Path, seed: int) -> Mistaken:
    speakers = Speakers(Synthesiser(), GROUPS["held-out"], seed)
    draw, held_out = random.Random(seed), lines("held_out.txt")
    others = Summaries(draw)
    return false_commands(
        Ear(model), speakers, lambda: draw.choice(held_out) if draw.random() < 0.5 else others.sentence(), 1.0
    )


def benchmarks(table: Sequence[Row], price: Cost, heard_in_talk: Mistaken | None) -> list[Result]:
    """As `make bench` keeps them."""
    by_condition = {row.condition: row for row in table if row.voices == "held-out"}
    clean, babble = by_condition["clean"], by_condition["babble"]
    results = [
        _result("command_accuracy_clean_pct", "%", 99, clean.accuracy),
        _result("command_accuracy_10db_pct", "%", 97, babble.accuracy),
        _result("dictation_wer_clean_pct", "%", 8, clean.word_error_rate),
        _result("dictation_wer_10db_pct", "%", 15, babble.word_error_rate),
        _result("model_load_s", "s", 0.3, price.load_seconds),
        _result("model_rtf", "", 0.05, price.real_time_factor),
        _result("model_mb", "MB", 12, price.megabytes),
    ]
    if heard_in_talk:
        bound = upper_bound(heard_in_talk.commands) / heard_in_talk.hours
        results.append(_result("false_commands_per_hour", "/h", 0.5, bound))
    return results


def _result(name: str, unit: str, aim: float, value: float) -> Result:
    return Result(Benchmark(name=name, unit=unit, aim=aim, measure=_once(value)), (value,))


def _once(value: float) -> Callable[[], Sequence[float]]:
    return lambda: (value,)


ALL_GROUPS = ("held-out", "klatt", "diphones")
ALL_CONDITIONS = tuple(CONDITIONS)
