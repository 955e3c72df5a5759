"""Requests to the pages of a running session, of the review and of the start, in process: the applications as they are
served, behind their door, with no network in between."""

import asyncio
import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import h11

from levelup_voice.cli.pages import Keys
from levelup_voice.files import wav
from levelup_voice.files.export import export
from levelup_voice.files.journal import from_line, to_line
from levelup_voice.files.replaying import follow
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.decide import decide
from levelup_voice.session.incoming import Incoming, Review
from levelup_voice.session.state import Session
from levelup_voice.session.view import view
from levelup_voice.web.door import Message, Tokens
from levelup_voice.web.face import Face
from levelup_voice.web.home import Home, Order
from levelup_voice.web.orders import MOST, OrderError, command, pressed
from levelup_voice.web.review import FORMATS, Listed, ReviewSite, Stale
from levelup_voice.web.site import Site
from tests.session.room import Room
from tests.web.test_home import SETUP

from .bounds import Take
from .sessions import WORDS, look_at, room

TOKENS = Tokens("F" * 32, "P" * 32)


class Library:
    """One session that is nowhere but here: as it was before each input."""

    def __init__(self, folder: Path) -> None:
        self._start = self.now = room().session
        self._audio = folder / "audio.wav"
        writer = wav.WavWriter(self._audio)
        writer.write(bytes(range(256)) * 40)
        writer.finish()

    def put_back(self) -> None:
        self.now = self._start

    def listed(self) -> Sequence[Listed]:
        return [Listed("one", "2026-03-12 15.20 klein", self.now), Listed("two", "damaged", None)]

    def session(self, session_id: str) -> Session | None:
        return self.now if session_id == "one" else None

    def change(self, session_id: str, asked: Sequence[Review], versions: Mapping[int, int]) -> Session:
        if any(len(self.now.recordings[number].corrections) != version for number, version in versions.items()):
            raise Stale(self.now)
        for one in asked:
            self.now = led(self.now, one)
        return self.now

    def audio(self, session_id: str, recording: int) -> Path | None:
        return self._audio

    def peaks(self, session_id: str, recording: int) -> Sequence[int]:
        return [3, 100]

    def catalogue(self, session: Session) -> Catalogue:
        return WORDS

    def export(self, session: Session, form: str) -> bytes:
        return export(session, WORDS, form)


def led(session: Session, incoming: Incoming) -> Session:
    """The session after this, each event written down and read again."""
    for event in decide(session, incoming, room().now, WORDS):
        entry = from_line(to_line(ev.Entry(room().now, event)).encode())
        assert entry is not None
        session = follow(session, entry)
    return session


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Served:
    """An application, and its answers to requests as a client would send them."""

    def __init__(self, site: Site) -> None:
        self.port = site.port
        self._app = site.door
        self._loop = asyncio.new_event_loop()

    def answer(self, request: Mapping[str, Any]) -> Answer | None:
        """None: HTTP does not know such a request. As uvicorn hands it over, from what h11 has read."""
        method, target = _bytes(request["method"]), _bytes(request["target"])
        headers = [(_bytes(name), _bytes(value)) for name, value in request["headers"]]
        try:
            read = h11.Request(method=method, target=target, headers=headers)
        except h11.LocalProtocolError:
            return None
        path, _, query = read.target.partition(b"?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": read.method.decode("ascii"),
            "scheme": "http",
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in read.headers],
            "server": ("127.0.0.1", self.port),
            "client": ("127.0.0.1", 40000),
        }
        return self._loop.run_until_complete(self._exchange(scope, str(request["body"]).encode(errors="replace")))

    async def _exchange(self, scope: dict[str, Any], body: bytes) -> Answer:
        sent: list[Message] = []
        begun = asyncio.Event()
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            """The request, and once there is something to see, the end: streams go on for ever."""
            if waiting:
                return waiting.pop()
            await begun.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)
            if message.get("body"):
                begun.set()

        await asyncio.wait_for(self._app(scope, receive, send), 10)
        start, *rest = sent
        assert start["type"] == "http.response.start"
        assert all(part["type"] == "http.response.body" for part in rest)
        told = [(name.decode("ascii"), value.decode("latin-1")) for name, value in start["headers"]]
        for name, value in told:
            assert "\r" not in name + value
            assert "\n" not in name + value
        return Answer(start["status"], dict(told), b"".join(part.get("body", b"") for part in rest))


