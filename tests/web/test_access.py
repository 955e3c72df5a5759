"""Every page and state, for people who hear it, zoom it, or steer it with keys: axe-core finds nothing against it."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from levelup_voice.session.view import View

from .desk import Desk
from .faces import Shown, moments
from .recorded import held

Show = Callable[[View], Shown]
SCHEMES = ("light", "dark")


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def states() -> list[View]:
    """One moment of each situation and kind of item."""
    found: dict[object, View] = {}
    for one in moments():
        found.setdefault((one.situation, one.item_kind, bool(one.shown.panels), bool(one.tally)), one)
    return list(found.values())


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_live_pages_can_be_used_by_everyone(browser: Browser, shown: Show, scheme: str) -> None:
    face = shown(states()[0])
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    projector, remote = context.new_page(), context.new_page()
    projector.goto(face.face.projector_address)
    remote.goto(face.face.address)
    found: list[str] = []
    for one in states() if scheme == "light" else states()[::4]:
        face.face.show(one)
        for page in (projector, remote):
            page.wait_for_timeout(150)
            found += violations(page)
    assert found == []
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_review_can_be_used_by_everyone(browser: Browser, tmp_path: Path, scheme: str) -> None:
    with closing(Desk(held(tmp_path, again=True))) as desk:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(desk.site.address())
        found = violations(page)
        page.goto(desk.address)
        page.click("#pass summary")
        page.keyboard.press("Control+f")
        page.click("#take-0 [data-act=edit]")
        page.wait_for_selector("#text-0:visible")
        found += violations(page)
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        found += violations(page)
        assert found == []
        context.close()


def test_at_twice_the_size_nothing_is_lost_sideways(browser: Browser, tmp_path: Path) -> None:
    """Zoom of 200 % on a small laptop is a window of half the width."""
    with closing(Desk(held(tmp_path))) as desk:
        for width in (640, 390):
            page = browser.new_context(viewport={"width": width, "height": 700}).new_page()
            page.goto(desk.address)
            page.wait_for_selector(".take")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.context.close()
