"""How long the command line takes to answer."""

import subprocess
import sys
import tempfile
import time

from .measure import Benchmark

RUNS = 15


def help_seconds() -> list[float]:
    """Wall time of `levelup-voice --help` in a fresh process, from a folder that is not ours."""
    with tempfile.TemporaryDirectory() as elsewhere:
        _help(elsewhere)  # compiles the modules and fills the cache of the disk
        return [_help(elsewhere) for _ in range(RUNS)]


def _help(folder: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "levelup_voice", "--help"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


BENCHMARKS = (Benchmark(name="help_s", unit="s", aim=0.2, measure=help_seconds),)
