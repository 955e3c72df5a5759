"""Afterwards: listening, reading and correcting, in a real browser; nothing that was typed is lost."""

import contextlib
import errno
import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from levelup_voice.audio.chunks import RATE
from levelup_voice.errors import DiskError
from levelup_voice.files import wav
from levelup_voice.files.disk import Step, watched_by
from levelup_voice.files.folder import SessionFolder, open_session
from levelup_voice.session import events as ev
from levelup_voice.session.incoming import Correct
from levelup_voice.session.timing import remaining
from tests.audio.speech import save
from tests.reaching import only_loopback, reached

from .desk import Desk, correct, edit, visit
from .faces import WORDS
from .recorded import SAID, held, left_open

TEXT = "Ouders willen graag stool helpen maar weten niet altijd hoe."


def player(page: Page, expression: str) -> Any:
    """Of the page's own player."""
    return page.evaluate(
        f"async () => {{ const {{ player }} = await import('/static/player.js'); return {expression}; }}"
    )


def sought(page: Page, count: int) -> list[float]:
    """The moments that playing jumped to, once there are so many. The first call only begins to watch."""
    page.evaluate(
        """async () => { if (window.sought) return; window.sought = [];
        const { player } = await import("/static/player.js");
        player.addEventListener("seeking", () => window.sought.push(player.currentTime)); }"""
    )
    page.wait_for_function("count => window.sought.length >= count", arg=count)
    return [round(moment, 2) for moment in page.evaluate("window.sought")]


def sounding(page: Page) -> str:
    """The word that is lit, once one is."""
    lit = page.wait_for_function("() => [...CSS.highlights.get('now') ?? []][0]?.toString()")
    return str(lit.json_value())


def place_of(page: Page, number: int, word: str) -> tuple[float, float]:
    """The middle of a word on the screen."""
    page.locator(f"#take-{number} .words").scroll_into_view_if_needed()
    found = page.evaluate(
        """([number, word]) => { const text = document.querySelector(`#take-${number} .words`).firstChild;
        const range = new Range(); const at = text.data.indexOf(word); range.setStart(text, at);
        range.setEnd(text, at + word.length); const box = range.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2]; }""",
        [number, word],
    )
    return float(found[0]), float(found[1])


