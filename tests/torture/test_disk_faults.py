"""The disk fails at each write, sync and rename in turn, or the power is cut there: what was acknowledged stays."""

import errno
import os
import wave
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from levelup_voice.errors import DiskError
from levelup_voice.files import wav
from levelup_voice.files.disk import Step, watched_by
from levelup_voice.files.folder import open_session
from levelup_voice.files.journal import read, to_line
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev

from .stage import Stage

EVERY = int(os.environ.get("TORTURE_STEPS", "4"))
"""Of so many steps one is tried; the long form tries every one."""


class PowerCut(BaseException):
    """Nothing can be done about it."""


def lead(stage: Stage) -> None:
    """From the opening through two recordings to the next statement."""
    stage.take(do.Start())
    stage.settle()
    for _ in range(12):
        if stage.session.item is not None and stage.session.item.id == "open":
            break
        stage.take(do.Next())
        stage.settle()
    for command in (do.Record(), do.Again()):
        stage.take(command)
        stage.settle()
        if stage.session.open_recording is None:
            continue
        stage.wait(1.5)
        stage.take(do.Next())
        stage.settle()
    stage.take(do.Next())
    stage.settle()


class Faulty:
    """Watches the steps on the journal and the recordings, and does something before the one of this number."""

    def __init__(self, number: int, fault: Callable[[int | Path, bytes], None]) -> None:
        self.steps = 0
        self._number = number
        self._fault = fault

    def __call__(self, step: Step, file: int | Path, data: bytes) -> None:
        if not _is_ours(file):
            return
        self.steps += 1
        if self.steps == self._number:
            self._fault(file, data)


def _is_ours(file: int | Path) -> bool:
    path = os.readlink(f"/proc/self/fd/{file}") if isinstance(file, int) else str(file)
    return path.endswith(("journal.jsonl", "journal.jsonl.fresh", ".wav", ".wav.part", "/audio"))


def _number_of_steps(folder: Path) -> int:
    counting = Faulty(0, lambda file, data: None)
    stage = Stage(folder)
    with watched_by(counting):
        lead(stage)
    stage.close()
    assert not stage.problems
    assert len([one for one in stage.session.recordings if one.saved and one.text]) == 2
    return counting.steps


