"""Kills rehearsals at random moments, resumes them, and holds the outcome against what had been acknowledged.

It forks, so it is a program of its own: `python -m tests.torture.kills KILLS SEED SECONDS`.
"""

import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from levelup_voice.files import wav
from levelup_voice.files.journal import read
from levelup_voice.session import events as ev
from levelup_voice.session.fold import replay
from tests.processes import children_of, comes_true, is_running

from . import rehearsing

MEMORY = Path("/dev/shm")
"""A disk in memory: what a kill leaves does not depend on the disk, and each sync of a real one takes 4 ms."""

LIMIT = 180.0
"""Seconds in which a rehearsal of the short plan must be over, also on a computer that has much else to do."""


@dataclass(slots=True)
class Tally:
    """What the kills cost."""

    kills: int = 0
    events_lost: int = 0
    audio_lost: list[float] = field(default_factory=list)
    """Seconds, of each recording that was killed."""
    left_behind: int = 0
    """Workers that were still there after two seconds."""


class Run:
    """One process of the program, and what it acknowledged."""

    def __init__(self, pid: int, reading: int) -> None:
        self.pid = pid
        self.acknowledged: dict[str, int] = {}
        self.children: set[int] = set()
        self._reading = reading
        self._rest = b""

    def wait(self, seconds: float) -> int | None:
        """The exit status, or None when it still runs after so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.listen(min(0.02, max(0.0, end - time.monotonic())))
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.listen(0.0)
                return status
        return None

    def kill(self) -> None:
        self.children = children_of(self.pid)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.listen(0.0)

    def listen(self, seconds: float) -> None:
        while select.select([self._reading], [], [], seconds)[0] and (block := os.read(self._reading, 65536)):
            seconds = 0.0
            *lines, self._rest = (self._rest + block).split(b"\n")
            for line in lines:
                file, _, size = line.decode().partition("\t")
                self.acknowledged[file] = int(size)

    def close(self) -> None:
        os.close(self._reading)


def started(folder: Path, session: Path | None = None) -> Run:
    """A rehearsal from its start, or the one in `session` from where it stands."""
    reading, writing = os.pipe()
    pid = rehearsing.start(folder, writing) if session is None else rehearsing.resume(session, writing)
    os.close(writing)
    return Run(pid, reading)


def length_of_a_rehearsal() -> float:
    """Seconds that one takes here; the first also fills the cache of speech."""
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            run = started(Path(folder))
            assert run.wait(2 * LIMIT) == 0, "the rehearsal itself fails"
            run.close()
            took = time.monotonic() - began
    return took


def kill_rehearsals(count: int, seed: int, tally: Tally, longest: float, kept: Path | None = None) -> None:
    """So many kills; every session is resumed, sometimes killed again, until it has closed."""
    chance = random.Random(seed)
    target = tally.kills + count
    while tally.kills < target:
        folder = Path(tempfile.mkdtemp(prefix="torture-", dir=MEMORY if MEMORY.is_dir() else None))
        try:
            _torment(folder, chance, tally, target, longest)
        except AssertionError:
            if kept is not None:
                shutil.copytree(folder, kept / folder.name)
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _torment(folder: Path, chance: random.Random, tally: Tally, target: int, longest: float) -> None:
    run, session = started(folder), None
    while True:
        more = tally.kills < target and (session is None or chance.random() < 0.5)
        status = run.wait(chance.uniform(0.0, longest) if more else LIMIT)
        if status is not None:
            run.close()
            assert status == 0, f"{folder} ended with {status}"
            break
        assert more, f"{folder} did not end"
        run.kill()
        run.close()
        if (found := _found(folder)) is None:
            assert not run.acknowledged
            run = started(folder)  # Killed before there was a session.
            continue
        session = found
        tally.kills += 1
        _look_after_kill(session, run, tally)
        before = (session / "journal.jsonl").read_bytes()
        run = started(folder, session)
        assert before[: before.rfind(b"\n") + 1] == (session / "journal.jsonl").read_bytes()[: before.rfind(b"\n") + 1]
    _look_at_end(folder)


def _found(folder: Path) -> Path | None:
    """The session, once its opening is on disk."""
    for journal in folder.glob("*/journal.jsonl"):
        if b"\n" in journal.read_bytes():
            return journal.parent
    return None


def _look_after_kill(session: Path, run: Run, tally: Tally) -> None:
    size = (session / "journal.jsonl").stat().st_size
    if size < run.acknowledged.get("journal.jsonl", 0):
        tally.events_lost += 1
    for file, pcm in run.acknowledged.items():
        if file.startswith("audio/"):
            frames = len(wav.read_pcm(session / file)) // wav.FRAME
            tally.audio_lost.append(max(0.0, pcm / wav.FRAME - frames) / wav.RATE)
    gone = comes_true(lambda: not any(map(is_running, run.children)), within=10.0)
    tally.left_behind += 0 if gone else 1
    for child in run.children:
        if is_running(child):
            os.kill(child, signal.SIGKILL)


def _look_at_end(folder: Path) -> None:
    """The session has come to its end, with all that was recorded in its notes."""
    (session,) = [path for path in folder.iterdir() if _has_opening(path)]
    entries = read(session / "journal.jsonl").entries
    state = replay(entries)
    assert state.closed_at is not None
    assert not state.awaits_devices
    assert wav.unfinished(session / "audio") == []
    for recording in state.recordings:
        assert not recording.is_open
        file = session / recording.request.file
        if recording.saved is None:
            assert not file.exists() or wav.duration(file) == 0.0, f"{file} is not in the journal"
        else:
            assert abs(wav.duration(file) - recording.saved.seconds) < 0.001
            assert recording.transcript is not None, f"{file} has no words"
    interrupted = [one.saved for one in state.recordings if one.saved is not None and one.saved.interrupted]
    assert sum(isinstance(entry.event, ev.SessionOpened) for entry in entries) == 1
    notes = (session / "notes.md").read_text(encoding="utf-8")
    assert not interrupted or "onderbroken" in notes
    assert "ouders" in notes


def _has_opening(path: Path) -> bool:
    return (path / "journal.jsonl").exists() and b"\n" in (path / "journal.jsonl").read_bytes()


def main(count: int, seed: int, seconds: float) -> None:
    """So many kills in at most so long; prints what they cost, as JSON."""
    tally, end = Tally(), time.monotonic() + seconds
    longest = length_of_a_rehearsal()
    while tally.kills < count and time.monotonic() < end:
        kill_rehearsals(min(5, count - tally.kills), seed, tally, longest)
        seed += 1
    sys.stdout.write(json.dumps(asdict(tally)) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
