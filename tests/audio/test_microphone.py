"""What is said into a real input stream is recorded, also when the device goes and comes back."""

import re
import time
from pathlib import Path

import pytest

from levelup_voice.audio.recogniser import VoskRecogniser, transcribe_file
from levelup_voice.files.wav import duration, read_pcm
from tests.audio.recording_program import likeness, recording_program
from tests.audio.speech import MODEL, SUMMARY, save, spoken
from tests.virtual_audio import VirtualRoom


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    return save(tmp_path / "spoken.wav", spoken(SUMMARY))


def test_a_spoken_summary_is_recorded_unharmed_and_understood(room: VirtualRoom, tmp_path: Path, wav: Path) -> None:
    with recording_program(room, "virtmic", tmp_path) as program:
        program.record("heard.wav")
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
        program.record("heard.wav")
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


def test_a_disk_that_takes_seconds_costs_no_audio(room: VirtualRoom, tmp_path: Path, wav: Path) -> None:
    """Also of a recording that is stopped while all of it still waits."""
    with recording_program(room, "virtmic", tmp_path) as program:
        program.record("heard.wav")
        program.tell("slow 7")
        assert program.says() == "slow"
        room.say(wav)
        program.tell("stop")
        assert "gaps=()" in program.says()
    assert likeness(read_pcm(tmp_path / "heard.wav"), spoken(SUMMARY)) > 0.98


def test_what_a_disk_that_hangs_costs_is_marked_where_memory_must_not_grow(room: VirtualRoom, tmp_path: Path) -> None:
    """Of four seconds, one may wait."""
    with recording_program(room, "virtmic", tmp_path, most_waiting=1.0) as program:
        program.record("heard.wav")
        program.tell("slow 4")
        assert program.says() == "slow"
        time.sleep(5.0)
        program.tell("stop")
        (gap,) = re.findall(r"gaps=\(\(([\d.]+), ([\d.]+)\),\)", program.says())
    assert float(gap[1]) == pytest.approx(3.0, abs=0.7)


def test_a_microphone_that_is_not_there_is_said_and_fails_a_recording(room: VirtualRoom, tmp_path: Path) -> None:
    with recording_program(room, "Jabra", tmp_path) as program:
        assert program.says() == "lost missing"
        program.tell("start heard.wav")
        assert {program.says(), program.says()} == {
            "RecordingFailed(recording=1, problem='no-microphone')",
            "started",
        }
