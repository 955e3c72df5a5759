"""How punctual our speech is, measured on a virtual loudspeaker that is listened to."""

import json
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.virtual_audio import VirtualRoom

from .measure import Benchmark

CUES = 100
STOPS = 20
SENTENCE = "School zou zich altijd extra moeten inzetten om moeilijk bereikbare ouders te bereiken en betrekken."


class Program:
    """A program that speaks in the room, and tells how each utterance ended."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.says()

    def tell(self, **command: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def says(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said


@contextmanager
def speaking(room: VirtualRoom) -> Iterator[Program]:
    with (
        tempfile.TemporaryDirectory() as cache,
        room.start("-m", "tests.audio.speaker_in_use", "virtspk", cache) as process,
    ):
        yield Program(process)
        assert process.stdin is not None
        process.stdin.close()


def cue_onset_ms(pages: int = 0) -> list[float]:
    """How far each cue's first sound lies from its due moment, either way; while so many pages look."""
    moments = random.Random(1)
    with VirtualRoom() as room, speaking(room) as program, looked_at(program, pages):
        due = time.monotonic() + 1.0
        dues = [due := due + moments.uniform(0.5, 0.6) for _ in range(CUES)]
        with room.listening() as ear:
            for utterance, due in enumerate(dues):
                program.tell(say={"utterance": utterance, "tone": "earcon", "due_at": due})
            for _ in dues:
                program.says()
    onsets = ear.onsets()
    if len(onsets) != CUES:
        raise RuntimeError(f"{len(onsets)} of {CUES} cues were heard")
    return [abs(onset - due) * 1000 for onset, due in zip(onsets, dues, strict=True)]


@contextmanager
def looked_at(program: Program, pages: int) -> Iterator[None]:
    """Half of the pages are the screen for the room, half the remote; what they show changes twice a second."""
    if not pages:
        yield
        return
    from tests.conftest import chromium

    program.tell(serve=0.5)
    served = program.says()
    with chromium() as browser:
        for number in range(pages):
            # A browser keeps six connections to one place: each page is that of another.
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            page.goto(served["projector" if number % 2 else "remote"])
        yield


def speech_stop_ms() -> list[float]:
    """From the command to silence, in the middle of a sentence."""
    runs = []
    moments = random.Random(2)
    with VirtualRoom() as room, speaking(room) as program:
        for utterance in range(STOPS):
            with room.listening() as ear:
                program.tell(say={"utterance": utterance, "text": SENTENCE})
                while not ear.onsets():
                    time.sleep(0.01)
                time.sleep(moments.uniform(0.5, 1.0))
                program.tell(stop=True)
                asked_at = program.says()["at"]
                program.says()
                time.sleep(0.2)
            runs.append((ear.last_sound(threshold=30) - asked_at) * 1000)
    return runs


def p99(runs: Sequence[float]) -> float:
    return sorted(runs)[round(0.99 * (len(runs) - 1))]


BENCHMARKS = (
    Benchmark(name="cue_onset_p99_ms", unit="ms", aim=30, measure=cue_onset_ms, value=p99),
    Benchmark(name="cue_onset_p99_ms_20_pages", unit="ms", aim=30, measure=lambda: cue_onset_ms(pages=20), value=p99),
    Benchmark(name="speech_stop_ms", unit="ms", aim=80, measure=speech_stop_ms, value=max),
)
