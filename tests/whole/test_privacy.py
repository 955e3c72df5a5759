"""What people say stays on the computer, for its owner's eyes, and goes when it has to."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from levelup_voice.files.peaks import peaks
from levelup_voice.session import events as ev
from levelup_voice.session.fold import replay
from tests.audio.speech import ANSWER, save, spoken
from tests.reaching import only_loopback, reached
from tests.virtual_audio import VirtualRoom

from .live import SHORT, LiveSession
from .program import journal, levelup

ALONE = ("unshare", "-rn", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$0" "$@"')
"""A network of its own, without anything in it but the computer itself."""

SCRIPT = "tests/torture/short.nl.yaml"

needs_namespaces = pytest.mark.skipif(
    sys.platform != "linux"
    or subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode != 0,
    reason="this system gives nobody a network of their own",
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rehearsed session whose every step outside was watched."""
    tmp_path = tmp_path_factory.mktemp("rehearsed")
    done = levelup("rehearse", SCRIPT, "--folder", str(tmp_path / "s"), "--json", environment=only_loopback(tmp_path))
    assert done.returncode == 0, done.stderr
    assert reached(tmp_path) == ""
    for said in ("ouders", "welbevinden"):
        assert said not in done.stdout + done.stderr, "what people say is in the notes, and nowhere else"
    return Path(json.loads(done.stdout)["session"])


def test_the_watch_sees_what_it_should(tmp_path: Path) -> None:
    script = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **only_loopback(tmp_path)}, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert "192.0.2.1" in reached(tmp_path)


def test_everything_in_a_session_folder_is_for_its_owner_alone(session: Path) -> None:
    paths = [session, *session.rglob("*")]
    assert len(paths) > 10
    wrong = {str(path): oct(path.stat().st_mode & 0o777) for path in paths if path.stat().st_mode & 0o077}
    assert wrong == {}


