"""Faces of sessions at chosen moments, and requests to them as a browser, or somebody else, would make them."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from levelup_voice.cli.pages import Keys
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.decide import decide
from levelup_voice.session.fold import apply, opened
from levelup_voice.session.incoming import Incoming, Tick
from levelup_voice.session.state import Session
from levelup_voice.session.timing import next_wakeup
from levelup_voice.session.transcript import Transcript, Word
from levelup_voice.session.view import View, view
from levelup_voice.web.face import Face
from tests.plans import LEVEL_UP

WORDS = load_catalogue("nl")
HEARD = "zwaluwstaart"
"""What participants say, in every recording: a word that stands nowhere else."""


class Served(Protocol):
    """What is behind an address."""

    @property
    def port(self) -> int: ...
    def address(self, path: str = "/") -> str: ...


def asked_of(site: Served, path: str, body: bytes, cookie: str | None = None) -> tuple[int, bytes]:
    """Status and body of the answer to a POST as our own page makes it; by default with the facilitator's cookie."""
    if cookie is None:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
        connection.request("GET", site.address().partition(str(site.port))[2])
        cookie = (connection.getresponse().getheader("Set-Cookie") or "").partition(";")[0]
        connection.close()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    own = {"Origin": f"http://127.0.0.1:{site.port}", "Content-Type": "application/json", "Cookie": cookie}
    connection.request("POST", path, body, own)
    answer = connection.getresponse()
    read = answer.read()
    connection.close()
    return answer.status, read


@dataclass(frozen=True)
class Shown:
    face: Face
    asked: list[do.Command]

    @classmethod
    def of(cls, shown: View, asked: list[do.Command], words: Catalogue) -> "Shown":
        face = Face(asked.append, words, clock=lambda: shown.at, keys=Keys(words), level=lambda: (-12.0, -20.0))
        face.show(shown)
        return cls(face, asked)

    def request(
        self, method: str, path: str, *, cookie: str = "", body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """One request, by default as our own page would make it. Headers: `Sec_Fetch_Site` is Sec-Fetch-Site."""
        own = {"Host": f"127.0.0.1:{self.face.port}"}
        if method not in ("GET", "HEAD"):
            own |= {"Origin": f"http://127.0.0.1:{self.face.port}", "Content-Type": "application/json"}
        own |= {name.replace("_", "-"): value for name, value in headers.items()} | (
            {"Cookie": cookie} if cookie else {}
        )
        connection = http.client.HTTPConnection("127.0.0.1", self.face.port, timeout=10)
        connection.request(method, path, body, {name: value for name, value in own.items() if value})
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        return answer, read

    def cookie(self, address: str) -> str:
        """The cookie that an address with a token is exchanged for."""
        parts = urlsplit(address)
        answer, _ = self.request("GET", f"{parts.path}?{parts.query}")
        return (answer.getheader("Set-Cookie") or "").partition(";")[0]

    @property
    def facilitator(self) -> str:
        return self.cookie(self.face.address)

    @property
    def projector(self) -> str:
        return self.cookie(self.face.projector_address)

    def post(self, path: str, body: object, cookie: str, **headers: str) -> http.client.HTTPResponse:
        return self.request("POST", path, cookie=cookie, body=json.dumps(body).encode(), **headers)[0]


def led(session: Session, incoming: Incoming, now: float) -> Session:
    for event in decide(session, incoming, now, WORDS):
        session = apply(session, ev.Entry(now, event))
    return session


def moments() -> Iterator[View]:
    """The shipped session led from opening to close, seen after each step; every recording has been heard."""
    session = opened(
        ev.SessionOpened(plan=LEVEL_UP, opened_utc="2026-03-12T14:20:00+00:00", opened_of_day=55200.0, participants=26)
    )
    now = 0.0
    yield view(session, now, WORDS)
    while session.closed_at is None:
        for incoming, later in list(_next(session)):
            now = now + later if later else max(now, min(next_wakeup(session), now + 60))
            session = led(session, incoming, now)
            yield view(session, now, WORDS)


def _next(session: Session) -> Iterator[tuple[Incoming, float]]:
    for utterance in session.speaking:
        yield ev.SpeechFinished(utterance.number), 1.0
    if session.speaking:
        return
    recording = session.open_recording
    if recording is not None:
        yield do.StopRecording(), 20.0
        yield ev.RecordingSaved(recording=recording.number, seconds=20.0), 0.1
        words = tuple(Word(HEARD, start / 2, start / 2 + 0.4, 0.9) for start in range(6))
        yield (
            ev.TranscriptReady(
                recording.number, Transcript(words=words, audio_seconds=20.0, work_seconds=1.0, model="m")
            ),
            0.1,
        )
    elif session.runs and session.run.stage in ("thinking", "choosing"):
        yield Tick(), 0.0
    elif (
        session.runs
        and session.run.stage == "counting"
        and session.item is not None
        and session.item.id not in session.tallies
    ):
        yield do.GiveTally(disagree=9), 8.0
    else:
        yield do.Next(), 5.0


def moment(**wanted: object) -> View:
    """The first moment at which the view is so."""
    return next(one for one in moments() if all(getattr(one, name) == value for name, value in wanted.items()))