def _refuse(file: int | Path, data: bytes) -> None:
    """A disk that is full takes a part."""
    if data and isinstance(file, int):
        os.write(file, data[: len(data) // 3])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _cut_power(file: int | Path, data: bytes) -> None:
    if data and isinstance(file, int):
        os.write(file, data[: len(data) // 2])
    raise PowerCut


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="tells files apart by /proc")
@pytest.mark.timeout(1200)
def test_a_disk_that_fails_at_any_step_costs_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    steps = _number_of_steps(tmp_path / "well")
    assert steps > 80
    for number in range(1, steps + 1, EVERY):
        stage = Stage(tmp_path / str(number))
        with watched_by(Faulty(number, _refuse)), suppress(DiskError):
            lead(stage)
        _look(stage, number)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="tells files apart by /proc")
@pytest.mark.timeout(1200)
def test_a_power_cut_at_any_step_costs_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    steps = _number_of_steps(tmp_path / "well")
    for number in range(2, steps + 1, EVERY):
        stage = Stage(tmp_path / str(number))
        lasting = Lasting(stage.path, number)
        with watched_by(lasting), suppress(PowerCut):
            lead(stage)
        lasting.restore()
        _look(stage, number, unsynced=lasting.unsynced)


def delete(stage: Stage) -> None:
    """The first of the recordings, with all that was said in it."""
    for command in (do.DeleteRecording(0), do.Confirm()):
        stage.take(command)
        stage.settle()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="tells files apart by /proc")
@pytest.mark.parametrize("fault", [_refuse, _cut_power])
def test_what_is_deleted_while_the_disk_fails_at_any_step_is_gone_after_the_next_start(
    tmp_path: Path, fault: Callable[[int | Path, bytes], None]
) -> None:
    """Full, it stops the program as any journal does that cannot be written; what others said stays."""
    counting = Faulty(0, fault)
    stage = Stage(tmp_path / "well")
    lead(stage)
    with watched_by(counting):
        delete(stage)
    stage.close()
    assert counting.steps > 6
    for number in range(1, counting.steps + 1):
        stage = Stage(tmp_path / str(number))
        lead(stage)
        with watched_by(Faulty(number, fault)), suppress(DiskError, PowerCut):
            delete(stage)
        stage.crash()
        stage.settle()
        first, second = stage.session.recordings
        stage.close()
        told = [file for file in stage.path.rglob("*") if file.is_file() and b"groep0" in file.read_bytes()]
        assert first.deleted or first.text
        assert not (first.deleted and told), f"step {number}"
        assert not first.deleted or not list((stage.path / "audio").glob("001*")), f"step {number}"
        assert second.text


class Lasting:
    """Keeps, of each file, what would be there after a power cut: what was synced, and names that were synced."""

    def __init__(self, path: Path, number: int) -> None:
        self.unsynced: dict[str, int] = {}
        """Bytes of audio that were written and not synced, when the power went."""
        self._path = path
        self._faulty = Faulty(number, _cut_power)
        self._synced: dict[int, bytes] = {}
        for file in (path / "journal.jsonl",):
            self._synced[file.stat().st_ino] = file.read_bytes()

    def __call__(self, step: Step, file: int | Path, data: bytes) -> None:
        if not _is_ours(file):
            return
        self._faulty(step, file, data)
        if step == "sync" and isinstance(file, int):
            status = os.fstat(file)
            self._synced[status.st_ino] = os.pread(file, status.st_size, 0)

    def restore(self) -> None:
        """Put the disk in the state in which the power cut leaves it."""
        for file in [self._path / "journal.jsonl", *(self._path / "audio").iterdir()]:
            lasting = self._synced.get(file.stat().st_ino, b"")
            present = file.read_bytes()
            name = f"audio/{file.name.removesuffix('.part')}"
            self.unsynced[name] = max(0, len(present) - max(len(lasting), wav.HEADER.size))
            file.write_bytes(lasting)


def _look(stage: Stage, number: int, unsynced: dict[str, int] | None = None) -> None:
    """What was acknowledged is in the journal, what was kept is on the disk, and the session goes on to its notes."""
    entries = open_session(stage.path).session
    found = _entries(stage.path)
    assert found[1 : 1 + len(stage.acknowledged)] == stage.acknowledged, f"step {number}"
    if unsynced is None:
        whole = b"".join(to_line(entry).encode() for entry in [found[0], *stage.acknowledged])
        assert (stage.path / "journal.jsonl").read_bytes() == whole, f"step {number}: half a decision was left"
    stage.crash()
    stage.settle()
    assert stage.session.open_recording is None
    known = {one.request.file: one for one in stage.session.recordings}
    for file, size in stage.kept.items():
        least = size - (unsynced or {}).get(file, 0)
        if least > 0:
            assert known[file].saved is not None, f"step {number}: {file} is not in the journal"
            assert len(wav.read_pcm(stage.path / file)) >= least, f"step {number}"
            assert known[file].text, f"step {number}: {file} has no words"
        assert unsynced is None or unsynced.get(file, 0) <= 0.5 * 32000 + 3200, f"step {number}: too much is not synced"
    assert len(entries.recordings) <= len(known)
    for path in (stage.path / "audio").glob("*.wav"):
        with wave.open(str(path)) as recording:
            assert recording.getnframes() == len(wav.read_pcm(path)) // wav.FRAME, f"step {number}: {path} has no end"
    stage.close()
    assert (stage.path / "notes.md").stat().st_size > 100


def _entries(path: Path) -> list[ev.Entry]:
    return list(read(path / "journal.jsonl").entries)
