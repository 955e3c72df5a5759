"""What the session asks for is heard in the room, in order and at its moment, and how it ended is reported once."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.processes import children_of, comes_true, hanging_children
from tests.virtual_audio import RATE, Ear, VirtualRoom

CUE = "Nog vijf minuten."
LONG = "School zou zich altijd extra moeten inzetten om moeilijk bereikbare ouders te bereiken en betrekken."


class Program:
    """The program that speaks, in its own process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def tell(self, **command: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def says(self) -> dict[str, Any]:
        """The next thing it tells. Raises queue.Empty when it tells nothing at all."""
        return self._lines.get(timeout=30)

    def ends(self) -> dict[str, Any]:
        """The next report of how an utterance ended, past any others."""
        while "utterance" not in (said := self.says()):
            pass
        return said

    def kinds(self, count: int) -> list[str]:
        """The kinds of the next reports, with the device of those that have one."""
        reports = [self.says() for _ in range(count)]
        return [" ".join([said["report"], *([said["device"]] if "device" in said else [])]) for said in reports]

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(json.loads(line))


@contextlib.contextmanager
def started(room: VirtualRoom, cache: Path, name: str = "virtspk") -> Iterator[Program]:
    with room.start("-m", "tests.audio.speaker_in_use", name, str(cache)) as process:
        try:
            yield Program(process)
        finally:
            if process.stdin is not None:
                process.stdin.close()


@pytest.fixture
def program(room: VirtualRoom, tmp_path: Path) -> Iterator[Program]:
    with started(room, tmp_path) as program:
        assert program.says()["ready"]
        yield program


def silences(ear: Ear, threshold: int = 30) -> list[float]:
    """The lengths of the stretches without sound between the first sound and the last."""
    loud = np.flatnonzero(np.abs(ear.samples.astype(int)) > threshold)
    gaps = np.diff(loud) / RATE
    return [round(float(gap), 2) for gap in gaps[gaps > 0.1]]


def peak(ear: Ear) -> int:
    return int(np.abs(ear.samples.astype(int)).max())


def test_a_chime_is_given_time_to_be_noticed_and_a_tone_follows_the_words(room: VirtualRoom, program: Program) -> None:
    with room.listening() as ear:
        program.tell(say={"utterance": 7, "tone": "chime", "text": CUE, "tone_after": "record"})
        ended = program.says()
    assert (ended["report"], ended["utterance"], ended["cut"]) == ("SpeechFinished", 7, False)
    longest = max(silences(ear))
    assert 1.4 < longest < 2.5
    assert ear.last_sound() <= ended["at"] + 0.1


def test_what_is_due_is_heard_at_its_moment_and_not_before(room: VirtualRoom, program: Program) -> None:
    with room.listening() as ear:
        dues = [time.monotonic() + 1.0, time.monotonic() + 2.0]
        for utterance, due in enumerate(dues):
            program.tell(say={"utterance": utterance, "tone": "earcon", "due_at": due})
        assert [program.ends()["utterance"] for _ in dues] == [0, 1]
    onsets = ear.onsets()
    assert len(onsets) == 2
    assert all(abs(onset - due) < 0.1 for onset, due in zip(onsets, dues, strict=True))


def test_stopping_silences_the_room_and_drops_what_waits_but_not_what_comes_after(
    room: VirtualRoom, program: Program
) -> None:
    with room.listening() as ear:
        for utterance in (1, 2):
            program.tell(say={"utterance": utterance, "text": LONG})
        program.tell(say={"utterance": 3, "tone": "level", "due_at": time.monotonic() + 3600})
        assert comes_true(lambda: bool(ear.onsets()))
        program.tell(stop=True)
        stopped_at = program.says()["at"]
        cut = [program.says() for _ in range(3)]
        time.sleep(0.5)
        last = ear.last_sound()
        program.tell(say={"utterance": 4, "text": CUE})
        ended = program.says()
    assert {(said["report"], said["utterance"], said["cut"]) for said in cut} == {
        ("SpeechFinished", utterance, True) for utterance in (1, 2, 3)
    }
    assert last < stopped_at + 0.25
    assert (ended["utterance"], ended["cut"]) == (4, False)
    assert len(ear.onsets(quiet=0.4)) == 2


def test_every_request_is_reported_exactly_once_whenever_it_is_stopped(program: Program) -> None:
    pauses = np.random.default_rng(3).uniform(0, 0.08, 60)
    for utterance, pause in enumerate(pauses):
        program.tell(say={"utterance": utterance, "tone": "earcon", "text": f"Groep {utterance % 7}."})
        if utterance % 3 == 2:
            time.sleep(float(pause))
            program.tell(stop=True)
    program.tell(say={"utterance": 60})
    reports: Counter[int] = Counter()
    while not reports[60]:
        reports[program.ends()["utterance"]] += 1
    assert reports == Counter(range(61))


def test_a_lost_loudspeaker_is_told_once_and_found_again(room: VirtualRoom, program: Program) -> None:
    with room.listening() as ear:
        program.tell(say={"utterance": 1, "text": LONG})
        assert comes_true(lambda: bool(ear.onsets()))
    room.unplug("spk")
    assert sorted(program.kinds(2)) == ["DeviceLost loudspeaker", "SpeechFailed"]
    for utterance in (2, 3):
        program.tell(say={"utterance": utterance, "text": CUE})
        assert program.kinds(1) == ["SpeechFailed"]
    room.plug("spk")
    assert program.kinds(1) == ["DeviceFound loudspeaker"]
    with room.listening() as ear:
        program.tell(say={"utterance": 4, "text": CUE})
        assert program.kinds(1) == ["SpeechFinished"]
    assert peak(ear) > 5000


def test_a_loudspeaker_that_hangs_is_noticed(room: VirtualRoom, program: Program) -> None:
    room.freeze("spk")
    try:
        lost = program.says()
        assert (lost["report"], lost["problem"]) == ("DeviceLost", "hangs")
        program.tell(say={"utterance": 1, "tone": "chime"})
        assert program.kinds(1) == ["SpeechFailed"]
    finally:
        room.thaw("spk")
    assert program.kinds(1) == ["DeviceFound loudspeaker"]


def test_when_the_voice_fails_a_chime_makes_people_look_and_the_next_words_may_be_heard(
    room: VirtualRoom, program: Program
) -> None:
    with room.listening() as ear:
        with hanging_children(program.process.pid):
            program.tell(say={"utterance": 1, "text": CUE})
            assert program.kinds(2) == ["DeviceLost voice", "SpeechFailed"]
            assert len(ear.onsets()) == 1
            program.tell(say={"utterance": 2, "text": CUE})
            assert program.kinds(1) == ["SpeechFailed"]
        program.tell(say={"utterance": 3, "text": CUE})
        assert program.kinds(2) == ["DeviceFound voice", "SpeechFinished"]


def test_what_was_given_up_does_not_sound_later(room: VirtualRoom, program: Program) -> None:
    """Neither what is being rendered nor what waits for it: a recording may run by then."""
    (worker,) = children_of(program.process.pid)
    with room.listening() as ear:
        os.kill(worker, signal.SIGSTOP)
        program.tell(say={"utterance": 1, "text": LONG, "tone_after": "record"})  # Its rendering may take seconds.
        program.tell(say={"utterance": 2, "tone": "record"})
        for given_up in (1, 2):
            program.tell(drop=given_up)
        assert [program.says()["dropped"] for _ in "12"] == [1, 2]
        os.kill(worker, signal.SIGCONT)
        program.tell(say={"utterance": 3, "tone": "earcon"})
        ended = program.ends()
    assert (ended["report"], ended["utterance"]) == ("SpeechFinished", 3)
    assert len(ear.onsets()) == 1


def test_stopping_does_not_wait_for_an_engine_that_hangs(program: Program) -> None:
    (worker,) = children_of(program.process.pid)
    os.kill(worker, signal.SIGSTOP)
    program.tell(say={"utterance": 1, "text": CUE})
    program.tell(stop=True)
    assert program.ends()["cut"]
    program.tell(say={"utterance": 2, "text": CUE})
    assert not program.ends()["cut"]


def test_half_the_volume_is_half_as_strong(room: VirtualRoom, program: Program) -> None:
    peaks = []
    for utterance, volume in enumerate((1.0, 0.5)):
        program.tell(volume=volume)
        with room.listening() as ear:
            program.tell(say={"utterance": utterance, "tone": "level"})
            program.ends()
        peaks.append(peak(ear))
    assert peaks[1] == pytest.approx(peaks[0] / 2, rel=0.01)


def test_without_such_a_loudspeaker_there_is_a_sentence_for_it(room: VirtualRoom, tmp_path: Path) -> None:
    with started(room, tmp_path, "zaalspeaker") as program:
        assert "zaalspeaker" in program.says()["problem"]
