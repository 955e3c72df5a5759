"""How well and how fast commands are heard, and how often something is heard that nobody asked for.

Everything is measured beside the plain way: one grammar with all phrases and `[unk]`, acting on its final result.
"""

import functools
import json
import math
import random
import resource
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from levelup_voice.audio.chunks import CHUNK_BYTES, FRAME, RATE
from levelup_voice.audio.hearing import UNKNOWN
from levelup_voice.audio.listen_worker import Ears, Free, load
from levelup_voice.audio.listener import request_for
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import load_plan
from levelup_voice.files.data import models_folder
from levelup_voice.files.models import best_model, user_models_folder
from levelup_voice.files.phrases import load_phrases
from levelup_voice.session.allowed import ALLOWED, Kind
from levelup_voice.session.commands import Command
from levelup_voice.session.listening import BARGE_IN, Listening
from levelup_voice.session.phrases import Phrasebook, bare, pairs_covered
from levelup_voice.session.state import Situation
from levelup_voice.session.wording import everything_said
from tests.audio.barge_in import LEVELS, Outcome, interrupt

from .measure import Benchmark
from .talk import pcm, room_noise, say, some_voice, talk

Way: TypeAlias = Literal["careful", "plain"]

COMMANDS = 200
SITUATIONS: tuple[Situation, ...] = ("ready", "reading", "voting", "talking", "harvesting", "recording", "paused")

INTERRUPTIONS = 200

THRESHOLD = -50.0


class Careful:
    """The listener's own ears, in this process."""

    def __init__(self, book: Phrasebook, own: Ears | None = None) -> None:
        self._ears = own or ears()
        self._book = book
        self.words = ""
        """Of the last command."""
        self._expected: Mapping[str, Command] = {}
        self.is_called = False
        """Our own voice would pause now."""

    def expect(self, listening: Listening) -> None:
        self._expected = self._book.expected(listening.commands, listening.answers)
        self._ears.answer(request_for(self._book, listening), b"")

    def hear(self, chunk: bytes) -> Command | None:
        answer = self._ears.answer({"do": "hear"}, chunk)
        self.is_called = "called" in answer
        verdict = answer.get("verdict")
        if verdict is None or verdict["reason"] != "obeyed":
            return None
        self.words = verdict["words"]
        return self._expected.get(bare(self.words.replace(UNKNOWN, ""), self._book.skip))

    def forget(self) -> None:
        self._ears.answer({"do": "forget"}, b"")


class Plain:
    """One global grammar, and its final result."""

    def __init__(self, book: Phrasebook) -> None:
        import vosk

        self._expected = book.expected({kind for kinds in ALLOWED.values() for kind in kinds})
        self._grammar = json.dumps([*pairs_covered(self._expected), UNKNOWN], ensure_ascii=False)
        self._new: Any = lambda: vosk.KaldiRecognizer(ears()._model, RATE, self._grammar)
        self._recogniser = self._new()

    def hear(self, chunk: bytes) -> Command | None:
        if not self._recogniser.AcceptWaveform(chunk):
            return None
        return self._expected.get(json.loads(self._recogniser.Result())["text"])

    def forget(self) -> None:
        self._recogniser = self._new()


def model_folder() -> Path:
    model = best_model("nl", [user_models_folder()], models_folder())
    assert model is not None
    return model.path


@functools.cache
def ears(free: type[Free] = Free) -> Ears:
    return load(model_folder(), THRESHOLD, free)


@dataclass(frozen=True, slots=True)
class Asked:
    """One spoken command and what came of it."""

    wanted: Command
    heard: Command | None
    latency_ms: float
    """From its last sample to the end of the chunk in which it was understood."""


def ears_of(way: Way, book: Phrasebook) -> "Careful | Plain":
    return Careful(book) if way == "careful" else Plain(book)


@functools.cache
def asked(way: Way) -> tuple[Asked, ...]:
    """Commands in several voices, speeds and levels, each after the wake name, in a moment in which it makes sense."""
    book = load_phrases("nl")
    ears, draw = ears_of(way, book), random.Random(11)
    return tuple(_ask(ears, book, draw) for _ in range(COMMANDS))


def _ask(ears: Careful | Plain, book: Phrasebook, draw: random.Random) -> Asked:
    kinds = ALLOWED[draw.choice(SITUATIONS)]
    by_kind: dict[Kind, list[str]] = {}
    for words, command in book.expected(kinds).items():
        by_kind.setdefault(type(command), []).append(words)
    kind = draw.choice(sorted(by_kind, key=lambda one: one.__name__))
    words = draw.choice(by_kind[kind])
    if isinstance(ears, Careful):
        ears.expect(Listening(kinds))
    said = say(words.replace(f"{book.wake} ", f"{book.wake}, "), *some_voice(draw))
    lead = draw.uniform(0.4, 0.9)
    sound = said.sound * 10 ** (draw.uniform(-12, 4) / 20)
    frames = room_noise(lead + said.seconds + 1.8).copy()
    first = int(lead * RATE)
    frames[first : first + len(sound)] += sound
    understood = ((at, heard) for at, chunk in chunks(pcm(frames)) if (heard := ears.hear(chunk)) is not None)
    at, heard = next(understood, (0, None))
    ears.forget()
    return Asked(book.expected(kinds)[words], heard, (at - first - len(sound)) / RATE * 1000)


