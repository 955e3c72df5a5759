"""The listener: hears commands in what a microphone delivers, and tells what it heard.

One thread of its own talks to a worker process that holds the recognisers (listen_worker.py, hearing.py). What a
microphone delivers waits in a short queue; when the worker cannot keep up, what waits is dropped: a command of some
seconds ago is worth nothing, and the recording is made elsewhere. A worker that hangs or dies is replaced.

We do not hear ourselves: while our own voice sounds, and a moment longer, only a few phrases can be heard, and never
one that we are saying.
"""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from levelup_voice.session import events as ev
from levelup_voice.session.commands import Command
from levelup_voice.session.listening import Listening
from levelup_voice.session.phrases import Phrasebook, meaning, pairs_covered, plain, unfinished

from .chunks import Chunk
from .hearing import contains
from .worker import Header, Worker, WorkerError

Problem: TypeAlias = Literal["no-model", "fixed-graph", "bad-model", "recogniser-failed"]
"""no-model: no folder. fixed-graph: a model that does not take phrases at run time. bad-model: vosk cannot load it.
recogniser-failed: its process hung or died too often."""

THRESHOLD_DBFS = -50.0
"""Where nothing was measured: above it somebody speaks."""

TAIL_SECONDS = 0.3
"""After our own voice: the loudspeaker's buffer and the room's echo."""

WAITING_SECONDS = 3.0
"""Audio that may wait for the worker."""

LOAD_SECONDS = 60.0
ANSWER_SECONDS = 2.0
"""For a tenth of a second of audio; it takes some milliseconds."""

MOST_FAILURES = 3
"""In a row, without a minute of work in between."""

HEALTHY_SECONDS = 60.0


class ListenerError(Exception):
    """This computer cannot listen for commands."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Something that was said to the program, or nearly."""

    words: str
    """For the facilitator's eyes, at once; not for a log."""
    reason: str
    """`obeyed`, or why not."""
    command: Command | None = None
    ago: float = 0.0
    """Seconds since the phrase began."""
    scores: Mapping[str, float] = field(default_factory=dict)


def request_for(book: Phrasebook, listening: Listening) -> Header:
    """What the worker is asked to listen for.

    While our own voice sounds somebody must call us first, by a name that we are not saying ourselves; then the phrases
    need no name, and are not told apart from others like them, as nothing else is likely there.
    """
    own = [plain(text) for text in listening.speaking]
    name = book.wake if listening.aloud and not any(contains(text, book.wake) for text in own) else ""
    if name:
        phrases = book.phrases_for(listening.commands)
        others = sorted(book.skip)
    else:
        phrases = book.expected(listening.commands, listening.answers)
        others = [*book.decoys, *sorted(book.skip), book.wake]
    return {
        "do": "expect",
        "phrases": list(phrases),
        "waiting": list(unfinished(phrases)),
        "skip": list(book.skip),
        "wake": "" if name else book.wake,
        "own": own,
        "name": name,
        "grammar": [*pairs_covered(phrases), *others] if phrases else [],
        "ballast": book.ballast,
    }


