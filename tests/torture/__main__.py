"""`python -m tests.torture [MINUTES]`: kill, fuzz and measure for so long; the figures go to bench/results.json."""

import json
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.measure import Benchmark, Result, merge, table
from bench.memory import Look, growth
from bench.session import last, long_rehearsal
from tests.web.interface.serving import SITES

from .devices import FAULTS as KINDS
from .devices import Fault
from .hostile.hunt import Tally, hunt
from .hostile.interfaces import ask
from .hostile.parsers import PARSERS

RESULTS = Path(__file__).parents[2] / "bench" / "results.json"

REHEARSALS, LIVE, FAULTS, INPUTS = 850, 150, 50, 1_000_000
"""Kills of rehearsals and of live sessions; faults of devices of each kind; hostile inputs."""

SOAK_SECONDS = 3600.0

OF_A_DAY = ("memory_growth_8h_mb", "handles_growth_8h", "threads_growth_8h")

SHORTEST_SOAK, SHORTEST_DAY = 180.0, 600.0
"""Seconds to measure for, below which there is no soak and no session of eight hours."""

HOSTILE = 0.5
"""Of the time, beside the kills."""


def main(minutes: float) -> None:
    """As many of each as there is time for, beside each other; what happens in real time goes before what does not."""
    seconds = 60 * minutes
    parts = {
        "kills": _started("kills", REHEARSALS, 0.9 * seconds, nice=10),
        "live_kills": _started("live_kills", LIVE, 0.75 * seconds),
        "devices": _started("devices", FAULTS, 0.75 * seconds),
    }
    soaked = min(SOAK_SECONDS, 0.75 * seconds)
    if soaked >= SHORTEST_SOAK:
        parts["soak"] = _started("soak", 1, soaked)
    os.nice(10)
    hostile = fuzz(HOSTILE * seconds) if find_spec("atheris") else {}
    day = growths(long_rehearsal(), *OF_A_DAY) if seconds >= SHORTEST_DAY else []
    told = {name: _told(part) for name, part in parts.items()}
    broken = [f"{name} ended in an error" for name, found in told.items() if found is None]
    tallies = [found for name in ("kills", "live_kills") if (found := told[name]) is not None]
    kills, lost, left = (sum(tally[key] for tally in tallies) for key in ("kills", "events_lost", "left_behind"))
    audio_lost = [one for tally in tallies for one in tally["audio_lost"]]
    broken += [f"after {left} kills a worker was still there after two seconds"] if left else []
    soak = soak_figures(told["soak"]) if told.get("soak") is not None else []
    report(kills, lost, audio_lost, told["devices"] or {}, hostile, [*day, *soak], broken)
    sys.exit(1 if lost or broken or any(tally.failures for tally in hostile.values()) else 0)


def _started(name: str, count: int, seconds: float, nice: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"{__package__}.{name}", str(count), "1", str(seconds)]
    return subprocess.Popen(["nice", "-n", str(nice), *command], stdout=subprocess.PIPE, text=True)


def _told(part: subprocess.Popen[str]) -> Any:
    """What a part has found; None when it failed, after telling why itself."""
    out = part.communicate()[0]
    return json.loads(out) if part.returncode == 0 else None


def growths(looks: Sequence[Look], memory: str, handles: str, threads: str) -> list[Result]:
    """How much more was held in each stretch of the time than in the first; of each, the last is the figure."""
    return [
        _figure(memory, "MB", 0, growth([one.memory_mb for one in looks]), last),
        _figure(handles, "", 0, growth([one.handles for one in looks]), last),
        _figure(threads, "", 0, growth([one.threads for one in looks]), last),
    ]


def soak_figures(tally: Mapping[str, Any]) -> list[Result]:
    """How long it was, and how it grew."""
    looks = [Look(*held) for held in zip(tally["memory_mb"], tally["handles"], tally["threads"], strict=True)]
    return [
        _figure("soak_minutes", "min", SOAK_SECONDS / 60, [tally["seconds"] / 60]),
        *growths(looks, "soak_memory_growth_mb", "soak_handles_growth", "soak_threads_growth"),
    ]


def fuzz(seconds: float) -> Mapping[str, Tally]:
    """Each parser for its share of the time; what they learn is kept in hostile/corpus and hostile/failed."""
    part = seconds / (sum(parser.share for parser in PARSERS.values()) + len(SITES))
    seed = random.randrange(1, 2**31)
    return {name: hunt(name, part * parser.share, seed) for name, parser in PARSERS.items()} | {
        f"pages: {name}": ask(name, part, seed) for name in SITES
    }


def report(
    kills: int,
    events_lost: int,
    audio_lost: list[float],
    noticed: Mapping[Fault, list[float]],
    hostile: Mapping[str, Tally],
    others: Sequence[Result],
    broken: Sequence[str],
) -> None:
    """The figures as a table, and in the file of results. Of the counts, the aim is how many there are to be."""
    every = [one for each in noticed.values() for one in each]
    results = [
        _figure("kills", "", REHEARSALS + LIVE, [kills]),
        _figure("kills_events_lost", "", 0, [events_lost]),
        _figure("kills_audio_lost_max_s", "s", 0.5, audio_lost or [0.0]),
        _figure("device_faults", "", len(KINDS) * FAULTS, [len(every)]),
        _figure("device_faults_noticed_max_s", "s", 2.0, every or [0.0]),
        *(hostile_figures(hostile) if hostile else ()),
        *others,
    ]
    merge(results, RESULTS)
    middle = statistics.median(audio_lost or [0.0])
    faults = ", ".join(f"{kind} {len(each)}" for kind, each in noticed.items())
    told = [f"audio lost, median: {middle:.3f} s", f"device faults: {faults or 'none'}"]
    told += [] if hostile else ["no hostile input: there is no atheris for this computer"]
    told += [f"{name}: {tally.inputs} hostile inputs, {tally.failures} failed" for name, tally in hostile.items()]
    told += [one for tally in hostile.values() for one in tally.told]
    sys.stdout.write("\n".join([table([result.as_row() for result in results]), *told, *broken, ""]))


def hostile_figures(hostile: Mapping[str, Tally]) -> list[Result]:
    """Each parser is a run; together they are the figure."""
    return [
        _figure("hostile_inputs", "", INPUTS, [tally.inputs for tally in hostile.values()], sum),
        _figure("hostile_failures", "", 0, [tally.failures for tally in hostile.values()], sum),
    ]


def _figure(
    name: str, unit: str, aim: float, runs: Sequence[float], value: Callable[[Sequence[float]], float] = max
) -> Result:
    return Result(Benchmark(name=name, unit=unit, aim=aim, measure=list, value=value), tuple(map(float, runs)))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 90.0)
