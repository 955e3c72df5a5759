"""What the room sees: large, calm, and nothing that was said in confidence or misheard."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from levelup_voice.session.view import View
from levelup_voice.web import pages, projector

from .faces import HEARD, WORDS, Shown, moment, moments

Show = Callable[[View], Shown]
MOMENTS = tuple(moments())

SCREENS = {"16:9": (1920, 1080), "4:3": (1024, 768), "portrait": (900, 1600), "small": (1280, 720)}


def scenes() -> list[View]:
    """One moment of each kind of thing that there is to see."""
    found: dict[object, View] = {}
    for one in MOMENTS:
        found.setdefault((one.situation, one.item_id, one.stage, one.tally is not None, bool(one.turn)), one)
    return list(found.values())


def look(browser: Browser, address: str, size: tuple[int, int], scheme: str = "light") -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#stage > *")
    return page


def test_nothing_that_participants_said_reaches_the_projector() -> None:
    assert any(HEARD in summary.text for one in MOMENTS for summary in one.summaries)
    for one in MOMENTS:
        html, numbers = projector.regions(replace(one, heard=(HEARD, "unsure"), hearing=HEARD), WORDS)
        assert HEARD not in "".join(html.values()) + json.dumps(numbers)


def test_a_statement_has_its_two_sides_and_then_its_tally() -> None:
    walking, counted = moment(stage="choosing"), moment(tally=(17, 9))
    assert "loop naar de ramen" in projector.regions(walking, WORDS)[0]["stage"]
    stage = projector.regions(counted, WORDS)[0]["stage"]
    assert [word for word in ("EENS", "ONEENS", ">17<", ">9<") if word not in stage] == []


def test_the_clock_of_a_recording_is_that_of_the_recording() -> None:
    clock = projector.clock_of(moment(situation="recording", item_id="oogst"))
    assert clock is not None
    assert (clock.of, clock.total) == ("recording", 30.0)


def test_during_a_recording_its_sign_and_its_level_stand_on_the_wall(browser: Browser, shown: Show) -> None:
    recording = next(one for one in MOMENTS if one.recording is not None and one.turn)
    page = look(browser, shown(recording).face.projector_address, SCREENS["16:9"])
    page.wait_for_function("() => document.querySelectorAll('[data-level] i.is-on').length")
    bars = page.locator("[data-level] i")
    assert 0 < page.locator("[data-level] i.is-on").count() < bars.count()
    assert "opname" in page.inner_text("body").lower()
    page.context.close()


def test_a_comparison_is_taken_apart_to_be_drawn() -> None:
    points = moment(item_id="ouderbetrokkenheid").shown.points
    steps = projector.steps(points)
    assert [(step.number, step.arrow) for step in steps] == [("1.0", "to"), ("2.0", "both"), ("3.0", "")]
    assert steps[1].ends == ("school", "ouders")
    assert steps[1].remark == "reactie op"
    assert projector.steps(("Eens: de ramen", "Ouderbetrokkenheid 1.0: school")) == ()


def test_links_are_codes_for_telephones() -> None:
    closing = moment(item_id="dank")
    assert projector.regions(closing, WORDS)[0]["stage"].count('class="code"') == len(closing.shown.links) > 3


@pytest.mark.parametrize("screen", SCREENS)
def test_everything_fits_on_the_screen(browser: Browser, shown: Show, screen: str) -> None:
    face = shown(MOMENTS[0])
    page = look(browser, face.face.projector_address, SCREENS[screen])
    for one in scenes():
        face.face.show(one)
        page.wait_for_function(
            "item => document.body.dataset.item === item", arg=projector.regions(one, WORDS)[1]["item"]
        )
        page.wait_for_function(ALL_IN_SIGHT)
    page.context.close()


ALL_IN_SIGHT = """() => {
  const stage = document.getElementById("stage");
  return stage.scrollHeight <= stage.clientHeight && stage.scrollWidth <= stage.clientWidth
    && document.documentElement.scrollHeight <= innerHeight;
}"""


def test_a_statement_can_be_read_at_ten_metres(browser: Browser, shown: Show) -> None:
    """A twenty-fifth of the height of the screen, on a screen two metres wide, is as large as 8 mm at two metres."""
    statements = {one.text: one for one in scenes() if one.text}
    face = shown(MOMENTS[0])
    page = look(browser, face.face.projector_address, SCREENS["16:9"])
    for one in statements.values():
        face.face.show(one)
        page.wait_for_function("text => document.querySelector('#stage h1').textContent === text", arg=one.text)
        size = page.evaluate("() => parseFloat(getComputedStyle(document.querySelector('#stage h1')).fontSize)")
        assert size >= 1080 / 25
    page.context.close()


def test_questions_can_be_read_at_ten_metres(browser: Browser, shown: Show) -> None:
    """All of a discussion's at once nearly as large as a statement; the one whose turn it is larger."""
    face = shown(MOMENTS[0])
    page = look(browser, face.face.projector_address, SCREENS["16:9"])
    turn = next(one for one in scenes() if projector.scene_of(one) == "turn" and one.turn)
    for one, text, part in ((moment(situation="talking"), ".question-text", 26), (turn, ".turn-question", 20)):
        face.face.show(one)
        page.wait_for_selector(text)
        page.wait_for_function(ALL_IN_SIGHT)
        sizes = page.evaluate(
            "of => [...document.querySelectorAll(of)].map(one => parseFloat(getComputedStyle(one).fontSize))", text
        )
        assert min(sizes) >= 1080 / part
    page.context.close()


