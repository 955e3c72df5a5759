"""`python -m models.recipe`: makes the model and measures it.

--large       batches four times as large, for a computer with a graphics processor
--miniature   a model of a few words in a few minutes, to see that all works; not measured
--measure     make nothing: measure the model in the repository (or --model FOLDER) and put it in results.json
--install     put the new model in the repository's place
"""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.measure import Result, merge

from .evaluation import GROUPS, upper_bound
from .figures import ALL_CONDITIONS, ALL_GROUPS, HEADING, benchmarks, cost, rows, strange, talk
from .plan import FULL, LARGE, MINIATURE
from .steps import NAME, Workshop, replaced

MODELS = Path(__file__).parents[1]
BUILD = MODELS.parent / "build" / "model"
RESULTS = MODELS.parent / "bench" / "results.json"


def measure(model: Path, groups: Sequence[str], hours: int, workers: int) -> list[Result]:
    """Print all figures of a model, and give those that are kept: none where the held-out voices were not asked."""
    print(f"{model}\n{HEADING}")
    table = []
    for row in rows(model, groups, ALL_CONDITIONS, sys.maxsize, workers):
        print(row, flush=True)
        table.append(row)
    if "held-out" not in groups:
        return []
    price = cost(model)
    print(f"loads in {price.load_seconds:.2f} s, real-time factor {price.real_time_factor:.3f}")
    print(f"{price.megabytes:.1f} MB on the disk, {price.resident:.0f} MB in memory", flush=True)
    unknown = strange(model)
    print(
        f"of {unknown.count} unknown words {unknown.rejected:.0f} % [unk], {unknown.commands:.0f} % a command",
        flush=True,
    )
    heard_in_talk = talk(model, hours, workers) if hours else None
    if heard_in_talk:
        length, count = heard_in_talk.hours, heard_in_talk.commands
        print(f"in {length:.1f} h of talk {heard_in_talk.phrases} whole phrases; free decoding agrees with {count}:")
        print(f"at most {upper_bound(count) / length:.2f} false commands an hour (95 %)")
    return benchmarks(table, price, unknown, heard_in_talk)


def install(model: Path) -> None:
    with replaced(MODELS / NAME) as folder:
        shutil.copytree(model, folder, dirs_exist_ok=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="make model", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--large", action="store_const", dest="plan", const=LARGE, help="larger batches")
    size.add_argument("--miniature", action="store_const", dest="plan", const=MINIATURE, help="a model of a few words")
    parser.add_argument("--measure", action="store_true", help="make nothing")
    parser.add_argument("--install", action="store_true", help="replace the model in the repository")
    parser.add_argument("--model", type=Path, default=MODELS / NAME, help="what to measure")
    parser.add_argument("--groups", nargs="+", default=ALL_GROUPS, choices=tuple(GROUPS), help="voices to measure with")
    parser.add_argument("--hours", type=int, default=FULL.talk_hours, help="of talk without commands")
    parser.add_argument("--folder", type=Path, help="where to work; default: build/model")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processes that synthesise, and that measure"
    )
    options = parser.parse_args(arguments)

    plan = options.plan or FULL
    miniature = plan is MINIATURE
    if miniature and options.install:
        parser.error("a miniature knows a dozen words: it cannot stand in for the model of the repository")
    measured = [options.groups, options.hours, options.workers]
    if options.measure:
        merge(measure(options.model, *measured), RESULTS)
        return
    folder = options.folder or (BUILD.with_name("miniature") if miniature else BUILD)
    made = Workshop(folder, plan, options.workers, lambda text: print(text, file=sys.stderr, flush=True)).make()
    print(made)
    figures = [] if miniature else measure(made, *measured)
    if options.install:
        install(made)
        merge(figures, RESULTS)


if __name__ == "__main__":
    main()
