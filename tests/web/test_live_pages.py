"""A real session, watched on the projector and led from the remote to its end."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from levelup_voice.session.state import Session
from tests.audio.speech import ANSWER, save, spoken
from tests.virtual_audio import VirtualRoom
from tests.whole.live import SHORT, LiveSession

pytestmark = pytest.mark.timeout(180)

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/(?:projector)?\?token=[\w-]+")


def open_page(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(address)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_session_is_watched_on_the_projector_and_led_from_the_remote(
    browser: Browser, room: VirtualRoom, tmp_path: Path
) -> None:
    with LiveSession(room, tmp_path / "sessions", "run", str(SHORT), "--no-browser") as live:
        live.wait(lambda session: len(ADDRESS.findall(live.shown)) == 2)
        projector, remote = (open_page(browser, address) for address in ADDRESS.findall(live.shown))
        projector.wait_for_selector(".opening")
        press(remote, "Begin")
        seen = []

        def at(item: str, stage: str = "reading") -> Session:
            return live.wait(lambda session: session.item and session.item.id == item and session.run.stage == stage)

        def go_on() -> None:
            press(remote, "Volgende")

        at("welkom")
        go_on()
        at("vraag")
        projector.wait_for_selector(".card")
        go_on()
        live.wait(lambda session: session.situation == "recording")
        seen.append(projector.inner_text(".sign"))
        room.say(save(tmp_path / "answer.wav", spoken(ANSWER)))
        # The facilitator reads what is heard while it is said; the room never does.
        expect(remote.locator("#hearing")).to_contain_text("ouders")
        assert "ouders" not in projector.inner_text("body").lower()
        press(remote, "Stop de opname")
        expect(remote.locator("#hearing")).to_be_hidden()
        live.wait(lambda session: session.recordings[0].saved and session.situation != "recording")
        go_on()
        at("stelling", "counting")
        projector.wait_for_selector(".sides")
        remote.fill("#disagree", "3")
        remote.press("#disagree", "Enter")
        live.wait(lambda session: session.tallies == {"stelling": (5, 3)})
        projector.wait_for_selector(".side-count")
        seen.append(projector.inner_text(".side-disagree .side-count"))
        go_on()
        at("gesprek", "gathering")
        go_on()
        at("gesprek", "briefing")
        go_on()
        at("gesprek", "talking")
        projector.wait_for_selector(".questions")
        go_on()
        at("oogst", "turns")
        for group in (1, 2):
            go_on()
            live.wait(lambda session: session.situation == "recording")
            projector.wait_for_selector(f".turn-number >> text={group}")
            press(remote, "Stop de opname")
            live.wait(lambda session, group=group: session.recordings[group].saved)  # type: ignore[misc]
            expect(remote.get_by_role("button", name="Stop de opname")).to_be_hidden()
        go_on()
        at("dank")
        go_on()
        projector.wait_for_selector("body[data-over=true]")
        assert live.process.wait(20) == 0
        assert live.session.closed_at is not None
        assert seen[1] == "3"
        assert "Opname" in seen[0]
        # Neither page was alarmed by the end of the program.
        assert not remote.is_visible("#connection")
        for page in (projector, remote):
            page.context.close()
