"""`make bench`: measures, prints each figure with its spread and its aim, and merges it into results.json."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import command_latency, listening, pages, recording, review, session, speech, startup
from .measure import Benchmark, Result, merge, run, table

BENCHMARKS: tuple[Benchmark, ...] = (
    *startup.BENCHMARKS,
    *session.BENCHMARKS,
    *speech.BENCHMARKS,
    *recording.BENCHMARKS,
    *command_latency.BENCHMARKS,
    *listening.BENCHMARKS,
    *pages.BENCHMARKS,
    *review.BENCHMARKS,
)

RESULTS = Path(__file__).with_name("results.json")


def chosen(only: str) -> tuple[Benchmark, ...]:
    """The benchmarks of these names, separated by commas; without a name all. KeyError for an unknown one."""
    by_name = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    names = [name.strip() for name in only.split(",") if name.strip()]
    return tuple(by_name[name] for name in names) if names else BENCHMARKS


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when everything could be measured, whether or not its aim was met."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default="", metavar="NAME,…", help="measure these alone")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the file to merge into")
    options = parser.parse_args(arguments)
    try:
        benchmarks = chosen(options.only)
    except KeyError as unknown:
        parser.error(f"no benchmark is called {unknown}; there are {', '.join(known.name for known in BENCHMARKS)}")
    rows: list[tuple[str, ...]] = []
    results: list[Result] = []
    for benchmark in benchmarks:
        print(f"measuring {benchmark.name} …", file=sys.stderr)
        try:
            result = run(benchmark)
        except Exception as error:  # noqa: BLE001 - one that fails shall not keep the others from being measured
            rows.append((benchmark.name, "-", "-", f"<= {benchmark.aim:g}", f"failed: {error}"))
        else:
            results.append(result)
            rows.append(result.as_row())
    if results:
        merge(results, options.results)
    print(table(rows))
    return 0 if len(results) == len(benchmarks) else 1


if __name__ == "__main__":
    sys.exit(main())
