"""A session on disk, as one that was held leaves it: journal, recordings and all."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from levelup_voice.files.folder import SessionFolder
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.decide import decide
from levelup_voice.session.fold import apply, opened
from levelup_voice.session.incoming import Incoming, Tick
from levelup_voice.session.plan import SessionPlan
from levelup_voice.session.state import Session
from levelup_voice.session.timing import next_wakeup
from levelup_voice.session.transcript import Transcript, Word
from tests.plans import SMALL

from .faces import WORDS

NAME = "2026-03-12 15.20 klein"
SAID = ("ouders", "willen", "graag", "stool", "helpen", "maar", "weten", "niet", "altijd", "hoe")
DOUBTFUL = "stool"


def transcript(said: tuple[str, ...] = SAID) -> Transcript:
    words = tuple(Word(word, n / 2, n / 2 + 0.4, 0.3 if word == DOUBTFUL else 0.95) for n, word in enumerate(said))
    return Transcript(words=words, audio_seconds=len(said) / 2, work_seconds=0.1, model="m")


def held(
    parent: Path,
    plan: SessionPlan = SMALL,
    said: tuple[str, ...] = SAID,
    *,
    again: bool = False,
    first: tuple[str, ...] = (),
) -> Path:
    """A whole session that was held, each recording of the same words; with `again`, two takes of each summary.

    `first`: what is said in the first recording instead.
    """
    return Path(shutil.copytree(_held(plan, said, again, first), parent / NAME))


@cache
def _held(plan: SessionPlan, said: tuple[str, ...], again: bool, first: tuple[str, ...]) -> Path:
    """Held once; every test gets a copy."""
    path = Path(tempfile.mkdtemp()) / NAME
    atexit.register(shutil.rmtree, path.parent)
    (path / "audio").mkdir(parents=True)
    store = SessionFolder(path, WORDS, lambda problem: None)
    event = ev.SessionOpened(plan=plan, opened_utc="2026-03-12T14:20:00+00:00", opened_of_day=55200.0, participants=26)
    journal, session, now = [ev.Entry(0.0, event)], opened(event), 0.0
    taken: set[int] = set()
    while session.closed_at is None:
        words = first if first and len(session.recordings) == 1 else said
        for incoming in _next(session, words, again, taken):
            now = max(now + 0.5, min(next_wakeup(session), now + 60)) if isinstance(incoming, Tick) else now + 0.5
            entries = [ev.Entry(now, one) for one in decide(session, incoming, now, WORDS)]
            journal += entries
            for entry in entries:
                session = apply(session, entry)
                if isinstance(entry.event, ev.RecordingStarted):
                    _record(store, entry.event, len(said) / 2)
    store.append(journal)
    store.close()
    return path


def _next(session: Session, said: tuple[str, ...], again: bool, taken: set[int]) -> list[Incoming]:
    if session.speaking:
        return [ev.SpeechFinished(session.speaking[0].number)]
    recording = session.open_recording
    if recording is not None:
        return [
            do.StopRecording(),
            ev.RecordingSaved(recording=recording.number, seconds=len(said) / 2),
            ev.TranscriptReady(recording.number, transcript(said)),
        ]
    last = session.recordings[-1] if session.recordings else None
    if again and last and last.request.purpose == "summary" and last.request.take == 1 and last.number not in taken:
        taken.add(last.number)
        return [do.Again()]
    stage = session.run.stage if session.runs else ""
    if stage in ("thinking", "choosing"):
        return [Tick()]
    if stage == "counting" and session.item is not None and session.item.id not in session.tallies:
        return [do.GiveTally(disagree=9)]
    return [do.Next()]


def _record(store: SessionFolder, request: ev.RecordingStarted, seconds: float) -> None:
    """A tone that swells with each word. Of an hour, the beginning will do."""
    moments = np.arange(round(min(10.0, seconds) * request.rate)) / request.rate
    swell = np.abs(np.sin(2 * np.pi * moments)) * (0.4 + 0.6 * np.abs(np.sin(1.7 * moments)))
    writer = store.open_writer(request.file, request.rate)
    writer.write((9000 * swell * np.sin(2 * np.pi * 200 * moments)).astype("<i2").tobytes())
    writer.finish()


def left_open(session: Path) -> None:
    """As a program that was killed before its end leaves it."""
    journal = session / "journal.jsonl"
    lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    closed = next(number for number, line in enumerate(lines) if '"SessionClosed"' in line)
    journal.write_text("".join(lines[:closed]), encoding="utf-8")
