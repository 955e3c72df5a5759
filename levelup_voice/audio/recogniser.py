"""Recognisers: audio in, words with times and confidences out, while it is spoken or from a file."""

import contextlib
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from levelup_voice.session.events import RATES
from levelup_voice.session.transcript import Transcript, Word

from .worker import Header, Worker, WorkerError

Problem: TypeAlias = Literal["bad-model", "recogniser-failed", "no-audio"]
"""bad-model: the folder holds no speech model that works. recogniser-failed: it crashed or hung, for this audio or too
often. no-audio: the file is not there or is not mono PCM16."""

LOAD_SECONDS = 120.0
"""The largest Dutch model takes some ten seconds from a slow disk."""

ANSWER_SECONDS = 10.0
"""For one second of audio at most; a slow computer with a large model takes two."""

MOST_FAILURES = 6
"""In a row, without one finished stream in between: then it is the model or the computer, not this audio. One recording
alone can make three: while it is spoken, and twice from its file."""

PIECE_SECONDS = 1.0
"""Of a file, at a time."""


BROKEN = (OSError, EOFError, wave.Error, RuntimeError, ValueError, ArithmeticError)
"""What the wave module raises for files that are none, or that lie about their lengths."""


class RecogniserError(Exception):
    """This stream has no words."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        self.problem = problem
        super().__init__(f"{problem}: {detail}")


class Recogniser(Protocol):
    """Streams go by numbers of the caller's choice, and several may be under way. One thread at a time.

    Every call may raise RecogniserError; the stream is then gone and may be begun anew.
    """

    @property
    def broken(self) -> bool:
        """It will not work again."""
        ...

    def prepare(self) -> None:
        """Load the model, so that the first stream need not wait for it."""
        ...

    def begin(self, stream: int, rate: int) -> None: ...

    def feed(self, stream: int, pcm: bytes) -> None:
        """Recognise the next piece: mono PCM16, at most a second. Returns when that is done."""
        ...

    def so_far(self, stream: int) -> str:
        """The latest words of the stream, which may still change."""
        ...

    def finish(self, stream: int) -> Transcript:
        """The words of the whole stream, which ends with it."""
        ...

    def drop(self, stream: int) -> None: ...

    def close(self) -> None: ...


class VoskRecogniser:
    """vosk with the model in a folder, in a process of its own, which is started when needed and replaced when it dies.

    `trial` marks the transcripts of a model that has never heard a human being.
    """

    def __init__(self, model: Path, *, trial: bool = False, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._model = model
        self._trial = trial
        self._answer_seconds = answer_seconds
        self._worker: Worker | None = None
        self._streams: set[int] = set()
        self._failures = 0
        self._refused = ""

    @property
    def broken(self) -> bool:
        return bool(self._refused) or self._failures >= MOST_FAILURES

    @property
    def pid(self) -> int | None:
        """Of the process; None while there is none."""
        return self._worker.pid if self._worker else None

    def prepare(self) -> None:
        if self._worker is not None:
            return
        if self._refused:
            raise RecogniserError("bad-model", self._refused)
        if self.broken:
            raise RecogniserError("recogniser-failed", f"{self._failures} times in a row")
        with self._failing():
            worker = Worker("levelup_voice.audio.recognise_worker", [str(self._model)])
            answer, _ = worker.receive(LOAD_SECONDS)
        if "problem" in answer:
            worker.kill()
            self._refused = answer["problem"]
            raise RecogniserError("bad-model", self._refused)
        self._worker = worker

    def begin(self, stream: int, rate: int) -> None:
        self.prepare()
        self._ask({"do": "begin", "stream": stream, "rate": rate})
        self._streams.add(stream)

    def feed(self, stream: int, pcm: bytes) -> None:
        self._require(stream)
        self._ask({"do": "feed", "stream": stream}, pcm)

    def so_far(self, stream: int) -> str:
        self._require(stream)
        return str(self._ask({"do": "so_far", "stream": stream})["text"])

    def finish(self, stream: int) -> Transcript:
        self._require(stream)
        answer = self._ask({"do": "finish", "stream": stream})
        self._streams.discard(stream)
        self._failures = 0
        return Transcript(
            words=tuple(Word(text, start, end, confidence) for text, start, end, confidence in answer["words"]),
            audio_seconds=answer["audio_seconds"],
            work_seconds=round(answer["work_seconds"], 3),
            model=self._model.name,
            trial=self._trial,
        )

    def drop(self, stream: int) -> None:
        if stream in self._streams:
            self._streams.discard(stream)
            self._ask({"do": "drop", "stream": stream})

    def close(self) -> None:
        if self._worker is not None:
            self._worker.kill()
        self._worker = None
        self._streams.clear()

    def _require(self, stream: int) -> None:
        if stream not in self._streams:
            raise RecogniserError("recogniser-failed", "the process that knew this stream is gone")

    def _ask(self, request: Header, pcm: bytes = b"") -> Header:
        assert self._worker is not None
        with self._failing():
            answer, _ = self._worker.ask(request, pcm, timeout=self._answer_seconds)
        if "problem" in answer:
            raise RecogniserError("recogniser-failed", answer["problem"])
        return answer

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except (WorkerError, OSError) as error:
            self._failures += 1
            self.close()
            raise RecogniserError("recogniser-failed", str(error)) from error


def pieces_of(path: Path) -> Iterator[bytes]:
    """The audio of a mono PCM16 WAV, a second at a time. Raises RecogniserError."""
    with _opened(path) as file:
        while pcm := file.readframes(int(file.getframerate() * PIECE_SECONDS)):
            yield pcm


def measure(path: Path) -> tuple[int, int]:
    """Sample rate and number of frames of a mono PCM16 WAV. Raises RecogniserError."""
    with _opened(path) as file:
        return file.getframerate(), file.getnframes()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[wave.Wave_read]:
    """Raises RecogniserError when it is no mono PCM16 WAV, also while it is read."""
    try:
        with wave.open(str(path), "rb") as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise RecogniserError("no-audio", f"{path} is not mono PCM16")
            if file.getframerate() not in RATES:
                raise RecogniserError("no-audio", f"{path}: {file.getframerate()} frames a second")
            yield file
    except BROKEN as error:
        raise RecogniserError("no-audio", str(error)) from error


def transcribe_file(recogniser: Recogniser, path: Path, stream: int = 0) -> Transcript:
    """The words of a mono PCM16 WAV of any rate from 16 kHz up. Raises RecogniserError."""
    rate, _ = measure(path)
    recogniser.begin(stream, rate)
    for pcm in pieces_of(path):
        recogniser.feed(stream, pcm)
    return recogniser.finish(stream)
