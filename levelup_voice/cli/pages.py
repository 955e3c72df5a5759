"""The pages of a session: served, told of, and opened in a browser, the projector's first."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

import click
import platformdirs

from levelup_voice.runner import Inbox
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.decide import Incoming
from levelup_voice.session.plan import Seconds
from levelup_voice.session.view import View
from levelup_voice.terminal import bindings
from levelup_voice.web.door import Tokens
from levelup_voice.web.face import Face, KeyHelp, Level, Press

KEPT = ".pages.json"
"""Port and tokens of a session's pages, so that pages that are open find the program again after a restart."""

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "brave-browser")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
"""Browsers that can open one page full-screen."""


class Keys:
    """The terminal's table of keys, for the pages."""

    def __init__(self, words: Catalogue) -> None:
        self._words = words

    def press(self, key: str, typed: str, view: View) -> Press:
        return bindings.press(key, typed, view, self._words)

    def useful(self, view: View) -> list[KeyHelp]:
        return list(bindings.useful_keys(view, self._words))


class Paced:
    """An inbox whose clock jumps, made to take its time: so many times as fast as a real one."""

    def __init__(self, inbox: Inbox, rate: float) -> None:
        self._inbox = inbox
        self._rate = rate

    def put(self, incoming: Incoming) -> None:
        self._inbox.put(incoming)

    def now(self) -> Seconds:
        return self._inbox.now()

    def get(self, until: Seconds) -> Incoming | None:
        """In short jumps, so that what somebody asks for meanwhile does not have to wait."""
        before = self.now()
        incoming = self._inbox.get(min(until, before + self._rate / 10))
        time.sleep((self.now() - before) / self._rate)
        return incoming


def open_face(
    words: Catalogue,
    spoken: Catalogue,
    inbox: Inbox,
    level: Callable[[], Level | None],
    *,
    keep: Path | None = None,
    rate: float = 1.0,
) -> Face | None:
    """Serve the pages; None, and told, when this computer does not let us. A session needs none of them."""
    port, tokens = _kept(keep)
    try:
        face = Face(
            inbox.put, spoken, clock=inbox.now, keys=Keys(spoken), level=level, tokens=tokens, port=port, rate=rate
        )
    except OSError as error:
        click.echo(words.text("setup.no_pages", problem=str(error)), err=True)
        return None
    _keep(keep, face)
    return face


def tell_pages(words: Catalogue, face: Face) -> None:
    """Each address on a line of its own."""
    click.echo(words.text("cli.projector_at", address=face.projector_address))
    click.echo(words.text("cli.remote_at", address=face.address))


def open_pages(face: Face) -> None:
    """The projector's page first, full-screen where a browser can: laptops in a classroom are mirrored."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    if not _full_screen(face.projector_address):
        webbrowser.open(face.projector_address)
    webbrowser.open(face.address)


def _full_screen(address: str) -> bool:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None) or next(filter(os.path.exists, _PLACES), None)
    if browser is None:
        return False
    # A profile of its own: one that is open already would not listen, and the wall needs no more than its own token.
    profile = Path(platformdirs.user_cache_dir("levelup-voice", appauthor=False)) / "projector"
    options = [f"--app={address}", "--start-fullscreen", f"--user-data-dir={profile}", "--no-first-run"]
    try:
        subprocess.Popen(
            [browser, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True


def _kept(folder: Path | None) -> tuple[int, Tokens | None]:
    if folder is None:
        return 0, None
    try:
        kept = json.loads((folder / KEPT).read_text(encoding="utf-8"))
        return int(kept["port"]), Tokens(str(kept["facilitator"]), str(kept["projector"]))
    except (OSError, ValueError, KeyError, TypeError):
        return 0, None


def _keep(folder: Path | None, face: Face) -> None:
    """Readable by nobody else: who has a token may lead the session."""
    if folder is None:
        return
    kept = {"port": face.port, "facilitator": face.tokens.facilitator, "projector": face.tokens.projector}
    with contextlib.suppress(OSError):
        file = os.open(folder / KEPT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as writing:
            json.dump(kept, writing)
