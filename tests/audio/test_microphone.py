"""What is said into a real input stream is recorded, also when the device goes and comes back."""

import contextlib
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from levelup_voice.audio.recogniser import VoskRecogniser, transcribe_file
from levelup_voice.files.wav import duration, read_pcm
from tests.audio.speech import MODEL, SUMMARY, save, spoken
from tests.virtual_audio import VirtualRoom


class Program:
    """The program that records, in its own process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout

    def tell(self, command: str) -> None:
        self._in.write(command + "\n")
        self._in.flush()

    def says(self) -> str:
        return self._out.readline().strip()

    def wait_for_sound(self) -> None:
        self.tell("level")
        while self.says() == "0":
            time.sleep(0.05)
            self.tell("level")


@contextlib.contextmanager
def recording_program(room: VirtualRoom, name: str, folder: Path) -> Iterator[Program]:
    with room.start("-m", "tests.audio.microphone_in_use", name, str(folder)) as process:
        try:
            yield Program(process)
        finally:
            if process.stdin is not None:
                process.stdin.close()


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    return save(tmp_path / "spoken.wav", spoken(SUMMARY))


def likeness(heard: bytes, said: bytes) -> float:
    """Correlation at the best shift: 1 when the one is in the other, unharmed."""
    a, b = (np.frombuffer(pcm, np.int16).astype(float) for pcm in (heard, said))
    size = 1 << (a.size + b.size).bit_length()
    products = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    shifted = np.roll(np.pad(a, (0, size - a.size)), -int(products.argmax()))[: b.size]
    return float(np.corrcoef(shifted, b)[0, 1])


def test_a_spoken_summary_is_recorded_unharmed_and_understood(room: VirtualRoom, tmp_path: Path, wav: Path) -> None:
    with recording_program(room, "virtmic", tmp_path) as program:
        program.wait_for_sound()
        program.tell("start heard.wav")
        assert program.says() == "started"
        room.say(wav)
        program.tell("stop")
        saved = program.says()
    assert "gaps=()" in saved
    assert likeness(read_pcm(tmp_path / "heard.wav"), spoken(SUMMARY)) > 0.98
    recogniser = VoskRecogniser(MODEL)
    try:
        assert "welbevinden van het kind" in transcribe_file(recogniser, tmp_path / "heard.wav").text
    finally:
        recogniser.close()


@pytest.mark.parametrize("trouble", ["unplugged", "hanging"])
def test_a_recording_goes_on_when_the_device_comes_back(
    room: VirtualRoom, tmp_path: Path, wav: Path, trouble: str
) -> None:
    with recording_program(room, "virtmic", tmp_path) as program:
        program.wait_for_sound()
        program.tell("start heard.wav")
        assert program.says() == "started"
        room.say(wav)
        gone_at = time.monotonic()
        room.unplug("mic") if trouble == "unplugged" else room.freeze("mic")
        assert program.says() == ("lost stopped" if trouble == "unplugged" else "lost hangs")
        room.plug("mic") if trouble == "unplugged" else room.thaw("mic")
        assert program.says() == "found"
        back_at = time.monotonic()
        room.say(wav)
        program.tell("stop")
        saved = program.says()
    (gap,) = re.findall(r"\(\(([\d.]+), ([\d.]+)\),\)", saved)
    position, length = (float(number) for number in gap)
    assert length <= back_at - gone_at + 1.0
    heard = read_pcm(tmp_path / "heard.wav")
    cut = round(position * 16000) * 2
    assert likeness(heard[:cut], spoken(SUMMARY)) > 0.98
    assert likeness(heard[cut:], spoken(SUMMARY)) > 0.98
    assert duration(tmp_path / "heard.wav") == pytest.approx(
        float(re.findall(r"seconds=([\d.]+)", saved)[0]), abs=0.001
    )


def test_a_microphone_that_is_not_there_is_said_and_fails_a_recording(room: VirtualRoom, tmp_path: Path) -> None:
    with recording_program(room, "Jabra", tmp_path) as program:
        assert program.says() == "lost missing"
        program.tell("start heard.wav")
        assert {program.says(), program.says()} == {
            "RecordingFailed(recording=1, problem='no-microphone')",
            "started",
        }
