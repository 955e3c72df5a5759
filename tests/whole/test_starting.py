"""Starting without a terminal: from a page and back to it, by a double click, at a time that was agreed."""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Browser, Page, expect

from levelup_voice.cli.run import planned_start
from levelup_voice.files.folder import SessionFolder, open_session
from tests.plans import LEVEL_UP
from tests.reaching import only_loopback, reached
from tests.virtual_audio import VirtualRoom
from tests.web.faces import WORDS
from tests.web.recorded import held, left_open

from .program import levelup

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\?token=[\w-]+")


@contextlib.contextmanager
def started(room: VirtualRoom, folder: Path) -> Iterator[IO[str]]:
    """`levelup-voice` as a double click starts it; gives what it prints. It reaches nothing but this computer."""
    environment = {
        **os.environ,
        **room.environment,
        **only_loopback(folder),
        **{f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CACHE", "CONFIG", "DATA")},
        "LEVELUP_VOICE_LANGUAGE": "nl",
    }
    program = subprocess.Popen(
        [sys.executable, "-u", "-m", "levelup_voice", "--no-browser", "--folder", str(folder / "sessions")],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert program.stdout is not None
    try:
        yield program.stdout
        assert program.wait(20) == 0
        assert reached(folder) == ""
    finally:
        program.kill()
        program.wait()
        program.stdout.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.timeout(180)
def test_a_session_is_started_from_the_page_and_leads_back_to_it(
    browser: Browser, room: VirtualRoom, tmp_path: Path
) -> None:
    with started(room, tmp_path) as printed:
        found = ADDRESS.search(printed.readline())
        assert found is not None
        page = browser.new_context().new_page()
        page.goto(found[0])
        wall = page.context.new_page()
        wall.goto(found[0].partition("?")[0] + "projector")
        for chosen, metered in (("virtmic", "Microfoon voor jou"), ("", "Microfoon voor de groepen")):
            page.select_option("#facilitator_microphone", chosen)
            expect(page.locator("#metered")).to_have_text(metered)
            expect(page.locator("#meter")).to_be_visible()
        page.fill("#participants", "8")
        page.press("#participants", "Tab")
        press(page, "Luister")
        press(page, "Naar de sessie")
        press(page, "Begin")
        expect(wall.locator(".card")).to_be_visible(timeout=20_000)
        page.click("#more summary")
        press(page, "sluit af")
        page.locator("#asking").get_by_role("button", name="ja").click()
        expect(page.locator(".notice")).to_contain_text("De sessie is afgesloten.", timeout=20_000)
        expect(wall.locator(".opening")).to_be_visible(timeout=20_000)
        assert page.input_value("#participants") == "8"
        page.get_by_role("link", name="Nakijken").click()
        expect(page.locator("h1")).to_contain_text("Level Up!")
        page.go_back()
        press(page, "Sluit het programma")
        expect(page.locator("main")).to_have_attribute("inert", "")
        page.context.close()
    (path,) = (tmp_path / "sessions").iterdir()
    session = open_session(path).session
    assert session.closed_at is not None
    assert session.participants == 8
    assert session.said


@pytest.mark.timeout(120)
def test_going_on_with_a_session_that_another_program_has_taken_up_starts_no_new_one(
    browser: Browser, room: VirtualRoom, tmp_path: Path
) -> None:
    path = held(tmp_path / "sessions")
    left_open(path)
    with started(room, tmp_path) as printed:
        found = ADDRESS.search(printed.readline())
        assert found is not None
        page = browser.new_context().new_page()
        page.goto(found[0])
        with contextlib.closing(SessionFolder(path, WORDS, lambda problem: None)):
            press(page, "Daarmee verdergaan")
            expect(page.locator("main")).to_contain_text("Er is niets nieuws begonnen.")
        press(page, "Sluit het programma")
        expect(page.locator("main")).to_have_attribute("inert", "")
        page.context.close()
    assert [folder.name for folder in (tmp_path / "sessions").iterdir()] == [path.name]


def test_a_shortcut_starts_this_program(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("a desktop entry is for Linux")
    home = tmp_path / 'a "home" with $signs and 100%'
    (home / "Desktop").mkdir(parents=True)
    environment = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config")}
    made = levelup("shortcut", environment=environment)
    assert made.returncode == 0, made.stderr
    for file in (home / "data" / "applications" / "levelup-voice.desktop", home / "Desktop" / "levelup-voice.desktop"):
        assert str(file) in made.stdout
        entry = dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines()[1:])
        command = shlex.split(entry["Exec"].replace("\\\\", "\\").replace("%%", "%"))
        told = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True).stdout
        assert "levelup-voice" in told
        assert Path(entry["Icon"]).is_file()
        if validator := shutil.which("desktop-file-validate"):
            assert subprocess.run([validator, str(file)], check=False).returncode == 0


NOON = datetime(2026, 11, 27, 12, 0).astimezone()


@pytest.mark.parametrize(
    ("starts", "ends", "later"),
    [
        ("", "", None),
        ("12:30", "", timedelta(minutes=30)),
        ("11:50", "", -timedelta(minutes=10)),
        ("", "13:00", timedelta(minutes=20)),
        ("", "12:10", -timedelta(minutes=30)),
        ("08:30", "", timedelta(hours=20, minutes=30)),
        ("", "00:10", timedelta(hours=11, minutes=30)),
    ],
)
def test_a_time_of_day_is_the_one_that_is_meant(starts: str, ends: str, later: timedelta | None) -> None:
    moment = planned_start(LEVEL_UP, starts, ends, NOON)
    assert (None if moment is None else moment - NOON) == later


def test_just_after_midnight_just_before_it_has_been() -> None:
    night = NOON.replace(hour=0, minute=10)
    assert planned_start(LEVEL_UP, "23:55", "", night) == night - timedelta(minutes=15)


def test_what_is_no_time_is_told_with_an_example() -> None:
    done = levelup("run", "--starts", "half vier")
    assert done.returncode == 2
    assert "half vier is geen tijd; schrijf bijvoorbeeld 15:30" in done.stderr


def test_a_model_that_is_not_there_is_named() -> None:
    done = levelup("check", "--model", "parakeet", "--json")
    assert done.returncode == 2
    assert "Er is geen model dat parakeet heet" in done.stderr
