"""Opening pages in a browser, and keeping their addresses so that pages that are open find the program again."""

import contextlib
import os
import shutil
import subprocess
import sys
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from levelup_voice.web.door import Tokens

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "brave-browser")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
"""Browsers that can open one page full-screen."""

_LARGEST = 1_000
"""Bytes of what is kept of the pages."""

_Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,100}$")]
"""As we make them: it goes in addresses and cookies."""


@dataclass(frozen=True, slots=True)
class _Kept:
    port: Annotated[int, Field(ge=0, le=65535)]
    facilitator: _Token
    projector: _Token


def open_pages(projector: str, remote: str) -> None:
    """The projector's page before all else, full-screen where a browser can: laptops in a classroom are mirrored. So it
    is opened last, over the other."""
    open_address(remote)
    open_on_the_wall(projector)


def open_on_the_wall(projector: str) -> None:
    """The projector's page alone, full-screen where a browser can."""
    if _has_screen() and not _full_screen(projector):
        webbrowser.open(projector)


def open_address(address: str) -> None:
    if _has_screen():
        webbrowser.open(address)


def read_kept(file: Path) -> tuple[int, Tokens | None]:
    """Port and tokens of last time; 0 and None when there are none."""
    try:
        with file.open("rb") as reading:
            kept = TypeAdapter(_Kept).validate_json(reading.read(_LARGEST), strict=True)
    except (OSError, ValidationError):
        return 0, None
    return kept.port, Tokens(kept.facilitator, kept.projector)


def write_kept(file: Path, wanted: int, port: int, tokens: Tokens) -> None:
    """Readable by nobody else: who has a token may lead the session.

    Not when the port that was `wanted` (0: any) is taken: what was kept is of the program that has it.
    """
    if wanted not in (0, port):
        return
    kept = TypeAdapter(_Kept).dump_json(_Kept(port, tokens.facilitator, tokens.projector))
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(written, "wb") as writing:
            writing.write(kept)


def _has_screen() -> bool:
    """Without one a browser would take the terminal."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


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
