"""The page to start from: it says what will be, takes what is chosen, and nothing that makes no sense."""

import contextlib
import json
import queue
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from levelup_voice.cli.review import Shelf
from levelup_voice.session import events as ev
from levelup_voice.session.fitting import misfits, sentence
from levelup_voice.session.fold import opened
from levelup_voice.session.view import view
from levelup_voice.web.home import Choices, Found, Home, Named, Order, Setup
from tests.plans import LEVEL_UP

from .faces import WORDS, asked_of

SETUP = Setup(
    choices=Choices(),
    plans=(Named("level-up.nl", "Level Up!"), Named("example.en", "Example")),
    microphones=("Jabra", "Laptop"),
    loudspeakers=("Laptop",),
    voices=(Named("gmw/nl", "Dutch"),),
    models=("vosk-model-small-nl-0.22",),
    wake_name="spelleider",
    plan=LEVEL_UP,
    words=WORDS,
    participants=36,
    period=(15.5 * 3600, 15.5 * 3600 + 2400),
    cautions=tuple(sentence(WORDS, one) for one in misfits(LEVEL_UP, 36)),
    view=view(opened(ev.SessionOpened(plan=LEVEL_UP, opened_utc="", opened_of_day=54000.0)), 0.0, WORDS),
)


class Start:
    """A page that is served, and what was asked on it."""

    def __init__(self, folder: Path, setup: Setup) -> None:
        self.orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self.shelf = Shelf(folder, lambda problem: None)
        self.home = Home(self.orders.put, WORDS, self.shelf, setup, level=lambda: (-6.0, -18.0))
        self.address = self.home.site.address()

    def close(self) -> None:
        self.home.close()
        self.shelf.close()

    def asked(self) -> Order:
        return self.orders.get(timeout=10)

    def asked_until(self, last: Order) -> list[Order]:
        asked = [self.asked()]
        while asked[-1] != last:
            asked.append(self.asked())
        return asked


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with contextlib.closing(Start(tmp_path, SETUP)) as made:
        yield made


def visit(browser: Browser, start: Start) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(start.address)
    page.wait_for_selector("#begin button")
    return page


def test_what_is_chosen_goes_to_the_program_at_once(browser: Browser, start: Start) -> None:
    page = visit(browser, start)
    page.select_option("#microphone", "Jabra")
    assert start.asked() == Choices(microphone="Jabra")
    page.select_option("#when", "ends")
    page.fill("#time", "16:10")
    page.fill("#participants", "31")
    page.press("#participants", "Tab")
    wanted = Choices(microphone="Jabra", ends="16:10", participants=31)
    while start.asked() != wanted:  # In between it is told of each step.
        pass
    page.context.close()


def test_a_session_starts_with_what_was_chosen_last(browser: Browser, start: Start) -> None:
    page = visit(browser, start)
    page.fill("#rate", "140")
    page.click("[data-order=start]")
    orders = start.asked_until("start")
    assert orders[-2] == Choices(rate=140)
    expect(page.locator("#connection")).to_be_visible()
    page.context.close()


def test_what_is_not_filled_in_well_starts_nothing(browser: Browser, start: Start) -> None:
    page = visit(browser, start)
    page.select_option("#when", "starts")
    assert start.asked() == Choices()
    page.click("[data-order=start]")
    assert page.evaluate("document.activeElement.id") == "time"
    page.select_option("#when", "now")
    page.fill("#participants", "500")
    page.click("[data-order=start]")
    assert page.evaluate("document.activeElement.id") == "participants"
    page.fill("#participants", "31")
    page.click("[data-order=start]")
    orders = start.asked_until("start")
    assert orders[-2] == Choices(participants=31)
    assert orders.count("start") == 1
    page.context.close()


def test_it_shows_when_each_part_will_be_and_what_to_know(browser: Browser, start: Start) -> None:
    page = visit(browser, start)
    planned = page.inner_text("#planned")
    assert [moment in planned for moment in ("15:30", "15:45", "16:05", "16:10", "Met negen groepen")] == [True] * 5
    page.wait_for_function("() => Math.abs(document.getElementById('meter').value - 0.7) < 0.01")
    page.context.close()


