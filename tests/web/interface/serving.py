"""The applications as they are served, and schemathesis, which asks them whatever their documents allow, and more."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from levelup_voice.cli.pages import Keys
from levelup_voice.session import commands as do
from levelup_voice.session.view import view
from levelup_voice.web.face import Face
from levelup_voice.web.site import Site
from tests.session.room import Room
from tests.web.desk import Desk
from tests.web.faces import WORDS, led
from tests.web.recorded import held
from tests.web.test_home import SETUP, Start

from . import Document, document

SETTINGS = """
max-stream-events = 2

[checks.negative_data_rejection]
expected-statuses = ["4xx"]
"""
"""A stream goes on for ever. Of what is refused, 413 is as good as 422."""


@dataclass(frozen=True)
class Asked:
    """An application that is served."""

    site: Site
    known: Mapping[str, Document] = field(default_factory=dict)
    """What is there to be asked for."""
    beside: str = ""
    """The application whose pages it serves beside its own; they are described there."""


class Led:
    """A session that does what it is told by its pages, and begins anew when it is over."""

    def __init__(self) -> None:
        self._begin()
        self.face = Face(self._put, WORDS, clock=lambda: self._now, keys=Keys(WORDS), level=lambda: (-12.0, -20.0))
        self._show()

    def _begin(self) -> None:
        room = Room().until("oogst", "turns")
        self._session, self._now = room.session, room.now

    def _put(self, asked: do.Command) -> None:
        self._session, self._now = led(self._session, asked, self._now), self._now + 1.0
        if self._session.closed_at is not None:
            self._begin()
        self._show()

    def _show(self) -> None:
        self.face.show(view(self._session, self._now, WORDS))


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Asked]:
    with contextlib.closing(Led().face) as face:
        yield Asked(face.site)


@contextlib.contextmanager
def review(folder: Path) -> Iterator[Asked]:
    with contextlib.closing(Desk(held(folder, again=True))) as desk:
        (listed,) = desk.shelf.listed()
        assert listed.session is not None
        known: dict[str, Document] = {
            "Session": {"enum": [listed.id]},
            "Number": {"maximum": len(listed.session.recordings)},
        }
        yield Asked(desk.site.site, known)


@contextlib.contextmanager
def home(folder: Path) -> Iterator[Asked]:
    with contextlib.closing(Start(folder, SETUP)) as start:
        yield Asked(start.home.site, beside="review")


SITES: Mapping[str, Callable[[Path], contextlib.AbstractContextManager[Asked]]] = {
    "running": running,
    "review": review,
    "home": home,
}


def tried(name: str, asked: Asked, folder: Path, examples: int, *more: str) -> subprocess.CompletedProcess[str]:
    """Schemathesis against what is served, asking as our own page would."""
    site = asked.site
    described = folder / f"{name}.json"
    described.write_text(json.dumps(document(name, site.port, asked.known)))
    here = f"http://127.0.0.1:{site.port}"
    headers = {
        "Cookie": f"levelup-{site.port}={site.tokens.facilitator}",
        "Origin": here,
        "Content-Type": "application/json",
    }
    options = [f"--header={name}: {value}" for name, value in headers.items()]
    options += [f"--max-examples={examples}", "--max-redirects=0", "--no-color"]
    options += ["--generation-with-security-parameters=false", "--checks=all"]
    (folder / "schemathesis.toml").write_text(SETTINGS)
    program = [sys.executable, "-c", "from schemathesis.cli import schemathesis as main; main()"]
    return subprocess.run(
        [*program, "run", str(described), f"--url={here}", *options, *more],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