def _bytes(text: object) -> bytes:
    return str(text).encode("latin-1", "replace")


class Pages:
    """All applications. What they ask of the session is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.library = Library(folder)
        face = Face(self._put, WORDS, clock=lambda: room().now, keys=Keys(WORDS), tokens=TOKENS)
        face.show(view(room().session, room().now, WORDS))
        site = ReviewSite(self.library, WORDS, tokens=TOKENS)
        self.ordered: list[Order] = []
        home = Home(self.ordered.append, WORDS, self.library, SETUP, level=lambda: None, tokens=TOKENS)
        self.running = Served(face.site)
        self.review = Served(site.site)
        self.home = Served(home.site)

    def _put(self, asked: do.Command) -> None:
        led(room().session, asked)


def request(method: str, target: str, body: object = None, *, who: str = "", **more: str) -> dict[str, Any]:
    """As our own page would send it. PORT stands for the application's own."""
    token = {"facilitator": TOKENS.facilitator, "projector": TOKENS.projector}.get(who, "")
    names = {"facilitator": "levelup-PORT", "projector": "levelup-projector-PORT"}
    headers = [["host", "127.0.0.1:PORT"]]
    headers += [["cookie", f"{names[who]}={token}"]] if who else []
    if method == "POST":
        headers += [["origin", "http://127.0.0.1:PORT"], ["content-type", "application/json"]]
    headers += [[name.replace("_", "-"), value] for name, value in more.items()]
    text = "" if body is None else json.dumps(body)
    return {"app": "review", "method": method, "target": target, "headers": headers, "body": text}


def request_seeds() -> list[bytes]:
    seen = [
        *((path, "facilitator") for path in ("/", "/events", "/projector", "/sessions", "/sessions?q=een")),
        *((path, "projector") for path in ("/projector", "/projector/events")),
        *(
            (path, "facilitator")
            for path in ("/sessions/one", "/sessions/two", "/sessions/one/recordings/0", "/sessions/one/doubts")
        ),
        *((f"/sessions/one/recordings/0/{what}", "facilitator") for what in ("audio", "peaks", "history")),
        *((f"/sessions/one/export/{form}", "facilitator") for form in FORMATS),
        (f"/projector?token={TOKENS.projector}", ""),
        (f"/sessions/one?q=a&token={TOKENS.facilitator}", ""),
        ("/static/style.css", ""),
    ]
    made = [request("GET", target, who=who) for target, who in seen]
    made += [{**one, "app": app} for app in ("running", "home") for one in made[:7]]
    made += [
        {**request("GET", f"/print/{sheet}", who="facilitator"), "app": "home"} for sheet in ("run-sheet", "cards")
    ]
    made.append(request("GET", "/sessions/one/recordings/0/audio", who="facilitator", range="bytes=5-9"))
    for target, body in ORDERS:
        made.append({**request("POST", target, body, who="facilitator"), "app": "running"})
    for target, body in WISHES:
        made.append({**request("POST", target, body, who="facilitator"), "app": "home"})
    for target, body in CHANGES:
        made.append(request("POST", target, body, who="facilitator"))
    return [json.dumps(one).encode() for one in made]


ORDERS: tuple[tuple[str, object], ...] = (
    ("/commands", {"kind": "Next"}),
    ("/commands", {"kind": "AddTime", "values": {"seconds": 60}}),
    ("/commands", {"kind": "MakeRoom", "values": {"room": "shrink"}}),
    ("/commands", {"kind": "TakeTurn", "values": {"group": 2}}),
    ("/commands", {"kind": "SwapQuestion", "values": {"group": 2, "question": "q4"}}),
    ("/commands", {"kind": "GiveTally", "values": {"agree": 2, "disagree": None}}),
    ("/commands", {"kind": "Continue", "values": {"counting": True}}),
    ("/commands", {"kind": "StartedEarlier", "values": {"seconds": 60.5}}),
    ("/keys", {"key": "space"}),
    ("/keys", {"key": "e", "typed": "17,9"}),
)

WISHES: tuple[tuple[str, object], ...] = (
    ("/choices", {"plan": "level-up.nl", "participants": 31, "ends": "16:10", "volume": 0.5}),
    ("/choices", {"microphone": "Jabra", "voice_commands": False}),
    ("/orders", {"order": "rehearse"}),
)

