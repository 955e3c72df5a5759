"""From the last sample of a spoken command at a virtual microphone to its entry in the journal of a live session."""

import functools
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from levelup_voice.audio.chunks import RATE
from levelup_voice.files.journal import read
from levelup_voice.session import events as ev
from tests.audio.speech import save
from tests.virtual_audio import Ear, VirtualRoom
from tests.whole.live import SHORT, LiveSession

from .measure import Benchmark
from .talk import pcm, say

COMMANDS = 24
VOICES = ("nl+m4", "nl+f3", "nl+Annie", "nl+adam")
AUDIBLE = 60
"""Above the noise of the virtual room."""


@functools.cache
def latencies_ms() -> tuple[float, ...]:
    """Of the same command in several voices, while nothing else is said."""
    with VirtualRoom() as room, tempfile.TemporaryDirectory() as folder:
        arguments = ("run", str(SHORT), "--test-model", "--no-browser", "--participants", "12")
        with LiveSession(room, Path(folder) / "sessions", *arguments) as live:
            live.wait(lambda session: session.situation == "ready")
            live.next()
            runs = [_one(room, live, Path(folder), VOICES[number % len(VOICES)]) for number in range(COMMANDS)]
    heard = [run for run in runs if run is not None]
    if len(heard) < COMMANDS / 2:
        raise RuntimeError(f"only {len(heard)} of {COMMANDS} commands were heard")
    return tuple(heard)


def _one(room: VirtualRoom, live: LiveSession, folder: Path, voice: str) -> float | None:
    live.wait_quiet()
    time.sleep(0.5)
    wav = save(folder / "said.wav", pcm(say("spelleider, hoeveel tijd nog", voice).sound * np.float32(0.5)), RATE)
    before = len(live.events)
    microphone = Ear(room._devices["mic"])
    try:
        room.say(wav)
        limit = time.monotonic() + 3.0
        while time.monotonic() < limit and (at := _answered_at(live, before)) is None:
            time.sleep(0.02)
        return None if at is None else (at - microphone.last_sound(AUDIBLE)) * 1000
    finally:
        microphone.close()


def _answered_at(live: LiveSession, before: int) -> float | None:
    """The moment, on the computer's clock, of the entry that answers."""
    entries = read(live.path / "journal.jsonl").entries
    opened = entries[0].event
    assert isinstance(opened, ev.SessionOpened)
    for entry in entries[before:]:
        if isinstance(entry.event, ev.SpeechRequested) and entry.event.tone == "earcon":
            return opened.boot_at + entry.at
    return None


def p95(runs: Sequence[float]) -> float:
    return sorted(runs)[round(0.95 * (len(runs) - 1))]


BENCHMARKS = (
    Benchmark(name="command_latency_p50_ms", unit="ms", aim=350, measure=latencies_ms),
    Benchmark(name="command_latency_p95_ms", unit="ms", aim=500, measure=latencies_ms, value=p95),
)
