"""`make pages`: every page in every state as a picture, to be looked at.

python -m tests.web.pictures FOLDER [--readme]   with --readme also those that the README shows
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Page

from levelup_voice.session.view import View
from tests.conftest import chromium

from .desk import Desk
from .faces import WORDS, Shown, moments
from .looks import DESK, DESK_DARK, TELEPHONE, Look, looks, opened, walls
from .test_home import SETUP, Start

README = Path(__file__).parents[2] / "docs" / "pages"

WALLS = (
    Look("wall-dark", 1280, 720, "dark"),
    Look("wall-four-to-three", 1024, 768),
    Look("wall-portrait", 720, 1280),
)
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
    for before in options.folder.glob("*.png"):
        before.unlink()  # States change their names and numbers.
    with chromium() as browser:
        for seen, screens in ((looks, (DESK, DESK_DARK, TELEPHONE)), (walls, WALLS)):
            for look in screens:
                for name, page in seen(browser, look):
                    picture(page, options.folder / f"{name}-{look.name}.png")
        if options.readme:
            for_readme(browser)


def for_readme(browser: Browser) -> None:
    """At three quarters of the size, as the README shows them beside its text."""
    views = list(moments())
    with opened(browser, Look("", 1280, 720, scale=0.75)) as context:
        for name, fits in SHOWN.items():
            with closing(Shown.of(next(filter(fits, views)), [], WORDS).face) as face:
                page = context.new_page()
                page.goto(face.projector_address)
                page.wait_for_selector(".stage > *")
                picture(page, README / f"{name}.png")
    with opened(browser, Look("", 1280, 900, scale=0.75)) as context, tempfile.TemporaryDirectory() as folder:
        with closing(Start(Path(folder), SETUP)) as made:
            page = context.new_page()
            page.goto(made.address)
            page.wait_for_selector("#begin button")
            picture(page, README / "home.png")
        with closing(Desk(_rehearsed(Path(folder)))) as desk:
            page = context.new_page()
            page.goto(desk.address)
            _at_work(page)
            picture(page, README / "review.png")


def picture(page: Page, path: Path) -> None:
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(100)
    page.screenshot(path=path)


def _rehearsed(folder: Path) -> Path:
    """With speech that can be heard and seen."""
    rehearse = (sys.executable, "-m", "levelup_voice", "rehearse", "--folder", str(folder), "--json")
    subprocess.run(rehearse, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*/journal.jsonl")).parent


def _at_work(page: Page) -> None:
    """Two groups have been heard: one is listened to, one has been corrected and checked."""
    page.check("#doubt")
    page.click("#take-2 [data-act=edit]")
    page.wait_for_function("() => document.querySelector('#text-2').value")
    page.fill("#text-2", page.input_value("#text-2").replace("hulp geven.", "hulp geven, of een huiswerkklas."))
    page.keyboard.press("Control+s")
    page.wait_for_selector("#take-2 .beside:visible")
    page.click("#take-2 [data-act=check]")
    page.wait_for_selector("#take-2.is-checked")
    page.evaluate("scrollTo(0, document.querySelector('#take-1').getBoundingClientRect().top + scrollY - 165)")
    page.click("#take-1 .play")
    page.wait_for_function("() => document.querySelector('#time').textContent.startsWith('0:03')")


if __name__ == "__main__":
    main()
