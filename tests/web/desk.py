"""The review of sessions on disk, served as the program serves it."""

import http.client
from pathlib import Path

from levelup_voice.cli.review import Shelf
from levelup_voice.files.folder import open_session
from levelup_voice.web.review import ReviewSite

from .faces import WORDS


class Desk:
    """A review that is served, of one session."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shelf = Shelf(path.parent, lambda problem: None)
        self.site = ReviewSite(self.shelf, WORDS)
        self.address = self.site.address(self.shelf.id_of(path))

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body, asked for with the facilitator's cookie."""
        cookie = {"Cookie": f"levelup-{self.site.port}={self.site.tokens.facilitator}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=10)
        connection.request("GET", path, headers=headers | cookie)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def close(self) -> None:
        self.site.close()
        self.shelf.close()

    def text(self, number: int) -> str:
        return open_session(self.path).session.recordings[number].text
