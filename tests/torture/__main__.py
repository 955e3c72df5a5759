"""`python -m tests.torture [MINUTES]`: kill, fuzz and measure for so long; the figures go to bench/results.json."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import Benchmark, Result, merge, table

from .devices import notice_faults
from .hostile import SHARE, fuzz

RESULTS = Path(__file__).parents[2] / "bench" / "results.json"

REHEARSALS, LIVE, FAULTS, INPUTS = 850, 150, 50, 1_000_000
"""Kills of rehearsals and of live sessions; faults of each kind of each device; hostile inputs."""


def main(minutes: float) -> None:
    """As many of each as there is time for. Rehearsals beside live sessions; each in a process of its own."""
    end = time.monotonic() + 60 * minutes
    killing = [_started("kills", REHEARSALS, 54 * minutes), _started("live_kills", LIVE, 45 * minutes)]
    inputs, failures = hostile(INPUTS, end)
    tallies = [json.loads(one.communicate()[0]) for one in killing]
    noticed = list[float]()
    while len(noticed) < 4 * FAULTS and time.monotonic() < end:
        noticed += notice_faults(5)
    kills, lost, left = (sum(tally[key] for tally in tallies) for key in ("kills", "events_lost", "left_behind"))
    report(kills, lost, [one for tally in tallies for one in tally["audio_lost"]], noticed, inputs, failures)
    sys.exit(1 if lost or failures or left else 0)


def _started(name: str, count: int, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"{__package__}.{name}", str(count), "1", str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def hostile(count: int, end: float) -> tuple[int, list[str]]:
    """Inputs tried, and what failed."""
    inputs, failures, rounds = 0, list[str](), 100
    for seed in range(rounds):
        for name, share in SHARE.items():
            if time.monotonic() > end:
                return inputs, failures
            with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
                outcome = fuzz(name, round(count * share / rounds), seed, Path(folder))
            inputs += outcome.inputs
            failures += outcome.failures
    return inputs, failures


def report(
    kills: int, events_lost: int, audio_lost: list[float], noticed: list[float], inputs: int, failures: list[str]
) -> None:
    """The figures as a table, and in the file of results. Of the counts, the aim is how many there are to be."""
    results = [
        _figure("kills", "", REHEARSALS + LIVE, [kills]),
        _figure("kills_events_lost", "", 0, [events_lost]),
        _figure("kills_audio_lost_max_s", "s", 0.5, audio_lost or [0.0]),
        _figure("device_faults", "", 4 * FAULTS, [len(noticed)]),
        _figure("device_faults_noticed_max_s", "s", 2.0, noticed or [0.0]),
        _figure("hostile_inputs", "", INPUTS, [inputs]),
        _figure("hostile_failures", "", 0, [len(failures)]),
    ]
    merge(results, RESULTS)
    middle = statistics.median(audio_lost or [0.0])
    sys.stdout.write(
        "\n".join(
            [table([result.as_row() for result in results]), f"audio lost, median: {middle:.3f} s", *failures, ""]
        )
    )


def _figure(name: str, unit: str, aim: float, runs: list[float] | list[int]) -> Result:
    return Result(Benchmark(name=name, unit=unit, aim=aim, measure=list, value=max), tuple(map(float, runs)))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 90.0)