def test_an_edit_saves_itself_and_stands_in_the_notes(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    assert page.inner_text("#take-1 .words") == TEXT
    edit(page, 1)
    page.fill("#text-1", "Ouders willen graag op school helpen.")
    expect(page.locator("#take-1 .saved")).to_have_text("Bewaard")
    page.keyboard.press("Escape")
    assert page.inner_text("#take-1 .words") == "Ouders willen graag op school helpen."
    # What the recogniser made of it stays beside it.
    expect(page.locator("#take-1 .heard")).to_have_text(TEXT)
    expect(page.locator("#take-0 .heard")).to_be_hidden()
    assert desk.text(1) == "Ouders willen graag op school helpen."
    page.context.close()
    desk.close()
    assert "op school helpen" in (desk.path / "notes.md").read_text(encoding="utf-8")


def test_a_word_plays_from_its_moment_also_after_editing(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    correct(page, 1, "Nou, ouders willen graag op school helpen.")
    page.keyboard.press("Escape")
    page.mouse.click(*place_of(page, 1, "helpen"))
    page.wait_for_selector("#take-1.is-current")
    assert sounding(page).startswith("helpen")
    page.context.close()


def test_listening_goes_on_a_second_before_where_it_stopped(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    page.mouse.click(*place_of(page, 1, "weten"))
    page.wait_for_selector("#take-1 .play[aria-pressed=true]")
    page.keyboard.press("Space")
    stopped = player(page, "player.currentTime")
    assert stopped >= 3.0
    page.wait_for_function(
        "async () => { const { player } = await import('/static/player.js');"
        "return player.readyState > 0 && !player.seeking; }"
    )
    sought(page, 0)
    page.keyboard.press("Space")
    assert sought(page, 1) == [round(stopped - 1, 2)]
    page.keyboard.press("Space")
    stopped = player(page, "player.currentTime")
    for nth, key, moment in ((2, "F1", stopped - 1.5), (3, "F2", stopped)):
        page.keyboard.press(key)
        assert sought(page, nth)[-1] == round(moment, 2)
    for key, speed in (("F4", 1.25), ("F3", 1), ("F3", 0.75)):
        page.keyboard.press(key)
        assert player(page, "player.playbackRate") == speed
    page.context.close()


def test_sound_that_was_away_is_there_again(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    page.wait_for_load_state("networkidle")
    page.route("**/recordings/1/audio", lambda route: route.abort(), times=1)
    page.click("#take-1 .play")
    expect(page.locator("#hint")).to_contain_text("geen geluid")
    page.click("#take-1 .play")
    assert sounding(page)
    page.context.close()


def test_who_types_hears_the_word_at_the_cursor_and_goes_on_from_where_it_stopped(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    edit(page, 1)
    page.evaluate("() => document.getElementById('text-1').setSelectionRange(34, 34)")
    sought(page, 0)
    page.keyboard.press("Control+Space")
    assert sought(page, 1) == [2.5]  # "maar"
    page.keyboard.press("Control+Space")
    page.wait_for_selector("#take-1 .play[aria-pressed=false]")
    player(page, "player.currentTime = 4")
    # The browser tells of it later, and then of where it is by then.
    assert sought(page, 2)[1:] == [4.0]
    page.keyboard.type("x")
    page.keyboard.press("Control+Space")
    assert sought(page, 3)[2:] == [3.0]
    page.context.close()


def test_a_sentence_is_repeated_until_that_is_not_wanted_any_more(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    correct(page, 1, "Ouders. Willen graag stool helpen maar weten niet altijd hoe.")
    page.keyboard.press("Escape")
    page.check("#loop")
    page.mouse.click(*place_of(page, 1, "Ouders"))
    page.evaluate(
        """async () => { const { player } = await import("/static/player.js"); window.furthest = window.again = 0;
        player.addEventListener("seeking", () => { window.again += 1; });
        setInterval(() => { window.furthest = Math.max(window.furthest, player.currentTime); }, 20); }"""
    )
    page.wait_for_function("() => window.again >= 2")
    assert 0.4 < page.evaluate("window.furthest") < 4  # The recording lasts five seconds.
    page.context.close()


def test_a_block_is_played_without_touching_anything(browser: Browser, tmp_path: Path) -> None:
    """One after another, of each turn the take that counts."""
    with contextlib.closing(Desk(held(tmp_path, said=("ja",), again=True))) as desk:
        page = visit(browser, desk.address)
        page.evaluate(
            """() => { window.played = []; new MutationObserver(() => { const number =
            document.querySelector(".is-current")?.dataset.number; if (number && !window.played.includes(number))
            window.played.push(number); }).observe(document.querySelectorAll(".part")[1], { subtree: true,
            attributeFilter: ["class"] }); }"""
        )
        page.locator("[data-act=play-part]").nth(1).click()
        recordings = open_session(desk.path).session.recordings
        second = [str(one.number) for one in recordings if one.request.take == 2]
        page.wait_for_function("count => window.played.length === count", arg=len(second))
        assert sorted(page.evaluate("window.played"), key=int) == second
        page.context.close()


def test_two_windows_that_edit_the_same_text_are_both_shown_what_stands_there(browser: Browser, desk: Desk) -> None:
    one, other = visit(browser, desk.address), visit(browser, desk.address)
    edit(other, 1)
    correct(one, 1, "De ene tekst.")
    other.fill("#text-1", "De andere tekst.")
    expect(other.locator("#take-1 .theirs")).to_have_text("De ene tekst.")
    assert desk.text(1) == "De ene tekst."
    assert other.input_value("#text-1") == "De andere tekst."
    other.click("#take-1 [data-act=mine]")
    expect(other.locator("#take-1 .saved")).to_have_text("Bewaard")
    assert open_session(desk.path).session.recordings[1].corrections == ("De ene tekst.", "De andere tekst.")
    correct(one, 1, "Toch de ene.", saves=False)
    expect(one.locator("#take-1 .theirs")).to_have_text("De andere tekst.")
    one.click("#take-1 [data-act=theirs]")
    assert one.input_value("#text-1") == "De andere tekst."
    assert desk.text(1) == "De andere tekst."
    one.context.close()
    other.context.close()


def test_what_was_undone_can_be_undone_after_a_reload_too(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    correct(page, 1, "Eerste versie.")
    correct(page, 1, "Tweede versie.")
    page.reload()
    edit(page, 1)
    text = page.locator("#text-1")
    for key, becomes in (("z", "Eerste versie."), ("z", TEXT), ("z", TEXT), ("y", "Eerste versie.")):
        page.keyboard.press(f"Control+{key}")
        expect(text).to_have_value(becomes)
    page.keyboard.press("Control+s")
    expect(page.locator("#take-1 .saved")).to_have_text("Bewaard")
    assert desk.text(1) == "Eerste versie."
    # To go back is no new text: it can be gone on from, in both directions.
    page.reload()
    edit(page, 1)
    for key, becomes in (("y", "Tweede versie."), ("z", "Eerste versie."), ("z", TEXT)):
        page.keyboard.press(f"Control+{key}")
        expect(text).to_have_value(becomes)
    page.context.close()


def test_where_the_undo_of_the_browser_ends_the_versions_go_on(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    correct(page, 1, "Eerste versie.")
    page.reload()
    edit(page, 1)
    page.keyboard.press("Control+End")
    page.keyboard.type(" En nu")
    texts: list[str] = []
    while not texts or (texts[-1] != TEXT and len(texts) < 20):
        page.keyboard.press("Control+z")
        page.wait_for_timeout(50)
        texts.append(page.input_value("#text-1"))
    assert texts[-2:] == ["Eerste versie.", TEXT]
    page.context.close()


def test_undo_is_not_dead_after_an_earlier_version_was_put_back(browser: Browser, desk: Desk) -> None:
    """The browser goes on undoing what was typed before it, in a text that is not there any more."""
    page = visit(browser, desk.address)
    edit(page, 1)
    page.keyboard.press("Control+Home")
    page.keyboard.type("Nou. ")
    page.keyboard.press("Control+s")
    expect(page.locator("#take-1 .saved")).to_have_text("Bewaard")
    page.click("#take-1 .history summary")
    page.click("#take-1 [data-act=restore][data-version='0']")
    text = page.locator("#text-1")
    expect(text).to_have_value(TEXT)
    expect(text).to_be_focused()
    for key, becomes in (("y", f"Nou. {TEXT}"), ("z", TEXT), ("y", f"Nou. {TEXT}")):
        page.keyboard.press(f"Control+{key}")
        expect(text).to_have_value(becomes)
    page.context.close()


def test_every_version_can_be_read_and_put_back(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    correct(page, 1, "Eerste versie.")
    correct(page, 1, "Tweede versie.")
    page.click("#take-1 .history summary")
    expect(page.locator("#take-1 .versions p")).to_have_text(["Tweede versie.", "Eerste versie.", TEXT])
    page.locator("#take-1 [data-act=restore]").nth(1).click()
    expect(page.locator("#text-1")).to_have_value("Eerste versie.")
    expect(page.locator("#take-1 .saved")).to_have_text("Bewaard")
    assert desk.text(1) == "Eerste versie."
    page.context.close()


def test_a_doubtful_word_is_heard_and_corrected_everywhere_at_once(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    count = len(open_session(desk.path).session.recordings)
    expect(page.locator("#doubt-count")).to_have_text("1")
    page.click("#pass summary")
    assert page.inner_text("#doubts .doubt-context").split() == [f"{count}×", *TEXT.split()[:8]]
    sought(page, 0)
    page.click("#doubts [data-act=hear]")
    assert sought(page, 1) == [0.75]
    page.wait_for_selector("#take-0 .play[aria-pressed=false]")
    assert 2.25 <= player(page, "player.currentTime") < 4
    page.fill("#doubts input", "op school")
    page.press("#doubts input", "Enter")
    expect(page.locator("#doubts .nothing")).to_be_visible()
    expect(page.locator("#doubt-count")).to_have_text("0")
    expect(page.locator("#take-3 .words")).to_have_text(TEXT.replace("stool", "op school"))
    assert {desk.text(number) for number in range(count)} == {TEXT.replace("stool", "op school")}
    page.context.close()


def test_who_types_at_a_doubtful_word_goes_on_typing_when_the_list_changes(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    page.click("#pass summary")
    page.fill("#doubts input", "op scho")
    count = page.inner_text("#doubts .doubt-count")
    correct(page, 1, "Zonder dat woord.")
    page.focus("#doubts input")
    page.wait_for_function("count => document.querySelector('#doubts .doubt-count').textContent !== count", arg=count)
    page.keyboard.type("ol")
    expect(page.locator("#doubts input")).to_have_value("op school")
    page.context.close()


def test_a_doubtful_word_can_be_right(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    page.check("#doubt")
    page.wait_for_function("() => CSS.highlights.get('doubt')?.size")
    page.click("#pass summary")
    page.click("#doubts [data-act=right]")
    expect(page.locator("#doubts .nothing")).to_be_visible()
    page.wait_for_function("() => CSS.highlights.get('doubt').size === 0")
    assert desk.text(1) == " ".join(SAID)
    page.context.close()
    desk.close()
    assert "(?)" not in (desk.path / "notes.md").read_text(encoding="utf-8")


def test_doubtful_words_are_gone_through_from_where_one_is(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    current = page.locator(".take.is-current")
    for key, number in (("n", "0"), ("n", "1"), ("n", "2"), ("Shift+N", "1")):
        page.keyboard.press(key)
        expect(current).to_have_attribute("data-number", number)
    page.mouse.click(*place_of(page, 5, "altijd"))
    expect(current).to_have_attribute("data-number", "5")
    page.keyboard.press("Shift+N")
    page.wait_for_function("() => [...CSS.highlights.get('found') ?? []].length === 1")
    expect(current).to_have_attribute("data-number", "5")
    page.keyboard.press("e")
    expect(page.locator("#text-5")).to_be_focused()
    assert page.evaluate("() => getSelection().toString()") == "stool"
    page.context.close()


def test_find_and_replace_reaches_every_text(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    count = len(open_session(desk.path).session.recordings)
    page.focus("#take-1 [data-act=edit]")
    page.keyboard.press("Control+f")
    page.keyboard.type("OUDERS")
    expect(page.locator("#found")).to_have_text(f"{count} gevonden")
    for key, told in (("Enter", f"1 van {count}"), ("Enter", f"2 van {count}"), ("Shift+Enter", f"1 van {count}")):
        page.keyboard.press(key)
        expect(page.locator("#found")).to_have_text(told)
    page.fill("#replace", "vaders")
    page.click("[data-tool=replace]")
    expect(page.locator("#found")).to_have_text("0 gevonden")
    assert all(desk.text(number).startswith("Vaders willen") for number in range(count))
    page.focus("#find")
    page.keyboard.press("Escape")
    expect(page.locator("#finder")).to_be_hidden()
    expect(page.locator("#take-1 [data-act=edit]")).to_be_focused()
    page.context.close()


def test_the_whole_review_can_be_done_without_a_mouse(browser: Browser, tmp_path: Path) -> None:
    """Everything that can be done there, from the list of all sessions to the export."""
    with contextlib.closing(Desk(held(tmp_path, again=True))) as desk:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        keys = page.keyboard
        page.goto(desk.site.address())
        reach(page, "#q")
        keys.type("samen")
        keys.press("Enter")
        page.wait_for_url("**/sessions?q=samen")
        reach(page, ".shelf a", press="Enter")
        page.wait_for_selector(".take")

        reach(page, "#speed", press="ArrowDown")
        assert player(page, "player.playbackRate") == 1.25
        reach(page, "#doubt", press="Space")
        page.wait_for_function("() => CSS.highlights.get('doubt')?.size")
        keys.press("l")
        expect(page.locator("#loop")).to_be_checked()
        keys.press("l")

        keys.press("Control+f")
        keys.type("ouders")
        expect(page.locator("#found")).to_contain_text("gevonden")
        keys.press("Enter")
        keys.press("Shift+Enter")
        reach(page, "#replace")
        keys.type("vaders")
        reach(page, "[data-tool=replace]", press="Enter")
        expect(page.locator("#found")).to_have_text("0 gevonden")
        keys.press("Shift+Tab")
        keys.press("Escape")
        expect(page.locator("#finder")).to_be_hidden()

        reach(page, "#pass summary", press="Enter")
        sought(page, 0)
        reach(page, "#doubts [data-act=hear]", press="Enter")
        assert sought(page, 1)
        reach(page, "#doubts [data-act=right]")
        reach(page, "#doubts input", by="Shift+Tab")
        keys.press("Control+a")
        keys.type("op school")
        keys.press("Enter")
        expect(page.locator("#doubts .nothing")).to_be_visible()

        reach(page, "#take-1 .play", press="e")
        text = page.locator("#text-1")
        expect(text).to_be_focused()
        keys.press("Control+Home")
        keys.press("Control+Space")
        expect(page.locator("#take-1 .play")).to_have_attribute("aria-pressed", "true")
        for key in ("F2", "F1", "F4", "F3"):
            keys.press(key)
        keys.press("Control+Space")
        keys.type("Nou. ")
        keys.press("Control+s")
        expect(page.locator("#take-1 .saved")).to_have_text("Bewaard")
        desk.shelf.change(desk.shelf.id_of(desk.path), [Correct(1, "Iemand anders was eerst.")], {})
        keys.type("Tja. ")
        keys.press("Control+s")
        expect(page.locator("#take-1 .conflict")).to_be_visible()
        reach(page, "#take-1 [data-act=theirs]")
        reach(page, "#take-1 [data-act=mine]", by="Shift+Tab", press="Enter")
        expect(text).to_be_focused()
        expect(page.locator("#take-1 .saved")).to_have_text("Bewaard")
        keys.press("Escape")
        expect(page.locator("#take-1 [data-act=edit]")).to_be_focused()
        reach(page, "#take-1 [data-act=check]", press="Enter")
        expect(page.locator("#progress-text")).to_contain_text("1 van")
        reach(page, "#take-1 [data-act=choose]", press="Enter")
        expect(page.locator("#take-1 [data-act=choose]")).to_have_attribute("aria-pressed", "true")
        reach(page, "#take-1 .history summary", press="Enter")
        reach(page, "#take-1 [data-act=restore][data-version='0']", press="Enter")
        expect(text).to_have_value(TEXT)
        keys.press("Control+y")
        expect(text).to_have_value(TEXT.replace("Ouders", "Vaders"))
        keys.press("Control+z")
        expect(text).to_have_value(TEXT)
        reach(page, "#take-1 [data-act=restore]", press="Enter")
        expect(text).to_have_value(re.compile("^Nou. Tja. Vaders"))
        keys.press("Escape")

        reach(page, "[data-act=play-part]", press="Enter")
        page.wait_for_selector("#toggle[aria-pressed=true]")
        reach(page, "#toggle", press="Enter")
        page.wait_for_selector("#toggle[aria-pressed=false]")
        keys.press("?")
        expect(page.locator("#keys-dialog")).to_be_visible()
        keys.press("Escape")
        expect(page.locator("#keys-dialog")).to_be_hidden()
        with page.expect_download() as saved:
            reach(page, ".exports a[href$='/export/txt']", press="Enter")
        assert "op school" in saved.value.path().read_text(encoding="utf-8")
        page.context.close()
        assert desk.text(1).startswith("Nou. Tja. Vaders")


def reach(page: Page, wanted: str, *, by: str = "Tab", press: str = "") -> None:
    """As somebody does who has only a keyboard; then press a key there."""
    for _ in range(400):
        page.keyboard.press(by)
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            break
    else:
        raise AssertionError(f"{wanted} is out of reach")
    if press:
        page.keyboard.press(press)


def test_the_space_bar_plays_after_a_click_and_presses_what_the_keyboard_reached(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    page.click("#take-1 [data-act=check]")
    expect(page.locator("#progress-text")).to_contain_text("1 van")
    page.keyboard.press("Space")
    page.wait_for_selector("#toggle[aria-pressed=true]")
    expect(page.locator("#take-1 [data-act=check]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    page.focus("#take-1 [data-act=edit]")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#progress-text")).to_contain_text("0 van")
    page.wait_for_selector("#toggle[aria-pressed=false]")
    page.context.close()


def test_saving_is_shown_and_not_read_out(browser: Browser, desk: Desk) -> None:
    """A screen reader that spoke after each pause in typing could not be typed with."""
    page = visit(browser, desk.address)
    page.evaluate(
        """() => { window.said = []; const live = document.querySelectorAll("[role=status], [role=alert], [aria-live]");
        const heard = (one) => { if (one.textContent.trim()) window.said.push(one.textContent); };
        const how = { subtree: true, childList: true };
        for (const one of live) new MutationObserver(() => heard(one)).observe(one, how); }"""
    )
    correct(page, 1, "Eerste versie.")
    page.click("#take-1 .play")
    page.wait_for_function("() => document.getElementById('time').textContent > '0:00'")
    page.click("#take-1 [data-act=check]")
    page.wait_for_function("() => window.said.length")
    assert page.evaluate("window.said.filter((one) => !one.includes('nagekeken'))") == []
    page.context.close()


def test_takes_stand_side_by_side_and_one_is_chosen(browser: Browser, tmp_path: Path) -> None:
    with contextlib.closing(Desk(held(tmp_path, again=True))) as desk:
        page = visit(browser, desk.address)
        first, second = page.locator(".is-several").first.locator(".take").all()
        left, right = first.bounding_box(), second.bounding_box()
        assert left is not None
        assert right is not None
        assert left["y"] == right["y"]
        # Until somebody chooses, the last one counts.
        expect(second.locator("[data-act=choose]")).to_have_attribute("aria-pressed", "true")
        first.locator("[data-act=choose]").click()
        expect(first.locator("[data-act=choose]")).to_have_attribute("aria-pressed", "true")
        expect(second.locator("[data-act=choose]")).to_have_attribute("aria-pressed", "false")
        chosen = [one for one in open_session(desk.path).session.recordings if one.chosen]
        assert [one.request.take for one in chosen] == [1]
        page.context.close()


def closed_by_voice(path: Path, at: float) -> None:
    """All recordings of this session end with a phrase that begins here."""
    with contextlib.closing(SessionFolder(path, WORDS, lambda problem: None)) as store:
        numbers = range(len(open_session(path).session.recordings))
        store.append([ev.Entry(9e4, ev.RecordingStopped(number, at)) for number in numbers])


def test_listening_ends_where_the_closing_phrase_begins(browser: Browser, tmp_path: Path) -> None:
    path = held(tmp_path, said=("ouders",) * 20)
    closed_by_voice(path, 1.0)
    with contextlib.closing(Desk(path)) as desk:
        page = visit(browser, desk.address)
        assert page.inner_text("#take-1 h4 small") == page.inner_text("#take-2 h4 small") == "0:01"
        page.locator(".part", has=page.locator("#take-1")).locator("[data-act=play-part]").click()
        # Ten seconds each, one of which was said.
        expect(page.locator("#take-2")).to_have_class(re.compile("is-current"))
        page.click("#take-2 [data-act=play]")
        expect(page.locator("#take-2 .play")).to_have_attribute("aria-pressed", "false")
        page.context.close()
        kept = desk.shelf.audio(desk.shelf.id_of(path), 1)
        assert kept is not None
        assert wav.duration(kept) == 10.0, "the file stays whole"


def test_the_waveform_is_of_what_was_said(desk: Desk) -> None:
    closed_by_voice(desk.path, 1.0)
    said, closing = np.full(RATE, 600, np.int16), np.full(RATE, 20000, np.int16)
    save(desk.path / open_session(desk.path).session.recordings[1].request.file, np.append(said, closing).tobytes())
    assert set(desk.shelf.peaks(desk.shelf.id_of(desk.path), 1)) == {100}


def test_the_waveform_is_drawn_and_fills_up_as_it_plays(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    page.locator("#take-1 .wave").scroll_into_view_if_needed()
    page.wait_for_function(f"() => {PAINTED}.size > 1")
    before = page.evaluate(f"() => [...{PAINTED}].sort()")
    page.click("#take-1 .play")
    page.wait_for_function(f"before => [...{PAINTED}].sort().join() !== before.join()", arg=before)
    page.context.close()


PAINTED = """((wave) => new Set(new Uint32Array(
  wave.getContext("2d").getImageData(0, 0, wave.width, wave.height).data.buffer
)))(document.querySelector("#take-1 .wave"))"""
"""The colours on the canvas."""


def test_what_is_printed_is_the_text_that_counts_and_nothing_to_press(browser: Browser, tmp_path: Path) -> None:
    with contextlib.closing(Desk(held(tmp_path, again=True))) as desk:
        page = visit(browser, desk.address, color_scheme="dark")
        correct(page, 1, "Nog open.")
        page.emulate_media(media="print")
        assert not page.locator("button:visible, a:visible, input:visible, textarea:visible").count()
        recordings = open_session(desk.path).session.recordings
        printed = [int(one.get_attribute("data-number") or -1) for one in page.locator(".take:visible").all()]
        turns = {one.subject: one.number for one in recordings}
        assert sorted(printed) == sorted(turns.values())
        assert page.locator(".take:visible .words:visible").count() == len(printed)
        assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        page.context.close()


def test_words_outlive_their_audio(browser: Browser, desk: Desk) -> None:
    with contextlib.closing(SessionFolder(desk.path, WORDS, lambda problem: None)) as store:
        store.know_session(open_session(desk.path).session)
        store.append([ev.Entry(9e4, ev.AudioForgotten(1))])
        store.forget_audio(1)
    (desk.path / "audio" / "003-oogst-g1-take1.wav").unlink(missing_ok=True)
    page = visit(browser, desk.address)
    assert page.locator("#take-1 .play, #take-1 .wave").count() == 0
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(page.locator("#hint")).to_contain_text("geen geluid")
    correct(page, 1, "De woorden blijven.")
    assert desk.text(1) == "De woorden blijven."
    page.context.close()


def test_audio_is_served_in_parts(desk: Desk) -> None:
    where = f"/sessions/{desk.shelf.id_of(desk.path)}/recordings"
    status, part = desk.get(f"{where}/1/audio", Range="bytes=44-143")
    assert (status, len(part)) == (206, 100)
    assert desk.get(f"{where}/99/audio") == (404, b"")


def test_a_waveform_is_measured_once_for_all_programs(desk: Desk) -> None:
    where = f"/sessions/{desk.shelf.id_of(desk.path)}/recordings/1/peaks"
    status, body = desk.get(where)
    assert (status, max(json.loads(body))) == (200, 100)
    (kept,) = (desk.path / "peaks").iterdir()
    kept.write_text(json.dumps(json.loads(kept.read_text()) | {"peaks": [7]}))
    with contextlib.closing(Desk(desk.path)) as other:
        assert json.loads(other.get(where)[1]) == [7]


@pytest.mark.parametrize("language", ["xx", "a\\nb"], ids=["no words for it", "damaged"])
def test_a_session_that_cannot_be_read_is_in_the_list_and_nowhere_else(desk: Desk, language: str) -> None:
    journal = desk.path / "journal.jsonl"
    journal.write_text(journal.read_text().replace('"language": "nl"', f'"language": "{language}"', 1))
    status, listed = desk.get("/sessions")
    assert (status, b"klein" in listed) == (200, True)
    one = f"/sessions/{desk.shelf.id_of(desk.path)}"
    for where in (one, f"{one}/export/md", f"{one}/recordings/0", f"{one}/recordings/0/audio"):
        assert desk.get(where)[0] == 404


def test_a_session_that_another_program_works_in_is_read_not_changed(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    with contextlib.closing(SessionFolder(desk.path, WORDS, lambda problem: None)):
        edit(page, 1)
        page.fill("#text-1", "Straks.")
        expect(page.locator("#hint")).to_contain_text("Een ander programma")
        assert desk.text(1) == " ".join(SAID)
    # It is written down as soon as it can be.
    expect(page.locator("#take-1 .saved")).to_have_text("Bewaard")
    assert desk.text(1) == "Straks."
    page.context.close()


def test_reviewing_in_a_break_costs_the_session_no_time(tmp_path: Path) -> None:
    """It was left, and will be gone on with."""
    path = held(tmp_path)
    left_open(path)
    before = open_session(path)
    left = remaining(before.session, before.last_at)
    with contextlib.closing(Desk(path)) as desk:
        desk.shelf.change(desk.shelf.id_of(path), [Correct(1, "Anders.")], {})
    after = open_session(path)
    assert after.session.recordings[1].text == "Anders."
    assert after.last_at > before.last_at + 3600, "it was held long ago"
    assert remaining(after.session, after.last_at) == left


def test_what_a_full_disk_does_not_take_is_told_and_written_down_once_it_does(browser: Browser, desk: Desk) -> None:
    full = threading.Event()
    full.set()

    def refuse(step: Step, file: int | Path, data: bytes) -> None:
        if full.is_set():
            raise OSError(errno.ENOSPC, "No space left on device")

    page = visit(browser, desk.address)
    with watched_by(refuse):
        edit(page, 1)
        page.fill("#text-1", "Straks.")
        expect(page.locator("#hint")).to_contain_text("No space left on device")
        full.clear()
        expect(page.locator("#take-1 .saved")).to_have_text("Bewaard")
    assert desk.text(1) == "Straks."
    page.context.close()


def test_a_full_disk_costs_no_thread_and_no_file_each_time_it_is_tried(tmp_path: Path) -> None:
    """A session that was left is set aside first; the page tries again every two seconds."""

    def refuse(step: Step, file: int | Path, data: bytes) -> None:
        if step == "write":
            raise OSError(errno.ENOSPC, "No space left on device")

    path = held(tmp_path)
    left_open(path)
    with contextlib.closing(Desk(path)) as desk:
        session_id, corrected = desk.shelf.id_of(path), [Correct(1, "Anders.")]
        before = threading.active_count(), len(os.listdir("/proc/self/fd"))
        with watched_by(refuse):
            for _ in range(5):
                with pytest.raises(DiskError):
                    desk.shelf.change(session_id, corrected, {})
        assert (threading.active_count(), len(os.listdir("/proc/self/fd"))) == before
        desk.shelf.change(session_id, corrected, {})
    assert open_session(path).session.recordings[1].text == "Anders."


def test_what_was_said_is_never_markup(browser: Browser, tmp_path: Path) -> None:
    evil = ("<img", "src=x", "onerror=alert(1)>", "</script>", "&lt;b&gt;")
    with contextlib.closing(Desk(held(tmp_path, said=evil))) as desk:
        page = visit(browser, desk.address)
        assert "onerror=alert(1)>" in page.inner_text("#take-1 .words")
        correct(page, 1, "<img src=x onerror=alert(2)>")
        page.click("#take-1 .history summary")
        expect(page.locator("#take-1 .versions p").first).to_have_text("<img src=x onerror=alert(2)>")
        assert page.locator(".take img").count() == 0
        page.context.close()


@pytest.mark.timeout(120)
def test_eight_hours_of_transcript_can_be_read_searched_and_edited(browser: Browser, tmp_path: Path) -> None:
    path = held(tmp_path, first=tuple(f"woord{n % 700}" for n in range(60_000)))
    with contextlib.closing(Desk(path)) as desk:
        page = visit(browser, desk.address)
        edit(page, 0)
        expect(page.locator("#text-0")).to_be_focused(timeout=60000)
        page.keyboard.press("Control+Home")
        page.keyboard.type("Kort: ")
        with page.expect_response("**/text") as answered:
            page.keyboard.press("Control+s")
        # What has not changed is not sent back.
        assert len(answered.value.body()) < 1000
        expect(page.locator("#take-0 .saved")).to_have_text("Bewaard", timeout=60000)
        assert desk.text(0).startswith("Kort: Woord0")
        page.keyboard.press("Control+f")
        page.fill("#find", "woord699")
        page.wait_for_function("() => CSS.highlights.get('found')?.size > 50", timeout=60000)
        page.press("#find", "Escape")
        page.click("#pass summary")
        expect(page.locator("#doubts li").first).to_be_visible(timeout=60000)
        page.context.close()


class Program:
    """`levelup-voice notes` at a terminal."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._terminal, inside = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "levelup_voice", "notes", "--folder", str(folder), "--no-browser"],
            env={**os.environ, **only_loopback(home), "XDG_CACHE_HOME": str(home), "LEVELUP_VOICE_LANGUAGE": "nl"},
            stdin=inside,
            stdout=inside,
            stderr=inside,
        )
        os.close(inside)
        shown = ""
        limit = time.monotonic() + 30
        while not (found := re.search(r"http://\S+", shown)) and time.monotonic() < limit:
            shown += os.read(self._terminal, 4096).decode()
        assert found, shown
        self.address = found[0]

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        code = self.process.wait(20)
        os.close(self._terminal)
        return code


def test_a_kill_in_the_middle_of_a_review_loses_nothing(browser: Browser, tmp_path: Path) -> None:
    path = held(tmp_path / "sessions")
    first = Program(path.parent, tmp_path)
    page = visit(browser, first.address)
    correct(page, 1, "Voor de klap.")
    first.end(signal.SIGKILL)
    page.fill("#text-1", "Na de klap.")
    expect(page.locator("#connection")).to_be_visible()
    assert open_session(path).session.recordings[1].text == "Voor de klap."
    again = Program(path.parent, tmp_path)
    assert again.address == first.address
    expect(page.locator("#take-1 .saved")).to_have_text("Bewaard")
    expect(page.locator("#connection")).to_be_hidden()
    with page.expect_download() as saved:
        page.click(".exports a[href$='/export/md']")
    assert "Na de klap." in saved.value.path().read_text(encoding="utf-8")
    page.context.close()
    assert again.end(signal.SIGINT) == 0
    assert open_session(path).session.recordings[1].corrections == ("Voor de klap.", "Na de klap.")
    assert "Na de klap." in (path / "notes.md").read_text(encoding="utf-8")
    assert reached(tmp_path) == ""
