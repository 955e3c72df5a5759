"""Every page and state, for people who hear it, zoom it, or steer it with keys: axe-core finds nothing against it."""

import pytest
from playwright.sync_api import Browser

from levelup_voice.files.catalogue import load_catalogue

from .access import violations
from .looks import DESK, DESK_DARK, TELEPHONE, ZOOMED, Look, in_session, looks


@pytest.mark.parametrize(
    ("look", "every"), [(DESK, 1), (DESK_DARK, 5), (TELEPHONE, 5)], ids=("desk", "dark", "telephone")
)
def test_the_pages_can_be_used_by_everyone(browser: Browser, look: Look, every: int) -> None:
    """In the dark and on a telephone, one moment in five of a session will do."""
    seen = [(name, violations(page)) for name, page in looks(browser, look, every=every)]
    assert {name: found for name, found in seen if found} == {}
    assert len(seen) >= 15


@pytest.mark.parametrize("look", [TELEPHONE, ZOOMED], ids=("telephone", "zoomed"))
def test_nothing_is_lost_sideways(browser: Browser, look: Look) -> None:
    """Not of any page but the wall's, which fits itself to any screen."""
    wide = [
        name
        for name, page in looks(browser, look)
        if page.evaluate("document.documentElement.scrollWidth") > look.width
    ]
    assert wide == []


def test_an_english_interface_has_room_on_a_telephone_and_no_dutch_of_its_own(browser: Browser) -> None:
    wide, texts = [], ""
    for name, page in in_session(browser, TELEPHONE, load_catalogue("en")):
        if page.evaluate("document.documentElement.scrollWidth") > TELEPHONE.width:
            wide.append(name)
        texts += page.inner_text("body")
        assert page.get_attribute("html", "lang") == "en"
    assert wide == []
    assert {"Repeat", "Agenda", "Recordings", "Keys"} <= set(texts.replace("\n", " ").split(" "))
    assert not {"Herhaal", "Opnames", "Toetsen"} & set(texts.replace("\n", " ").split(" "))
