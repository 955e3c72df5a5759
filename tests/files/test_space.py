"""The disk is watched: early, at its floor, and without wavering."""

import threading
from pathlib import Path

from levelup_voice.files.space import FLOOR, LOW_MINUTES, MARGIN, MINUTE, Space, minutes_left
from levelup_voice.session import events as ev

PLENTY = FLOOR + 2 * LOW_MINUTES * MINUTE
ENOUGH = FLOOR + LOW_MINUTES * MINUTE


class Disk:
    def __init__(self, free: int) -> None:
        self.free = free
        self.reports: list[ev.Report] = []
        self.space = Space(Path("/"), self.reports.append, free=lambda folder: self.free)

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
