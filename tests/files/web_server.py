"""A web server on this computer that answers as servers do, well and badly."""

import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias


class Request(BaseHTTPRequestHandler):
    server: "WebServer"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range", "")))
        self.close_connection = True
        self.server.answers[self.path](self)

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    @property
    def first(self) -> int:
        """The byte that is asked for."""
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return int(found[1]) if found else 0

    def begin(self, status: int, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def begin_part(self, body: bytes) -> None:
        """As a server that supports Range: what is asked for, or all."""
        left = len(body) - self.first
        if not self.first:
            self.begin(200, Content_Length=left)
        elif left > 0:
            self.begin(206, Content_Length=left, Content_Range=f"bytes {self.first}-{len(body) - 1}/{len(body)}")
        else:
            self.begin(416, Content_Length=0, Content_Range=f"bytes */{len(body)}")

    def wait_for_the_end(self) -> None:
        """Say nothing more, for as long as the server is there."""
        self.server.ended.wait(20)


Answer: TypeAlias = Callable[[Request], None]


class WebServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []
        """The path and the Range of each request."""
        self.ended = threading.Event()
        self._scheme = "http"
        if context is not None:
            self._scheme = "https"
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def origin(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is none of our business."""


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    with WebServer(context) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()


def ranged(body: bytes) -> Answer:
    """A good server, that goes on where it is asked to."""

    def answer(request: Request) -> None:
        request.begin_part(body)
        request.wfile.write(body[request.first :])

    return answer


def whole(body: bytes, **headers: object) -> Answer:
    """A server that knows no Range; with other headers if these are given."""

    def answer(request: Request) -> None:
        request.begin(200, **{"Content_Length": len(body), **headers})
        request.wfile.write(body)

    return answer


def cut(body: bytes, after: int) -> Answer:
    """Announces all that is left and hangs up after some of it."""

    def answer(request: Request) -> None:
        request.begin_part(body)
        request.wfile.write(body[request.first :][:after])

    return answer


def stalled(body: bytes, after: int) -> Answer:
    """Announces all that is left and falls silent after some of it."""

    def answer(request: Request) -> None:
        request.begin_part(body)
        request.wfile.write(body[request.first :][:after])
        request.wfile.flush()
        request.wait_for_the_end()

    return answer


def redirect(address: str) -> Answer:
    return lambda request: request.begin(302, Location=address, Content_Length=0)


def refusal(status: int) -> Answer:
    return lambda request: request.begin(status, Content_Length=0)
