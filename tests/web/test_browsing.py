"""Which windows open when a session begins: the wall's before all else, and none where nobody wants any."""

import os
import time
import webbrowser
from pathlib import Path

import pytest

from levelup_voice.cli import browsing
from levelup_voice.cli.pages import Pages

pytestmark = pytest.mark.filterwarnings("ignore:subprocess:ResourceWarning")
"""Nobody waits for a browser."""

WALL, REMOTE = "http://127.0.0.1:1/projector?token=a", "http://127.0.0.1:1/?token=b"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer whose browsers write down what they are asked to open."""
    told = tmp_path / "opened"
    for name in ("chromium", "usual-browser"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >> {told}\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setattr(webbrowser, "open", lambda url: os.system(f"usual-browser '{url}'") == 0)
    monkeypatch.setattr(browsing, "_BROWSERS", ("chromium",))
    return told


def lines(told: Path, count: int) -> list[str]:
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        found = told.read_text().splitlines() if told.exists() else []
        if len(found) >= count:
            return found
        time.sleep(0.02)
    raise AssertionError(found)


def test_the_wall_is_opened_full_screen_over_the_remote(opened: Path) -> None:
    Pages.of_terminal(browser=True).open(WALL, REMOTE)
    remote, wall = lines(opened, 2)
    assert remote == f"usual-browser {REMOTE}"
    assert wall.startswith(f"chromium --app={WALL} --start-fullscreen ")


def test_without_a_browser_that_can_the_wall_is_a_page_like_any(opened: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "_BROWSERS", ())
    monkeypatch.setattr(browsing, "_PLACES", ())
    browsing.open_pages(WALL, REMOTE)
    assert lines(opened, 2) == [f"usual-browser {REMOTE}", f"usual-browser {WALL}"]


@pytest.mark.parametrize("screen", [True, False], ids=["nobody wants any", "no screen"])
def test_no_window_opens_where_none_is_wanted_or_none_can_be(
    opened: Path, monkeypatch: pytest.MonkeyPatch, screen: bool
) -> None:
    if not screen:
        monkeypatch.delenv("DISPLAY")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    Pages.of_terminal(browser=not screen).open(WALL, REMOTE)
    time.sleep(0.3)
    assert not opened.exists()
