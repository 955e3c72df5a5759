"""The page to start from: what is to be done and with which devices, a try of the room, and then the session.

It decides nothing: what somebody asks for becomes an order, and the page is a function of the setup that it is shown.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.plan import MOST_PEOPLE, Seconds, SessionPlan
from levelup_voice.session.sheets import question_cards, run_sheet
from levelup_voice.session.view import View

from . import pages, projector
from .face import QUIETEST, Level
from .orders import Whole
from .review import Library, ReviewPages
from .site import Site
from .streams import Streams

_TIME = r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$"


class Choices(BaseModel):
    """What somebody chose; empty: the computer's own choice, or that of the plan."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    plan: str = Field(default="level-up.nl", max_length=200)
    """The name of a known plan."""
    participants: Whole | None = Field(default=None, ge=1, le=MOST_PEOPLE)
    starts: str = Field(default="", pattern=_TIME)
    """Local time of day: "15:30"; empty: when it ends says so, or whenever somebody starts it."""
    ends: str = Field(default="", pattern=_TIME)
    shrink: StrictBool = False
    microphone: str = Field(default="", max_length=300)
    facilitator_microphone: str = Field(default="", max_length=300)
    loudspeaker: str = Field(default="", max_length=300)
    voice: str = Field(default="", max_length=300)
    rate: Whole = Field(default=150, ge=80, le=300)
    volume: StrictFloat | Whole = Field(default=1.0, ge=0, le=1)
    voice_commands: StrictBool = True
    wake_name: str = Field(default="", max_length=40)
    model: str = Field(default="", max_length=200)
    test_model: StrictBool = False


Asked: TypeAlias = Literal["devices", "voice", "check", "start", "rehearse", "resume", "quit"]
"""devices: look anew for devices. voice: say something. check: try the room. The others end the page."""

Order: TypeAlias = Choices | Asked


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")
    order: Asked


@dataclass(frozen=True, slots=True)
class Named:
    """Something to choose."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was looked at when the room was tried."""

    well: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How things stand."""

    choices: Choices
    plans: tuple[Named, ...]
    microphones: tuple[str, ...] = ()
    loudspeakers: tuple[str, ...] = ()
    metered: Literal["microphone", "facilitator_microphone"] = "microphone"
    """Whose level is shown: of the one that was chosen last."""
    voices: tuple[Named, ...] = ()
    models: tuple[str, ...] = ()
    wake_name: str = ""
    """What the program is called when nobody chose otherwise."""
    plan: SessionPlan | None = None
    """The one that was chosen; None: it cannot be read."""
    words: Catalogue | None = None
    """Of the plan's language."""
    participants: int = 0
    period: tuple[Seconds, Seconds] | None = None
    """From when to when, as local times of day; None: nobody said."""
    problems: tuple[str, ...] = ()
    """What keeps a session from starting."""
    cautions: tuple[str, ...] = ()
    """What to know before it does."""
    found: tuple[Found, ...] = ()
    doing: Literal["", "devices", "voice", "check"] = ""
    unfinished: str = ""
    """The title of a session that can be gone on with."""
    finished: str = ""
    """The id of the session that was closed just now."""
    view: View | None = None
    """What the room sees meanwhile."""


class Home:
    """Serves from the moment it is made until it is closed. `show` may be called from any thread."""

    def __init__(
        self,
        put: Callable[[Order], None],
        words: Catalogue,
        library: Library,
        setup: Setup,
        *,
        level: Callable[[], Level | None],
        **pages_of_before: Any,
    ) -> None:
        """`pages_of_before`: `tokens` and `port`, so that pages that are open find this one."""
        self._put = put
        self._words = words
        self._setup = setup
        self._level = level
        self._streams = Streams(secrets.token_hex(8))
        routes = [*self._routes(), *ReviewPages(library, words).routes()]
        self.site = Site(routes, words.text("web.no_token"), streams=self._streams, **pages_of_before)

    def show(self, setup: Setup) -> None:
        self._setup = setup
        self._streams.publish()

    def close(self) -> None:
        self.site.close()

    def _routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._page, methods=["GET"]),
            Route("/events", self._events(self._regions, self._meter), methods=["GET"]),
            Route("/choices", self._choose, methods=["POST"]),
            Route("/orders", self._order, methods=["POST"]),
            Route("/print/run-sheet", self._run_sheet, methods=["GET"]),
            Route("/print/cards", self._cards, methods=["GET"]),
            Route("/projector", self._projector, methods=["GET"]),
            Route("/projector/events", self._events(self._stage, lambda: None), methods=["GET"]),
        ]

    def _page(self, request: Request) -> Response:
        return self._html("home.html", setup=self._setup)

    def _projector(self, request: Request) -> Response:
        plan = self._setup.plan
        return self._html("projector.html", title=plan.title if plan else "Level Up Voice")

    def _run_sheet(self, request: Request) -> Response:
        setup = self._setup
        if setup.plan is None or setup.words is None:
            return self._html("missing.html", 404)
        sections = run_sheet(setup.plan, setup.words, setup.participants)
        begins = setup.period[0] if setup.period else None
        return self._html("run_sheet.html", setup=setup, plan=setup.plan, sections=sections, begins=begins)

    def _cards(self, request: Request) -> Response:
        setup = self._setup
        if setup.plan is None or setup.words is None:
            return self._html("missing.html", 404)
        cards = question_cards(setup.plan, setup.participants)
        return self._html("cards.html", plan=setup.plan, cards=cards, spoken=setup.words)

    def _events(
        self,
        picture: Callable[[], tuple[Mapping[str, str], Mapping[str, Any]]],
        level: Callable[[], float | None],
    ) -> Callable[[Request], Response]:
        def events(request: Request) -> Response:
            stream = self._streams.stream(picture, lambda: 0.0, 1.0, level)
            return StreamingResponse(stream, media_type="text/event-stream")

        return events

    def _regions(self) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        names = ("going-on", "planned", "devices", "metered", "voices", "found", "begin")
        html = {name: self._render("home_regions.html", region=name, setup=self._setup).strip() for name in names}
        return html, {"over": False}

    def _stage(self) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        setup = self._setup
        return projector.regions(setup.view, setup.words) if setup.view and setup.words else ({}, {"over": False})

    def _meter(self) -> float | None:
        heard = self._level()
        return None if heard is None else round(min(1.0, max(0.0, 1 - heard[1] / QUIETEST)), 2)

    async def _choose(self, request: Request) -> Response:
        try:
            choices = Choices.model_validate_json(await request.body())
        except ValidationError:
            return self._refused()
        if choices.plan not in {plan.id for plan in self._setup.plans}:
            return self._refused()
        self._put(choices)
        return JSONResponse({"hint": ""}, 202)

    async def _order(self, request: Request) -> Response:
        try:
            asked = _Asked.model_validate_json(await request.body()).order
        except ValidationError:
            return self._refused()
        self._put(asked)
        return JSONResponse({"hint": ""}, 202)

    def _refused(self) -> Response:
        return JSONResponse({"hint": self._words.text("web.not_understood")}, 422)

    def _render(self, template: str, **values: object) -> str:
        return pages.render(template, language=self._words.language, text=self._words.text, **values)

    def _html(self, template: str, status: int = 200, **values: object) -> Response:
        return HTMLResponse(self._render(template, **values), status)
