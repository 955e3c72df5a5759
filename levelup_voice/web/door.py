"""Who may come in: one machine, those who were given a token, pages of our own; and what every answer tells browsers.

A token in the first address becomes a cookie and leaves the address bar. The projector's token can only read. Cookies
are not kept apart by port, so their names are.
"""

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeAlias
from urllib.parse import parse_qs, quote, urlencode

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES = 2 * 1024 * 1024
"""Of a body. The corrected text of eight hours is half a megabyte."""

LONGEST_PATH = 1000
"""Characters; ours have less than a hundred, and the numbers in them are to stay numbers."""

_LENGTH = re.compile("[0-9]{1,10}")

PROJECTOR = "/projector"
PUBLIC = ("/static/", "/favicon.ico")

_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        b"connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


@dataclass(frozen=True, slots=True)
class Tokens:
    facilitator: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    projector: str = field(default_factory=lambda: secrets.token_urlsafe(24))


class Door:
    """Stands before the pages. What it lets in is ours; what it refuses, it answers itself."""

    def __init__(self, app: App, tokens: Tokens, port: int, refusal: str) -> None:
        """`refusal`: the sentence for somebody who comes without a token."""
        self.app = app
        self._tokens = tokens
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self._cookies = {"facilitator": f"levelup-{port}", "projector": f"levelup-projector-{port}"}
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = self._answer(scope)
        if answer is not None:
            await _say(_with_headers(send), *answer)
            return
        if scope["method"] not in ("GET", "HEAD"):
            body = await _body(receive)
            if body is None:
                await _say(_with_headers(send), 413, "")
                return
            receive = _once(body, receive)
        await self.app(scope, receive, _with_headers(send))

    def _answer(self, scope: Scope) -> tuple[int, str] | tuple[int, str, list[tuple[bytes, bytes]]] | None:
        """What the door itself says; None lets the request in."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host, path = headers.get("host", ""), scope["path"]
        if host not in self._hosts:
            return 421, ""
        if len(path) > LONGEST_PATH:
            return 414, ""
        reads = scope["method"] in ("GET", "HEAD")
        if not reads and not _is_from_our_page(headers, host):
            return 403, ""
        length = headers.get("content-length", "0")
        if not _LENGTH.fullmatch(length) or int(length) > MOST_BYTES:
            return 413, ""
        if reads and path.startswith(PUBLIC):
            return None
        if reads and (entered := self._enter(scope)) is not None:
            return entered
        return None if self._may(headers.get("cookie", ""), path, reads) else (403, self._refusal)

    def _enter(self, scope: Scope) -> tuple[int, str, list[tuple[bytes, bytes]]] | None:
        """With a token in the address: in exchange for a cookie, and on to the address without it."""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        token = query.pop("token", [""])[0]
        projector = _is_projector(scope["path"])
        who, cookie_path = ("projector", PROJECTOR) if projector else ("facilitator", "/")
        if not token or not _same(token, getattr(self._tokens, who)):
            return None
        rest = urlencode(query, doseq=True)
        # With one slash in front: two would lead to another site.
        place = "/" + quote(scope["path"].lstrip("/\\")) + (f"?{rest}" if rest else "")
        cookie = f"{self._cookies[who]}={token}; Path={cookie_path}; HttpOnly; SameSite=Strict"
        return 303, "", [(b"location", place.encode("ascii")), (b"set-cookie", cookie.encode("latin-1"))]

    def _may(self, cookie_header: str, path: str, reads: bool) -> bool:
        try:
            cookies = SimpleCookie(cookie_header)
        except CookieError:
            return False

        def has(who: str) -> bool:
            cookie = cookies.get(self._cookies[who])
            return cookie is not None and _same(cookie.value, getattr(self._tokens, who))

        return has("facilitator") or (reads and _is_projector(path) and has("projector"))


def _is_projector(path: str) -> bool:
    return path == PROJECTOR or path.startswith(f"{PROJECTOR}/")


def _is_from_our_page(headers: dict[str, str], host: str) -> bool:
    return (
        headers.get("origin") == f"http://{host}"
        and headers.get("sec-fetch-site", "same-origin") == "same-origin"
        and headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    )


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


async def _body(receive: Receive) -> bytes | None:
    """All of it; None when it is too large, which a body of unknown length only shows as it comes."""
    body = b""
    while True:
        message = await receive()
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return body


def _once(body: bytes, receive: Receive) -> Receive:
    """The body that was read, then whatever else comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _with_headers(send: Send) -> Send:
    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name for name, _ in _HEADERS}
            others = [header for header in message.get("headers", []) if header[0].lower() not in own]
            message["headers"] = [*others, *_HEADERS]
        await send(message)

    return headed


async def _say(send: Send, status: int, text: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    body = text.encode()
    told = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": told + (headers or [])})
    await send({"type": "http.response.body", "body": body})
