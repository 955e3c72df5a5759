"""The short form: a few kills, each resumed and held against what had been acknowledged."""

import json
import subprocess
import sys
from typing import Any

import pytest

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform != "linux", reason="forks, and looks at processes in /proc"),
]


def killed(kind: str, count: int, seed: int) -> dict[str, Any]:
    command = [sys.executable, "-m", f"tests.torture.{kind}", str(count), str(seed), "200"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    tally: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return tally


def test_a_rehearsal_killed_at_any_moment_loses_nothing_that_was_acknowledged() -> None:
    tally = killed("kills", 3, 20)
    assert tally["kills"] == 3
    assert (tally["events_lost"], tally["left_behind"]) == (0, 0)
    assert max(tally["audio_lost"], default=0.0) == 0.0


def test_a_live_session_killed_while_it_records_loses_half_a_second_at_most() -> None:
    tally = killed("live_kills", 2, 5)
    assert (tally["events_lost"], tally["left_behind"]) == (0, 0)
    assert max(tally["audio_lost"], default=0.0) <= 0.5