def chunks(audio: bytes) -> Iterator[tuple[int, bytes]]:
    """Pieces as a microphone delivers them, each with the number of frames until its end."""
    for begin in range(0, len(audio), CHUNK_BYTES):
        chunk = audio[begin : begin + CHUNK_BYTES]
        yield (begin + len(chunk)) // FRAME, chunk


def latencies(way: Way) -> list[float]:
    return [one.latency_ms for one in asked(way) if one.heard == one.wanted]


def missed_pct(way: Way) -> list[float]:
    return [100 * sum(one.heard is None for one in asked(way)) / COMMANDS]


def wrong_pct(way: Way) -> list[float]:
    return [100 * sum(one.heard not in (None, one.wanted) for one in asked(way)) / COMMANDS]


def self_commands() -> list[float]:
    """Commands heard in all that we say ourselves, from a loudspeaker at 0, -6 and -12 dB into the microphone."""
    words = load_catalogue("nl")
    said = [text for text in words.texts if text.startswith("say.")]
    texts = {*everything_said(load_plan("level-up"), words, 26), *(words.texts[key] for key in said)}
    book = load_phrases("nl")
    ears = Careful(book)
    count = 0
    for text in sorted(texts)[::2]:
        own = say(text.replace("{", "").replace("}", ""), "nl")
        for below in (0.0, -6.0, -12.0):
            ears.expect(Listening(BARGE_IN, speaking=(text,), aloud=True))
            frames = np.concatenate([own.sound * 10 ** (below / 20), np.zeros(RATE, np.float32)])
            count += sum(ears.hear(chunk) is not None for _, chunk in chunks(pcm(frames)))
            ears.forget()
    return [float(count)]


@functools.cache
def interruptions(below: float) -> tuple[Outcome, ...]:
    """Of what we say, by somebody beside whose voice ours is so loud at the microphone."""
    draw = random.Random(7)
    return tuple(interrupt(ears(), below, draw) for _ in range(INTERRUPTIONS))


def barge_in_missed_pct(below: float) -> list[float]:
    return [100 * sum(not one.obeyed for one in interruptions(below)) / INTERRUPTIONS]


def barge_in_latency_ms() -> list[float]:
    return [1000 * one.latency for below in LEVELS for one in interruptions(below) if one.obeyed]


def listening_cpu_pct() -> list[float]:
    """Of one core, while somebody talks without end: the most that it takes."""
    ears = Careful(load_phrases("nl"))
    ears.expect(Listening(ALLOWED["talking"]))
    audio = b"".join(talk(60.0, seed=5))
    before = _cpu()
    for _, chunk in chunks(audio):
        ears.hear(chunk)
    ears.forget()
    return [100 * (_cpu() - before) / (len(audio) / FRAME / RATE)]


def upper_bound(count: int) -> float:
    """The largest mean of a Poisson distribution for which so few still happen in one case of twenty."""
    low, high = 0.0, 10.0 + 3 * count
    while high - low > 1e-6:
        mean = (low + high) / 2
        chance = sum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(count + 1))
        low, high = (mean, high) if chance > 0.05 else (low, mean)
    return high


def p95(runs: Sequence[float]) -> float:
    return sorted(runs)[round(0.95 * (len(runs) - 1))]


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _heard(prefix: str, way: Way) -> tuple[Benchmark, ...]:
    return (
        Benchmark(name=f"{prefix}decision_latency_p50_ms", unit="ms", aim=350, measure=lambda: latencies(way)),
        Benchmark(
            name=f"{prefix}decision_latency_p95_ms", unit="ms", aim=500, measure=lambda: latencies(way), value=p95
        ),
        Benchmark(name=f"{prefix}missed_commands_pct", unit="%", aim=2, measure=lambda: missed_pct(way)),
        Benchmark(name=f"{prefix}wrong_commands_pct", unit="%", aim=0.5, measure=lambda: wrong_pct(way)),
    )


BENCHMARKS = (
    *_heard("", "careful"),
    *_heard("plain_", "plain"),
    Benchmark(name="self_commands", unit="", aim=0, measure=self_commands),
    *(
        Benchmark(
            name=f"barge_in_missed_{abs(below):.0f}db_pct",
            unit="%",
            aim=50,
            measure=functools.partial(barge_in_missed_pct, below),
        )
        for below in LEVELS
    ),
    Benchmark(name="barge_in_latency_p50_ms", unit="ms", aim=500, measure=barge_in_latency_ms),
    Benchmark(name="listening_cpu_pct", unit="%", aim=15, measure=listening_cpu_pct),
)