@pytest.mark.parametrize("page_of", ["projector_address", "address"], ids=("projector", "remote"))
def test_nothing_moves_when_the_clock_ticks(browser: Browser, shown: Show, page_of: str) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.goto(getattr(shown(moment(situation="talking")).face, page_of))
    page.wait_for_function("() => /[0-9]/.test(document.querySelector('[data-words], [data-figures]')?.textContent)")
    page.wait_for_function("() => document.getElementById('meter-off')?.hidden ?? true")  # The level comes by itself.
    page.evaluate("() => document.fonts.ready")
    before, clock = page.evaluate(PLACES), page.inner_text("[data-words], [data-figures]")
    page.evaluate("() => { performance.now = (now => () => now.call(performance) + 61000)(performance.now); }")
    page.wait_for_function(
        "clock => document.querySelector('[data-words], [data-figures]').textContent !== clock", arg=clock
    )
    assert page.evaluate(PLACES) == before
    page.context.close()


PLACES = """() => [...document.querySelectorAll("body *")].map((one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return [x, y, width, height].join(" ");
})"""


def test_who_wants_no_motion_sees_none(browser: Browser, shown: Show) -> None:
    face = shown(MOMENTS[0])
    page = look(browser, face.face.projector_address, SCREENS["small"])
    moving = "() => document.getAnimations().length > 0"
    face.face.show(moment(situation="recording", item_id="oogst"))
    page.wait_for_function(moving)
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function(f"() => !({moving})()")
    page.evaluate("() => { Element.prototype.animate = () => { window.moved = true; }; }")
    face.face.show(moment(item_id="dank"))
    page.wait_for_selector(".links")
    assert not page.evaluate("window.moved")
    page.emulate_media(reduced_motion="no-preference")
    face.face.show(MOMENTS[0])
    page.wait_for_function("() => window.moved")
    page.context.close()


def test_the_page_finds_the_program_again_after_a_restart(browser: Browser, shown: Show) -> None:
    before = shown(moment(item_id="welkom"))
    page = look(browser, before.face.projector_address, SCREENS["16:9"])
    before.face.close()
    from levelup_voice.web.face import Face

    later = moment(stage="thinking")
    again = Face(lambda command: None, WORDS, clock=lambda: later.at, tokens=before.face.tokens, port=before.face.port)
    try:
        assert again.port == before.face.port
        again.show(later)
        page.wait_for_selector(".statement", timeout=15000)
    finally:
        again.close()
    page.context.close()


LONG = "Tel af van één tot en met zeven. Jouw nummer is jouw groep. " * 6


@pytest.mark.parametrize("screen", ["16:9", "portrait"])
def test_what_our_voice_cannot_say_is_read_by_all(browser: Browser, shown: Show, screen: str) -> None:
    """As large as fits beside what is on show."""
    width, height = SCREENS[screen]
    face = shown(MOMENTS[0])
    page = look(browser, face.face.projector_address, (width, height), "dark")
    for one in {projector.scene_of(one): one for one in scenes()}.values():
        for text in ("Nog vijf minuten.", LONG):
            face.face.show(replace(one, unheard_by_room=text))
            page.wait_for_function(
                "([item, text]) => document.body.dataset.item === item && unheard.textContent === text",
                arg=[projector.regions(one, WORDS)[1]["item"], text],
            )
            page.wait_for_function(ALL_IN_SIGHT)
            page.wait_for_function("() => unheard.scrollHeight <= unheard.clientHeight")
            size = page.evaluate("() => parseFloat(getComputedStyle(unheard).fontSize)")
            assert size >= (min(width, height) / 10 if text != LONG else 20)
    face.face.show(MOMENTS[0])
    page.wait_for_function("() => !unheard.checkVisibility()")
    page.context.close()


def test_a_time_that_was_shown_goes_by_itself(browser: Browser, shown: Show) -> None:
    face = shown(moment(situation="talking"))
    page = look(browser, face.face.projector_address, SCREENS["16:9"])
    page.evaluate(
        """() => { const look = () => { window.seen ||= unheard.textContent; };
        new MutationObserver(look).observe(unheard, { subtree: true, childList: true }); }"""
    )
    face.face.show(replace(moment(situation="talking"), unheard_by_room="Nog vijf minuten.", unheard_for=1.0))
    page.wait_for_function("() => window.seen && !unheard.checkVisibility()")
    assert page.evaluate("window.seen").strip() == "Nog vijf minuten."
    page.context.close()


def test_a_first_visit_weighs_little() -> None:
    """Fonts included; 250 kB on the slowest school network is a second."""
    fonts = sum(path.stat().st_size for path in pages.STATIC.rglob("*.woff2"))
    rest = sum(path.stat().st_size for path in pages.STATIC.iterdir() if path.is_file())
    assert fonts + rest < 250_000


def test_each_font_has_its_licence_beside_it() -> None:
    for font in pages.STATIC.rglob("*.woff2"):
        assert "SIL Open Font License" in Path(font.with_name(f"{font.stem}-LICENSE.txt")).read_text(encoding="utf-8")


def test_a_link_that_no_code_can_hold_does_not_keep_the_rest_from_the_wall() -> None:
    assert "<svg" in pages.code("https://example.org/")
    assert pages.code("https://example.org/" + "x" * 3000) == ""
