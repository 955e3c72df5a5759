"""The pages of a running session: served and told of."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from levelup_voice.runner import Inbox
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.incoming import Incoming
from levelup_voice.session.plan import Seconds
from levelup_voice.session.view import View
from levelup_voice.terminal import bindings
from levelup_voice.web.door import Tokens
from levelup_voice.web.face import Face, KeyHelp, Level, Press

from .browsing import open_pages, read_kept, write_kept

KEPT = ".pages.json"
"""Port and tokens of a session's pages, so that pages that are open find the program again after a restart."""


@dataclass(frozen=True, slots=True)
class Pages:
    """How the pages of a session are to be found, and opened."""

    open: Callable[[str, str], None] = lambda projector, remote: None
    """Gets the addresses of the page for the room and of the one for the facilitator."""
    port: int = 0
    """With `tokens`: where a page that led here was, so that it becomes the session's."""
    tokens: Tokens | None = None

    @classmethod
    def of_terminal(cls, browser: bool) -> "Pages":
        """For somebody who started the session at a terminal."""
        return cls(open_pages) if browser else cls()


class Keys:
    """The terminal's table of keys, for the pages."""

    def __init__(self, words: Catalogue) -> None:
        self._words = words

    def press(self, key: str, typed: str, view: View) -> Press:
        return bindings.press(key, typed, view, self._words)

    def useful(self, view: View) -> list[KeyHelp]:
        return list(bindings.useful_keys(view, self._words))


NOWHERE = Pages()


class Paced:
    """An inbox whose clock jumps, made to take its time: so many times as fast as a real one."""

    def __init__(self, inbox: Inbox, rate: float) -> None:
        self._inbox = inbox
        self._rate = rate

    def put(self, incoming: Incoming) -> None:
        self._inbox.put(incoming)

    @property
    def came_at(self) -> Seconds:
        return self._inbox.came_at

    def now(self) -> Seconds:
        return self._inbox.now()

    def get(self, until: Seconds) -> Incoming | None:
        """In short jumps, so that what somebody asks for meanwhile does not have to wait."""
        before = self.now()
        incoming = self._inbox.get(min(until, before + self._rate / 10))
        time.sleep((self.now() - before) / self._rate)
        return incoming


def open_face(
    words: Catalogue,
    spoken: Catalogue,
    inbox: Inbox,
    level: Callable[[], Level | None],
    *,
    keep: Path | None = None,
    pages: Pages = NOWHERE,
    rate: float = 1.0,
) -> Face | None:
    """Serve the pages; None, and told, when this computer does not let us. A session needs none of them."""
    port, tokens = pages.port, pages.tokens
    if tokens is None and keep is not None:
        port, tokens = read_kept(keep / KEPT)
    try:
        face = Face(
            inbox.put, spoken, clock=inbox.now, keys=Keys(spoken), level=level, tokens=tokens, port=port, rate=rate
        )
    except OSError as error:
        click.echo(words.text("setup.no_pages", problem=str(error)), err=True)
        return None
    if keep is not None:
        write_kept(keep / KEPT, port, face.port, face.tokens)
    return face


def tell_pages(words: Catalogue, face: Face) -> None:
    """Each address on a line of its own."""
    click.echo(words.text("cli.projector_at", address=face.projector_address))
    click.echo(words.text("cli.remote_at", address=face.address))
