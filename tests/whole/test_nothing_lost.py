"""What goes wrong during a live session is noticed, said and survived."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audio.speech import ANSWER, save, spoken
from tests.virtual_audio import VirtualRoom

from .live import SHORT, LiveSession, lasting, lead_into_recording
from .program import levelup

pytestmark = pytest.mark.timeout(180)


def test_the_next_run_offers_to_go_on_with_a_killed_session(room: VirtualRoom, tmp_path: Path) -> None:
    """And the time that passed counts when the facilitator says so."""
    folder = tmp_path / "sessions"
    with LiveSession(room, folder, "run", str(SHORT)) as live:
        lead_into_recording(live)
        time.sleep(0.5)
        live.process.kill()
        live.process.wait()
        left = live.session
    with LiveSession(room, folder, "run", str(SHORT)) as live:
        live.wait_shown("verdergaan?")
        live.answer("")
        session = live.wait(lambda session: session.resumed)
        assert any("We waren in Eerst, de vraag, nog drie minuten. Verder?" in said.text for said in session.said)
        assert session.run.started_at == left.run.started_at
        live.wait_quiet()
        live.press("i")
        session = live.wait(lambda session: session.paused_at is None)
        assert session.run.paused_for == 0.0
    assert len(list(folder.glob("*/journal.jsonl"))) == 1


def test_a_microphone_muted_and_pulled_out_is_announced_while_recording_and_leaves_a_marked_gap(
    room: VirtualRoom, tmp_path: Path
) -> None:
    answer = save(tmp_path / "a.wav", spoken(ANSWER))
    with LiveSession(room, tmp_path / "sessions", "run", str(SHORT)) as live:
        live.wait(lambda session: session.situation == "ready")
        room.mute("mic")
        lead_into_recording(live)
        assert not any("staat uit" in said.text for said in live.session.said)
        live.wait(lambda session: any("staat uit" in said.text for said in session.said))
        assert lasting("microphone", live.session) == []
        room.unmute("mic")
        room.say(answer)
        room.unplug("mic")
        session = live.wait(lambda session: lasting("microphone", session))
        assert any("microfoon doet het niet" in said.text for said in session.said)
        assert session.situation == "recording"
        room.plug("mic")
        live.wait(lambda session: not lasting("microphone", session))
        room.say(answer)
        live.next()
        session = live.wait(lambda session: session.recordings[0].transcript and not session.speaking)
        live.quit()
        saved = session.recordings[0].saved
        assert saved is not None
        ((position, length),) = saved.gaps
        assert position > 3.0
        assert length > 0.3
        assert session.recordings[0].text.count("ouders werken samen") == 2
        notes = (live.path / "notes.md").read_text(encoding="utf-8")
        assert "geluid ontbreekt" in notes
        assert '"gaps"' in next((live.path / "transcripts").iterdir()).read_text(encoding="utf-8")


def test_what_cannot_be_said_is_shown(room: VirtualRoom, tmp_path: Path) -> None:
    with LiveSession(room, tmp_path / "sessions", "run", str(SHORT)) as live:
        live.wait(lambda session: session.situation == "ready")
        live.wait_shown("Toetsen:")
        room.unplug("spk")
        live.wait(lambda session: lasting("loudspeaker", session))
        live.next()
        session = live.wait(lambda session: session.runs and session.said[-1].failed)
        live.wait_shown(session.said[-1].text)
        room.plug("spk")
        live.wait(lambda session: not lasting("loudspeaker", session))
        live.next()
        live.wait(lambda session: not session.said[-1].failed)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that can be filled."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=230m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_a_disk_that_fills_up_is_told_early_then_ends_recordings_and_at_last_the_program(
    room: VirtualRoom, small_disk: Path
) -> None:
    with LiveSession(room, small_disk / "sessions", "run", str(SHORT)) as live:
        lead_into_recording(live)
        live.wait(lambda session: any(trouble.problem == "low" for trouble in session.troubles))
        fill(small_disk / "filling", leave=150_000_000)
        session = live.wait(lambda session: session.recordings[0].saved)
        assert session.recordings[0].request.file
        assert session.disk_is_full
        live.wait(lambda session: any("schijf is vol" in said.text for said in session.said))
        live.wait_quiet()
        live.press("r")
        live.wait(lambda session: any("nemen we niet op" in said.text for said in session.said))
        assert len(live.session.recordings) == 1
        known = live.events
        fill(small_disk / "full", leave=0)
        while live.process.poll() is None:  # A file system has a little left where the journal ends.
            live.press("t")
            live.read_terminal()
            time.sleep(0.1)
        assert live.process.returncode == 3
        live.wait_shown("kan niet meer worden geschreven")
        assert live.events[: len(known)] == known
        (small_disk / "filling").unlink()
        (small_disk / "full").unlink()
    with LiveSession(room, small_disk / "sessions", "resume") as live:
        live.wait(lambda session: session.resumed)


def fill(file: Path, leave: int) -> None:
    """Write until so many bytes are left."""
    rest = shutil.disk_usage(file.parent).free - leave
    with file.open("wb", buffering=0) as filling:
        while rest > 0:
            try:
                rest -= filling.write(bytes(min(rest, 1 << 20)))
            except OSError:
                return


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no such devices")
def test_a_folder_that_may_not_be_written_is_named_with_a_remedy(tmp_path: Path) -> None:
    done = levelup("rehearse", "--folder", "/proc/nowhere")
    assert done.returncode == 2
    assert "/proc/nowhere" in done.stderr
    assert "--folder" in done.stderr


def test_strange_names_of_folders_work(tmp_path: Path) -> None:
    """Spaces, an emoji, quotes and as many characters as a file system takes."""
    folder = tmp_path / "Mijn sessies 🎓 'é' \"x\"" / ("lang " * 40)
    done = levelup("rehearse", "tests/torture/short.nl.yaml", "--folder", str(folder), "--json")
    assert done.returncode == 0, done.stderr
    assert list(folder.glob("*/notes.md"))
