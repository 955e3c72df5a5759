"""What nobody should send us is taken or refused, never more. The long form looks for more (hostile/guided.py)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .hostile.corpus import HERE
from .hostile.parsers import PARSERS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and looks at what one process may do")

WATCHED = """
import os, subprocess, sys
from pathlib import Path
from tests.torture.hostile.bounds import Bounds

def take(data):
    folder, outside = Path(sys.argv[1]), Path(sys.argv[1]).parent
    exec(data)

bounds = Bounds(Path(sys.argv[1]), longest=0.1)
print(bounds.broken_by(take, sys.argv[2].encode()))
"""


@pytest.fixture(scope="module")
def tried() -> dict[str, dict[str, object]]:
    """Whatever is kept, tried again."""
    command = [sys.executable, "-m", f"{__package__}.hostile.replay"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, dict[str, object]] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("name", PARSERS)
def test_hostile_input_is_taken_or_refused_in_time(tried: dict[str, dict[str, object]], name: str) -> None:
    assert tried[name]["inputs"]
    assert tried[name]["failures"] == {}


def test_every_input_that_once_failed_belongs_to_a_parser() -> None:
    known = {name.replace(" ", "-") for name in PARSERS}
    for folder, kind in (("failed", ""), ("corpus", ".tar.xz")):
        assert {path.name.removesuffix(kind) for path in (HERE / folder).iterdir()} <= known


def test_what_is_kept_stays_small() -> None:
    assert sum(path.stat().st_size for path in HERE.rglob("*") if path.is_file()) < 1_000_000


@pytest.mark.parametrize(
    ("does", "seen"),
    [
        ("(folder / 'x').write_text('')", ""),
        ("(folder / 'x').read_text()", "FileNotFoundError"),
        ("open('/etc/hostname')", "open '/etc/hostname'"),
        ("(outside / 'x').write_text('')", "open"),
        ("(folder / 'x').symlink_to('/etc/hostname'); (folder / 'x').read_text()", "open '/etc/hostname'"),
        ("os.rename(folder, outside / 'y')", "os.rename"),
        ("os.system('true')", "os.system"),
        ("subprocess.run('true')", "subprocess.Popen"),
        ("bytearray(10**9)", "MemoryError"),
        ("[0] * 10**8", "MemoryError"),
        ("sum(range(3 * 10**7))", "of work"),
    ],
)
def test_the_watch_sees_what_it_should(tmp_path: Path, does: str, seen: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(folder), does], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert seen in done.stdout
    assert bool(done.stdout.strip()) == bool(seen)
