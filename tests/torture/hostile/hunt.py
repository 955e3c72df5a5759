"""One parser is fuzzed for a while, and what was learnt is kept: inputs that reach further, and inputs that fail."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .bounds import room_to_work
from .corpus import HERE, inputs

RESERVE = 300.0
"""Seconds beyond the time given: getting ready, and an input that does not end until libFuzzer ends it."""


@dataclass(slots=True)
class Tally:
    inputs: int = 0
    failures: int = 0
    slowest: float = 0.0
    """Seconds of work of one input, with the instruments on."""
    told: list[str] = field(default_factory=list)
    """Each way to fail once."""


def hunt(name: str, seconds: float, seed: int) -> Tally:
    with room_to_work() as folder:
        (folder / "inputs").mkdir()
        for one, data in inputs(name).items():
            (folder / "inputs" / one).write_bytes(data)
        command = [sys.executable, "-m", f"{__package__}.guided", name, str(seconds), str(seed), str(folder)]
        with (folder / "log").open("wb") as log:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=log, timeout=seconds + RESERVE, check=False)
        tally = _read(name, done.stdout, folder / "log")
        _keep_failed(name, folder / "failed")
        subprocess.run(
            [sys.executable, "-m", f"{__package__}.corpus", name, str(folder / "inputs"), str(seconds)],
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return tally


def _read(name: str, told: bytes, log: Path) -> Tally:
    """The last line, or how the process died: then libFuzzer has kept the input."""
    lines = told.splitlines()
    if lines:
        return Tally(**json.loads(lines[-1]))
    last = log.read_text(errors="replace")
    tried = max(map(int, re.findall(r"^#(\d+)", last, re.MULTILINE)), default=0)
    why = (re.findall(r"^SUMMARY.*|^\w+Error.*", last, re.MULTILINE) or [last[-200:]])[-1]
    return Tally(inputs=tried, failures=1, told=[f"{name}: the process ended: {why}"])


def _keep_failed(name: str, folder: Path) -> None:
    """To be given a name that says what was wrong, once that is known."""
    for path in folder.glob("*"):
        target = HERE / "failed" / name.replace(" ", "-") / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
