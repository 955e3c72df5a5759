"""The transcriber: the words of each recording, decoded while people speak, or else from its file afterwards.

One thread of its own talks to the recogniser. What the recorder feeds it waits in a bounded queue; when that is full,
or the recogniser fails, the live attempt is given up and the file is decoded once it is asked for: no recording is
ever held up, and none depends on the recogniser.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeAlias

from levelup_voice.session import events as ev

from .chunks import FRAME, RATE
from .recogniser import Recogniser, RecogniserError, measure, pieces_of

WAITING_SECONDS = 60.0
"""Audio that may wait for the recogniser: it survives a worker that hangs and is replaced; 2 MB."""

ATTEMPTS = 2
"""At a file: a worker may have died of something else."""

CLOSE_SECONDS = 2.0
"""Longer than any piece of audio takes; a recogniser that hangs is killed then."""

LIVE_STREAMS = 4
"""Followed at once, the newest: those of recordings that failed are never asked for."""

TELL_SECONDS = 0.5
"""Between two looks at what is heard so far: as often as one can read."""

Decoding: TypeAlias = Generator[None, None, None]
Job: TypeAlias = Callable[[], Decoding | None]


class Transcriber:
    """Device of the runner: each `transcribe` is answered by exactly one TranscriptReady or TranscriptionFailed.

    Problems: `no-model`, `forgotten` and those of the recogniser. Call `begin` before the recorder starts and give the
    recorder `feed`. `path_of` is asked for a recording's WAV. A recogniser that is broken is reported once, as a lost
    device. `overhear` is told, on the thread of this class, what is heard so far of the recording that is being made:
    now and then, and only when the recogniser keeps up. It is to be shown and forgotten.
    """

    def __init__(
        self,
        report: Callable[[ev.Report], None],
        recogniser: Recogniser | None,
        path_of: Callable[[int], Path],
        *,
        waiting_seconds: float = WAITING_SECONDS,
        overhear: Callable[[int, str], None] | None = None,
    ) -> None:
        self._report = report
        self._overhear = overhear
        self._told_at = 0.0
        self._recogniser = recogniser
        self._path_of = path_of
        self._most_waiting = int(waiting_seconds * RATE) * FRAME
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting = 0
        self._undone = 0
        self._torn: set[int] = set()
        self._forgotten: set[int] = set()
        self._live: dict[int, int] = {}
        self._said_broken = False
        self._thread = threading.Thread(target=self._work, name="transcriber", daemon=True)
        if recogniser is not None:
            self._put(lambda: self._prepare(recogniser))
            self._thread.start()

    @property
    def busy(self) -> bool:
        """There are requests without an answer, or audio that the recogniser has not had."""
        with self._lock:
            return self._undone > 0

    def begin(self, recording: int) -> None:
        """Follow this recording while it is made."""
        if (recogniser := self._recogniser) is not None:
            with self._lock:
                self._torn.discard(recording)
            self._put(lambda: self._begin(recogniser, recording))

    def feed(self, recording: int, pcm: bytes) -> None:
        """The next piece of a recording: mono PCM16, 16 kHz. Never waits."""
        if (recogniser := self._recogniser) is None:
            return
        with self._lock:
            if recording in self._torn:
                return
            if self._waiting + len(pcm) > self._most_waiting:
                self._torn.add(recording)
                return
            self._waiting += len(pcm)
        self._put(lambda: self._feed(recogniser, recording, pcm))

    def transcribe(self, recording: int) -> None:
        """Find the words of a recording that has been saved."""
        if (recogniser := self._recogniser) is None:
            self._report(ev.TranscriptionFailed(recording, "no-model"))
            return
        self._put(lambda: self._transcribe(recogniser, recording))

    def forget(self, recording: int) -> None:
        """It was deleted: a request for it that is still open fails, and its words are dropped."""
        with self._lock:
            self._forgotten.add(recording)
            self._torn.add(recording)
        if (recogniser := self._recogniser) is not None:
            self._put(lambda: self._give_up(recogniser, recording))

    def close(self) -> None:
        """End the thread and the recogniser. What is being decoded is left unanswered: its audio is on the disk."""
        if self._recogniser is not None:
            self._jobs.put(None)
            self._thread.join(CLOSE_SECONDS)
            self._recogniser.close()

    # From here on, all in the thread.

    def _put(self, job: Job) -> None:
        with self._lock:
            self._undone += 1
        self._jobs.put(job)

    def _work(self) -> None:
        """Files are decoded a second at a time, in between the audio that comes in."""
        files: deque[Decoding] = deque()
        while True:
            try:
                job = self._jobs.get(block=not files)
            except queue.Empty:
                if next(files[0], self) is self:
                    files.popleft()
                    self._done()
                continue
            if job is None:
                return
            if (decoding := job()) is None:
                self._done()
            else:
                files.append(decoding)

    def _done(self) -> None:
        with self._lock:
            self._undone -= 1

    def _prepare(self, recogniser: Recogniser) -> None:
        try:
            recogniser.prepare()
        except RecogniserError as error:
            self._notice(recogniser, error)

    def _begin(self, recogniser: Recogniser, recording: int) -> None:
        while len(self._live) >= LIVE_STREAMS:
            self._give_up(recogniser, next(iter(self._live)))
        try:
            recogniser.begin(recording, RATE)
            self._live[recording] = 0
        except RecogniserError as error:
            self._notice(recogniser, error)

    def _feed(self, recogniser: Recogniser, recording: int, pcm: bytes) -> None:
        with self._lock:
            self._waiting -= len(pcm)
            torn = recording in self._torn
        if recording not in self._live:
            return
        if torn:
            self._give_up(recogniser, recording)
            return
        try:
            recogniser.feed(recording, pcm)
            self._live[recording] += len(pcm) // FRAME
            self._tell(recogniser, recording)
        except RecogniserError as error:
            del self._live[recording]
            self._notice(recogniser, error)

    def _tell(self, recogniser: Recogniser, recording: int) -> None:
        now = time.monotonic()
        with self._lock:
            behind = self._waiting > RATE * FRAME
        if self._overhear is None or behind or now - self._told_at < TELL_SECONDS:
            return
        text = recogniser.so_far(recording)
        self._told_at = now
        with self._lock:
            unwanted = recording in self._torn
        if not unwanted:
            self._overhear(recording, text)

    def _give_up(self, recogniser: Recogniser, recording: int) -> None:
        if self._live.pop(recording, None) is not None:
            try:
                recogniser.drop(recording)
            except RecogniserError as error:
                self._notice(recogniser, error)

    def _transcribe(self, recogniser: Recogniser, recording: int) -> Decoding | None:
        """The live words when all frames of the file were heard; else the decoding of the file, still to be done."""
        path = self._path_of(recording)
        try:
            rate, frames = measure(path)
        except RecogniserError as error:
            self._answer(ev.TranscriptionFailed(recording, error.problem))
            return None
        if self._live.get(recording) == frames:
            try:
                self._answer(ev.TranscriptReady(recording, recogniser.finish(recording)))
                del self._live[recording]
                return None
            except RecogniserError as error:
                del self._live[recording]
                self._notice(recogniser, error)
        self._give_up(recogniser, recording)
        return self._decode(recogniser, recording, path, rate)

    def _decode(self, recogniser: Recogniser, recording: int, path: Path, rate: int) -> Decoding:
        for left in reversed(range(ATTEMPTS)):
            try:
                recogniser.begin(recording, rate)
                for pcm in pieces_of(path):
                    recogniser.feed(recording, pcm)
                    yield
                self._answer(ev.TranscriptReady(recording, recogniser.finish(recording)))
                return
            except RecogniserError as error:
                self._notice(recogniser, error)
                if not left or recogniser.broken or error.problem == "no-audio":
                    self._answer(ev.TranscriptionFailed(recording, error.problem))
                    return

    def _answer(self, answer: ev.TranscriptReady | ev.TranscriptionFailed) -> None:
        with self._lock:
            forgotten = answer.recording in self._forgotten
        self._report(ev.TranscriptionFailed(answer.recording, "forgotten") if forgotten else answer)

    def _notice(self, recogniser: Recogniser, error: RecogniserError) -> None:
        if recogniser.broken and not self._said_broken:
            self._said_broken = True
            self._report(ev.DeviceLost("recogniser", error.problem))
