"""Fixtures that several parts of the suite share."""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright

from tests.virtual_audio import VirtualRoom

# A test fails for what is wrong: not because a computer is slow, nor today and not tomorrow. `make torture` draws anew.
settings.register_profile("suite", deadline=None, derandomize="TORTURE_STEPS" not in os.environ)
settings.load_profile("suite")
expect.set_options(timeout=30_000)


@pytest.fixture
def room() -> Iterator[VirtualRoom]:
    """A virtual microphone and loudspeaker, fresh for each test."""
    if sys.platform != "linux":
        pytest.skip("the virtual sound card is PulseAudio's")
    with VirtualRoom() as room:
        yield room


QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or another one of the kind. Raises FileNotFoundError when there is none."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise FileNotFoundError("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET.split())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with contextlib.ExitStack() as closing:
        try:
            opened = closing.enter_context(chromium())
        except FileNotFoundError:
            pytest.skip("no Chromium on this computer")
        yield opened
