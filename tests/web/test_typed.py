"""What is typed on the page for afterwards is never lost: by no click, by no leaving, by no answer that stays away."""

import contextlib

from playwright.sync_api import Browser, Dialog, Page, Route, expect

from levelup_voice.files.folder import SessionFolder, open_session

from .desk import Desk, correct, edit, visit
from .faces import WORDS

TYPED = "Net getypt."


def writes(page: Page, text: str, number: int = 1) -> None:
    """Types it, and does not wait until it is saved."""
    if page.locator(f"#text-{number}").is_hidden():
        edit(page, number)
    page.fill(f"#text-{number}", text)


def saved(page: Page, number: int = 1) -> None:
    expect(page.locator(f"#take-{number} .saved")).to_have_text("Bewaard")


def corrections(desk: Desk, number: int = 1) -> tuple[str, ...]:
    return open_session(desk.path).session.recordings[number].corrections


def test_what_was_typed_just_now_is_in_the_file_too(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    writes(page, TYPED)
    with page.expect_download() as file:
        page.click(".exports a[href$='/export/txt']")
    assert TYPED in file.value.path().read_text(encoding="utf-8")
    page.context.close()


def test_who_follows_a_link_leaves_nothing_behind(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    writes(page, TYPED)
    page.click(".top-links a")
    page.wait_for_url("**/sessions")
    assert corrections(desk) == (TYPED,)
    page.context.close()


def test_who_leaves_in_another_way_is_asked_and_it_is_saved_meanwhile(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.locator("body").click(position={"x": 2, "y": 2})  # A browser asks only who has touched the page.
    writes(page, TYPED)
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.locator("#take-1 .words")).to_have_text(TYPED)
    assert corrections(desk) == (TYPED,)
    page.context.close()


def test_who_never_pauses_is_saved_too(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    edit(page, 1)
    for _ in range(100):
        page.keyboard.type("en ", delay=50)
        if corrections(desk):
            break
    assert 0 < len(corrections(desk)[0]) <= len(page.input_value("#text-1"))
    page.context.close()


def test_what_was_typed_is_a_version_before_another_is_put_back(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    correct(page, 1, "Eerste versie.")
    page.click("#take-1 .history summary")
    back = page.locator("#take-1 [data-act=restore][data-version='1']")
    expect(back).to_be_visible()
    writes(page, TYPED)
    back.click()
    expect(page.locator("#text-1")).to_have_value("Eerste versie.")
    saved(page)
    assert corrections(desk) == ("Eerste versie.", TYPED, "Eerste versie.")
    page.context.close()


def test_what_cannot_be_saved_is_not_overwritten(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    correct(page, 1, "Eerste versie.")
    page.reload()
    page.click("#take-1 .history summary")
    back = page.locator("#take-1 [data-act=restore]").last
    expect(back).to_be_visible()
    desk.shelf.close()
    with contextlib.closing(SessionFolder(desk.path, WORDS, lambda problem: None)):
        writes(page, TYPED)
        expect(page.locator("#hint")).to_contain_text("Een ander programma")
        with page.expect_response("**/text"):
            back.click()
        page.focus("#text-1")
        page.keyboard.press("Control+y")
        with page.expect_response("**/text"):
            page.click("#take-1 [data-act=check]")
        assert page.input_value("#text-1") == TYPED
    saved(page)
    assert page.input_value("#text-1") == TYPED
    assert corrections(desk) == ("Eerste versie.", TYPED)
    assert not open_session(desk.path).session.recordings[1].checked
    page.context.close()


def test_undo_in_the_second_after_typing_takes_nothing_else_away(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    for text in ("Eerste versie.", "Tweede versie."):
        correct(page, 1, text)
    page.reload()
    edit(page, 1)
    page.keyboard.press("Control+z")
    expect(page.locator("#text-1")).to_have_value("Eerste versie.")
    page.keyboard.press("Control+End")
    page.keyboard.type(" En dit.")
    page.keyboard.press("Control+y")  # Would lead on to the second version, had nothing been typed.
    saved(page)
    assert page.input_value("#text-1") == "Eerste versie. En dit."
    assert corrections(desk)[-1] == "Eerste versie. En dit."
    page.context.close()


def test_to_keep_what_stood_there_before_the_other_text_keeps_it(browser: Browser, desk: Desk) -> None:
    one, other = visit(browser, desk.address), visit(browser, desk.address)
    correct(one, 1, "De eerste tekst.")
    other.reload()
    writes(other, "Iets anders.")
    correct(one, 1, "De tekst van elders.")
    other.keyboard.press("Control+s")
    expect(other.locator("#take-1 .theirs")).to_have_text("De tekst van elders.")
    writes(other, "De eerste tekst.")
    other.click("#take-1 [data-act=mine]")
    saved(other)
    assert desk.text(1) == "De eerste tekst."
    one.context.close()
    other.context.close()


def test_nobody_ticks_off_a_text_that_another_has_replaced(browser: Browser, desk: Desk) -> None:
    one, other = visit(browser, desk.address), visit(browser, desk.address)
    edit(other, 1)
    correct(one, 1, "De tekst van elders.")
    writes(other, TYPED)
    other.click("#take-1 [data-act=check]")
    expect(other.locator("#take-1 .theirs")).to_have_text("De tekst van elders.")
    assert not open_session(desk.path).session.recordings[1].checked
    other.click("#take-1 [data-act=theirs]")
    other.click("#take-1 [data-act=check]")
    expect(other.locator("#take-1 [data-act=check]")).to_have_attribute("aria-pressed", "true")
    assert open_session(desk.path).session.recordings[1].checked
    one.context.close()
    other.context.close()


def test_an_answer_that_is_lost_is_no_conflict_with_oneself(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/text", lose, times=1)
    writes(page, TYPED)
    saved(page)
    assert lost == [200]
    expect(page.locator("#take-1 .conflict")).to_be_hidden()
    assert corrections(desk) == (TYPED,)
    page.context.close()


def test_a_choice_is_offered_only_once_the_other_text_is_known(browser: Browser, desk: Desk) -> None:
    one, other = visit(browser, desk.address), visit(browser, desk.address)
    edit(other, 1)
    correct(one, 1, "De tekst van elders.")
    other.route("**/recordings/1", lambda route: route.abort(), times=1)
    writes(other, TYPED)
    expect(other.locator("#connection")).to_be_visible()
    expect(other.locator("#take-1 .conflict")).to_be_hidden()
    expect(other.locator("#take-1 .theirs")).to_have_text("De tekst van elders.")
    other.click("#take-1 [data-act=mine]")
    saved(other)
    assert desk.text(1) == TYPED
    one.context.close()
    other.context.close()


def test_what_was_typed_and_taken_back_is_not_being_saved_for_ever(browser: Browser, desk: Desk) -> None:
    page = visit(browser, desk.address)
    edit(page, 1)
    page.keyboard.press("Control+End")
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    saved(page)
    assert corrections(desk) == ()
    page.context.close()
