"""Every page in every state, one after another in a real browser: to be tested, measured and looked at."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from levelup_voice.session.allowed import ALLOWED
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.incoming import Correct
from levelup_voice.session.state import Situation
from levelup_voice.session.view import ChoiceView, View
from levelup_voice.web.face import Face
from levelup_voice.web.home import Found
from levelup_voice.web.projector import steps, terms

from .desk import Desk
from .faces import WORDS, Shown, moment, moments
from .recorded import held
from .test_home import SETUP, Start


@dataclass(frozen=True)
class Look:
    """A screen to look at a page on."""

    name: str
    width: int
    height: int
    scheme: str = "light"
    scale: float = 1.0


DESK = Look("desk", 1280, 800)
DESK_DARK = Look("desk-dark", 1280, 800, "dark")
TELEPHONE = Look("telephone", 390, 844)
ZOOMED = Look("zoomed", 640, 400)
"""A zoom of 200 % on a small laptop is a window of half the width."""


def looks(browser: Browser, look: Look, *, every: int = 1) -> Iterator[tuple[str, Page]]:
    """What it is, and the page that shows it; only until the next is asked for.

    `every`: of the moments of a session, one in so many.
    """
    with opened(browser, look) as context, tempfile.TemporaryDirectory() as folder:
        yield from _before(context.new_page(), Path(folder))
        yield from _live({"projector": context.new_page(), "remote": context.new_page()}, situations()[::every])
        with closing(Desk(held(Path(folder), again=True))) as desk:
            yield from _afterwards(context.new_page(), desk)


def in_session(browser: Browser, look: Look, words: Catalogue) -> Iterator[tuple[str, Page]]:
    """The screen for the room and the remote, in another language than the session's."""
    with opened(browser, look) as context:
        yield from _live({"projector": context.new_page(), "remote": context.new_page()}, situations(), words)


def walls(browser: Browser, look: Look) -> Iterator[tuple[str, Page]]:
    """The screen for the room alone."""
    with opened(browser, look) as context:
        yield from _live({"projector": context.new_page()}, situations())


@contextmanager
def opened(browser: Browser, look: Look) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme=look.scheme,  # type: ignore[arg-type]
        device_scale_factor=look.scale,
        reduced_motion="reduce",
    )
    yield context
    context.close()


def situations() -> list[View]:
    """One moment of each situation and kind of thing to see, then those that nobody hopes for."""
    found: dict[object, View] = {}
    for one in moments():
        shown = one.shown
        drawn = (bool(steps(shown.points)), bool(terms(shown.points)), len(shown.panels), bool(shown.links))
        found.setdefault((one.situation, one.item_kind, one.stage, bool(one.tally), drawn), one)
    return [*found.values(), *_troubled()]


def _troubled() -> list[View]:
    """Paused, asked whether that is meant, devices that go, and what could not be said."""
    talking, counted = moment(situation="talking"), moment(tally=(17, 9))
    recording = moment(situation="recording", turn=1)
    choices = (
        ChoiceView(device="microphone", which="group", used="USB", names=("Laptop", "USB"), is_lost=True),
        ChoiceView(device="loudspeaker", which="", used="", names=("HDMI", "Laptop"), is_lost=False),
    )
    cue = "De tijd is om. Maak je zin rustig af."
    return [
        replace(talking, situation="paused", clock_runs=False, commands=kinds("paused")),
        replace(talking, situation="confirming", confirming="finish", commands=kinds("confirming")),
        replace(talking, situation="confirming", confirming="delete", commands=kinds("confirming")),
        replace(
            talking,
            unheard=cue,
            unheard_by_room=cue,
            choices=choices,
            commands=kinds("talking"),
            troubles=(("loudspeaker", "missing"),),
        ),
        replace(counted, unheard="Stelling twee.", unheard_by_room="Stelling twee.", cue=cue),
        replace(
            recording,
            hearing="ouders willen graag helpen maar ze weten niet altijd hoe",
            choices=choices,
            commands=kinds("recording"),
            troubles=(("microphone", "hangs"),),
            listens=True,
            wake="spelleider",
            phrases=("klaar", "opnieuw"),
            heard=("nog een keer", "unsure"),
        ),
    ]


def kinds(situation: Situation) -> frozenset[str]:
    """The commands that make sense then."""
    return frozenset(kind.__name__ for kind in ALLOWED[situation])


