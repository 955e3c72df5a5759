"""A live session on the virtual sound card that goes on for as long as it is given: speech, recordings, commands.

A program of its own, called like the others: `python -m tests.torture.soak 1 SEED SECONDS`. It prints what the program
and its workers held, as JSON.
"""

import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import yaml

from bench.memory import look
from levelup_voice.audio.chunks import RATE
from levelup_voice.session.state import Session
from tests.audio.speech import ANSWER, SUMMARY, save, spoken
from tests.virtual_audio import VirtualRoom
from tests.whole.live import LiveSession

LOOK_SECONDS = 5.0

WARM_SECONDS = 60.0
"""Until then caches fill up, and workers start."""

BLOCKS, PAIRS = 6, 50
"""Of a statement and a question each, half a minute a pair: more than fit into two hours."""

ASIDE = ("t", "h", "z", "+", "-", "9d", "m")
"""Keys that may be pressed at any time: time left, again, help, more and less time, as many people, groups."""

FACILITATOR = "nl+m4"

PATIENCE = 60.0


@dataclass(slots=True)
class Tally:
    """What was held at each look, and what went on meanwhile."""

    memory_mb: list[float] = field(default_factory=list)
    handles: list[float] = field(default_factory=list)
    threads: list[float] = field(default_factory=list)
    seconds: float = 0.0
    spoken: int = 0
    recorded: int = 0
    commands: int = 0


class Soaking:
    """Leads a session round and round."""

    def __init__(
        self, live: LiveSession, room: VirtualRoom, folder: Path, chance: random.Random, seconds: float
    ) -> None:
        self.tally = Tally()
        self._live = live
        self._room = room
        self._began = time.monotonic()
        self._end = self._began + seconds
        self._looked = 0.0
        self._chance = chance
        self._said = [save(folder / f"{nth}.wav", spoken(text)) for nth, text in enumerate((ANSWER, SUMMARY))]
        command = spoken("Spelleider, herhaal.", FACILITATOR)[int(0.2 * RATE) * 2 : -int(0.6 * RATE) * 2]
        self._command = save(folder / "command.wav", command)

    def lead(self) -> Tally:
        live = self._live
        live.wait(lambda session: session.situation == "ready", PATIENCE)
        live.next()
        for number in itertools.count(1):
            self._count(number)
            self._record(number)
            if time.monotonic() > self._end:
                break
        session = live.session
        self.tally.seconds = time.monotonic() - self._began
        self.tally.spoken = sum(not said.failed for said in session.said)
        self.tally.recorded = sum(recording.transcript is not None for recording in session.recordings)
        return self.tally

    def _count(self, number: int) -> None:
        """A statement: read, thought about, chosen, counted."""
        self._until(lambda session: session.item and session.item.id == f"stelling-{number}")
        self._aside()
        self._until(lambda session: session.runs[-1].stage == "counting")
        self._live.press("3o")
        self._until(lambda session: f"stelling-{number}" in session.tallies)
        self._quiet()
        self._live.next()

    def _record(self, number: int) -> None:
        """A question: read, asked for aloud, answered, transcribed."""
        self._until(lambda session: session.item and session.item.id == f"vraag-{number}")
        self._quiet()
        self._room.say(self._command)
        self._aside()
        self._quiet()
        self._live.next()
        self._until(lambda session: session.situation == "recording")
        self._room.say(self._chance.choice(self._said))
        self._live.next()
        self._until(lambda session: session.recordings[-1].transcript)
        self._quiet()
        self._live.next()

    def _aside(self) -> None:
        self._quiet()
        for key in self._chance.sample(ASIDE, 2):
            self._live.press(key)
            self.tally.commands += 1
            self._quiet()

    def _quiet(self) -> None:
        time.sleep(0.2)
        self._until(lambda session: not session.speaking)

    def _until(self, fact: Callable[[Session], object]) -> None:
        limit = time.monotonic() + PATIENCE
        while not fact(self._live.session):
            assert time.monotonic() < limit, f"the soak stands still: {self._live.shown[-2000:]}"
            self._live.read_terminal()
            self._look()
            time.sleep(0.1)

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._began < WARM_SECONDS or now - self._looked < LOOK_SECONDS:
            return
        self._looked, held = now, look(self._live.process.pid)
        self.tally.memory_mb.append(round(held.memory_mb, 3))
        self.tally.handles.append(held.handles)
        self.tally.threads.append(held.threads)


def soak(seed: int, seconds: float) -> Tally:
    """A whole session of so long."""
    with VirtualRoom() as room, tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        options = ("--test-model", "--no-browser", "--rate", "280")
        with LiveSession(room, folder / "sessions", "run", str(_plan(folder)), *options) as live:
            tally = Soaking(live, room, folder, random.Random(seed), seconds).lead()
            live.quit()
            return tally


def _plan(folder: Path) -> Path:
    blocks = [
        {
            "id": f"blok-{block}",
            "title": f"Blok {block + 1}",
            "duration": "120 min",
            "cue_style": "none",
            "items": [item for pair in range(PAIRS) for item in _pair(block * PAIRS + pair + 1)],
        }
        for block in range(BLOCKS)
    ]
    plan = {"id": "lang", "title": "Een lange dag", "language": "nl", "participants": 8, "blocks": blocks}
    (folder / "lang.yaml").write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    return folder / "lang.yaml"


def _pair(number: int) -> list[dict[str, object]]:
    return [
        {
            "kind": "statement",
            "id": f"stelling-{number}",
            "text": "Goed partnerschap begint bij de leraar.",
            "think": "1 s",
            "walk": "1 s",
            "seconds": "30 s",
        },
        {
            "kind": "question",
            "id": f"vraag-{number}",
            "seconds": "1 min",
            "summary": "30 s",
            "spoken": "Waar denk jij aan?",
        },
    ]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(soak(int(sys.argv[2]), float(sys.argv[3])))) + "\n")
