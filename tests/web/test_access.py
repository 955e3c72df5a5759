"""Every page and state, for people who hear it, zoom it, or steer it with keys: axe-core finds nothing against it."""

from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .access import violations
from .desk import Desk
from .looks import DESK, DESK_DARK, TELEPHONE, Look, looks
from .recorded import held


@pytest.mark.parametrize(
    ("look", "every"), [(DESK, 1), (DESK_DARK, 5), (TELEPHONE, 5)], ids=("desk", "dark", "telephone")
)
def test_the_pages_can_be_used_by_everyone(browser: Browser, look: Look, every: int) -> None:
    """In the dark and on a telephone, one moment in five of a session will do."""
    seen = [(name, violations(page)) for name, page in looks(browser, look, every=every)]
    assert {name: found for name, found in seen if found} == {}
    assert len(seen) >= 15


def test_at_twice_the_size_nothing_is_lost_sideways(browser: Browser, tmp_path: Path) -> None:
    """Zoom of 200 % on a small laptop is a window of half the width."""
    with closing(Desk(held(tmp_path, again=True))) as desk:
        for width in (640, 390):
            page = browser.new_context(viewport={"width": width, "height": 700}).new_page()
            page.goto(desk.address)
            page.wait_for_selector(".take")
            page.click("#pass summary")
            page.keyboard.press("Control+f")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.context.close()
