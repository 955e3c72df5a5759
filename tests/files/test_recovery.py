"""A damaged journal gives back everything but the damaged lines; the original stays as it is."""

import errno
import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from levelup_voice.errors import JournalError
from levelup_voice.files import wav
from levelup_voice.files.folder import JOURNAL, new_folder, open_session
from levelup_voice.files.journal import to_line
from levelup_voice.files.recovery import Recovered, examine, write
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from tests.plans import SMALL
from tests.session.room import Room
from tests.whole.program import levelup


def a_session() -> list[ev.Entry]:
    room = Room().until("open").obey(do.Next(), do.Next())
    room.transcribed("een", "geheim")
    room.obey(do.Next()).until("s1", "counting").obey(do.GiveTally(disagree=9), do.Record(), do.Next())
    room.transcribed("iets", "anders")
    return room.journal


ENTRIES = a_session()
LINES = [to_line(entry).encode() for entry in ENTRIES]
FILES = [entry.event.file for entry in ENTRIES if isinstance(entry.event, ev.RecordingStarted)]


def folder_of(path: Path, lines: list[bytes]) -> Path:
    (path / "audio").mkdir(parents=True)
    (path / JOURNAL).write_bytes(b"".join(lines))
    for file in FILES:
        writer = wav.WavWriter(path / file)
        writer.write(bytes(32000))
        writer.finish()
    return path


def contents(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def saved(path: Path, recovered: Recovered) -> Path:
    into = path / "saved"
    shutil.rmtree(into, ignore_errors=True)
    (into / "audio").mkdir(parents=True)
    write(recovered, path, into)
    return into


def test_a_damaged_line_in_the_middle_is_named_and_all_others_are_saved(tmp_path: Path) -> None:
    number = next(n for n, entry in enumerate(ENTRIES) if isinstance(entry.event, ev.TallyGiven))
    lines = [*LINES[:number], b'{"at": 3, "event": "Tal\xff\n', *LINES[number + 1 :]]
    path = folder_of(tmp_path / "a", lines)
    before = contents(path)
    with pytest.raises(JournalError, match=f"line {number + 1}"):
        open_session(path)
    recovered = examine(path)
    assert [damage.line for damage in recovered.damages] == [number + 1]
    assert recovered.entries == (*ENTRIES[:number], *ENTRIES[number + 1 :])
    into = saved(path, recovered)
    assert [one.transcript.text for one in open_session(into).session.recordings if one.transcript] == [
        "een geheim",
        "iets anders",
    ]
    shutil.rmtree(into)
    assert contents(path) == before


def test_two_lines_that_ran_together_are_two_entries_still(tmp_path: Path) -> None:
    path = folder_of(tmp_path / "a", [*LINES[:5], LINES[5].rstrip(b"\n") + b"\xff" + LINES[6], *LINES[7:]])
    recovered = examine(path)
    assert [damage.line for damage in recovered.damages] == [6]
    assert recovered.entries == (*ENTRIES[:5], *ENTRIES[6:])


def test_a_recording_whose_beginning_is_lost_is_found_by_its_name(tmp_path: Path) -> None:
    number = next(n for n, entry in enumerate(ENTRIES) if isinstance(entry.event, ev.RecordingStarted))
    path = folder_of(tmp_path / "a", [*LINES[:number], b"nonsense\n", *LINES[number + 1 :]])
    recovered = examine(path)
    assert recovered.guessed == (FILES[0],)
    first, second = open_session(saved(path, recovered)).session.recordings
    assert first.request.file == FILES[0]
    assert first.request.item == "open"
    assert first.transcript is not None
    assert second.transcript is not None


def test_a_lost_opening_asks_for_the_plan_and_takes_it(tmp_path: Path) -> None:
    path = folder_of(tmp_path / "a", [b"\0" * 100 + b"\n", *LINES[1:]])
    with pytest.raises(JournalError, match="--plan"):
        examine(path)
    recovered = examine(path, SMALL)
    assert [one.event for one in recovered.entries[1:]] == [one.event for one in ENTRIES[1:]]


def test_a_first_line_that_is_gone_without_a_trace_is_a_damage_too(tmp_path: Path) -> None:
    recovered = examine(folder_of(tmp_path / "a", LINES[1:]), SMALL)
    assert [one.line for one in recovered.damages] == [1]


def test_a_recording_that_no_line_tells_of_is_saved_too(tmp_path: Path) -> None:
    path = folder_of(tmp_path / "a", LINES[:2])
    recovered = examine(path)
    assert recovered.audio == tuple(FILES)
    assert all(one.saved for one in open_session(saved(path, recovered)).session.recordings)


@settings(max_examples=150, deadline=None)
@example([(43, 54, b"\x00")], 0)
@given(
    st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, 400), st.binary(max_size=6)), max_size=6),
    st.integers(0, 200),
)
def test_whatever_is_damaged_the_rest_opens_again(
    tmp_path_factory: pytest.TempPathFactory, damages: list[tuple[int, int, bytes]], torn: int
) -> None:
    """Bytes in any line replaced by others, also its end; the end torn off: never an error that we did not mean."""
    lines = list(LINES)
    for line, at, other in damages:
        lines[line] = lines[line][:at] + other + lines[line][at + len(other) + 1 :]
    path = tmp_path_factory.mktemp("damaged")
    folder_of(path, [])
    (path / JOURNAL).write_bytes(b"".join(lines)[: -torn or None])
    recovered = examine(path, SMALL)
    found = open_session(saved(path, recovered))
    assert len(found.session.recordings) >= len(FILES)
    # A line that has lost its end has taken the next one with it.
    hurt = {line for line, _, _ in damages} | {line + 1 for line, text in enumerate(lines) if not text.endswith(b"\n")}
    for number, entry in enumerate(ENTRIES):
        if isinstance(entry.event, ev.TranscriptReady) and number not in hurt and not torn:
            assert found.session.recordings[entry.event.recording].transcript == entry.event.transcript


def test_the_command_tells_what_it_saved_and_where(tmp_path: Path) -> None:
    path = new_folder(tmp_path, "klein", datetime(2025, 3, 4, 11, 0))  # noqa: DTZ001
    (path / "audio").rmdir()
    folder_of(path, [*LINES[:5], b"{}\n", *LINES[5:]])
    listed = json.loads(levelup("sessions", "--folder", str(tmp_path), "--json").stdout)
    assert [one["state"] for one in listed] == ["damaged"]
    done = levelup("recover", path.name, "--folder", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "Regel 6" in done.stderr
    (fresh,) = [one for one in tmp_path.iterdir() if one != path]
    assert "een geheim" in (fresh / "notes.md").read_text(encoding="utf-8").lower()
    assert levelup("recover", fresh.name, "--folder", str(tmp_path)).stdout.startswith("Er is niets beschadigd")


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of a file as a shell does")
def test_what_does_not_fit_is_told_and_leaves_no_half_of_a_session(tmp_path: Path) -> None:
    path = folder_of(tmp_path / "2026-03-12 small", [*LINES[:5], b"{}\n", *LINES[5:]])
    before = contents(tmp_path)
    program = [sys.executable, "-m", "levelup_voice", "recover", path.name, "--folder", str(tmp_path)]
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 20; exec "$0" "$@"', *program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert os.strerror(errno.EFBIG) in done.stderr
    assert contents(tmp_path) == before
    assert list(tmp_path.iterdir()) == [path]
