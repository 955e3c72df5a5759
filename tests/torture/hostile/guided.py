"""One parser under atheris, which is libFuzzer for Python: inputs that reach code that none reached before are kept
and changed further. `python -m tests.torture.hostile.guided NAME SECONDS SEED FOLDER`.

The inputs to begin with are in FOLDER/inputs, and those that reached further come beside them; what failed is put in
FOLDER/failed. The last line of stdout tells how many there were, as JSON. A process of its own, for libFuzzer ends it.
"""

import hashlib
import json
import os
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

import atheris

GUIDES = {"phrases": ("hassil",), "request": ("starlette", "http")}
"""Libraries whose code guides too, where our own hands over to it."""

MOST_OF_A_KIND = 3
"""Inputs that are kept of those that failed in the same way."""


class Fuzzing:
    """Tries inputs, makes new ones of old ones, and ends the process when its time is over."""

    def __init__(self, name: str, folder: Path, seconds: float) -> None:
        from .bounds import Bounds
        from .mutation import form, mutated, spliced
        from .parsers import PARSERS

        self._mutated, self._spliced = mutated, spliced
        self.parser = PARSERS[name]
        self._name, self._failed = name, folder / "failed"
        self._take, seeds = self.parser.take(folder / "work"), self.parser.seeds()
        for seed in seeds:
            self._take(seed)  # Whatever is imported late is there from now on.
        shape = self.parser.shape
        self._donors = [] if shape is None else [tree for seed in seeds if (tree := form(seed, shape)) is not None]
        self._bounds = Bounds(folder / "work")
        self._end = time.monotonic() + seconds
        self._tried = 0
        self._kinds = Counter[str]()
        """How often inputs failed with one kind of error at one place, and how the first of each told it."""
        self._told: dict[str, str] = {}

    def one(self, data: bytes) -> None:
        if time.monotonic() > self._end:
            self._tell()
            os._exit(0)  # As libFuzzer does it too: nothing of Python is asked at its own end.
        self._tried += 1
        if broken := self._bounds.broken_by(self._take, data):
            kind = f"{broken.partition(':')[0]} {re.findall(r'[(][a-z_]+[.]py:[0-9]+[)]', broken)}"
            self._told.setdefault(kind, broken)
            self._kinds[kind] += 1
            if self._kinds[kind] <= MOST_OF_A_KIND:
                (self._failed / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)

    def mutate(self, data: bytes, most: int, seed: int) -> bytes:
        chance, fresh = random.Random(seed), None
        match chance.randrange(4):
            case 0 | 1 if self.parser.shape is not None:
                fresh = self._mutated(data, self.parser.shape, self._donors, chance)
            case 2:
                fresh = self._spliced(data, chance)
        return bytes(atheris.Mutate(data, most)) if fresh is None or len(fresh) > most else fresh

    def _tell(self) -> None:
        told = [f"{self._name}: {self._told[kind]} ({count} times)" for kind, count in self._kinds.most_common(50)]
        failures, slowest = sum(self._kinds.values()), self._bounds.slowest
        tally = {"inputs": self._tried, "failures": failures, "slowest": slowest, "told": told}
        sys.stdout.write(f"{json.dumps(tally)}\n")
        sys.stdout.flush()


def main(name: str, seconds: float, seed: int, folder: Path) -> None:
    for each in ("work", "inputs", "failed"):
        (folder / each).mkdir(exist_ok=True)
    with atheris.instrument_imports(include=["levelup_voice", *GUIDES.get(name, ())]):
        fuzzing = Fuzzing(name, folder, seconds)
    options = {
        "artifact_prefix": f"{folder / 'failed'}/",
        "seed": seed,
        "max_len": fuzzing.parser.longest,
        "timeout": 120,
        "rss_limit_mb": 2048,
        "report_slow_units": 999,
    }
    arguments = [sys.argv[0], *(f"-{option}={value}" for option, value in options.items()), str(folder / "inputs")]
    atheris.Setup(arguments, fuzzing.one, custom_mutator=fuzzing.mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
