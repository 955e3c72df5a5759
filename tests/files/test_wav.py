"""A recording survives a kill at any byte."""

import os
import signal
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup_voice.files.wav import (
    HEADER,
    WavWriter,
    duration,
    erase,
    rate_of,
    read_pcm,
    repair,
    unfinished,
)

PCM = bytes(range(256)) * 40

WRITE_UNTIL_KILLED = """
import sys
from pathlib import Path
from levelup_voice.files.wav import WavWriter
writer = WavWriter(Path(sys.argv[1]), 16000)
for number in range(1_000_000):
    writer.write(number.to_bytes(2, "little") * 1600)
    print(number, flush=True)
"""


def part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def as_others_read_it(path: Path) -> bytes:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.readframes(10_000_000)


def test_a_finished_recording_is_an_ordinary_wav(tmp_path: Path) -> None:
    writer = WavWriter(tmp_path / "a.wav", 44100)
    writer.write(PCM[:1000])
    writer.write(PCM[1000:])
    path = writer.finish()
    assert path == tmp_path / "a.wav"
    assert [file.name for file in tmp_path.iterdir()] == ["a.wav"]
    assert as_others_read_it(path) == read_pcm(path) == PCM
    assert (rate_of(path), duration(path)) == (44100, len(PCM) / 2 / 44100)


def test_an_unfinished_recording_can_be_read_by_us_and_by_others(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    writer = WavWriter(path, 16000)
    writer.write(PCM)
    assert as_others_read_it(part(path)) == read_pcm(path) == PCM
    assert duration(path) == len(PCM) / 2 / 16000
    assert unfinished(tmp_path) == [path]
    writer.finish()
    assert unfinished(tmp_path) == []


def test_a_stretch_of_a_recording_is_read_by_frames(tmp_path: Path) -> None:
    writer = WavWriter(tmp_path / "a.wav")
    writer.write(PCM)
    path = writer.finish()
    assert read_pcm(path, 100, 50) == PCM[200:300]
    assert read_pcm(path, len(PCM) // 2 - 10, 50) == PCM[-20:]
    assert read_pcm(path, len(PCM), 50) == b""


@given(kept=st.integers(0, HEADER.size + 300), zeroed=st.integers(0, HEADER.size), rate=st.sampled_from([16000, 48000]))
def test_whatever_of_a_recording_reached_the_disk_is_repaired(kept: int, zeroed: int, rate: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        writer = WavWriter(path, rate)
        writer.write(PCM[:300])
        os.close(writer._file)
        torn = part(path).read_bytes()[:kept]
        part(path).write_bytes(bytes(min(zeroed, kept)) + torn[zeroed:])
        seconds = repair(path)
        heard = PCM[: max(0, kept - HEADER.size) // 2 * 2]
        assert read_pcm(path) == as_others_read_it(path) == heard
        assert seconds == duration(path) == len(heard) / 2 / rate_of(path)
        if kept >= HEADER.size and zeroed == 0:
            assert rate_of(path) == rate
        assert repair(path) == seconds
        assert os.listdir(folder) == ["a.wav"]


def test_repairing_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        repair(tmp_path / "a.wav")


def test_a_recording_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    writer = WavWriter(path)
    with pytest.raises(FileExistsError):
        WavWriter(path)
    writer.finish()
    with pytest.raises(FileExistsError):
        WavWriter(path)


def test_a_deleted_recording_leaves_nothing(tmp_path: Path) -> None:
    finished, running = tmp_path / "a.wav", tmp_path / "b.wav"
    WavWriter(finished).finish()
    writer = WavWriter(running)
    erase(finished)
    erase(running)
    erase(tmp_path / "c.wav")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError):
        writer.finish()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_only_its_owner_may_read_a_recording(tmp_path: Path) -> None:
    writer = WavWriter(tmp_path / "a.wav")
    assert part(tmp_path / "a.wav").stat().st_mode & 0o777 == 0o600
    assert writer.finish().stat().st_mode & 0o777 == 0o600


def test_a_killed_program_loses_nothing_it_had_written(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with subprocess.Popen(
        [sys.executable, "-c", WRITE_UNTIL_KILLED, str(path)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        while (last := int(child.stdout.readline())) < 40:
            pass
        child.send_signal(signal.SIGKILL)
        last = int((child.stdout.read().split() or [str(last)])[-1])
    seconds = repair(path)
    assert round(seconds, 3) >= round((last + 1) * 0.1, 3)
    for number in range(last + 1):
        assert read_pcm(path, number * 1600, 1600) == number.to_bytes(2, "little") * 1600
