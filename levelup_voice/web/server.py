"""A web server in a thread of its own, on this computer alone, at a port that was free."""

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Callable

import uvicorn

from .door import App

HOST = "127.0.0.1"

PATIENCE = 5.0
"""Seconds that the end of the program waits for the server; its streams have been told before."""


def bound_socket(port: int = 0) -> socket.socket:
    """A listening place. The port asked for when it is free, else any."""
    for wanted in dict.fromkeys((port, 0)):
        # Named as TCP, or asyncio would not have it send at once: each answer but the first would wait 40 ms.
        place = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((HOST, wanted))
        except OSError:
            place.close()
            if wanted == 0:
                raise
            continue
        return place
    raise AssertionError


class Server:
    """Serves from the moment it is made until it is closed."""

    def __init__(self, app: App, place: socket.socket, on_loop: Callable[[asyncio.AbstractEventLoop], None]) -> None:
        # What goes wrong with a page goes to whoever listens to the log, never across the facilitator's screen.
        logging.getLogger("uvicorn").addHandler(logging.NullHandler())
        self._place = place
        self._on_loop = on_loop
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http="h11",
                ws="none",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._thread.start()
        self._ready.wait(PATIENCE)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        self._place.close()

    def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._on_loop(asyncio.get_running_loop())
        self._place.listen(128)
        self._ready.set()
        await self._server.serve(sockets=[self._place])
