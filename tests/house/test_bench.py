"""The harness of the benchmarks measures what it says and leaves the results of others alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import BENCHMARKS, main
from bench.measure import Benchmark, Result, merge, run
from bench.memory import family, growth, look, memory_mb

LINUX = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="reads /proc, which only Linux has")

THREE_RUNS = Benchmark(name="b", unit="s", aim=2, measure=lambda: [1, 9, 2])


def test_the_value_of_a_benchmark_is_the_median_of_its_runs() -> None:
    result = run(THREE_RUNS)
    assert result.value == 2
    assert result.is_met
    assert not Result(THREE_RUNS, (2.1,)).is_met


def test_a_benchmark_without_runs_is_an_error() -> None:
    with pytest.raises(ValueError, match="no runs"):
        run(Benchmark(name="empty", unit="s", aim=1, measure=list))


def test_merging_replaces_a_benchmarks_own_entry_and_keeps_the_others(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    others = {"value": 1, "unit": "ms", "aim": 3, "runs": [1], "note": "in words of its own"}
    file.write_text(json.dumps({"z": others, "b": {"value": 77}}))
    merge([run(THREE_RUNS), Result(Benchmark(name="a", unit="mb", aim=5, measure=list), (4.56789,))], file)
    merged = json.loads(file.read_text())
    assert list(merged) == ["a", "b", "z"]
    assert merged["z"] == others
    assert merged["b"] == {"value": 2, "unit": "s", "aim": 2, "runs": [1, 9, 2]}
    assert merged["a"]["runs"] == [4.568]
    assert os.listdir(tmp_path) == ["results.json"]


def test_an_unknown_benchmark_is_refused_with_the_names_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["--only", "hlep_s"])
    assert refused.value.code == 2
    said = capsys.readouterr().err
    assert all(name in said for name in ["hlep_s", *(benchmark.name for benchmark in BENCHMARKS)])


def test_growth_is_what_is_held_more_at_the_least_in_each_stretch_of_a_run() -> None:
    """What comes and goes is no growth, and the end of the program does not count."""
    flat = [30.0, 35.0, 30.0] * 11
    assert growth(flat) == [0.0] * 9
    growing = [value + number // 3 for number, value in enumerate(flat[:30])]
    assert growth([*growing, 0.0, 0.0, 0.0]) == list(range(1, 10))
    with pytest.raises(ValueError, match="too few"):
        growth([1.0] * 10)


@LINUX
def test_what_is_held_counts_handles_and_threads_of_all_that_was_started() -> None:
    code = "import threading; files = [open('/dev/null') for _ in range(20)]\n"
    code += "for _ in range(5): threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    code += "print('held', flush=True); input()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        held = look(child.pid)
        child.kill()
    assert (held.handles, held.threads) == (23, 6)
    assert held.memory_mb > 1.0


@LINUX
def test_memory_is_that_of_a_process_and_of_all_it_started(tmp_path: Path) -> None:
    """The child is a shell whose name looks like the end of a name; its child holds 64 MB."""
    shell = tmp_path / "a ) b"
    shell.symlink_to("/bin/sh")
    holds = "import sys; held = b'x' * 64_000_000; print('held', flush=True); sys.stdin.read()"
    child = subprocess.Popen(
        [shell, "-c", '"$0" -c "$1"; true', sys.executable, holds],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        assert len(family(child.pid)) == 2
        assert 64 < memory_mb(child.pid) < 100
        child.stdin.close()
    assert memory_mb(child.pid) == 0
