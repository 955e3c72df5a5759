"""Fetching one large file over https, piece by piece: the only place where this program goes to the internet.

What arrives is kept in a part file, which a later call goes on with. Nothing about a server is believed: not the length
that it announces, not that it goes on where it was asked to, not that it sends the file that was meant.
"""

import hashlib
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, TypeAlias
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from levelup_voice import __version__
from levelup_voice.errors import SetupError

BLOCK = 256 * 1024

SILENCE_SECONDS = 30.0
"""Without a byte, after which we try again."""

ATTEMPTS = 4
"""In a row that brought next to nothing."""

WORTHWHILE = 1_000_000
"""Bytes; after an attempt that brought as many, the count starts anew: a bad network may break off often."""

PAUSE_SECONDS = 1.0

RESERVE = 200_000_000
"""Bytes of the disk that are left for recordings, whatever is fetched or unpacked."""

Progress: TypeAlias = Callable[[int, int | None], None]
"""Hears how many bytes of how many there are; None: the server does not tell."""


class _BrokenOffError(Exception):
    """This attempt ended early; the next one goes on from what there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """How we go to the internet. `plain`: origins where http will do, such as "http://127.0.0.1:8000"."""

    plain: frozenset[str] = frozenset()
    silence: float = SILENCE_SECONDS
    pause: float = PAUSE_SECONDS

    def open(self, address: str, headers: dict[str, str]) -> HTTPResponse:
        """Ask for a file. Raises SetupError when it is not, or leads to what is not, safe to fetch; OSError."""
        self.require_safe(address)
        request = Request(address, headers={"User-Agent": f"levelup-voice/{__version__}", **headers})
        response: HTTPResponse = build_opener(_Redirects(self)).open(request, timeout=self.silence)
        return response

    def require_safe(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and f"{parts.scheme}://{parts.netloc}" not in self.plain:
            raise SetupError(f"{address} is not https", "download_not_safe", address=address)


class _Redirects(HTTPRedirectHandler):
    def __init__(self, web: Web) -> None:
        self._web = web

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        try:
            self._web.require_safe(newurl)
        except SetupError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(
    address: str,
    part: Path,
    *,
    least: int,
    most: int,
    sha256: str = "",
    web: Web | None = None,
    progress: Progress = lambda done, total: None,
) -> None:
    """Have the whole file at `address` in `part`, going on from what is there.

    It has `least` to `most` bytes; what does not is not the file. Raises SetupError: what arrived by then stays, unless
    it turned out to be another file.
    """
    _Download(address, part, least, most, web or Web(), progress).run()
    if sha256 and _sha256(part) != sha256.lower():
        part.unlink()
        raise _not_the_file(address)


@dataclass(frozen=True, slots=True)
class _Download:
    address: str
    part: Path
    least: int
    most: int
    web: Web
    progress: Progress

    def run(self) -> None:
        failures = 0
        while not self._whole():
            before = self._have()
            try:
                self._receive()
                return
            except HTTPError as error:
                error.close()
                if error.code != 416:
                    raise self._failed(f"{error.code} {error.reason}") from None
                if error.headers.get("Content-Range") == f"bytes */{before}" and self.least <= before:
                    return
                self.part.unlink(missing_ok=True)  # The server has less than we have: then what we have is not it.
                problem: Exception = error
            except (OSError, HTTPException, _BrokenOffError) as error:
                problem = error
            failures = 0 if self._have() - before >= WORTHWHILE else failures + 1
            if failures >= ATTEMPTS:
                raise self._failed(str(getattr(problem, "reason", problem))) from problem
            time.sleep(self.web.pause)

    def _receive(self) -> None:
        """One attempt. Raises OSError, HTTPException and _BrokenOffError where another one may help."""
        have = self._have()
        with self.web.open(self.address, {"Range": f"bytes={have}-"} if have else {}) as response:
            if response.status != 206:
                have = 0
            elif _first_byte(response) != have:
                self.part.unlink(missing_ok=True)
                raise _BrokenOffError("the server did not go on where it was asked to")
            total = have + response.length if response.length is not None else None
            if total is not None and not self.least <= total <= self.most:
                raise _not_the_file(self.address)
            self._require_room((total or self.most) - have)
            done = self._write(response, have, total)
        if done < (self.least if total is None else total):
            raise _BrokenOffError(f"the connection ended after {done} bytes")

    def _write(self, response: HTTPResponse, have: int, total: int | None) -> int:
        with self.part.open("ab" if have else "wb") as file:
            self.progress(have, total)
            while block := response.read1(BLOCK):
                have += len(block)
                if have > self.most:
                    file.truncate(0)
                    raise _not_the_file(self.address)
                file.write(block)
                self.progress(have, total)
        return have

    def _have(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _whole(self) -> bool:
        """Only a file whose size is known can be seen to be whole; one that is too long never will be."""
        if self._have() > self.most:
            self.part.unlink()
        return self.least == self.most == self._have()

    def _require_room(self, needed: int) -> None:
        folder = self.part.parent
        if shutil.disk_usage(folder).free < needed + RESERVE:
            raise SetupError("the disk is too full", "no_room", folder=folder, megabytes=-(-needed // 1_000_000))

    def _failed(self, problem: str) -> SetupError:
        return SetupError(
            f"{self.address}: {problem}", "download_failed", host=urlsplit(self.address).netloc, problem=problem
        )


def _not_the_file(address: str) -> SetupError:
    return SetupError(f"{address} is another file", "download_other_file", host=urlsplit(address).netloc)


def _first_byte(response: HTTPResponse) -> int | None:
    found = re.match(r"bytes (\d+)-", response.getheader("Content-Range", ""))
    return int(found[1]) if found else None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
