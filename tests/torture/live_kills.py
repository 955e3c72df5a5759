"""Kills live sessions on the virtual sound card at random moments, resumes them, and measures what was lost."""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from levelup_voice.files import wav
from levelup_voice.files.journal import read
from levelup_voice.session import events as ev
from levelup_voice.session.fold import replay
from levelup_voice.session.state import Recording, Session
from tests.processes import children_of, comes_true, is_running
from tests.virtual_audio import VirtualRoom
from tests.whole.live import SHORT, LiveSession

from .kills import Tally

CLICKS = 2.0
"""Seconds between two clicks at most: the whole of the short session takes some twenty of them."""

LONGEST = 10.0
"""Seconds before a kill at most."""

INTO_RECORDING = 0.6
"""So many of the kills are aimed at a recording that runs, up to so many seconds into it."""
RECORDED = 5.0

PATIENCE = 60.0
"""Seconds for anything to happen."""


def kill_live_sessions(count: int, seed: int, tally: Tally) -> None:
    """So many kills, a few of each session; after each it must go on with all that it had."""
    chance = random.Random(seed)
    target = tally.kills + count
    while tally.kills < target:
        with VirtualRoom() as room, tempfile.TemporaryDirectory(prefix="torture-") as name:
            folder = Path(name)
            command: tuple[str, ...] = ("run", str(SHORT))
            for _ in range(min(5, target - tally.kills)):
                if not _kill(room, folder, command, chance, tally):
                    break
                command = ("resume",)
            else:
                _look_at_resumed(room, folder)


def _kill(room: VirtualRoom, folder: Path, command: tuple[str, ...], chance: random.Random, tally: Tally) -> bool:
    """Lead a session, or go on with it, and kill it. False: it came to its end first."""
    resumed = command[0] == "resume"
    times = replay(_journal(folder)).resumed if resumed else 0
    with LiveSession(room, folder, *command) as live:
        if resumed:
            _wait_until_resumed(live, times)
        _click_on(live, chance, into_recording=chance.random() < INTO_RECORDING)
        if live.process.poll() is not None or live.session.closed_at is not None:
            return False
        known = _journal(folder)
        children = children_of(live.process.pid)
        killed_at = time.time()
        os.kill(live.process.pid, signal.SIGKILL)
        live.process.wait()
    tally.kills += 1
    after = _journal(folder)
    assert len(after) >= len(known)
    tally.events_lost += 0 if after[: len(known)] == known else 1
    session = replay(after)
    recording = session.open_recording
    if recording is not None and recording.stopped_at is None:
        tally.audio_lost.append(_lost(live.path, after, recording, killed_at))
    tally.left_behind += 0 if comes_true(lambda: not any(map(is_running, children)), within=10.0) else 1
    return session.closed_at is None


def _click_on(live: LiveSession, chance: random.Random, *, into_recording: bool) -> None:
    """Click at random, until some moment or until some moment in the next recording."""
    end = time.monotonic() + (PATIENCE if into_recording else chance.uniform(0.0, LONGEST))
    live.wait(lambda session: True)
    while time.monotonic() < end and live.process.poll() is None:
        if into_recording and live.session.situation == "recording":
            time.sleep(chance.uniform(0.0, RECORDED))
            return
        time.sleep(min(chance.uniform(0.2, CLICKS), max(0.0, end - time.monotonic())))
        live.read_terminal()
        session = live.session
        asks_consent = session.consent is None and session.announced is not None and bool(session.speaking)
        if not asks_consent and (not into_recording or session.situation != "recording"):
            live.next()  # Also into what announces a recording, which then begins; it cannot before it was asked for.


def _wait_until_resumed(live: LiveSession, times: int) -> Session:
    return live.wait(
        lambda session: session.resumed > times and all(map(_is_settled, session.recordings)), seconds=PATIENCE
    )


def _look_at_resumed(room: VirtualRoom, folder: Path) -> None:
    times = replay(_journal(folder)).resumed
    with LiveSession(room, folder, "resume") as live:
        session = _wait_until_resumed(live, times)
        assert session.situation in ("ready", "paused")
        for recording in session.recordings:
            if recording.saved is not None:
                assert abs(wav.duration(live.path / recording.request.file) - recording.saved.seconds) < 0.001


def _is_settled(recording: Recording) -> bool:
    return recording.problem is not None or recording.transcript is not None or recording.is_open


def _lost(path: Path, entries: Sequence[ev.Entry], recording: Recording, killed_at: float) -> float:
    """Seconds between the kill and the end of what is on the disk.

    The clock of the session is known from outside by its last entry and the moment at which that was written.
    """
    opened_at = (path / "journal.jsonl").stat().st_mtime - entries[-1].at
    heard = killed_at - opened_at - recording.started_at
    try:
        kept = wav.duration(path / recording.request.file)
    except FileNotFoundError:
        kept = 0.0
    return max(0.0, heard - kept)


def _journal(folder: Path) -> tuple[ev.Entry, ...]:
    (journal,) = folder.glob("*/journal.jsonl")
    return read(journal).entries


def main(count: int, seed: int, seconds: float) -> None:
    """So many kills in at most so long; prints what they cost, as JSON."""
    tally, end = Tally(), time.monotonic() + seconds
    while tally.kills < count and time.monotonic() < end:
        kill_live_sessions(min(5, count - tally.kills), seed, tally)
        seed += 1
    sys.stdout.write(json.dumps(asdict(tally)) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
