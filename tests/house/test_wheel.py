"""The program as people install it: a wheel in an environment of its own, used from an empty folder."""

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, which borrows the libraries (not the program) of the one that runs the tests."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip("--python", str(folder / "bin" / "python"), "install", "--no-deps", "--no-index", str(wheel))
    (packages,) = folder.glob("lib/python*/site-packages")
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)) + "\n")
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "empty").mkdir()
    return tmp_path


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def from_empty_folder(empty: Path, *command: str | Path) -> str:
    """What the command prints when it runs from an empty folder, for a user with an empty home."""
    of_a_user = ("PYTHON", "XDG_", "VIRTUAL_ENV")
    outer = {name: value for name, value in os.environ.items() if not name.startswith(of_a_user)}
    finished = subprocess.run(
        [str(part) for part in command],
        cwd=empty / "empty",
        env=outer | {"HOME": str(empty / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.mark.parametrize("part", ["content", "models/levelup-nl-synth"])
def test_the_wheel_carries_all_content_and_the_model(wheel: Path, part: str) -> None:
    ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / part).rglob("*") if path.is_file()}
    carried = {name.removeprefix("levelup_voice/_data/") for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in carried if name.startswith(f"{part}/")} == ours
    assert ours


def test_the_wheel_carries_nothing_but_the_program_its_data_and_its_licence(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top.partition("-")[0] for top in tops} == {"levelup_voice"}
    assert any(name.endswith("/licenses/LICENSE") for name in zipfile.ZipFile(wheel).namelist())


def test_an_installed_program_uses_its_own_files(environment: Path, empty: Path) -> None:
    asked = "import levelup_voice.session.plan as plan; print(plan.__file__)"
    where = Path(from_empty_folder(empty, environment / "bin" / "python", "-c", asked).strip())
    assert where.is_relative_to(environment)


def test_an_installed_program_knows_its_version(environment: Path, empty: Path) -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    asked = "from importlib.metadata import version; print(version('levelup-voice'))"
    assert from_empty_folder(empty, environment / "bin" / "python", "-c", asked).strip() == version
    assert (environment / "bin" / "levelup-voice").exists()


def test_an_installed_program_rehearses_a_whole_session(environment: Path, empty: Path) -> None:
    """With its own content, voice and speech model: nothing of the checkout is needed."""
    said = from_empty_folder(empty, environment / "bin" / "levelup-voice", "rehearse", "--folder", empty, "--json")
    session = Path(json.loads(said)["session"])
    assert "17 eens, 9 oneens" in (session / "notes.md").read_text(encoding="utf-8")
