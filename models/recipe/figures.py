"""What is measured of a model, as a table and as benchmarks."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path

from bench.measure import Benchmark, Result

from .espeak import Synthesiser
from .evaluation import (
    CONDITIONS,
    GROUPS,
    SENTENCES,
    Ear,
    Effort,
    Mistaken,
    Speakers,
    Unknown,
    accuracy,
    dictation,
    exactness,
    false_commands,
    meanings,
    mistaken,
    obedience,
    strangeness,
    upper_bound,
    word_error_rate,
)
from .sentences import Summaries
from .sound import as_pcm
from .vocabulary import lines

SEED = 3
COUNTED_PHRASES = 12
"""How many phrases with a number are asked for of each kind of command; of those without one, all are."""
SENTENCE_VOICES, PHRASE_VOICES = 1, 16
"""How many voices say each sentence and each phrase; they take turns. All eight of the held-out ones say each phrase
twice: at 97 % of 3088 the standard error is 0.3 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One group of voices under one condition."""

    voices: str
    condition: str
    words: int
    word_error_rate: float
    commands: int
    accuracy: float
    exactness: float
    mistaken: float

    def __str__(self) -> str:
        return (
            f"| {self.voices} | {self.condition} | {self.word_error_rate:.1f} % of {self.words} | "
            f"{self.accuracy:.1f} % of {self.commands} | {self.exactness:.1f} % | {self.mistaken:.1f} % |"
        )


HEADING = (
    "| voices | surroundings | dictation: words wrong | commands: right | word for word | taken for another |\n"
    "|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Cost:
    load_seconds: float
    real_time_factor: float
    megabytes: float
    """On the disk."""
    resident: float
    """Megabytes in memory of a process that does nothing else."""


def asked() -> list[str]:
    """The phrases of the evaluation."""
    counted: dict[tuple[object, ...], list[str]] = {}
    plain = []
    for words, commands in meanings().items():
        stressed = " ".join("één" if word == "een" else word for word in words.split())
        if words != stressed and stressed in meanings():
            continue  # The same phrase in another spelling.
        (command, *_) = sorted(commands, key=repr)
        numbers = {name: value for name, value in asdict(command).items() if type(value) in (int, float)}
        if numbers:
            kind = (type(command), *numbers, *(value < 0 for value in numbers.values()))
            counted.setdefault(kind, []).append(words)
        else:
            plain.append(words)
    draw = random.Random(SEED)
    return sorted([*plain, *(words for kind in counted.values() for words in draw.sample(kind, COUNTED_PHRASES))])


def rows(model: Path, groups: Sequence[str], conditions: Sequence[str], sentences: int, workers: int) -> Iterator[Row]:
    """One after the other, of the groups whose voices are installed; each is some minutes of work for a process."""
    synthesiser = Synthesiser()
    there = [group for group in groups if all(map(synthesiser.has, GROUPS[group]))]
    asked_for = list(product(there, conditions))
    with _processes(workers) as pool:
        yield from pool.map(partial(_row, model, sentences), *zip(*asked_for, strict=True))


def _row(model: Path, sentences: int, group: str, condition: str) -> Row:
    ear, speakers = Ear(model), Speakers(Synthesiser(), group, SEED)
    texts = lines(SENTENCES[group])[:sentences]
    heard = dictation(ear, speakers, texts, condition, SENTENCE_VOICES)
    obeyed = obedience(ear, speakers, asked(), condition, PHRASE_VOICES)
    words = sum(len(each.said.split()) for each in heard)
    return Row(
        voices=group,
        condition=condition,
        words=words,
        word_error_rate=word_error_rate(heard),
        commands=len(obeyed),
        accuracy=accuracy(obeyed),
        exactness=exactness(obeyed),
        mistaken=mistaken(obeyed),
    )


def _processes(workers: int) -> ProcessPoolExecutor:
    """Each new: espeak-ng keeps its state in globals."""
    return ProcessPoolExecutor(workers, get_context("spawn"))


def cost(model: Path) -> Cost:
    """Of loading, and of taking down held-out summaries in quiet, on one core."""
    ear, speakers, sentences = Ear(model), Speakers(Synthesiser(), "held-out", SEED), lines("held_out.txt")[:20]
    ear.effort = Effort()
    dictation(ear, speakers, sentences, "clean", 1)
    factor = ear.effort.work_seconds / ear.effort.audio_seconds
    return Cost(ear.load_seconds, factor, megabytes(model), resident(model, speakers, sentences))


def strange(model: Path) -> Unknown:
    return strangeness(Ear(model), Speakers(Synthesiser(), "held-out", SEED))


def resident(model: Path, speakers: Speakers, sentences: Sequence[str]) -> float:
    """Megabytes in memory of a process that takes down these sentences."""
    said = b"".join(as_pcm(speakers.say(sentence, speakers.names[0], "clean")).tobytes() for sentence in sentences)
    listening = [sys.executable, "-m", f"{__package__}.listening", str(model)]
    return float(subprocess.run(listening, input=said, capture_output=True, check=True).stdout)


def megabytes(folder: Path) -> float:
    """On the disk."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


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
    speakers = Speakers(Synthesiser(), "held-out", seed)
    draw, held_out = random.Random(seed), lines("held_out.txt")
    others = Summaries(draw)
    return false_commands(
        Ear(model), speakers, lambda: draw.choice(held_out) if draw.random() < 0.5 else others.sentence(), 1.0
    )


def benchmarks(table: Sequence[Row], price: Cost, unknown: Unknown, heard_in_talk: Mistaken | None) -> list[Result]:
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
        _result("model_resident_mb", "MB", 120, price.resident),
        _result("unknown_words_rejected_pct", "%", 100, unknown.rejected),
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