@needs_namespaces
def test_a_rehearsal_needs_no_network_at_all(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            "unshare",
            "-rn",
            sys.executable,
            "-m",
            "levelup_voice",
            "rehearse",
            SCRIPT,
            "--folder",
            str(tmp_path),
            "--json",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@needs_namespaces
@pytest.mark.timeout(180)
def test_a_live_session_reaches_nothing_but_this_computer(room: VirtualRoom, tmp_path: Path) -> None:
    """Its own pages and who listens for commands included; and what is deleted on request is gone from every file."""
    answer = save(tmp_path / "a.wav", spoken(ANSWER))
    with LiveSession(
        room, tmp_path / "sessions", "run", str(SHORT), "--test-model", through=ALONE, also=only_loopback(tmp_path)
    ) as live:
        live.wait(lambda session: session.situation == "ready")
        live.wait_shown("Toetsen:")
        live.next()
        live.wait(lambda session: session.runs)
        live.next()
        live.wait(lambda session: session.item and session.item.id == "vraag")
        live.next()
        live.wait(lambda session: session.situation == "recording")
        room.say(answer)
        live.next()
        session = live.wait(lambda session: session.recordings[0].transcript and not session.speaking)
        assert session.consent is not None
        said = session.recordings[0].text
        assert "werken samen" in said
        path = live.path
        transcript = path / "transcripts" / "001-vraag-take1.json"
        live.wait(lambda session: transcript.exists() and said in transcript.read_text())
        live.wait(lambda session: (path / "listening.jsonl").exists())
        assert peaks(path, "audio/001-vraag-take1.wav"), "as the review shows it meanwhile"
        live.press("w")
        live.wait_shown("Opname wissen?")  # The journal knows it a moment before the keys do.
        live.press("j")
        live.wait(lambda session: session.recordings[0].deleted and not session.speaking)
        live.quit()
    assert reached(tmp_path) == ""
    left = {str(file): file.read_bytes() for file in path.rglob("*") if file.is_file()}
    of_it = (".wav", ".part", "001-vraag-take1.json")
    assert [name for name, data in left.items() if b"werken samen" in data or name.endswith(of_it)] == []
    wrong = [name for name in left if Path(name).stat().st_mode & 0o077]
    assert wrong == []


def test_audio_goes_after_its_time_only_when_its_words_are_on_the_disk(session: Path, tmp_path: Path) -> None:
    shutil.copytree(session, tmp_path / session.name)
    path = tmp_path / session.name
    _grow_old(path, days=40)
    audio = sorted((path / "audio").iterdir())
    assert len(audio) == 3
    assert "0" not in levelup("sessions", "forget", "--older-than", "50d", "--folder", str(tmp_path)).stdout
    preview = levelup("sessions", "forget", "--older-than", "30d", "--folder", str(tmp_path))
    assert (preview.returncode, "3 opnames" in preview.stdout) == (0, True)
    assert sorted((path / "audio").iterdir()) == audio
    (path / "transcripts").rename(path / "elsewhere")
    (path / "transcripts").write_text("in the way")
    refused = levelup("sessions", "forget", "--older-than", "30d", "--yes", "--folder", str(tmp_path))
    assert refused.returncode == 1
    assert sorted((path / "audio").iterdir()) == audio
    (path / "transcripts").unlink()
    done = levelup("sessions", "forget", "--older-than", "30d", "--yes", "--folder", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert list((path / "audio").iterdir()) == []
    notes = (path / "notes.md").read_text(encoding="utf-8")
    assert "ouders" in notes
    assert "audio/" not in notes
    assert all(one.audio_forgotten and one.text for one in replay(journal(path)).recordings)
    assert levelup("notes", path.name, "--folder", str(tmp_path)).returncode == 0


def test_what_keeps_the_audio_of_one_session_keeps_no_other_and_is_told(session: Path, tmp_path: Path) -> None:
    """One leads out of its folder, one is in use, one was never closed, one is damaged; and one has a name that acts
    on terminals."""
    old, away, used, left, torn = (tmp_path / name for name in ("old \033[31m", "away", "used", "left", "torn"))
    for path in (old, away, used, left, torn):
        shutil.copytree(session, path)
        _grow_old(path, days=40)
    (away / "audio").rename(tmp_path / "elsewhere")
    (away / "audio").symlink_to(tmp_path / "elsewhere")
    lines = (left / "journal.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    closing = next(number for number, line in enumerate(lines) if ev.SessionClosed.__name__ in line)
    (left / "journal.jsonl").write_text("".join(lines[:closing]), encoding="utf-8")
    (torn / "journal.jsonl").write_text("{}\n" + (torn / "journal.jsonl").read_text(encoding="utf-8"), encoding="utf-8")
    with FileLock(used / ".lock"):
        done = levelup("sessions", "forget", "--older-than", "30d", "--yes", "--folder", str(tmp_path))
    assert done.returncode == 1
    assert "\033" not in done.stdout + done.stderr + levelup("sessions", "--folder", str(tmp_path)).stdout
    assert "left: niet afgesloten" in done.stdout
    assert "torn: beschadigd" in done.stdout
    assert "3 opnames gewist" in done.stdout
    assert f"In {used} werkt al een ander programma" in done.stderr
    assert [
        len(list(path.glob("*.wav"))) for path in (old / "audio", used / "audio", left / "audio", torn / "audio")
    ] == [0, 3, 3, 3]
    assert len(list((tmp_path / "elsewhere").iterdir())) == 3


def test_a_wrong_number_of_days_is_told(tmp_path: Path) -> None:
    done = levelup("sessions", "forget", "--older-than", "soon", "--folder", str(tmp_path))
    assert done.returncode == 2
    assert "30d" in done.stderr


def _grow_old(path: Path, days: int) -> None:
    lines = (path / "journal.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    opening = json.loads(lines[0])
    assert opening["event"] == ev.SessionOpened.__name__
    opening["opened_utc"] = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    (path / "journal.jsonl").write_text("".join([json.dumps(opening) + "\n", *lines[1:]]), encoding="utf-8")
    (path / "journal.jsonl").chmod(0o600)
