"""Files are replaced whole and for good: in the order in which a power cut can take nothing."""

import contextlib
import errno
import os
from pathlib import Path

import pytest

from levelup_voice.files.disk import TRIES, Step, rename, replace_file, watched_by


def steps_of(path: Path, data: bytes) -> list[Step]:
    told: list[Step] = []
    with watched_by(lambda step, file, written: told.append(step)):
        replace_file(path, data)
    return told


def test_what_replaces_a_file_is_on_the_disk_before_it_has_its_name_and_then_the_name_is(tmp_path: Path) -> None:
    assert steps_of(tmp_path / "notes.md", b"new") == ["write", "sync", "rename", "sync-folder"]


def test_a_name_lasts(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    told: list[tuple[Step, int | Path]] = []
    with watched_by(lambda step, file, written: told.append((step, file))):
        rename(tmp_path / "one", tmp_path / "two")
    assert told == [("rename", tmp_path / "two"), ("sync-folder", tmp_path)]
    assert (tmp_path / "two").read_bytes() == b"1"


@pytest.mark.parametrize("failing", ["write", "sync", "rename"])
def test_a_file_that_cannot_be_replaced_stays_as_it_was(tmp_path: Path, failing: Step) -> None:
    path = tmp_path / "notes.md"
    path.write_bytes(b"old")

    def refuse(step: Step, file: int | Path, data: bytes) -> None:
        if step == failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with watched_by(refuse), pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        replace_file(path, b"new")
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"notes.md": b"old"}


@pytest.mark.skipif(os.name == "nt", reason="files have no such modes there")
def test_what_replaces_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_bytes(b"old")
    path.chmod(0o644)
    replace_file(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("times", [TRIES - 1, TRIES])
def test_a_file_that_is_held_for_a_moment_is_waited_for(tmp_path: Path, times: int) -> None:
    """As a virus scanner holds fresh ones on Windows."""
    path, held = tmp_path / "notes.md", iter(range(times))
    path.write_bytes(b"old")

    def refuse(step: Step, file: int | Path, data: bytes) -> None:
        if step == "rename" and next(held, None) is not None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with watched_by(refuse), contextlib.nullcontext() if times < TRIES else pytest.raises(PermissionError):
        replace_file(path, b"new")
    assert path.read_bytes() == (b"new" if times < TRIES else b"old")
