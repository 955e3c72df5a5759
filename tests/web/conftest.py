"""A real browser, and the face of a session to look at with it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, sync_playwright

from levelup_voice.session.commands import Command
from levelup_voice.session.view import View

from .faces import WORDS, Shown

QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or another one of the kind."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium on this computer")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET.split())
        yield browser
        browser.close()


@pytest.fixture
def shown() -> Iterator[Callable[[View], Shown]]:
    """The face of one view. What pages ask for is kept in `asked`."""
    with ExitStack() as closing:

        def show(view: View) -> Shown:
            asked: list[Command] = []
            made = Shown.of(view, asked, WORDS)
            closing.callback(made.face.close)
            return made

        yield show