CHANGES: tuple[tuple[str, object], ...] = (
    ("/sessions/one/recordings/0/text", {"text": "Een geheim van school.", "version": 1}),
    ("/sessions/one/recordings/1/text", {"text": "Iets anders.\n\nEn meer.", "version": 0}),
    ("/sessions/one/recordings/0/checked", {"checked": True}),
    ("/sessions/one/recordings/1/chosen", {}),
    ("/sessions/one/doubts", {"find": "stool", "versions": {"0": 1}}),
    ("/sessions/one/doubts", {"find": "stool", "becomes": "school", "versions": {"0": 1}}),
    ("/sessions/one/replace", {"find": "iets", "becomes": "niets", "versions": {"0": 1, "1": 0}}),
)

_CAREFUL = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-store"}
_OUTSIDE = (303, 403, 413, 414, 421)
"""What the door itself answers."""


def requests(folder: Path) -> Take:
    """Any request to any application. Who brings no token sees nothing and changes nothing."""
    pages = Pages(folder)

    def take(data: bytes) -> None:
        try:
            asked = json.loads(data)
            served = {"running": pages.running, "home": pages.home}.get(str(asked["app"]), pages.review)
            port = str(served.port)
            asked["headers"] = [[str(name), str(value).replace("PORT", port)] for name, value in asked["headers"]]
            if not asked.keys() >= {"method", "target", "body"}:
                return
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return  # No request.
        answer = served.answer(asked)
        changed = pages.library.now is not room().session or bool(pages.ordered)
        pages.library.put_back()
        pages.ordered.clear()
        if answer is None:
            return
        assert answer.status < 500, answer.status
        assert re.fullmatch(r"/([\w%.~-].*)?", answer.headers.get("location", "/")), answer.headers["location"]
        assert {name: answer.headers.get(name) for name in _CAREFUL} == _CAREFUL
        told = str(asked)
        if TOKENS.facilitator not in told:
            public = str(asked["target"]).startswith("/static/") or TOKENS.projector in told
            assert answer.status in _OUTSIDE or public, f"{answer.status} without a token"
            assert not changed

    return take


def orders(folder: Path) -> Take:
    """The body of a command or a key: whatever is made of it, the session can bear at any moment."""
    moments = [Room(), room(), Room().until("s1", "counting"), Room().until("praten", "talking").obey(do.Pause())]

    def take(data: bytes) -> None:
        try:
            asked = command(data)
        except OrderError:
            pass
        else:
            sessions = [led(moment.session, asked) for moment in moments]
            chosen = zlib.crc32(data) // 32 % len(moments)
            look_at(sessions[chosen], moments[chosen].now, data)
            numbers = [one for one in vars_of(asked) if isinstance(one, int | float)]
            assert all(abs(number) <= MOST for number in numbers), asked
        try:
            key = pressed(data)
        except OrderError:
            return
        for moment in moments:
            press = Keys(WORDS).press(key.key, key.typed, view(moment.session, moment.now, WORDS))
            if press.command is not None:
                led(moment.session, press.command)

    return take


def vars_of(asked: do.Command) -> list[object]:
    return [getattr(asked, name) for name in asked.__dataclass_fields__]


def changes(folder: Path) -> Take:
    """The body of a change in the review: the session after it can be shown, exported and read again."""
    pages = Pages(folder)
    targets = list(dict.fromkeys(target for target, _ in CHANGES))
    headers = [[name, value.replace("PORT", str(pages.review.port))] for name, value in _headers()]

    def take(data: bytes) -> None:
        for target in targets:
            pages.library.put_back()
            body = data.decode(errors="replace")
            asked = {"method": "POST", "target": target, "headers": headers, "body": body}
            answer = pages.review.answer(asked)
            assert answer is not None
            assert answer.status in (200, 404, 409, 422), answer.status
            assert isinstance(json.loads(answer.body)["hint"], str)
            if pages.library.now is not room().session:
                look_at(pages.library.now, room().now, data)

    return take


def _headers() -> list[list[str]]:
    made: list[list[str]] = request("POST", "/", who="facilitator")["headers"]
    return made


def bodies(pairs: Sequence[tuple[str, object]]) -> Callable[[], list[bytes]]:
    return cache(lambda: [json.dumps(body).encode() for _, body in pairs])