def test_the_level_names_the_microphone_that_it_is_of(browser: Browser, start: Start) -> None:
    page = visit(browser, start)
    expect(page.locator("#metered")).to_have_text("Microfoon voor de groepen")
    start.home.show(replace(SETUP, metered="facilitator_microphone"))
    expect(page.locator("#metered")).to_have_text("Microfoon voor jou")
    page.context.close()


def test_what_the_room_check_finds_is_shown_as_it_comes(browser: Browser, start: Start) -> None:
    page = visit(browser, start)
    page.click("[data-order=check]")
    assert start.asked() == Choices()
    assert start.asked() == "check"
    start.home.show(replace(SETUP, doing="check", found=(Found(True, "Stem: Dutch"),)))
    expect(page.locator("#found li")).to_have_count(1)
    expect(page.locator("[data-order=check]")).to_be_disabled()
    start.home.show(replace(SETUP, found=(Found(True, "Stem: Dutch"), Found(False, "Ik hoor niets."))))
    expect(page.locator("#found .verdict")).to_have_text("Nog niet alles is klaar.")
    page.context.close()


def test_a_plan_that_cannot_be_read_starts_nothing(browser: Browser, tmp_path: Path) -> None:
    broken = replace(SETUP, plan=None, view=None, problems=("eigen.yaml:3: bij title verwacht: een tekst.",))
    with contextlib.closing(Start(tmp_path, broken)) as start:
        page = visit(browser, start)
        expect(page.locator("[data-order=start]")).to_be_disabled()
        assert "eigen.yaml:3" in page.inner_text("#planned")
        page.context.close()


def test_the_wall_shows_the_opening_of_what_will_be(browser: Browser, start: Start) -> None:
    page = browser.new_context(viewport={"width": 1600, "height": 900}).new_page()
    page.goto(start.home.site.projector_address)
    expect(page.locator(".opening h1")).to_have_text("Level Up!")
    page.context.close()


def test_the_sheets_hold_the_plan_and_a_card_for_each_group(browser: Browser, start: Start) -> None:
    page = visit(browser, start)
    page.goto(f"http://127.0.0.1:{start.home.site.port}/print/run-sheet")
    for row in ("15:45 0:40 Over de streep", "15:47 1:00 Stelling drie", "16:08 0:30"):
        assert row in " ".join(page.inner_text("main").split())
    page.goto(f"http://127.0.0.1:{start.home.site.port}/print/cards")
    assert page.locator(".table-card").count() == 10
    assert printed_pages(page) == 10
    page.goto(f"http://127.0.0.1:{start.home.site.port}/print/run-sheet")
    assert 1 < printed_pages(page) <= 3
    page.context.close()


def printed_pages(page: Page) -> int:
    return len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/choices", Choices().model_dump() | {"plan": "../../etc/passwd"}),
        ("/choices", Choices().model_dump() | {"participants": 0}),
        ("/choices", Choices().model_dump() | {"participants": True}),
        ("/choices", Choices().model_dump() | {"starts": "25:00"}),
        ("/choices", Choices().model_dump() | {"volume": float("nan")}),
        ("/choices", Choices().model_dump() | {"extra": 1}),
        ("/orders", {"order": "format-disk"}),
        ("/orders", []),
    ],
)
def test_what_makes_no_sense_is_refused(start: Start, path: str, body: object) -> None:
    status, told = asked_of(start.home.site, path, json.dumps(body).encode())
    assert (status, json.loads(told)["hint"]) == (422, "Dat is niet begrepen.")
    assert start.orders.empty()


def test_without_its_token_nothing_is_taken(start: Start) -> None:
    status, _ = asked_of(start.home.site, "/orders", b'{"order": "quit"}', cookie="")
    assert status == 403
    assert start.orders.empty()
