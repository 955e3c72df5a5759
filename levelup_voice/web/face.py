"""The face of a running session: two pages that show it, and a way for people to answer.

    runner ── view ──►  Face  ── event stream ──►  projector, remote
    inbox  ◄─ command ─┘  ◄──────── POST ─────────  remote

It decides nothing: pages are functions of the view, commands go where those of keys go.
"""

import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.commands import Command
from levelup_voice.session.plan import Seconds
from levelup_voice.session.view import View

from . import orders, pages, projector, remote
from .door import Tokens
from .site import Site
from .streams import Streams

Level: TypeAlias = tuple[float, float]
"""Peak and RMS of the microphone, in dBFS."""

QUIETEST = -60.0
"""dBFS at the left end of a level meter."""


class Press(Protocol):
    """What pressing a key comes down to, as the keyboard's own table says."""

    @property
    def typed(self) -> str: ...
    @property
    def command(self) -> Command | None: ...
    @property
    def hint(self) -> str: ...


class KeyHelp(Protocol):
    @property
    def keys(self) -> str: ...
    @property
    def label(self) -> str: ...


class Keys(Protocol):
    """The table of keys, which the terminal has too."""

    def press(self, key: str, typed: str, view: View) -> Press:
        """What this key means now, after what was typed before it."""

    def useful(self, view: View) -> list[KeyHelp]:
        """The keys that do something now."""


class Face:
    """Serves from the moment it is made until it is closed. `show` and `close` may be called from any thread."""

    def __init__(
        self,
        put: Callable[[Command], None],
        words: Catalogue,
        *,
        clock: Callable[[], Seconds],
        keys: Keys | None = None,
        level: Callable[[], Level | None] = lambda: None,
        tokens: Tokens | None = None,
        port: int = 0,
        rate: float = 1.0,
    ) -> None:
        """`tokens` and `port` are those of before, when a session goes on; `rate`: how fast its clock runs."""
        self._put = put
        self._words = words
        self._clock = clock
        self._keys = keys
        self._level = level
        self._rate = rate
        self._view: View | None = None
        self._pictures: dict[str, tuple[View, tuple[Mapping[str, str], Mapping[str, Any]]]] = {}
        self._lock = threading.Lock()
        self._streams = Streams(secrets.token_hex(8))
        refusal = words.text("web.no_token")
        self.site = Site(self._routes(), refusal, streams=self._streams, tokens=tokens, port=port)

    @property
    def tokens(self) -> Tokens:
        return self.site.tokens

    @property
    def port(self) -> int:
        return self.site.port

    @property
    def address(self) -> str:
        """Of the remote, with its token."""
        return self.site.address()

    @property
    def projector_address(self) -> str:
        return self.site.projector_address

    def show(self, view: View) -> None:
        """The session as it is now; for the runner, which never waits for a page."""
        self._view = view
        self._streams.publish()

    def close(self) -> None:
        self.site.close()

    def _routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._page("remote.html"), methods=["GET"]),
            Route("/events", self._events("remote", remote.regions, always_level=True), methods=["GET"]),
            Route("/commands", self._command, methods=["POST"]),
            Route("/keys", self._key, methods=["POST"]),
            Route("/projector", self._page("projector.html"), methods=["GET"]),
            Route(
                "/projector/events",
                self._events("projector", lambda view, words, keys: projector.regions(view, words)),
                methods=["GET"],
            ),
        ]

    def _page(self, template: str) -> Callable[[Request], Response]:
        def page(request: Request) -> Response:
            view = self._view
            title = view.title if view else "Level Up Voice"
            html = pages.render(template, language=self._words.language, title=title, text=self._words.text)
            return HTMLResponse(html)

        return page

    def _events(
        self,
        audience: str,
        regions: Callable[[View, Catalogue, list[KeyHelp]], tuple[Mapping[str, str], Mapping[str, Any]]],
        always_level: bool = False,
    ) -> Callable[[Request], Response]:
        def picture() -> tuple[Mapping[str, str], Mapping[str, Any]]:
            view = self._view
            if view is None:
                return {}, {}
            with self._lock:
                drawn = self._pictures.get(audience)
                if drawn is None or drawn[0] is not view:
                    helps = self._keys.useful(view) if self._keys else []
                    drawn = view, regions(view, self._words, helps)
                    self._pictures[audience] = drawn
            return drawn[1]

        def timed() -> tuple[Mapping[str, str], Mapping[str, Any]]:
            html, numbers = picture()
            return html, {**numbers, "at": self._view.at if self._view else 0.0}

        def age() -> float:
            return max(0.0, self._clock() - self._view.at) if self._view else 0.0

        def level() -> float | None:
            view = self._view
            wanted = view is not None and (always_level or view.recording is not None)
            heard = self._level() if wanted else None
            return None if heard is None else round(min(1.0, max(0.0, 1 - heard[1] / QUIETEST)), 2)

        def events(request: Request) -> Response:
            stream = self._streams.stream(timed, age, self._rate, level)
            return StreamingResponse(stream, media_type="text/event-stream")

        return events

    async def _command(self, request: Request) -> Response:
        try:
            asked = orders.command(await request.body())
        except orders.OrderError:
            return JSONResponse({"hint": self._words.text("web.not_understood")}, 422)
        view = self._view
        if view is None or type(asked).__name__ not in view.commands:
            label = self._words.text(f"command.{type(asked).__name__}")
            return JSONResponse({"hint": self._words.text("keys.not_now", label=label)}, 409)
        self._put(asked)
        return JSONResponse({"hint": ""}, 202)

    async def _key(self, request: Request) -> Response:
        try:
            pressed = orders.pressed(await request.body())
        except orders.OrderError:
            return JSONResponse({"hint": self._words.text("web.not_understood"), "typed": ""}, 422)
        if self._view is None or self._keys is None:
            return JSONResponse({"hint": "", "typed": ""})
        press = self._keys.press(pressed.key, pressed.typed, self._view)
        if press.command is not None:
            self._put(press.command)
        return JSONResponse({"hint": press.hint, "typed": press.typed}, 202 if press.command is not None else 200)
