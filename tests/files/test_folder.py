"""The folder of a session: dated, found again, and written by one program at a time."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from levelup_voice.errors import JournalError, SetupError
from levelup_voice.files.folder import (
    JOURNAL,
    SessionFolder,
    find_session,
    find_sessions,
    inside,
    new_folder,
    open_session,
)
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from tests.session.room import WORDS, Room

NOW = datetime(2025, 3, 4, 11, 0)  # noqa: DTZ001 - a local time of day, as people read it in a name

HOLD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.folder import SessionFolder
folder = SessionFolder(Path(sys.argv[1]), load_catalogue("nl"), print)
print("held", flush=True)
time.sleep(600)
"""


def opened(path: Path) -> SessionFolder:
    return SessionFolder(path, WORDS, lambda problem: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a session that has been running for a while."""
    path = new_folder(tmp_path, "klein", NOW)
    store = opened(path)
    store.append(Room().until("open").obey(do.Next(), do.Next()).journal)
    store.close()
    return path


def test_a_session_has_a_dated_folder_of_its_own(tmp_path: Path) -> None:
    names = [new_folder(tmp_path / "sessies", "klein", NOW).name for _ in range(3)]
    assert names == ["2025-03-04 11.00 klein", "2025-03-04 11.00 klein (2)", "2025-03-04 11.00 klein (3)"]


def test_what_people_say_is_for_its_owner_alone(folder: Path) -> None:
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "audio").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="file"):
        new_folder(tmp_path / "file", "klein", NOW)


def test_a_session_is_found_again(folder: Path) -> None:
    found = open_session(folder)
    assert found.session.recordings[0].request.item == "open"
    assert (found.path, found.newer) == (folder, False)
    assert found.last_at > 0.0


def test_a_folder_without_a_journal_is_no_session(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=JOURNAL):
        open_session(tmp_path)


def test_sessions_are_listed_latest_first(tmp_path: Path) -> None:
    paths = [new_folder(tmp_path, name, NOW) for name in ("a", "b", "c")]
    for age, path in zip((300, 100, 200), paths, strict=True):
        (path / JOURNAL).touch()
        os.utime(path / JOURNAL, (1e9 - age, 1e9 - age))
    (tmp_path / "something else").mkdir()
    assert find_sessions(tmp_path) == [paths[1], paths[2], paths[0]]
    assert find_sessions(tmp_path / "nowhere") == []


def test_a_session_is_meant_by_its_name_its_path_or_as_the_latest(folder: Path) -> None:
    assert find_session(folder.parent, folder.name) == folder
    assert find_session(Path("/nowhere"), str(folder)) == folder
    assert find_session(folder.parent, "") == folder
    with pytest.raises(SetupError, match="other"):
        find_session(folder.parent, "other")


def test_a_second_process_is_told_who_works_in_the_folder(folder: Path) -> None:
    command = [sys.executable, "-c", HOLD_UNTIL_KILLED, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            with pytest.raises(SetupError, match=str(holder.pid)):
                opened(folder)
        finally:
            holder.send_signal(signal.SIGKILL)
    opened(folder).close()


def test_a_session_of_a_later_version_is_not_gone_on_with(folder: Path) -> None:
    with (folder / JOURNAL).open("a") as journal:
        journal.write('{"at": 99.0, "event": "OfALaterVersion"}\n')
    store = opened(folder)
    with pytest.raises(SetupError) as told:
        store.take_up()
    store.close()
    assert told.value.key == "newer"


def test_reading_needs_no_lock(folder: Path) -> None:
    store = opened(folder)
    try:
        assert open_session(folder).session.recordings
    finally:
        store.close()


def test_a_closed_folder_lets_others_in(folder: Path) -> None:
    opened(folder).close()
    opened(folder).close()


@pytest.mark.parametrize("path", ["../elsewhere.wav", "/etc/passwd", "audio/../../elsewhere.wav"])
def test_no_path_leads_out_of_the_folder(folder: Path, path: str) -> None:
    with pytest.raises(JournalError, match="is not in the session's folder"):
        inside(folder, path)


def test_a_link_does_not_lead_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    (folder / "audio" / "away").symlink_to(tmp_path)
    with pytest.raises(JournalError):
        inside(folder, "audio/away/x.wav")


def test_a_tampered_journal_reaches_no_file_elsewhere(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "keep.wav"
    outside.touch()
    store = opened(folder)
    try:
        store.know(ev.RecordingStarted(recording=7, file="../keep.wav", purpose="answer", block=0, item="open"))
        with pytest.raises(JournalError):
            store.forget(7)
    finally:
        store.close()
    assert outside.exists()


def test_a_path_in_the_folder_is_that_path(folder: Path) -> None:
    assert inside(folder, "audio/001-open-take1.wav") == folder / "audio" / "001-open-take1.wav"


def test_what_is_forgotten_is_nowhere_in_the_folder(folder: Path) -> None:
    session = Room().until("open").obey(do.Next(), do.Next())
    session.now = open_session(folder).last_at
    store = opened(folder)
    store.know_session(open_session(folder).session)
    (ready,) = session.transcribed("een", "geheim")
    store.append([ev.Entry(session.now, ready)])
    store.audio(0).write_bytes(b"RIFF geheim")
    store.refresh(open_session(folder).session)
    store.append([ev.Entry(session.now, ev.RecordingDeleted(0))])
    store.forget(0)
    store.refresh(open_session(folder).session)
    store.close()
    assert not [path for path in folder.rglob("*") if path.is_file() and b"geheim" in path.read_bytes()]


def test_audio_that_cannot_be_deleted_is_told_and_goes_when_the_session_is_opened_again(folder: Path) -> None:
    problems: list[str] = []
    store = SessionFolder(folder, WORDS, problems.append)
    store.know_session(open_session(folder).session)
    held = store.audio(0)
    held.mkdir()
    store.append([ev.Entry(open_session(folder).last_at, ev.RecordingDeleted(0))])
    store.forget(0)
    store.close()
    assert len(problems) == 1
    assert f"audio/{held.name}" in problems[0]
    held.rmdir()
    held.touch()
    store = opened(folder)
    store.know_session(open_session(folder).session)
    store.close()
    assert not held.exists()


@pytest.mark.parametrize("unwritable", [".lock", JOURNAL])
def test_a_folder_in_which_nothing_can_be_written_is_told_and_not_kept_from_others(
    folder: Path, unwritable: str
) -> None:
    (folder / unwritable).rename(folder / "elsewhere")
    (folder / unwritable).mkdir()
    with pytest.raises(SetupError, match="directory") as told:
        opened(folder)
    assert told.value.key == "read_only"
    (folder / unwritable).rmdir()
    (folder / "elsewhere").rename(folder / unwritable)
    opened(folder).close()
