"""The real runner on real files, with devices that answer when they are told to: what faults are tried on."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from levelup_voice.audio.chunks import CHUNK_SECONDS, RATE, Chunk
from levelup_voice.audio.recorder import Recorder
from levelup_voice.cli.opening import open_new
from levelup_voice.cli.resume import pick_up
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.folder import SessionFolder, open_session
from levelup_voice.runner import Runner
from levelup_voice.session import events as ev
from levelup_voice.session.incoming import Incoming, Tick
from levelup_voice.session.plan import Seconds
from levelup_voice.session.state import Session
from levelup_voice.session.timing import next_wakeup
from tests.plans import SMALL
from tests.session.room import transcript

WORDS = load_catalogue("nl")
SAID = np.random.default_rng(3).normal(0, 3000, RATE // 10).astype(np.int16).tobytes()


class Stage:
    """One session, and one run of the program after another on it. Time is a number."""

    def __init__(self, folder: Path) -> None:
        self.now: Seconds = 0.0
        self.reports: list[ev.Report] = []
        """What the devices have to say, and has not been handed over."""
        self.problems: list[str] = []
        self.kept: dict[str, int] = {}
        """Bytes of audio that were written, by file."""
        self.acknowledged: list[ev.Entry] = []
        """Of the journal."""
        self.store, session = open_new(
            folder,
            SMALL,
            8,
            starts=datetime(2026, 3, 12, 15, 20).astimezone(),
            on_problem=self.problems.append,
        )
        self.path = self.store.path
        self._begin(session)

    @property
    def session(self) -> Session:
        return self.runner.session

    def take(self, incoming: Incoming) -> None:
        self.runner.take(incoming)

    def deliver(self, change: Callable[[ev.Report], Sequence[ev.Report]] = lambda report: [report]) -> None:
        """Hand over the oldest report, or what is made of it."""
        if self.reports:
            for report in change(self.reports.pop(0)):
                self.take(report)

    def settle(self) -> None:
        while self.reports:
            self.deliver()

    def wait(self, seconds: Seconds) -> None:
        """Time passes, and the microphone hears what is said."""
        end = self.now + seconds
        while self.now < end - 0.001:
            self.recorder.accept(Chunk(SAID, 0, self.now), "group")
            self.now = round(self.now + CHUNK_SECONDS, 3)
            if next_wakeup(self.session) <= self.now:
                self.take(Tick())

    def crash(self, down: Seconds = 30.0) -> None:
        """The program is killed, and started again on what is on the disk."""
        self._abandon()
        self.now += down
        found = open_session(self.path)
        self.store = SessionFolder(self.path, WORDS, self.problems.append)
        self.store.know_session(found.session)
        self._begin(found.session)
        self.take(pick_up(found, self.now))

    def close(self) -> None:
        with suppress(OSError):
            self.recorder.close()
        self.store.close()

    def _abandon(self) -> None:
        """The files are let go as a kill lets them go: nothing is finished."""
        self.reports.clear()
        self.store.close()

    def _begin(self, session: Session) -> None:
        self.recorder = Recorder(
            self.reports.append, self._open_writer, lambda number, pcm: None, clock=lambda: self.now, linger=0.0
        )
        self.runner = Runner(
            session,
            WORDS,
            inbox=_Inbox(self),
            store=_Noting(self),
            speaker=_Speaker(self),
            recorder=self.recorder,
            transcriber=_Transcriber(self),
            show=lambda view: None,
        )

    def _open_writer(self, file: str, rate: int) -> "_Writer":
        return _Writer(self, file, self.store.open_writer(file, rate))


class _Inbox:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def put(self, incoming: Incoming) -> None:
        self._stage.take(incoming)

    def get(self, until: Seconds) -> Incoming | None:
        return None

    @property
    def came_at(self) -> Seconds:
        return self._stage.now

    def now(self) -> Seconds:
        return self._stage.now


class _Noting:
    """The store, which notes what it has acknowledged."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stage.store, name)

    def append(self, entries: Sequence[ev.Entry]) -> None:
        self._stage.store.append(entries)
        self._stage.acknowledged += entries


class _Writer:
    def __init__(self, stage: Stage, file: str, writer: Any) -> None:
        self._stage = stage
        self._file = file
        self._writer = writer

    def write(self, pcm: bytes) -> None:
        self._writer.write(pcm)
        self._stage.kept[self._file] = self._stage.kept.get(self._file, 0) + len(pcm)

    def finish(self) -> object:
        return self._writer.finish()


class _Speaker:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._asked: list[int] = []

    def speak(self, request: ev.SpeechRequested) -> None:
        self._stage.reports.append(ev.SpeechFinished(request.utterance))

    def drop(self, utterance: int) -> None:
        pass

    def stop(self) -> None:
        waiting = self._stage.reports
        waiting[:] = [
            ev.SpeechFinished(one.utterance, cut=True) if isinstance(one, ev.SpeechFinished) else one for one in waiting
        ]


class _Transcriber:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def begin(self, recording: int) -> None:
        pass

    def transcribe(self, recording: int) -> None:
        self._stage.reports.append(ev.TranscriptReady(recording, transcript("wij", "bellen", f"groep{recording}")))

    def forget(self, recording: int) -> None:
        pass
