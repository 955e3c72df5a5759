"""A benchmark, the table of what was measured, and the file of results. Holds no benchmark itself."""

import json
import os
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Measure: TypeAlias = Callable[[], Sequence[float]]
"""Measures several times; returns every run, in the unit of the benchmark. Raises when it cannot measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    name: str
    unit: str
    aim: float
    """The largest value that is good enough; with `at_least`, the smallest."""
    measure: Measure
    at_least: bool = False
    value: Callable[[Sequence[float]], float] = statistics.median
    """What stands for all runs."""


@dataclass(frozen=True, slots=True)
class Result:
    benchmark: Benchmark
    runs: tuple[float, ...]

    @property
    def value(self) -> float:
        return self.benchmark.value(self.runs)

    @property
    def is_met(self) -> bool:
        # As it is written down: a screen of 60 Hz shows 59.99 frames a second.
        value, aim = rounded(self.value), self.benchmark.aim
        return value >= aim if self.benchmark.at_least else value <= aim

    def as_row(self) -> tuple[str, ...]:
        value, least, most, aim = (figure(x) for x in (self.value, min(self.runs), max(self.runs), self.benchmark.aim))
        verdict = "ok" if self.is_met else "not met"
        sign = ">=" if self.benchmark.at_least else "<="
        return (self.benchmark.name, f"{value} {self.benchmark.unit}", f"{least} - {most}", f"{sign} {aim}", verdict)

    def as_json(self) -> dict[str, object]:
        return {
            "value": rounded(self.value),
            "unit": self.benchmark.unit,
            "aim": self.benchmark.aim,
            "runs": [rounded(run) for run in self.runs],
        }


COLUMNS = ("benchmark", "value", "min - max", "aim", "")


def run(benchmark: Benchmark) -> Result:
    runs = tuple(float(run) for run in benchmark.measure())
    if not runs:
        raise ValueError(f"{benchmark.name} returned no runs")
    return Result(benchmark, runs)


def rounded(number: float) -> float:
    """Four significant digits: a clock that shares its computer knows no more."""
    return float(f"{number:.4g}")


def figure(number: float) -> str:
    return f"{rounded(number):g}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Left-aligned columns under their headings, one line per row."""
    lines = [COLUMNS, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def merge(results: Sequence[Result], file: Path) -> None:
    """Puts these results into the file, sorted by name, and replaces it in one step. All others stay as they are."""
    kept: Mapping[str, object] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    merged = dict(kept) | {result.benchmark.name: result.as_json() for result in results}
    lines = [f"  {json.dumps(name)}: {json.dumps(merged[name], ensure_ascii=False)}" for name in sorted(merged)]
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    fresh.replace(file)
