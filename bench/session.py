"""A whole session, measured from outside: how soon it speaks, how long its rehearsal takes, what memory it holds."""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from tests.virtual_audio import VirtualRoom
from tests.whole.live import SHORT, LiveSession

from .measure import Benchmark
from .memory import Look, growth, look, memory_mb

REHEARSALS = 3
STARTS = 5
HOURS = 8
BLOCK_MINUTES = 20


def rehearsal_seconds() -> list[float]:
    """Wall time of the rehearsal of the whole Level Up! session, its speech rendered before."""
    _rehearse("level-up")
    return [_rehearse("level-up") for _ in range(REHEARSALS)]


def first_word_seconds() -> list[float]:
    """From the start of `run`, its speech rendered before, to the first sound."""
    with VirtualRoom() as room:
        _first_word(room)
        return [_first_word(room) for _ in range(STARTS)]


def live_memory_megabytes() -> list[float]:
    """Of all processes of a live session, after a recording has been transcribed."""
    with VirtualRoom() as room, _started(room) as live:
        live.next()
        live.wait_quiet()
        live.next()
        live.wait(lambda session: session.item and session.item.id == "vraag")
        live.wait_quiet()
        live.next()
        live.wait(lambda session: session.situation == "recording")
        time.sleep(5)
        live.next()
        live.wait(lambda session: session.recordings[0].transcript)
        return [memory_mb(live.process.pid) for _ in range(3)]


def memory_growth_megabytes() -> list[float]:
    """Of a rehearsed session of eight hours: from the end of its first hour to its end.

    None would be ideal, and cannot be: the session holds what happened in it (24 recordings with every word and its
    time, 170 utterances), and the notes as documents and as files, to write only what changed. Counted object by
    object these take 0.3 MB more after eight hours than after one; what exceeds that is a leak.
    """
    return growth([one.memory_mb for one in long_rehearsal()])


def long_rehearsal() -> list[Look]:
    """What a rehearsed session of eight hours holds, from the end of its first hour to its end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        process = subprocess.Popen(
            [sys.executable, "-m", "levelup_voice", "rehearse", str(_long_script(folder)), "--folder", name, "--json"],
            stdout=subprocess.DEVNULL,
        )
        looks: list[Look] = []
        while process.poll() is None:
            if _last_moment(folder) > 3600:
                looks.append(look(process.pid))
            time.sleep(0.2)
        if process.returncode != 0:
            raise RuntimeError(f"the long rehearsal ended with {process.returncode}")
    return looks


def last(runs: Sequence[float]) -> float:
    return runs[-1]


@contextlib.contextmanager
def _started(room: VirtualRoom) -> Iterator[LiveSession]:
    with tempfile.TemporaryDirectory() as folder, LiveSession(room, Path(folder), "run", str(SHORT)) as live:
        live.wait(lambda session: session.situation == "ready")
        yield live


def _first_word(room: VirtualRoom) -> float:
    with room.listening() as ear:
        began = time.monotonic()
        with _started(room) as live:
            live.next()
            live.wait_quiet()
        return ear.onsets()[0] - began


def _rehearse(script: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "levelup_voice", "rehearse", script, "--folder", folder, "--json"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - began


def _long_script(folder: Path) -> Path:
    """Eight hours of blocks with a question that is answered and a statement that is counted."""
    blocks = [_long_block(number) for number in range(HOURS * 60 // BLOCK_MINUTES)]
    plan = {"id": "long", "title": "Acht uur", "language": "nl", "participants": 12, "blocks": blocks}
    (folder / "long.yaml").write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    script = {
        "session": str(folder / "long.yaml"),
        "starts": "2026-03-12 09:00",
        "participants": 12,
        "speeches": [
            {"about": f"vraag-{number}", "text": "Wij denken aan samenwerken met ouders."}
            for number in range(len(blocks))
        ],
    }
    path = folder / "script.yaml"
    path.write_text(yaml.safe_dump(script, allow_unicode=True), encoding="utf-8")
    return path


def _long_block(number: int) -> dict[str, object]:
    return {
        "id": f"blok-{number}",
        "title": f"Blok {number + 1}",
        "duration": f"{BLOCK_MINUTES} min",
        "items": [
            {"kind": "statement", "id": f"stelling-{number}", "text": "Goed EP start altijd bij de leraar."},
            {
                "kind": "question",
                "id": f"vraag-{number}",
                "seconds": f"{BLOCK_MINUTES - 1} min",
                "summary": "30 s",
                "spoken": "Waar denk jij aan?",
            },
        ],
    }


def _last_moment(folder: Path) -> float:
    for journal in folder.glob("*/journal.jsonl"):
        lines = journal.read_bytes().split(b"\n")
        if len(lines) > 2:
            return float(json.loads(lines[-2])["at"])
    return 0.0


BENCHMARKS = (
    Benchmark(name="first_word_s", unit="s", aim=2.0, measure=first_word_seconds),
    Benchmark(name="rehearsal_s", unit="s", aim=60.0, measure=rehearsal_seconds),
    Benchmark(name="live_memory_mb", unit="MB", aim=250.0, measure=live_memory_megabytes),
    Benchmark(name="memory_growth_8h_mb", unit="MB", aim=0.0, measure=memory_growth_megabytes, value=last),
)
