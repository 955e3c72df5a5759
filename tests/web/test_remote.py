"""The facilitator's page: the buttons that make sense, keys as at the terminal, nothing lost while one types."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from levelup_voice.session import commands as do
from levelup_voice.session.view import ChoiceView, View
from levelup_voice.web import pages, remote

from .faces import HEARD, WORDS, Shown, moment, moments

Show = Callable[[View], Shown]


def visit(browser: Browser, shown: Shown) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(shown.face.address)
    page.wait_for_selector(".where-now")
    assert "token" not in page.url
    return page


def asked(page: Page, shown: Shown, count: int = 1) -> list[do.Command]:
    """What the page has asked for, once it is so much; the limit is for what never comes."""
    end = time.monotonic() + 30
    while len(shown.asked) < count and time.monotonic() < end:
        page.wait_for_timeout(20)
    return shown.asked


def test_there_is_a_button_for_every_command_that_makes_sense_now_and_no_other() -> None:
    for one in moments():
        html = "".join(remote.regions(one, WORDS, [])[0].values())
        offered = {part.split('"')[0] for part in html.split('data-kind="')[1:]}
        missing = one.commands - offered
        if not one.summaries:
            missing -= {"DeleteRecording"}  # Nothing to delete.
        if not (one.groups and one.questions):
            missing -= {"SwapQuestion"}
        if one.situation == "ready":
            missing -= {"Next"}  # The same as Start.
        assert not offered - one.commands
        assert not missing
        assert one.situation == "closed" or {"Next", "Start", "StopRecording"} & offered


def test_each_cue_to_come_has_its_time_while_the_clock_runs() -> None:
    talking = moment(situation="talking")
    assert talking.clock_runs
    cues = remote.regions(talking, WORDS, [])[0]["cues"]
    for cue in talking.cues_to_come:
        assert f"{pages.time_of_day(cue.of_day)}</span>" in cues
    assert "cue-at" not in remote.regions(replace(talking, clock_runs=False), WORDS, [])[0]["cues"]


def test_the_latest_words_are_shown_as_text() -> None:
    last = list(moments())[-1]
    assert HEARD in remote.regions(last, WORDS, [])[0]["said"]


def test_the_facilitator_sees_what_was_heard_and_why_it_was_not_obeyed() -> None:
    one = replace(moment(situation="talking"), heard=("nog een keer", "unsure"), listens=True, wake="spelleider")
    region = remote.regions(one, WORDS, [])[0]["now"]
    assert region.count("nog een keer (niet zeker genoeg)") == 1
    assert region.count("Zeg: spelleider, en dan") == 1


def test_what_is_said_into_a_recording_is_shown_and_not_read_out(browser: Browser, shown: Show) -> None:
    recording = replace(moment(situation="recording"), hearing="")
    face = shown(recording)
    page = visit(browser, face)
    hearing = page.locator("#hearing")
    expect(hearing).to_have_text("…")
    button = page.locator("button.is-main").bounding_box()
    face.face.show(replace(recording, hearing="<b>ouders</b> " + "willen graag helpen " * 40 + "met huiswerk"))
    expect(hearing).to_contain_text("<b>ouders</b> willen")
    # The end of it is what one sees, and nothing moves while it grows.
    box, text = hearing.bounding_box(), hearing.locator("p").bounding_box()
    assert box is not None
    assert text is not None
    assert box["y"] + box["height"] >= text["y"] + text["height"] > text["height"] > box["height"]
    assert page.locator("button.is-main").bounding_box() == button
    assert hearing.get_attribute("aria-live") == "off"
    assert page.locator("[aria-live=polite], [role=status]").filter(has_text="huiswerk").count() == 0
    face.face.show(replace(recording, hearing=None))
    expect(hearing).to_be_hidden()
    page.context.close()


def test_the_block_that_runs_tells_how_long_it_has(browser: Browser, shown: Show) -> None:
    talking = moment(situation="talking")
    (now,) = [block for block in talking.blocks if block.is_now]
    page = visit(browser, shown(talking))
    time = page.locator(".agenda .is-now .agenda-time")
    spent, allotted = time.inner_text().split(" van ")
    assert allotted == pages.length(now.allotted)
    assert 0 <= in_seconds(spent) - int(now.spent) < 10
    page.evaluate("() => { performance.now = (now => () => now.call(performance) + 61000)(performance.now); }")
    page.wait_for_function(
        "least => { const [m, s] = document.querySelector('[data-spent]').textContent.split(':').map(Number);"
        "return least <= 60 * m + s && 60 * m + s < least + 10; }",
        arg=in_seconds(spent) + 61,
    )
    page.context.close()


def in_seconds(figures: str) -> int:
    minutes, _, seconds = figures.partition(":")
    return 60 * int(minutes) + int(seconds)


def test_one_large_button_leads_on(browser: Browser, shown: Show) -> None:
    face = shown(moment(situation="ready"))
    page = visit(browser, face)
    page.click("button.is-main")
    assert asked(page, face) == [do.Start()]
    page.context.close()


def test_the_smaller_side_is_all_that_has_to_be_typed(browser: Browser, shown: Show) -> None:
    face = shown(moment(stage="counting"))
    page = visit(browser, face)
    page.fill("#disagree", "9")
    page.press("#disagree", "Enter")
    assert asked(page, face) == [do.GiveTally(disagree=9)]
    page.context.close()


def test_what_is_being_typed_survives_a_change_of_the_page(browser: Browser, shown: Show) -> None:
    face = shown(moment(stage="counting"))
    page = visit(browser, face)
    page.fill("#agree", "17")
    face.face.show(moment(tally=(17, 9)))
    page.wait_for_selector(".tally-now")
    assert page.input_value("#agree") == "17"
    assert page.evaluate("document.activeElement.id") == "agree"
    page.context.close()


def test_what_cannot_be_undone_asks_first(browser: Browser, shown: Show) -> None:
    face = shown(moment(situation="harvesting"))
    page = visit(browser, face)
    page.click('[data-key="refuse-2"]')
    page.click("dialog button[value=no]")
    page.click('[data-key="refuse-3"]')
    page.click("dialog button[value=yes]")
    assert asked(page, face) == [do.Refuse(3)]
    page.click("#more summary")
    for answer, count in (("no", 1), ("yes", 2)):
        page.fill("#earlier", "4")
        page.press("#earlier", "Enter")
        page.click(f"dialog button[value={answer}]")
        assert len(asked(page, face, count)) == count
    assert asked(page, face, 2)[1] == do.StartedEarlier(240)
    page.context.close()


def test_the_answer_to_one_question_is_not_taken_for_the_next(browser: Browser, shown: Show) -> None:
    """However quickly it comes."""
    face = shown(moment(situation="harvesting"))
    page = visit(browser, face)
    page.click('[data-key="refuse-2"]')
    page.evaluate(
        "() => { document.querySelector('dialog button[value=no]').click();"
        "document.querySelector('[data-key=\"refuse-3\"]').click(); }"
    )
    page.click("dialog button[value=yes]")
    assert asked(page, face) == [do.Refuse(3)]
    page.context.close()


def test_another_microphone_is_chosen_from_those_there_are(browser: Browser, shown: Show) -> None:
    """The list opens by itself when one is lost."""
    one = moment(situation="recording")
    microphones = [
        ChoiceView(device="microphone", which="group", used="", names=("ingebouwd", 'USB "2"'), is_lost=False),
        ChoiceView(device="microphone", which="facilitator", used="Headset", names=("Headset",), is_lost=False),
        ChoiceView(device="loudspeaker", which="", used="", names=("HDMI",), is_lost=False),
    ]
    commands = one.commands | {"ChooseMicrophone", "ChooseLoudspeaker"}
    face = shown(replace(one, choices=tuple(microphones), commands=commands))
    page = visit(browser, face)
    assert not page.is_visible("#choose-group")
    lost = replace(microphones[0], is_lost=True)
    face.face.show(
        replace(one, choices=(lost, *microphones[1:]), commands=commands, troubles=(("microphone", "hangs"),))
    )
    page.get_by_label("Microfoon van de groep").select_option('USB "2"')
    assert "Let op, microfoon: antwoordt niet" in page.inner_text("#troubles")
    # The trouble is read out, and not each device that there is.
    assert page.locator("[role=status] select, [aria-live] select").count() == 0
    page.get_by_label("Luidspreker", exact=True).select_option("HDMI")
    assert asked(page, face, 2) == [do.ChooseMicrophone('USB "2"', "group"), do.ChooseLoudspeaker("HDMI")]
    page.context.close()


def test_keys_are_those_of_the_terminal(browser: Browser, shown: Show) -> None:
    face = shown(moment(stage="counting"))
    page = visit(browser, face)
    for key in ("PageDown", "1", "9", "o"):  # As fast as they come: each waits for the one before it.
        page.keyboard.press(key)
    assert asked(page, face, 2) == [do.Next(), do.GiveTally(disagree=19)]
    page.context.close()


def test_after_a_click_the_keys_are_those_of_the_session(browser: Browser, shown: Show) -> None:
    face = shown(moment(situation="harvesting"))
    page = visit(browser, face)
    more_time = '[data-key="AddTime-120"]'
    page.click(more_time)
    asked(page, face)
    face.face.show(replace(moment(situation="harvesting"), cue="Nog twee minuten."))
    page.wait_for_selector(".cue-now")
    page.keyboard.press("Space")
    assert asked(page, face, 2) == [do.AddTime(120), do.Next()]
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    assert asked(page, face, 3)[2] == do.TakeTurn(3)
    # Who goes there with the keyboard presses the button.
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert asked(page, face, 4)[3] == do.AddTime(120)
    page.context.close()


def test_who_answered_with_the_keyboard_finds_the_focus_on_the_page(browser: Browser, shown: Show) -> None:
    asking = moment(situation="harvesting")
    face = shown(replace(asking, confirming="finish", commands=asking.commands | {"Confirm", "Decline"}))
    page = visit(browser, face)
    page.focus('[data-kind="Decline"]')
    page.keyboard.press("Enter")
    assert asked(page, face) == [do.Decline()]
    face.face.show(moment(situation="harvesting"))
    expect(page.locator("#asking")).to_be_empty()
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    page.context.close()


def test_a_key_that_is_held_is_pressed_once(browser: Browser, shown: Show) -> None:
    face = shown(moment(stage="counting"))
    page = visit(browser, face)
    for _ in range(5):
        page.keyboard.down("PageDown")  # From the second on as a repeat.
    page.keyboard.up("PageDown")
    for key in ("1", "9", "o"):
        page.keyboard.press(key)
    assert asked(page, face, 2) == [do.Next(), do.GiveTally(disagree=19)]
    page.context.close()


@pytest.mark.parametrize(
    ("region", "command", "about"),
    [("#said", "DeleteRecording", "delete"), ("#actions", "Finish", "finish")],
    ids=("delete", "finish"),
)
def test_a_question_that_comes_under_a_finger_is_not_answered_with_yes(
    browser: Browser, shown: Show, region: str, command: str, about: str
) -> None:
    calm = [one for one in moments() if one.situation == "harvesting" and one.summaries][-1]
    face = shown(calm)
    page = visit(browser, face)
    if not page.is_visible(f"{region} [data-kind={command}]"):
        page.click("#more summary")
    page.focus(f"{region} [data-kind={command}]")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert [type(one).__name__ for one in asked(page, face)] == [command]
    commands = frozenset({"Next", "Confirm", "Decline", "Back"})
    face.face.show(replace(calm, confirming=about, commands=commands))
    page.wait_for_selector("#asking button")
    page.keyboard.press("Enter")
    assert asked(page, face, 2)[1] == do.Decline()
    page.context.close()


def test_a_number_that_is_refused_need_not_be_typed_again(browser: Browser, shown: Show) -> None:
    face = shown(moment(stage="counting"))
    page = visit(browser, face)
    page.route("**/commands", lambda route: route.abort(), times=1)
    page.fill("#disagree", "9")
    page.press("#disagree", "Enter")
    expect(page.locator("#connection")).to_be_visible()
    assert page.input_value("#disagree") == "9"
    page.press("#disagree", "Enter")
    assert asked(page, face) == [do.GiveTally(disagree=9)]
    expect(page.locator("#disagree")).to_have_value("")
    page.context.close()
