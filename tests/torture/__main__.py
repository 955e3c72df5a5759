"""`python -m tests.torture [MINUTES]`: kill, fuzz and measure for so long; the figures go to bench/results.json."""

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from bench.measure import Benchmark, Result, merge, table
from tests.web.interface.serving import SITES

from .devices import notice_faults
from .hostile.hunt import Tally, hunt
from .hostile.interfaces import ask
from .hostile.parsers import PARSERS

RESULTS = Path(__file__).parents[2] / "bench" / "results.json"

REHEARSALS, LIVE, FAULTS, INPUTS = 850, 150, 50, 1_000_000
"""Kills of rehearsals and of live sessions; faults of each kind of each device; hostile inputs."""

HOSTILE = 0.5
"""Of the time, beside the kills."""


def main(minutes: float) -> None:
    """As many of each as there is time for. Rehearsals beside live sessions; each in a process of its own."""
    end = time.monotonic() + 60 * minutes
    killing = [_started("kills", REHEARSALS, 54 * minutes), _started("live_kills", LIVE, 45 * minutes)]
    hostile = fuzz(60 * minutes * HOSTILE) if find_spec("atheris") else {}
    tallies = [json.loads(one.communicate()[0]) for one in killing]
    noticed = list[float]()
    while len(noticed) < 4 * FAULTS and time.monotonic() < end:
        noticed += notice_faults(5)
    kills, lost, left = (sum(tally[key] for tally in tallies) for key in ("kills", "events_lost", "left_behind"))
    report(kills, lost, [one for tally in tallies for one in tally["audio_lost"]], noticed, hostile)
    sys.exit(1 if lost or left or any(tally.failures for tally in hostile.values()) else 0)


def _started(name: str, count: int, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"{__package__}.{name}", str(count), "1", str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def fuzz(seconds: float) -> Mapping[str, Tally]:
    """Each parser for its share of the time; what they learn is kept in hostile/corpus and hostile/failed."""
    part = seconds / (sum(parser.share for parser in PARSERS.values()) + len(SITES))
    seed = random.randrange(1, 2**31)
    return {name: hunt(name, part * parser.share, seed) for name, parser in PARSERS.items()} | {
        f"pages: {name}": ask(name, part, seed) for name in SITES
    }


def report(
    kills: int, events_lost: int, audio_lost: list[float], noticed: list[float], hostile: Mapping[str, Tally]
) -> None:
    """The figures as a table, and in the file of results. Of the counts, the aim is how many there are to be."""
    results = [
        _figure("kills", "", REHEARSALS + LIVE, [kills]),
        _figure("kills_events_lost", "", 0, [events_lost]),
        _figure("kills_audio_lost_max_s", "s", 0.5, audio_lost or [0.0]),
        _figure("device_faults", "", 4 * FAULTS, [len(noticed)]),
        _figure("device_faults_noticed_max_s", "s", 2.0, noticed or [0.0]),
        *(hostile_figures(hostile) if hostile else ()),
    ]
    merge(results, RESULTS)
    middle = statistics.median(audio_lost or [0.0])
    told = [] if hostile else ["no hostile input: there is no atheris for this computer"]
    told += [f"{name}: {tally.inputs} hostile inputs, {tally.failures} failed" for name, tally in hostile.items()]
    told += [one for tally in hostile.values() for one in tally.told]
    rows = table([result.as_row() for result in results])
    sys.stdout.write("\n".join([rows, f"audio lost, median: {middle:.3f} s", *told, ""]))


def hostile_figures(hostile: Mapping[str, Tally]) -> list[Result]:
    """Each parser is a run; together they are the figure."""
    return [
        _figure("hostile_inputs", "", INPUTS, [tally.inputs for tally in hostile.values()], sum),
        _figure("hostile_failures", "", 0, [tally.failures for tally in hostile.values()], sum),
    ]


def _figure(
    name: str,
    unit: str,
    aim: float,
    runs: Sequence[float],
    value: Callable[[Sequence[float]], float] = max,
) -> Result:
    return Result(Benchmark(name=name, unit=unit, aim=aim, measure=list, value=value), tuple(map(float, runs)))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 90.0)
