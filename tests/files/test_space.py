"""The disk is watched: early, at its floor, and without wavering."""

import threading
import time
from pathlib import Path

from levelup_voice.files.disk import Step, longest_wait, replace_file, watched_by
from levelup_voice.files.space import (
    CALM_LOOKS,
    FLOOR,
    LOW_MINUTES,
    MARGIN,
    MINUTE,
    SLOW_SECONDS,
    Space,
    minutes_left,
)
from levelup_voice.session import events as ev

PLENTY = FLOOR + 2 * LOW_MINUTES * MINUTE
ENOUGH = FLOOR + LOW_MINUTES * MINUTE


class Disk:
    def __init__(self, free: int) -> None:
        self.free = free
        self.slowest = 0.0
        self.reports: list[ev.Report] = []
        self.space = Space(Path("/"), self.reports.append, free=lambda folder: self.free, wait=lambda: self.slowest)

    def with_free(self, free: int) -> list[ev.Report]:
        self.free = free
        self.reports.clear()
        self.space.look()
        return list(self.reports)


def test_room_for_less_than_an_hour_is_told_then_the_floor_then_relief() -> None:
    disk = Disk(PLENTY)
    assert disk.with_free(ENOUGH) == []
    assert disk.with_free(ENOUGH - 1) == [ev.DeviceLost("disk", "low")]
    assert disk.with_free(FLOOR) == []
    assert disk.with_free(FLOOR - 1) == [ev.DeviceLost("disk", "full")]
    assert disk.with_free(PLENTY) == [ev.DeviceFound("disk")]


def test_a_disk_that_hovers_around_a_limit_is_told_once() -> None:
    disk = Disk(PLENTY)
    disk.with_free(FLOOR - 1)
    assert disk.with_free(FLOOR + MARGIN - 1) == []
    assert disk.with_free(FLOOR + MARGIN) == [ev.DeviceLost("disk", "low")]
    assert disk.with_free(ENOUGH + MARGIN - 1) == []


def test_a_disk_that_takes_seconds_is_told_and_over_when_it_has_kept_up_for_a_while() -> None:
    disk = Disk(PLENTY)
    disk.slowest = SLOW_SECONDS + 0.1
    assert disk.with_free(PLENTY) == [ev.DeviceLost("disk", "slow")]
    assert disk.with_free(PLENTY) == []
    disk.slowest = 0.004
    looks = [disk.with_free(PLENTY) for _ in range(CALM_LOOKS)]
    assert looks == [[]] * (CALM_LOOKS - 1) + [[ev.DeviceFound("disk")]]


def test_of_a_disk_that_is_slow_and_full_it_is_told_that_it_is_full() -> None:
    disk = Disk(PLENTY)
    disk.slowest = SLOW_SECONDS + 0.1
    disk.with_free(ENOUGH - 1)
    assert disk.with_free(FLOOR - 1) == [ev.DeviceLost("disk", "full")]
    assert disk.with_free(ENOUGH - 1) == [ev.DeviceLost("disk", "slow")]
    disk.slowest = 0.0
    assert [disk.with_free(ENOUGH - 1) for _ in range(CALM_LOOKS)][-1] == [ev.DeviceLost("disk", "low")]


def test_a_step_that_hangs_counts_before_it_ends(tmp_path: Path) -> None:
    hangs, enough = threading.Event(), threading.Event()

    def hang(step: Step, file: int | Path, data: bytes) -> None:
        if threading.current_thread() is writing:
            hangs.set()
            enough.wait(10)

    writing = threading.Thread(target=replace_file, args=(tmp_path / "file", b"data"))
    longest_wait()
    with watched_by(hang):
        writing.start()
        assert hangs.wait(10)
        time.sleep(0.1)
        assert longest_wait() >= 0.1
        enough.set()
        writing.join()
    assert longest_wait() >= 0.1
    assert longest_wait() == 0.0


def test_a_disk_that_cannot_be_asked_is_not_guessed_about() -> None:
    def broken(folder: Path) -> int:
        raise OSError("gone")

    reports: list[ev.Report] = []
    Space(Path("/"), reports.append, free=broken).look()
    assert reports == []


def test_it_is_watched_until_it_is_closed() -> None:
    told = threading.Event()
    free = [PLENTY]
    space = Space(Path("/"), lambda report: told.set(), free=lambda folder: free[0], every=0.01)
    space.start()
    assert not told.is_set()
    free[0] = 0
    assert told.wait(10)
    space.close()


def test_minutes_are_counted_above_the_floor_also_of_a_folder_to_come(tmp_path: Path) -> None:
    assert 0 <= minutes_left(tmp_path / "not" / "yet") < 10**9
