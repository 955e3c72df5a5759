"""The complete rehearsal: the program from opening to notes, with its real voice and its real recogniser."""

import csv
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from levelup_voice.files import wav
from levelup_voice.session import events as ev

from .program import facts, journal, levelup, rehearsed, without_sound


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rehearsed Level Up! session."""
    return rehearsed(tmp_path_factory.mktemp("sessions"))


def test_the_session_runs_from_its_opening_to_its_close(session: Path) -> None:
    entries = journal(session)
    assert isinstance(entries[0].event, ev.SessionOpened)
    assert any(isinstance(entry.event, ev.SessionClosed) for entry in entries)
    assert [entry.event.block for entry in entries if isinstance(entry.event, ev.BlockStarted)] == [0, 1, 2]


def test_every_group_is_heard_and_its_words_are_in_the_notes(session: Path) -> None:
    summaries = [
        entry.event
        for entry in journal(session)
        if isinstance(entry.event, ev.RecordingStarted) and entry.event.purpose == "summary"
    ]
    assert sorted(summary.group for summary in summaries) == [1, 2, 3, 4, 5, 6, 7]
    notes = (session / "notes.md").read_text(encoding="utf-8")
    for words in ("huiswerk", "vertrouwen", "ouders", "17 eens, 9 oneens"):
        assert words in notes, notes


def test_each_recording_is_an_audio_file_of_the_length_that_the_journal_tells(session: Path) -> None:
    entries = journal(session)
    files = {
        entry.event.recording: entry.event.file for entry in entries if isinstance(entry.event, ev.RecordingStarted)
    }
    saved = [entry.event for entry in entries if isinstance(entry.event, ev.RecordingSaved)]
    assert len(saved) == len(files) == 9
    for report in saved:
        assert wav.duration(session / files[report.recording]) == pytest.approx(report.seconds, abs=0.001)
        assert report.rms_dbfs > -40


def test_the_talk_has_its_cues_and_nothing_is_said_into_a_recording(session: Path) -> None:
    open_recording = False
    cues = []
    for entry in journal(session):
        match entry.event:
            case ev.RecordingStarted():
                open_recording = True
            case ev.RecordingSaved():
                open_recording = False
            case ev.SpeechRequested(text=text) if text:
                assert not open_recording, text
            case ev.CueGiven(outcome="spoken", remaining=remaining):
                cues.append(remaining)
    assert cues == [120.0, 0.0]


def test_the_folder_holds_everything_that_a_school_needs(session: Path) -> None:
    for name in ("journal.jsonl", "notes.md", "notes.html", "notes-to-share.md", "times.csv"):
        assert (session / name).stat().st_size > 0, name
    with (session / "times.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 4
    transcripts = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((session / "transcripts").iterdir())]
    assert len(transcripts) == 9
    shared = (session / "notes-to-share.md").read_text(encoding="utf-8")
    assert ".wav" not in shared


def test_two_rehearsals_with_one_seed_are_equal_but_for_work_times(session: Path, tmp_path: Path) -> None:
    assert list(facts(rehearsed(tmp_path))) == list(facts(session))


def test_another_seed_is_another_room(session: Path, tmp_path: Path) -> None:
    assert list(facts(rehearsed(tmp_path, "--seed", "8"))) != list(facts(session))


def test_a_rehearsal_that_was_killed_is_resumed_and_loses_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    running = subprocess.Popen(
        [sys.executable, "-m", "levelup_voice", "rehearse", "--folder", str(folder), "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        found = list(folder.glob("*/journal.jsonl"))
        if found and b"TallyGiven" in found[0].read_bytes():
            break
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    (session,) = folder.iterdir()
    known = (session / "journal.jsonl").read_bytes()
    assert b"SessionClosed" not in known
    done = levelup("resume", "--folder", str(folder))
    assert done.returncode == 0, done.stderr
    after = (session / "journal.jsonl").read_bytes()
    assert after.startswith(known[: known.rfind(b"\n") + 1])
    events = [entry.event for entry in journal(session)]
    assert sum(isinstance(event, ev.SessionResumed) for event in events) == 1
    assert any(isinstance(event, ev.SessionClosed) for event in events)
    assert (session / "notes.md").exists()


def test_a_computer_without_sound_rehearses_instead(tmp_path: Path) -> None:
    done = levelup("run", "--folder", str(tmp_path / "sessions"), environment=without_sound(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "geen microfoon" in done.stderr
    assert "generale repetitie" in done.stderr
    assert list((tmp_path / "sessions").glob("*/notes.md"))


def test_words_can_be_taken_down_again_and_the_first_ones_stay_in_the_journal(session: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(session, tmp_path / session.name))
    done = levelup("transcribe", copy.name, "--again", "--folder", str(tmp_path), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["transcribed"], told["failed"]) == (list(range(9)), [])
    before, after = ([one.event for one in journal(path)] for path in (session, copy))
    assert after[: len(before)] == before
    first, second = (
        {event.recording: event.transcript.text for event in events if isinstance(event, ev.TranscriptReady)}
        for events in (before, after[len(before) :])
    )
    assert first == second  # The same model, the same audio.
    assert "huiswerk" in (copy / "notes.md").read_text(encoding="utf-8")
