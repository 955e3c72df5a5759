"""The pages for afterwards: all sessions, and one of them to listen to, to read and to correct.

What a person changes goes where everything goes: decide, then the journal. Each edit names the version that it
replaces; one that comes too late is refused, and shown both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from levelup_voice.errors import DiskError, LevelupError, SetupError
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.incoming import Check, ChooseTake, ConfirmWords, Correct, Review
from levelup_voice.session.prose import folded
from levelup_voice.session.state import Recording, Session
from levelup_voice.session.wording_of_notes import date

from . import pages
from .door import Tokens
from .orders import Whole
from .reviewing import AROUND, Reading, progress
from .site import Site


@dataclass(frozen=True, slots=True)
class Listed:
    """A session among all of them. Without a session: its journal cannot be read."""

    id: str
    """Ours: says nothing about files."""
    name: str
    session: Session | None


class Stale(Exception):  # noqa: N818 - an answer, not a failure
    """Somebody else has changed it in between."""

    def __init__(self, session: Session) -> None:
        self.session = session


class Library(Protocol):
    """All sessions on this computer. Any method may be called from any thread."""

    def listed(self) -> Sequence[Listed]:
        """The latest first."""

    def session(self, session_id: str) -> Session | None:
        """As it stands now; None when there is none of this id, or its journal cannot be read."""

    def change(self, session_id: str, asked: Sequence[Review], versions: Mapping[int, int]) -> Session:
        """Write it down, if each recording still has the version named. Raises Stale, SetupError when another
        program works in the session or nothing can be written in it, DiskError."""

    def audio(self, session_id: str, recording: int) -> Path | None:
        """Its sound file, if there is one."""

    def peaks(self, session_id: str, recording: int) -> Sequence[int]:
        """How loud it is along what was said in it, 0 to 100."""

    def catalogue(self, session: Session) -> Catalogue:
        """The words of its language."""

    def export(self, session: Session, form: str) -> bytes:
        """The session in a format of FORMATS."""


FORMATS = {
    "md": "text/markdown",
    "txt": "text/plain",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "json": "application/json",
}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Text(_Body):
    text: str = Field(max_length=1_000_000)
    version: Whole


class Checked(_Body):
    checked: StrictBool


class Everywhere(_Body):
    """Write something otherwise in all recordings; without `becomes` it is right as it is."""

    find: str = Field(min_length=1, max_length=200)
    becomes: str | None = Field(default=None, max_length=200)
    versions: dict[int, Whole]


B = TypeVar("B", bound=_Body)


class ReviewPages:
    """The routes. They can stand in any application behind the door."""

    def __init__(self, library: Library, words: Catalogue) -> None:
        self._library = library
        self._words = words
        self._readings: dict[str, Reading] = {}
        """The last of each session: after a change, only what changed is worked out again."""

    def routes(self) -> list[BaseRoute]:
        one = "/sessions/{id:str}"
        recording = one + "/recordings/{number:int}"
        return [
            Route("/sessions", self._list, methods=["GET"]),
            Route(one, self._page, methods=["GET"]),
            Route(one + "/export/{form:str}", self._export, methods=["GET"]),
            Route(recording, self._detail, methods=["GET"]),
            Route(recording + "/history", self._history, methods=["GET"]),
            Route(recording + "/audio", self._audio, methods=["GET"]),
            Route(recording + "/peaks", self._peaks, methods=["GET"]),
            Route(recording + "/text", self._text, methods=["POST"]),
            Route(recording + "/checked", self._checked, methods=["POST"]),
            Route(recording + "/chosen", self._chosen, methods=["POST"]),
            Route(one + "/doubts", self._doubts, methods=["GET", "POST"]),
            Route(one + "/replace", self._replace, methods=["POST"]),
        ]

    def _list(self, request: Request) -> Response:
        query = request.query_params.get("q", "")[:200]
        rows = [self._row(listed) for listed in self._library.listed() if self._fits(listed, query)]
        return self._html("sessions.html", rows=rows, query=query)

    def _row(self, listed: Listed) -> dict[str, Any]:
        session = listed.session
        if session is None:
            return {"id": listed.id, "name": listed.name, "session": None}
        checked, count = progress(session)
        return {"id": listed.id, "name": listed.name, "session": session, "checked": checked, "count": count}

    def _fits(self, listed: Listed, query: str) -> bool:
        if not query:
            return True
        texts = [listed.name]
        if listed.session is not None:
            texts += [listed.session.plan.title, *(recording.text for recording in listed.session.recordings)]
        return all(word in "\n".join(texts).casefold() for word in query.casefold().split())

    def _page(self, request: Request) -> Response:
        reading = self._reading(request)
        if reading is None:
            return self._html("missing.html", status=404)
        session = reading.session
        checked, count = progress(session)
        return self._html(
            "review.html",
            id=request.path_params["id"],
            session=session,
            parts=reading.parts(),
            day=date(reading.words, session),
            reading=reading,
            checked=checked,
            count=count,
            around=AROUND,
            formats=list(FORMATS),
        )

    def _export(self, request: Request) -> Response:
        form, reading = request.path_params["form"], self._reading(request)
        if reading is None or form not in FORMATS:
            return PlainTextResponse("", 404)
        name = {"content-disposition": f'attachment; filename="{reading.session.plan.id}.{form}"'}
        return Response(self._library.export(reading.session, form), media_type=FORMATS[form], headers=name)

    def _detail(self, request: Request) -> Response:
        found = self._found(request)
        if found is None:
            return JSONResponse({}, 404)
        reading, recording = found
        return JSONResponse(reading.detail(recording))

    def _history(self, request: Request) -> Response:
        found = self._found(request)
        if found is None:
            return JSONResponse({}, 404)
        reading, recording = found
        return JSONResponse(reading.history(recording))

    def _audio(self, request: Request) -> Response:
        found = self._found(request)
        path = None if found is None else self._library.audio(request.path_params["id"], found[1].number)
        if path is None:
            return PlainTextResponse("", 404)
        return FileResponse(path, media_type="audio/wav")

    def _peaks(self, request: Request) -> Response:
        found = self._found(request)
        if found is None:
            return JSONResponse([], 404)
        return JSONResponse(list(self._library.peaks(request.path_params["id"], found[1].number)))

    async def _text(self, request: Request) -> Response:
        body, found = await _body(request, Text), self._found(request)
        if body is None or found is None:
            return self._refused(body is None)
        number = found[1].number
        return await self._change(request, [Correct(number, body.text)], {number: body.version})

    async def _checked(self, request: Request) -> Response:
        body, found = await _body(request, Checked), self._found(request)
        if body is None or found is None:
            return self._refused(body is None)
        return await self._change(request, [Check(found[1].number, body.checked)], {})

    async def _chosen(self, request: Request) -> Response:
        body, found = await _body(request, _Body), self._found(request)
        if body is None or found is None:
            return self._refused(body is None)
        return await self._change(request, [ChooseTake(found[1].number)], {})

    async def _doubts(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._undoubted(request)
        reading = self._reading(request)
        if reading is None:
            return JSONResponse({}, 404)
        doubts = reading.doubts()
        html = pages.render("doubts.html", text=self._words.text, doubts=doubts)
        return JSONResponse({"html": html, "count": len(doubts)})

    async def _undoubted(self, request: Request) -> Response:
        body, reading = await _body(request, Everywhere), self._reading(request)
        if body is None or reading is None:
            return self._refused(body is None)
        if body.becomes is None:
            word = folded(body.find)
            doubts = [doubt for doubt in reading.doubts() if folded(doubt.word) == word]
            numbers = dict.fromkeys(number for doubt in doubts for number, _ in doubt.places)
            return await self._change(request, [ConfirmWords(number, (word,)) for number in numbers], {})
        return await self._rewrite(request, reading.replaced_doubt(body.find, body.becomes), body.versions)

    async def _replace(self, request: Request) -> Response:
        body, reading = await _body(request, Everywhere), self._reading(request)
        if body is None or reading is None or body.becomes is None:
            return self._refused(body is None or body.becomes is None)
        return await self._rewrite(request, reading.replaced(body.find, body.becomes), body.versions)

    async def _rewrite(self, request: Request, texts: Mapping[int, str], versions: Mapping[int, int]) -> Response:
        known = {number: versions.get(number, -1) for number in texts}
        return await self._change(request, [Correct(number, text) for number, text in texts.items()], known)

    def _why_not(self, error: LevelupError) -> str:
        """What keeps a change from being written down."""
        match error:
            case SetupError(key="read_only" | "newer" as key, values=values):
                return self._words.text(f"setup.{key}", **values)
            case DiskError(path=path, problem=problem):
                return self._words.text("setup.read_only", path=path, problem=problem)
            case _:
                return self._words.text("web.review.locked")

    async def _change(self, request: Request, asked: Sequence[Review], versions: Mapping[int, int]) -> Response:
        """What has changed, for the page to show; when somebody was first: what stands there now."""
        session_id, status, told = request.path_params["id"], 200, ""
        numbers = {one.recording for one in asked}
        try:
            session = await run_in_threadpool(self._library.change, session_id, asked, versions)
        except Stale as stale:
            session, status, told = stale.session, 409, self._words.text("web.review.stale")
        except LevelupError as error:
            return JSONResponse({"hint": self._why_not(error)}, 423)
        reading = self._read(session_id, session)
        if any(isinstance(one, ChooseTake) for one in asked):
            subjects = {session.recordings[number].subject for number in numbers}
            numbers = {one.number for one in session.recordings if one.subject in subjects}
        checked, count = progress(session)
        progressed = self._words.text("web.review.progress", checked=checked, count=count)
        answer = {
            "changed": [reading.state(session.recordings[number]) for number in sorted(numbers)],
            "progress": {"checked": checked, "text": progressed},
            "hint": told,
        }
        return JSONResponse(answer, status)

    def _read(self, session_id: str, session: Session) -> Reading:
        before = self._readings.get(session_id)
        if before is None or before.session is not session:
            self._readings[session_id] = before = Reading(session, self._library.catalogue(session), before)
        return before

    def _reading(self, request: Request) -> Reading | None:
        session_id = request.path_params["id"]
        session = self._library.session(session_id)
        return None if session is None else self._read(session_id, session)

    def _found(self, request: Request) -> tuple[Reading, Recording] | None:
        reading, number = self._reading(request), request.path_params["number"]
        if reading is None or number >= len(reading.session.recordings):
            return None
        recording = reading.session.recordings[number]
        return None if recording.deleted else (reading, recording)

    def _refused(self, malformed: bool) -> Response:
        return JSONResponse({"hint": self._words.text("web.not_understood")}, 422 if malformed else 404)

    def _html(self, template: str, status: int = 200, **values: object) -> Response:
        html = pages.render(template, language=self._words.language, text=self._words.text, **values)
        return HTMLResponse(html, status)


class ReviewSite:
    """The review on its own: served until it is closed."""

    def __init__(self, library: Library, words: Catalogue, *, tokens: Tokens | None = None, port: int = 0) -> None:
        home = Route("/", lambda request: RedirectResponse("/sessions"), methods=["GET"])
        routes = [home, *ReviewPages(library, words).routes()]
        self.site = Site(routes, words.text("web.no_token"), tokens=tokens, port=port)

    @property
    def tokens(self) -> Tokens:
        return self.site.tokens

    @property
    def port(self) -> int:
        return self.site.port

    def address(self, session_id: str = "") -> str:
        """Of one session, or of the list of all."""
        return self.site.address(f"/sessions/{session_id}" if session_id else "/sessions")

    def close(self) -> None:
        self.site.close()


async def _body(request: Request, kind: type[B]) -> B | None:
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError:
        return None
