"""A waveform is measured once, follows its recording, and goes when that goes."""

import json
import os
import tracemalloc
from array import array
from pathlib import Path

import pytest

from levelup_voice.files import wav
from levelup_voice.files.folder import SessionFolder
from levelup_voice.files.peaks import BARS, peaks
from levelup_voice.session import events as ev
from tests.plans import SMALL
from tests.session.room import WORDS

AUDIO = "audio/001-open-take1.wav"
KEPT = "peaks/001-open-take1.json"


def record(folder: Path, *levels: int, seconds: float = 1.0) -> None:
    """A recording in which each level lasts so long."""
    (folder / "audio").mkdir(exist_ok=True)
    (folder / AUDIO).unlink(missing_ok=True)
    writer = wav.WavWriter(folder / AUDIO, 16000)
    for level in levels:
        writer.write(array("h", [level, -level] * round(seconds * 8000)).tobytes())
    writer.finish()


def test_peaks_are_the_loudness_of_each_stretch_in_per_cent_of_the_loudest(tmp_path: Path) -> None:
    record(tmp_path, 8000, 0, 32767)
    found = peaks(tmp_path, AUDIO)
    assert len(found) == BARS
    assert (found[0], found[BARS // 2], found[-1]) == (24, 0, 100)


def test_the_loudest_sound_there_can_be_is_no_more_than_all(tmp_path: Path) -> None:
    record(tmp_path, 100)
    with (tmp_path / AUDIO).open("r+b") as file:
        file.seek(44)
        file.write(array("h", [-32768]).tobytes())
    assert max(peaks(tmp_path, AUDIO)) == 100


def test_a_recording_of_a_moment_has_no_more_peaks_than_samples(tmp_path: Path) -> None:
    record(tmp_path, 500, seconds=0.001)
    assert peaks(tmp_path, AUDIO) == [100] * 16
    record(tmp_path)
    assert peaks(tmp_path, AUDIO) == []


def test_they_are_measured_once(tmp_path: Path) -> None:
    record(tmp_path, 8000, 4000)
    found = peaks(tmp_path, AUDIO)
    assert (tmp_path / KEPT).stat().st_mode & 0o077 == 0
    known = json.loads((tmp_path / KEPT).read_text())
    (tmp_path / KEPT).write_text(json.dumps(known | {"peaks": [1, 2, 3]}))
    assert peaks(tmp_path, AUDIO) == [1, 2, 3] != found


@pytest.mark.parametrize("broken", ["", "[]", '{"made_of": 1}', '{"peaks": "x"', "\0"])
def test_a_broken_file_of_them_is_measured_anew(tmp_path: Path, broken: str) -> None:
    record(tmp_path, 8000)
    found = peaks(tmp_path, AUDIO)
    (tmp_path / KEPT).write_text(broken)
    assert peaks(tmp_path, AUDIO) == found
    assert json.loads((tmp_path / KEPT).read_text())["peaks"] == found


def test_another_recording_in_its_place_is_measured_anew(tmp_path: Path) -> None:
    record(tmp_path, 8000, 8000)
    assert peaks(tmp_path, AUDIO)[-1] == 100
    record(tmp_path, 8000, 0)
    os.utime(tmp_path / AUDIO, ns=(0, 1))
    assert peaks(tmp_path, AUDIO)[-1] == 0


def test_hours_are_measured_a_stretch_at_a_time(tmp_path: Path) -> None:
    record(tmp_path, 8000)
    with (tmp_path / AUDIO).open("r+b") as file:
        file.truncate(44 + 3 * 3600 * 32000)
    tracemalloc.start()
    found = peaks(tmp_path, AUDIO)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found[0], found[-1]) == (100, 0)
    assert most < 5_000_000


@pytest.mark.parametrize("goes", ["forget", "forget_audio"])
def test_they_go_with_the_audio(tmp_path: Path, goes: str) -> None:
    record(tmp_path, 8000)
    store = SessionFolder(tmp_path, WORDS, lambda problem: None)
    request = ev.RecordingStarted(recording=0, file=AUDIO, purpose="answer", block=0, item="open")
    store.append(
        [ev.Entry(0.0, ev.SessionOpened(plan=SMALL, opened_utc="", opened_of_day=0.0)), ev.Entry(1.0, request)]
    )
    peaks(tmp_path, AUDIO)
    assert (tmp_path / KEPT).exists()
    getattr(store, goes)(0)
    store.close()
    assert not (tmp_path / KEPT).exists()
    assert not (tmp_path / AUDIO).exists()
    with pytest.raises(FileNotFoundError):
        peaks(tmp_path, AUDIO)


def test_where_nothing_can_be_written_they_are_still_shown(tmp_path: Path) -> None:
    record(tmp_path, 8000)
    (tmp_path / "peaks").write_text("somebody's own file")
    assert peaks(tmp_path, AUDIO) == [100] * BARS
