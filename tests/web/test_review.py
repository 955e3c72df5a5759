"""Afterwards: listening, reading and correcting, in a real browser; nothing that was typed is lost."""

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from levelup_voice.files.folder import SessionFolder, open_session

from .desk import Desk
from .faces import WORDS
from .recorded import SAID, held

TEXT = "Ouders willen graag stool helpen maar weten niet altijd hoe."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with contextlib.closing(Desk(held(tmp_path))) as made:
        yield made


def visit(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    page.wait_for_selector(".take")
    return page


def correct(page: Page, number: int, text: str) -> None:
    page.click(f"#take-{number} [data-act=edit]")
    page.fill(f"#text-{number}", text)
    expect(page.locator(f"#take-{number} .saved")).to_have_text("Bewaard")


def test_an_edit_saves_itself_and_stands_in_the_notes(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    assert page.inner_text("#take-1 .words") == TEXT
    correct(page, 1, "Ouders willen graag op school helpen.")
    page.keyboard.press("Escape")
    assert page.inner_text("#take-1 .words") == "Ouders willen graag op school helpen."
    assert desk.text(1) == "Ouders willen graag op school helpen."
    page.context.close()
    desk.close()
    assert "op school helpen" in (desk.path / "notes.md").read_text(encoding="utf-8")


def test_a_word_plays_from_its_moment_also_after_editing(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    correct(page, 1, "Nou, ouders willen graag op school helpen.")
    page.keyboard.press("Escape")
    place = page.evaluate(
        """() => { const text = document.querySelector("#take-1 .words").firstChild; const range = new Range();
        const at = text.data.indexOf("helpen"); range.setStart(text, at); range.setEnd(text, at + 6);
        const box = range.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }"""
    )
    page.mouse.click(*place)
    page.wait_for_selector("#take-1.is-current")
    page.wait_for_function("() => CSS.highlights.get('now')?.size")
    lit = page.evaluate("() => [...CSS.highlights.get('now')][0].toString()")
    assert lit.startswith("helpen")
    page.context.close()


def test_two_windows_that_edit_the_same_text_are_both_shown_what_stands_there(browser: Browser, desk: Desk) -> None:
    one, other = visit(browser, desk.address), visit(browser, desk.address)
    other.click("#take-1 [data-act=edit]")
    correct(one, 1, "De ene tekst.")
    other.fill("#text-1", "De andere tekst.")
    expect(other.locator("#take-1 .theirs")).to_have_text("De ene tekst.")
    assert desk.text(1) == "De ene tekst."
    assert other.input_value("#text-1") == "De andere tekst."
    other.click("#take-1 [data-act=mine]")
    expect(other.locator("#take-1 .saved")).to_have_text("Bewaard")
    assert open_session(desk.path).session.recordings[1].corrections == ("De ene tekst.", "De andere tekst.")
    one.context.close()
    other.context.close()


def test_what_was_undone_can_be_undone_after_a_reload_too(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    correct(page, 1, "Eerste versie.")
    page.fill("#text-1", "Tweede versie.")
    expect(page.locator("#take-1 .versions li")).to_have_count(2)
    page.reload()
    page.click("#take-1 [data-act=edit]")
    page.keyboard.press("Control+z")
    assert page.input_value("#text-1") == "Eerste versie."
    page.keyboard.press("Control+z")
    assert page.input_value("#text-1") == TEXT
    page.keyboard.press("Control+y")
    expect(page.locator("#take-1 .saved")).to_have_text("Bewaard")
    assert desk.text(1) == "Eerste versie."
    page.context.close()


def test_a_doubtful_word_is_corrected_everywhere_at_once(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    count = len(open_session(desk.path).session.recordings)
    page.click("#pass summary")
    assert page.inner_text("#doubts .doubt-count") == f"{count}×"
    page.fill("#doubts input", "op school")
    page.click("#doubts [data-act=everywhere]")
    expect(page.locator("#doubts .nothing")).to_be_visible()
    assert {desk.text(number) for number in range(count)} == {TEXT.replace("stool", "op school")}
    page.context.close()


def test_a_doubtful_word_can_be_right(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    page.click("#pass summary")
    page.click("#doubts [data-act=right]")
    expect(page.locator("#doubts .nothing")).to_be_visible()
    assert desk.text(1) == " ".join(SAID)
    page.context.close()
    desk.close()
    assert "(?)" not in (desk.path / "notes.md").read_text(encoding="utf-8")


def test_find_and_replace_reaches_every_text(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    page.keyboard.press("Control+f")
    page.fill("#find", "altijd")
    count = len(open_session(desk.path).session.recordings)
    expect(page.locator("#found")).to_have_text(f"{count} gevonden")
    page.fill("#replace", "meteen")
    page.click("[data-tool=replace]")
    expect(page.locator("#found")).to_have_text("0 gevonden")
    assert all("meteen" in desk.text(number) for number in range(count))
    page.context.close()


def test_the_whole_review_can_be_done_without_a_mouse(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    page.focus("#take-0 .play")
    page.keyboard.press("e")
    expect(page.locator("#text-0")).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Space")
    expect(page.locator("#take-0 .play")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+Space")
    page.keyboard.type("Nou. ")
    page.keyboard.press("Control+s")
    expect(page.locator("#take-0 .saved")).to_have_text("Bewaard")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator("#take-0 [data-act=check]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#progress-text")).to_contain_text("1 van")
    page.keyboard.press("n")
    expect(page.locator(".take.is-current")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()
    assert desk.text(0).startswith("Nou. Ouders")
    page.context.close()


def test_takes_stand_side_by_side_and_one_is_chosen(browser: Browser, tmp_path: Path) -> None:
    with contextlib.closing(Desk(held(tmp_path, again=True))) as desk:
        page = visit(browser, desk.address)
        first = page.locator(".is-several").first.locator(".take").first
        first.locator("[data-act=choose]").click()
        expect(first.locator("[data-act=choose]")).to_have_attribute("aria-pressed", "true")
        chosen = [one for one in open_session(desk.path).session.recordings if one.chosen]
        assert [one.request.take for one in chosen] == [1]
        page.context.close()


def test_audio_is_served_in_parts(desk: Desk) -> None:
    where = f"/sessions/{desk.shelf.id_of(desk.path)}/recordings"
    status, part = desk.get(f"{where}/1/audio", Range="bytes=44-143")
    assert (status, len(part)) == (206, 100)
    assert desk.get(f"{where}/99/audio") == (404, b"")


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
        page.click("#take-1 [data-act=edit]")
        page.fill("#text-1", "Straks.")
        expect(page.locator("#hint")).to_contain_text("Een ander programma")
        assert desk.text(1) == " ".join(SAID)
    # It is written down as soon as it can be.
    expect(page.locator("#take-1 .saved")).to_have_text("Bewaard")
    assert desk.text(1) == "Straks."
    page.context.close()


def test_what_was_said_is_never_markup(browser: Browser, tmp_path: Path) -> None:
    evil = ("<img", "src=x", "onerror=alert(1)>", "</script>", "&lt;b&gt;")
    with contextlib.closing(Desk(held(tmp_path, said=evil))) as desk:
        page = visit(browser, desk.address)
        assert "onerror=alert(1)>" in page.inner_text("#take-1 .words")
        assert page.locator(".take img").count() == 0
        page.context.close()


@pytest.mark.timeout(120)
def test_eight_hours_of_transcript_can_be_read_and_edited(browser: Browser, tmp_path: Path) -> None:
    path = held(tmp_path, first=tuple(f"woord{n % 700}" for n in range(60_000)))
    with contextlib.closing(Desk(path)) as desk:
        page = visit(browser, desk.address)
        page.click("#take-0 [data-act=edit]")
        page.wait_for_function("() => document.activeElement.id === 'text-0'", timeout=60000)
        page.keyboard.press("Control+Home")
        page.keyboard.type("Kort: ")
        page.wait_for_function(
            "() => document.querySelector('#take-0 .saved').textContent === 'Bewaard'", timeout=60000
        )
        assert desk.text(0).startswith("Kort: Woord0")
        page.context.close()


class Program:
    """`levelup-voice notes` at a terminal."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._terminal, inside = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "levelup_voice", "notes", "--folder", str(folder), "--no-browser"],
            env={**os.environ, "XDG_CACHE_HOME": str(home), "LEVELUP_VOICE_LANGUAGE": "nl"},
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
    page.context.close()
    assert again.end(signal.SIGINT) == 0
    assert open_session(path).session.recordings[1].corrections == ("Voor de klap.", "Na de klap.")
    assert "Na de klap." in (path / "notes.md").read_text(encoding="utf-8")