class Listener:
    """Device of the runner: listens for whatever `listen_for` was last given. `accept` is fed by a microphone's pump.

    `on_heard` is called on the listener's thread. So is `on_called`, when somebody says our name into our own voice: it
    had better pause for PAUSE_SECONDS (hearing.py). `report` gets ListeningChanged when the worker was replaced, or
    given up. `clock` is the one that chunks' moments are on.
    """

    def __init__(
        self,
        model: Path,
        phrasebook: Phrasebook,
        on_heard: Callable[[Heard], None],
        report: Callable[[ev.Report], None],
        *,
        on_called: Callable[[], None] = lambda: None,
        threshold: float = THRESHOLD_DBFS,
        clock: Callable[[], float] = time.monotonic,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.phrasebook = phrasebook
        self.unknown: frozenset[str] = frozenset()
        """Words that the model does not know; the phrases that hold them are off."""
        self.dropped_seconds = 0.0
        """Audio that came faster than the worker could take it."""
        self._model = model
        self._on_heard = on_heard
        self._on_called = on_called
        self._report = report
        self._threshold = threshold
        self._clock = clock
        self._answer_seconds = answer_seconds
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._undone = 0
        self._waiting = 0.0
        self._wanted = Listening()
        self._deaf_until = float("-inf")
        # Those below belong to the thread.
        self._worker: Worker | None = None
        self._failures = 0
        self._healthy = 0.0
        self._listening = Listening()
        self._expected: Mapping[str, Command] = {}
        self._thread = threading.Thread(target=self._work, name="listener", daemon=True)

    @property
    def busy(self) -> bool:
        """There is audio that has not been heard out."""
        with self._lock:
            return self._undone > 0

    @property
    def pid(self) -> int | None:
        """Of the worker; None while there is none."""
        return self._worker.pid if self._worker else None

    def open(self) -> None:
        """Load the model and begin to listen. Raises ListenerError when the model cannot be used."""
        try:
            worker = self._start()
            words = sorted(self.phrasebook.vocabulary().union(*(decoy.split() for decoy in self.phrasebook.decoys)))
            answer, _ = worker.ask({"do": "know", "words": words}, timeout=LOAD_SECONDS)
        except (WorkerError, OSError) as error:
            raise ListenerError("recogniser-failed") from error
        self.unknown = self.phrasebook.lost(answer["unknown"])
        self.phrasebook = self.phrasebook.without(answer["unknown"])
        self._worker = worker
        self._thread.start()

    def listens(self, why: str = "") -> ev.ListeningChanged:
        """The report that commands can be given by voice, and how."""
        return ev.ListeningChanged(True, why, self.phrasebook.wake, tuple(sorted(self.unknown)))

    def listen_for(self, listening: Listening) -> None:
        """From now on listen for this. Returns at once."""
        if listening == self._wanted:
            return
        if self._wanted.aloud and not listening.aloud:
            self._deaf_until = self._clock() + TAIL_SECONDS
        self._wanted = listening
        self._put(lambda: self._expect(listening))

    def accept(self, chunk: Chunk) -> None:
        """Hear this. Never waits."""
        if chunk.moment < self._deaf_until:
            self._put(self._forget)
            return
        with self._lock:
            if self._waiting + chunk.seconds > WAITING_SECONDS:
                self.dropped_seconds += chunk.seconds
                return
            self._waiting += chunk.seconds
        self._put(lambda: self._hear(chunk))

    def close(self) -> None:
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join(self._answer_seconds)
        if self._worker is not None:
            self._worker.kill()

    # From here on, all in the thread, except at the opening.

    def _put(self, job: Callable[[], None]) -> None:
        with self._lock:
            self._undone += 1
        self._jobs.put(job)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except (WorkerError, OSError):
                self._replace()
            with self._lock:
                self._undone -= 1

    def _start(self) -> Worker:
        worker = Worker("levelup_voice.audio.listen_worker", [str(self._model), str(self._threshold)])
        answer, _ = worker.receive(LOAD_SECONDS)
        if "problem" in answer:
            worker.kill()
            raise ListenerError(answer["problem"])
        return worker

    def _replace(self) -> None:
        """The worker hung or died: a new one takes its place, unless that has happened too often."""
        self._failures += 1
        self._healthy = 0.0
        self._worker = None
        if self._failures > MOST_FAILURES:
            return
        try:
            if self._failures == MOST_FAILURES:
                raise ListenerError("recogniser-failed")
            self._worker = self._start()
            self._expect(self._listening)
        except (WorkerError, OSError, ListenerError):
            self._failures = MOST_FAILURES + 1
            self._worker = None
            self._report(ev.ListeningChanged(False, "recogniser-failed"))
        else:
            self._report(self.listens("restarted"))

    def _expect(self, listening: Listening) -> None:
        self._listening = listening
        self._expected = self.phrasebook.expected(listening.commands, listening.answers)
        self._ask(request_for(self.phrasebook, listening))

    def _forget(self) -> None:
        self._ask({"do": "forget"})

    def _hear(self, chunk: Chunk) -> None:
        with self._lock:
            self._waiting -= chunk.seconds
        answer = self._ask({"do": "hear"}, chunk.pcm)
        self._healthy += chunk.seconds
        if self._healthy > HEALTHY_SECONDS:
            self._failures = 0
        if "called" in answer:
            self._on_called()
        if "verdict" in answer:
            self._tell(answer["verdict"], chunk.end, answer["ago"])

    def _tell(self, verdict: Header, end: float, ago: float) -> None:
        words, reason = verdict["words"], verdict["reason"]
        command = None
        if reason == "obeyed":
            command = meaning(words.replace("[unk]", ""), self._expected, self.phrasebook.skip)
        late = max(0.0, self._clock() - end)
        self._on_heard(Heard(words=words, reason=reason, command=command, ago=ago + late, scores=verdict["scores"]))

    def _ask(self, request: Header, pcm: bytes = b"") -> Header:
        if self._worker is None:
            return {}
        answer, _ = self._worker.ask(request, pcm, timeout=self._answer_seconds)
        return answer
