"""`make pages`: every page in every state as a picture, to be looked at.

python -m tests.web.pictures FOLDER [--readme]   with --readme also those that the README shows
"""

import argparse
import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from levelup_voice.session.view import View
from tests.conftest import chromium

from .faces import WORDS, Shown, moments
from .looks import Desk
from .recorded import held
from .test_home import SETUP, Start

README = Path(__file__).parents[2] / "docs" / "pages"


@dataclass(frozen=True)
class Look:
    """A screen to look at a page on."""

    name: str
    width: int
    height: int
    scheme: str = "light"
    scale: float = 1.0


WALLS = (
    Look("wide", 1280, 720),
    Look("wide-dark", 1280, 720, "dark"),
    Look("four-to-three", 1024, 768),
    Look("portrait", 720, 1280),
)
DESKS = (Look("desk", 1280, 900), Look("desk-dark", 1280, 900, "dark"), Look("telephone", 390, 844))
SHOWN: dict[str, Callable[[View], bool]] = {
    "statement": lambda view: view.tally is not None,
    "discussion": lambda view: view.stage == "talking",
    "turn": lambda view: view.recording is not None and view.turn > 0,
}
"""What the README shows of the projector."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readme", action="store_true", help="also write docs/pages")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, tempfile.TemporaryDirectory() as room:
        live(browser, options.folder)
        start(browser, options.folder, Path(room) / "start")
        review(browser, options.folder, Path(room) / "review")
        if options.readme:
            for_readme(browser, Path(room) / "readme")


def live(browser: Browser, folder: Path) -> None:
    """Projector and remote at one moment of each situation and kind of item."""
    for number, view in enumerate(states()):
        with face(view) as shown:
            name = f"{number:02d}-{view.situation}-{view.item_kind or 'none'}-{view.stage or 'none'}"
            for look in WALLS:
                picture(browser, shown.face.projector_address, ".stage > *", look, folder / f"projector-{name}")
            for look in DESKS:
                picture(browser, shown.face.address, ".where-now", look, folder / f"remote-{name}")


def start(browser: Browser, folder: Path, room: Path) -> None:
    room.mkdir()
    with contextlib.closing(Start(room, SETUP)) as made:
        for look in DESKS:
            picture(browser, made.address, "#begin button", look, folder / "home")
        for sheet in ("run-sheet", "cards"):
            picture(browser, made.home.site.address(f"/print/{sheet}"), "main", DESKS[0], folder / sheet)


def review(browser: Browser, folder: Path, room: Path) -> None:
    room.mkdir()
    with contextlib.closing(Desk(held(room, again=True))) as desk:
        for look in DESKS:
            picture(browser, desk.site.address(), ".shelf", look, folder / "sessions")
            picture(browser, desk.address, ".take", look, folder / "review")


def for_readme(browser: Browser, room: Path) -> None:
    """At three quarters of the size, as the README shows them beside its text."""
    wall, desk = Look("", 1280, 720, scale=0.75), Look("", 1280, 900, scale=0.75)
    views = list(moments())
    for name, fits in SHOWN.items():
        with face(next(filter(fits, views))) as shown:
            picture(browser, shown.face.projector_address, ".stage > *", wall, README / name)
    room.mkdir()
    with contextlib.closing(Start(room, SETUP)) as made:
        picture(browser, made.address, "#begin button", desk, README / "home")
    with contextlib.closing(Desk(held(room))) as reviewed:
        picture(browser, reviewed.address, ".take", desk, README / "review")


def states() -> list[View]:
    found: dict[object, View] = {}
    for one in moments():
        found.setdefault((one.situation, one.item_kind, one.stage, bool(one.shown.panels), bool(one.tally)), one)
    return list(found.values())


@contextlib.contextmanager
def face(view: View) -> Iterator[Shown]:
    shown = Shown.of(view, [], WORDS)
    try:
        yield shown
    finally:
        shown.face.close()


def picture(browser: Browser, address: str, awaited: str, look: Look, path: Path) -> None:
    page = _open(browser, look)
    page.goto(address)
    page.wait_for_selector(awaited)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(400)  # What comes in, comes in slowly.
    name = f"{path.name}-{look.name}" if look.name else path.name
    page.screenshot(path=path.with_name(f"{name}.png"))
    page.context.close()


def _open(browser: Browser, look: Look) -> Page:
    size = {"width": look.width, "height": look.height}
    context = browser.new_context(viewport=size, color_scheme=look.scheme, device_scale_factor=look.scale)  # type: ignore[arg-type]
    return context.new_page()


if __name__ == "__main__":
    main()
