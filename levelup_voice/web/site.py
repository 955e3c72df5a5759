"""A site: routes behind the door, served at an address of their own."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from . import pages
from .door import PROJECTOR, Door, Tokens
from .server import HOST, Server, bound_socket
from .streams import Streams


class Site:
    """Serves from the moment it is made until it is closed, which may be from any thread.

    Pages that were open before find it again when it has the `port` and the `tokens` of then. Where that port is
    taken, as by another program of ours, it has tokens of its own.
    """

    def __init__(
        self,
        routes: Sequence[BaseRoute],
        refusal: str,
        *,
        streams: Streams | None = None,
        tokens: Tokens | None = None,
        port: int = 0,
    ) -> None:
        """`refusal`: the sentence for somebody who comes without a token. `streams`: those that the routes serve."""
        self._streams = streams
        place = bound_socket(port)
        self.port: int = place.getsockname()[1]
        self.tokens = tokens if tokens is not None and port in (0, self.port) else Tokens()
        app = Starlette(routes=[*routes, Mount("/static", StaticFiles(directory=pages.STATIC))])
        app.router.redirect_slashes = False  # An address that is not ours leads nowhere.
        self.door = Door(app, self.tokens, self.port, refusal)
        """What is served, for whoever wants to ask it without a network in between."""
        self._server = Server(self.door, place, streams.live_in if streams else lambda loop: None)

    def address(self, path: str = "/") -> str:
        """For the facilitator, with the token."""
        return f"http://{HOST}:{self.port}{path}?token={self.tokens.facilitator}"

    @property
    def projector_address(self) -> str:
        """For the room."""
        return f"http://{HOST}:{self.port}{PROJECTOR}?token={self.tokens.projector}"

    def close(self) -> None:
        if self._streams is not None:
            self._streams.end()
        self._server.close()