def _before(page: Page, folder: Path) -> Iterator[tuple[str, Page]]:
    told = replace(SETUP, unfinished="Level Up!", finished="0123", found=(Found(False, "Ik hoor niets."),))
    trying = replace(SETUP, doing="check", found=(Found(True, "Stem: Dutch"),))
    broken = replace(SETUP, plan=None, view=None, problems=("eigen.yaml:3: bij title verwacht: een tekst.",))
    for name, setup in (("home", SETUP), ("home-told", told), ("home-trying", trying), ("home-broken", broken)):
        with closing(Start(folder, setup)) as start:
            page.goto(start.address)
            page.wait_for_selector("#begin button")
            yield name, page
            if setup is SETUP:
                for sheet in ("run-sheet", "cards"):
                    page.goto(f"http://127.0.0.1:{start.home.site.port}/print/{sheet}")
                    yield sheet, page


def _live(pages: dict[str, Page], views: list[View], words: Catalogue = WORDS) -> Iterator[tuple[str, Page]]:
    """The projector, the remote or both."""
    with closing(Shown.of(views[0], [], words).face) as face:
        for name, page in pages.items():
            page.add_init_script(COUNT_VIEWS)
            page.goto(face.projector_address if name == "projector" else face.address)
            page.wait_for_function("() => window.views")
        for number, one in enumerate(views):
            before = {name: page.evaluate("window.views") for name, page in pages.items()}
            face.show(replace(one, at=one.at + 0.001 * (number + 1)))  # Each is another moment, and so a message.
            for name, page in pages.items():
                page.wait_for_function("count => window.views > count", arg=before[name])
                told = "-".join(part for part in (one.situation, one.item_kind, one.stage) if part)
                yield f"{name}-{number:02}-{told}", page
        if "remote" in pages:
            yield from _opened(pages["remote"], face)


def _opened(page: Page, face: Face) -> Iterator[tuple[str, Page]]:
    """What somebody opens on the remote, and what stands there when the program is gone."""
    face.show(moment(situation="harvesting"))
    page.click("#more summary")
    page.click("#keys-list summary")
    yield "remote-all-open", page
    page.click('[data-key="refuse-2"]')
    page.wait_for_selector("#sure[open]")
    yield "remote-sure", page
    page.click("#sure [value=no]")
    face.close()
    page.wait_for_selector("#connection:visible")
    yield "remote-lost", page


COUNT_VIEWS = """{
  window.views = 0;
  const listen = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (kind, does) {
    listen.call(this, kind, (event) => { does(event); if (kind === "view") window.views += 1; });
  };
}"""


def _afterwards(page: Page, desk: Desk) -> Iterator[tuple[str, Page]]:
    (desk.path.parent / "stuk").mkdir()
    (desk.path.parent / "stuk" / "journal.jsonl").write_text("geen dagboek\n")
    page.goto(desk.site.address())
    yield "sessions", page
    page.fill("input[type=search]", "nergens")
    page.press("input[type=search]", "Enter")
    page.wait_for_selector(".nothing")
    yield "sessions-none-found", page
    page.goto(f"http://127.0.0.1:{desk.site.port}/sessions/nergens")
    yield "session-missing", page

    page.goto(desk.address)
    page.wait_for_selector("#take-0 .wave")
    yield "review", page
    page.click("#pass summary")
    page.check("#doubt")
    page.keyboard.press("Control+f")
    page.fill("#find", "ouders")
    page.wait_for_function("() => CSS.highlights.get('found')?.size && CSS.highlights.get('doubt')?.size")
    yield "review-searching", page
    page.press("#find", "Escape")
    page.click("#pass summary")
    _write(page, "#take-1", "Ouders willen graag op school helpen.")
    page.click("#take-1 .history summary")
    page.wait_for_selector("#take-1 .versions li")
    page.click("#take-2 [data-act=check]")
    page.wait_for_selector("#take-2.is-checked")
    page.click("#take-2 .play")
    page.wait_for_selector("#take-2 .play[aria-pressed=true]")
    yield "review-writing", page
    page.keyboard.press("Control+Space")
    desk.shelf.change(desk.shelf.id_of(desk.path), [Correct(1, "Iemand anders was eerst.")], {})
    page.fill("#text-1", "Dat is twee keer anders.")
    page.keyboard.press("Control+s")
    page.wait_for_selector("#take-1 .conflict:visible")
    yield "review-conflict", page
    page.click("#take-1 [data-act=mine]")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    yield "review-keys", page
    shutil.rmtree(desk.path / "audio")
    page.goto(desk.address)
    page.wait_for_selector(".take")
    yield "review-without-audio", page


def _write(page: Page, take: str, text: str) -> None:
    page.click(f"{take} [data-act=edit]")
    page.fill(f"{take} textarea", text)
    page.keyboard.press("Control+s")
    page.wait_for_selector(f"{take} .beside:visible")
