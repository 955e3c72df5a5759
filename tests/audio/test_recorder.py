"""A recording holds exactly what was heard between start and stop, and ends in one report."""

import errno
import queue
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from levelup_voice.audio.chunks import CHUNK_SECONDS, RATE, Chunk
from levelup_voice.audio.recorder import Recorder, Sink
from levelup_voice.files.wav import WavWriter, read_pcm
from levelup_voice.session import events as ev


def heard(second: float, level: float = 3000.0) -> bytes:
    """What there is to hear in the 100 ms from this moment on: different for each."""
    rng = np.random.default_rng(round(second * 10))
    return rng.normal(0, level, RATE // 10).astype(np.int16).tobytes()


def request(recording: int, microphone: ev.Microphone = "group") -> ev.RecordingStarted:
    return ev.RecordingStarted(
        recording=recording,
        file=f"{recording}.wav",
        purpose="summary",
        block=1,
        item="oogst",
        microphone=microphone,
    )


@dataclass
class Studio:
    """A recorder with a clock to turn by hand, writing real files."""

    folder: Path
    linger: float = 0.0
    now: float = 100.0
    tapped: list[tuple[int, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reports: queue.SimpleQueue[ev.Report] = queue.SimpleQueue()
        self.recorder = Recorder(
            self.reports.put,
            self.open_writer,
            lambda recording, pcm: self.tapped.append((recording, pcm)),
            clock=lambda: self.now,
            linger=self.linger,
        )

    def open_writer(self, file: str, rate: int) -> Sink:
        return WavWriter(self.folder / file, rate)

    def hear(self, seconds: float, microphone: ev.Microphone = "group", level: float = 3000.0) -> None:
        for _ in range(round(seconds / CHUNK_SECONDS)):
            self.recorder.accept(Chunk(heard(self.now, level), 0, self.now), microphone)
            self.now = round(self.now + CHUNK_SECONDS, 3)

    def reported(self) -> list[ev.Report]:
        return [self.reports.get_nowait() for _ in range(self.reports.qsize())]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def test_a_recording_holds_what_was_heard_between_start_and_stop(studio: Studio, tmp_path: Path) -> None:
    studio.hear(1.0)
    studio.recorder.start(request(7))
    began = studio.now
    studio.hear(2.0)
    studio.recorder.stop(7)
    studio.hear(1.0)
    (saved,) = studio.reported()
    assert isinstance(saved, ev.RecordingSaved)
    assert (saved.recording, saved.seconds, saved.gaps) == (7, 2.0, ())
    assert saved.rms_dbfs == pytest.approx(-20.8, abs=0.2)
    expected = b"".join(heard(began + number / 10) for number in range(20))
    assert read_pcm(tmp_path / "7.wav") == expected
    assert studio.tapped == [(7, expected[at : at + 3200]) for at in range(0, len(expected), 3200)]


@pytest.mark.parametrize(("late", "kept"), [(0.8, 0.8), (30.0, 10.0), (-1.0, 0.0)])
def test_what_was_said_while_the_disk_held_up_the_start_is_kept(
    studio: Studio, tmp_path: Path, late: float, kept: float
) -> None:
    """As far as it is remembered: nothing of that is missing or there twice, and what is not is a gap."""
    studio.hear(40.0)
    began = round(studio.now - kept, 3)
    studio.recorder.start(request(1), late=late)
    studio.hear(1.0)
    studio.recorder.stop(1)
    (saved,) = studio.reported()
    assert isinstance(saved, ev.RecordingSaved)
    assert saved.seconds == pytest.approx(kept + 1.0)
    assert saved.gaps == (((0.0, pytest.approx(late - kept)),) if late > kept else ())
    expected = b"".join(heard(round(began + number / 10, 3)) for number in range(round(10 * (kept + 1.0))))
    assert read_pcm(tmp_path / "1.wav") == expected == b"".join(pcm for _, pcm in studio.tapped)


def test_what_was_said_before_a_late_start_is_kept_also_when_nothing_comes_after_it(studio: Studio) -> None:
    studio.hear(2.0)
    studio.recorder.start(request(1), late=1.0)
    studio.recorder.stop(1)
    (saved,) = studio.reported()
    assert isinstance(saved, ev.RecordingSaved)
    assert saved.seconds == pytest.approx(1.0)


def test_start_and_stop_cut_a_chunk_at_their_moment(studio: Studio, tmp_path: Path) -> None:
    chunk = Chunk(heard(1.0), 0, 99.96)
    studio.recorder.start(request(1))
    studio.recorder.accept(chunk, "group")
    studio.now = 100.10
    studio.recorder.accept(Chunk(heard(2.0), 1, 100.06), "group")
    studio.recorder.stop(1)
    (saved,) = studio.reported()
    assert isinstance(saved, ev.RecordingSaved)
    assert read_pcm(tmp_path / "1.wav") == chunk.pcm[640 * 2 :] + heard(2.0)


def test_a_stop_waits_for_what_is_still_on_its_way(tmp_path: Path) -> None:
    studio = Studio(tmp_path, linger=60.0)
    studio.recorder.start(request(1))
    studio.hear(1.0)
    studio.now += 0.25
    studio.recorder.stop(1)
    assert studio.reported() == []
    for late in range(3):
        studio.recorder.accept(Chunk(heard(101.0 + late / 10), 0, 101.0 + late / 10), "group")
    (saved,) = studio.reported()
    assert isinstance(saved, ev.RecordingSaved)
    assert (saved.seconds, saved.gaps) == (1.25, ())


def test_a_stop_does_not_wait_for_ever(tmp_path: Path) -> None:
    studio = Studio(tmp_path, linger=0.05)
    studio.recorder.start(request(1))
    studio.hear(1.0)
    studio.recorder.stop(1)
    saved = studio.reports.get(timeout=10)
    assert isinstance(saved, ev.RecordingSaved)
    assert saved.seconds == 1.0


def test_what_the_device_lost_is_a_gap_and_the_recording_goes_on(studio: Studio, tmp_path: Path) -> None:
    studio.recorder.start(request(1))
    studio.hear(2.0)
    studio.recorder.microphone_lost("group")
    studio.now += 4.2
    studio.recorder.microphone_found("group")
    studio.hear(1.0)
    studio.recorder.stop(1)
    (saved,) = studio.reported()
    assert isinstance(saved, ev.RecordingSaved)
    assert (saved.seconds, saved.gaps) == (3.0, ((2.0, 4.2),))
    assert len(read_pcm(tmp_path / "1.wav")) == 3 * RATE * 2


def test_a_device_that_does_not_come_back_leaves_a_gap_at_the_end(studio: Studio) -> None:
    studio.recorder.start(request(1))
    studio.hear(2.0)
    studio.recorder.microphone_lost("group")
    studio.now += 3.0
    studio.recorder.stop(1)
    (saved,) = studio.reported()
    assert isinstance(saved, ev.RecordingSaved)
    assert (saved.seconds, saved.gaps) == (2.0, ((2.0, 3.0),))


def test_without_a_microphone_a_recording_fails_at_once_and_once(studio: Studio) -> None:
    studio.recorder.microphone_lost("group")
    studio.recorder.start(request(1))
    studio.recorder.stop(1)
    assert studio.reported() == [ev.RecordingFailed(1, "no-microphone")]
    studio.recorder.microphone_found("group")
    studio.recorder.start(request(2))
    studio.hear(0.5)
    studio.recorder.stop(2)
    (saved,) = studio.reported()
    assert isinstance(saved, ev.RecordingSaved)


def test_a_microphone_that_delivered_nothing_is_a_failure_without_a_file(studio: Studio, tmp_path: Path) -> None:
    studio.recorder.start(request(1))
    studio.now += 30.0
    studio.recorder.stop(1)
    assert studio.reported() == [ev.RecordingFailed(1, "no-sound")]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_reported_at_once_and_only_once() -> None:
    class FullDisk:
        def __init__(self) -> None:
            self.file = open("/dev/full", "wb", buffering=0)  # noqa: SIM115 (closed by finish)

        def write(self, pcm: bytes) -> None:
            self.file.write(pcm)

        def finish(self) -> None:
            self.file.close()

    reports: list[ev.Report] = []
    recorder = Recorder(reports.append, lambda file, rate: FullDisk(), lambda recording, pcm: None, clock=lambda: 0.0)
    recorder.start(request(1))
    recorder.accept(Chunk(heard(0), 0, 0.0), "group")
    assert reports == [ev.RecordingFailed(1, "disk-full")]
    recorder.accept(Chunk(heard(1), 1, 0.1), "group")
    recorder.stop(1)
    assert len(reports) == 1


def test_a_folder_that_is_gone_is_a_failure(studio: Studio) -> None:
    studio.folder = studio.folder / "gone"
    studio.recorder.start(request(1))
    studio.hear(0.5)
    studio.recorder.stop(1)
    assert studio.reported() == [ev.RecordingFailed(1, "cannot-write")]


def test_two_microphones_record_each_for_themselves(studio: Studio, tmp_path: Path) -> None:
    studio.recorder.start(request(1, "group"))
    studio.recorder.start(request(2, "facilitator"))
    studio.hear(1.0, "group")
    studio.hear(1.0, "facilitator")
    studio.recorder.stop(1)
    studio.recorder.stop(2)
    first, second = studio.reported()
    assert isinstance(first, ev.RecordingSaved)
    assert isinstance(second, ev.RecordingSaved)
    assert (first.gaps, second.gaps) == (((1.0, 1.0),), ((0.0, 1.0),))
    assert read_pcm(tmp_path / "1.wav") != read_pcm(tmp_path / "2.wav")


def test_what_sounds_wrong_is_noticed_once_per_recording(studio: Studio) -> None:
    for recording in (1, 2):
        studio.recorder.start(request(recording))
        studio.hear(10.0, level=0.0)
        studio.recorder.stop(recording)
        notice, saved = studio.reported()
        assert notice == ev.LevelNoticed(recording, "silent")
        assert isinstance(saved, ev.RecordingSaved)


def test_the_meter_shows_every_microphone_also_between_recordings(studio: Studio) -> None:
    assert studio.recorder.levels == {}
    studio.hear(0.1, "facilitator", level=1000.0)
    assert studio.recorder.levels["facilitator"].rms_dbfs == pytest.approx(-30.3, abs=0.3)
    studio.recorder.microphone_lost("facilitator")
    assert studio.recorder.levels == {}


def test_closing_finishes_and_reports_what_runs(studio: Studio, tmp_path: Path) -> None:
    studio.recorder.start(request(1))
    studio.hear(1.0)
    studio.recorder.close()
    studio.recorder.stop(1)
    (saved,) = studio.reported()
    assert isinstance(saved, ev.RecordingSaved)
    assert len(read_pcm(tmp_path / "1.wav")) == RATE * 2


def test_a_recording_that_is_closed_while_its_last_audio_is_written_ends_once(tmp_path: Path) -> None:
    """Who writes and who closes both see that it is over."""
    writing, may_go_on = threading.Event(), threading.Event()

    class Slow(WavWriter):
        def write(self, pcm: bytes) -> None:
            writing.set()
            assert may_go_on.wait(10)
            super().write(pcm)

    class SlowStudio(Studio):
        def open_writer(self, file: str, rate: int) -> Sink:
            return Slow(self.folder / file, rate)

    studio = SlowStudio(tmp_path)
    studio.recorder.start(request(1))
    microphone = threading.Thread(target=studio.recorder.accept, args=(Chunk(heard(100.0), 0, 100.0), "group"))
    microphone.start()
    assert writing.wait(10)
    studio.now = 100.05
    closing = threading.Thread(target=studio.recorder.close)
    closing.start()
    while studio.recorder.is_recording:
        time.sleep(0.001)
    may_go_on.set()
    microphone.join()
    closing.join()
    (saved,) = studio.reported()
    assert isinstance(saved, ev.RecordingSaved)
    assert (saved.seconds, saved.problem) == (0.1, "")


def test_what_was_written_before_the_disk_was_full_is_saved_and_named(tmp_path: Path) -> None:
    class FillingDisk:
        """A real file on a disk that takes one second of audio."""

        def __init__(self) -> None:
            self.file = WavWriter(tmp_path / "1.wav")
            self.room = RATE * 2

        def write(self, pcm: bytes) -> None:
            self.room -= len(pcm)
            if self.room < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            self.file.write(pcm)

        def finish(self) -> None:
            self.file.finish()

    reports: list[ev.Report] = []
    recorder = Recorder(reports.append, lambda file, rate: FillingDisk(), lambda number, pcm: None, clock=lambda: 0.0)
    recorder.start(request(1))
    for nth in range(20):
        recorder.accept(Chunk(heard(nth / 10), nth, nth / 10), "group")
    (saved,) = reports
    assert isinstance(saved, ev.RecordingSaved)
    assert (saved.seconds, saved.problem) == (1.0, "disk-full")
    assert len(read_pcm(tmp_path / "1.wav")) == RATE * 2
