"""The review of sessions on disk, served as the program serves it, and a browser that is there."""

import http.client
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from levelup_voice.cli.review import Shelf
from levelup_voice.files.folder import open_session
from levelup_voice.web.review import ReviewSite

from .faces import WORDS


class Desk:
    """A review that is served, of one session."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shelf = Shelf(path.parent, lambda problem: None)
        self.site = ReviewSite(self.shelf, WORDS)
        self.address = self.site.address(self.shelf.id_of(path))

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body, asked for with the facilitator's cookie."""
        cookie = {"Cookie": f"levelup-{self.site.port}={self.site.tokens.facilitator}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=10)
        connection.request("GET", path, headers=headers | cookie)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def close(self) -> None:
        self.site.close()
        self.shelf.close()

    def text(self, number: int) -> str:
        return open_session(self.path).session.recordings[number].text


def visit(browser: Browser, address: str, **looks: Any) -> Page:
    page = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | looks)).new_page()
    page.goto(address)
    page.wait_for_selector(".take")
    return page


def edit(page: Page, number: int) -> None:
    """Open a text, and wait until one can type in it."""
    page.click(f"#take-{number} [data-act=edit]")
    expect(page.locator(f"#text-{number}")).to_be_focused()


def correct(page: Page, number: int, text: str, *, saves: bool = True) -> None:
    """Write a text, and have it saved without waiting."""
    if page.locator(f"#text-{number}").is_hidden():
        edit(page, number)
    page.fill(f"#text-{number}", text)
    page.keyboard.press("Control+s")
    if saves:
        expect(page.locator(f"#take-{number} .saved")).to_have_text("Bewaard")
