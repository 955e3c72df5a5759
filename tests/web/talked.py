"""A session in which people talked for hours, on disk; its words are as unevenly frequent as those of a language."""

import os
import random
from pathlib import Path

import numpy as np

from levelup_voice.files.folder import SessionFolder
from levelup_voice.session import events as ev
from levelup_voice.session.transcript import Transcript, Word
from tests.plans import SMALL

from .faces import WORDS

PACE = 125 / 60
"""Words a second."""
DOUBTFUL = 0.08


def talked(parent: Path, hours: float, recordings: int, *, audio: bool = True) -> Path:
    """All of it in so many recordings. Their audio is one noise under many names."""
    path = parent / "2026-03-12 15.20 uren"
    (path / "audio").mkdir(parents=True)
    draw, seconds = random.Random(4), hours * 3600 / recordings
    opening = ev.SessionOpened(plan=SMALL, opened_utc="2026-03-12T14:20:00+00:00", opened_of_day=55200.0)
    journal = [ev.Entry(0.0, opening), ev.Entry(0.0, ev.BlockStarted(1)), ev.Entry(0.0, ev.ItemReached(3))]
    for number in range(recordings):
        at = 1.0 + number * seconds
        request = ev.RecordingStarted(
            recording=number,
            file=f"audio/{number + 1:03}-oogst-g{number // 4 + 1}-take1.wav",
            purpose="summary",
            block=1,
            item="oogst",
            question=f"q{number % 4 + 1}",
            group=number // 4 + 1,
        )
        journal += [
            ev.Entry(at, request),
            ev.Entry(at + seconds, ev.RecordingStopped(number)),
            ev.Entry(at + seconds, ev.RecordingSaved(recording=number, seconds=seconds)),
            ev.Entry(at + seconds, ev.TranscriptReady(number, _transcript(draw, seconds))),
        ]
    journal.append(ev.Entry(journal[-1].at + 1, ev.SessionClosed()))
    store = SessionFolder(path, WORDS, lambda problem: None)
    store.append(journal)
    if audio:
        _record(store, [entry.event.file for entry in journal if isinstance(entry.event, ev.RecordingStarted)], seconds)
    store.close()
    return path


def _transcript(draw: random.Random, seconds: float) -> Transcript:
    """With a pause after some twelve words."""
    words, at = list[Word](), 0.0
    while at < seconds - 1:
        text = f"woord{min(int(draw.paretovariate(0.6)), 5000)}"
        words.append(Word(text, round(at, 2), round(at + 0.35, 2), 0.3 if draw.random() < DOUBTFUL else 0.95))
        at += 1 / PACE - 0.06 + (0.7 if draw.random() < 0.08 else 0.0)
    return Transcript(words=tuple(words), audio_seconds=seconds, work_seconds=1.0, model="m")


def _record(store: SessionFolder, files: list[str], seconds: float) -> None:
    first, *others = files
    noise = np.random.default_rng(1).normal(0, 3000, 16000)
    writer = store.open_writer(first, 16000)
    for second in range(round(seconds)):
        writer.write((noise * abs(np.sin(second / 3))).astype("<i2").tobytes())
    writer.finish()
    for other in others:
        os.link(store.path / first, store.path / other)
