"""A large file is fetched from a real server, that is good, bad, slow or lying."""

import ast
import hashlib
import random
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import levelup_voice
from levelup_voice.errors import SetupError
from levelup_voice.files.download import ATTEMPTS, Web, download

from .refusals import refused
from .web_server import Request, WebServer, cut, ranged, redirect, refusal, serving, stalled, whole

BODY = random.Random(3).randbytes(3_000_000)
SHA256 = hashlib.sha256(BODY).hexdigest()
OTHER = bytes(len(BODY))


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def server() -> Iterator[WebServer]:
    with serving() as server:
        yield server


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / ".model.zip.part"


def fetch(server: WebServer, part: Path, path: str = "/model.zip", **changes: Any) -> None:
    """From a server that may be without https, and with little patience."""
    expected = {"least": len(BODY), "most": len(BODY), "sha256": SHA256}
    web = Web(plain=frozenset({server.origin}), silence=10.0, pause=0.0)
    download(f"{server.origin}{path}", part, **{"web": web, **expected, **changes})


def test_a_file_is_fetched_and_told_of_on_its_way(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = ranged(BODY)
    told: list[tuple[int, int | None]] = []
    fetch(server, part, progress=lambda done, total: told.append((done, total)))
    assert part.read_bytes() == BODY
    assert told[0] == (0, len(BODY))
    assert told[-1] == (len(BODY), len(BODY))
    assert told == sorted(told)
    assert len(told) > 3


def test_what_had_arrived_is_not_fetched_again(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = ranged(BODY)
    part.write_bytes(BODY[:1_234_567])
    fetch(server, part)
    assert part.read_bytes() == BODY
    assert server.asked == [("/model.zip", "bytes=1234567-")]


def test_a_file_that_is_there_already_is_not_asked_for(server: WebServer, part: Path) -> None:
    part.write_bytes(BODY)
    fetch(server, part)
    assert server.asked == []


def test_a_whole_file_of_unknown_size_is_not_fetched_again(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = ranged(BODY)
    part.write_bytes(BODY)
    fetch(server, part, least=2_000_000, most=4_000_000)
    assert server.asked == [("/model.zip", f"bytes={len(BODY)}-")]
    assert part.read_bytes() == BODY


def test_a_server_that_cannot_go_on_is_fetched_from_anew(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = whole(BODY)
    part.write_bytes(BODY[:1000])
    fetch(server, part)
    assert part.read_bytes() == BODY


def test_a_connection_that_breaks_off_is_taken_up_where_it_was(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = cut(BODY, after=1_100_000)
    fetch(server, part)
    assert part.read_bytes() == BODY
    assert [asked for _, asked in server.asked] == ["", "bytes=1100000-", "bytes=2200000-"]


def test_a_bad_network_may_break_off_often_as_long_as_something_arrives(server: WebServer, part: Path) -> None:
    large = BODY + BODY
    server.answers["/model.zip"] = cut(large, after=1_000_000)
    fetch(server, part, least=len(large), most=len(large), sha256="")
    assert part.read_bytes() == large
    assert len(server.asked) == 6 > ATTEMPTS


def test_a_server_that_breaks_off_at_once_is_given_up_and_what_came_is_kept(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = cut(BODY, after=10_000)
    with refused("download_failed"):
        fetch(server, part)
    assert part.read_bytes() == BODY[: ATTEMPTS * 10_000]


def test_a_silent_server_is_given_up_and_what_came_is_kept(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = stalled(BODY, after=50_000)
    with refused("download_failed"):
        fetch(server, part, web=Web(plain=frozenset({server.origin}), silence=1.0, pause=0.0))
    assert part.read_bytes() == BODY[: ATTEMPTS * 50_000]
    assert len(server.asked) == ATTEMPTS


def test_a_server_that_is_not_there_is_said(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = refusal(404)
    with refused("download_failed") as refusal_told:
        fetch(server, part)
    assert "404" in str(refusal_told.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("announced", [len(BODY) + 1, len(BODY) - 1, 10 * len(BODY), 3])
def test_a_file_of_another_length_is_not_even_begun(server: WebServer, part: Path, announced: int) -> None:
    """Nor does it spoil what had arrived: the login page of a network answers for every address."""
    server.answers["/model.zip"] = whole(BODY, Content_Length=announced)
    part.write_bytes(BODY[:5000])
    with refused("download_other_file"):
        fetch(server, part)
    assert part.read_bytes() == BODY[:5000]


def test_more_than_was_meant_is_cut_off(server: WebServer, part: Path) -> None:
    def endless(request: Request) -> None:
        request.begin(200, Connection="close")
        while True:
            request.wfile.write(BODY)

    server.answers["/model.zip"] = endless
    with refused("download_other_file"):
        fetch(server, part)
    assert part.stat().st_size <= len(BODY)


def test_a_length_that_is_not_told_is_found_out(server: WebServer, part: Path) -> None:
    def untold(request: Request) -> None:
        request.begin(200, Connection="close")
        request.wfile.write(BODY)

    server.answers["/model.zip"] = untold
    fetch(server, part)
    assert part.read_bytes() == BODY


def test_another_file_of_the_same_length_is_thrown_away(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = ranged(OTHER)
    with refused("download_other_file"):
        fetch(server, part)
    assert not part.exists()


def test_a_file_that_was_replaced_half_way_is_noticed(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = ranged(OTHER)
    part.write_bytes(BODY[:1_000_000])
    with refused("download_other_file"):
        fetch(server, part)
    server.answers["/model.zip"] = ranged(BODY)
    fetch(server, part)
    assert part.read_bytes() == BODY


def test_a_server_that_goes_on_somewhere_else_is_not_believed(server: WebServer, part: Path) -> None:
    def elsewhere(request: Request) -> None:
        if not request.first:
            return ranged(BODY)(request)
        request.begin(206, Content_Length=10, Content_Range=f"bytes 0-9/{len(BODY)}")
        request.wfile.write(BODY[:10])
        return None

    server.answers["/model.zip"] = elsewhere
    part.write_bytes(BODY[:1000])
    fetch(server, part)
    assert part.read_bytes() == BODY


def test_a_part_that_is_longer_than_the_file_is_thrown_away(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = ranged(BODY)
    part.write_bytes(BODY + b"more")
    fetch(server, part)
    assert part.read_bytes() == BODY


def test_a_part_that_is_longer_than_the_server_has_is_thrown_away(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = ranged(BODY)
    part.write_bytes(BODY + b"more")
    fetch(server, part, least=1_000_000, most=5_000_000)
    assert part.read_bytes() == BODY


def test_a_full_disk_is_noticed_before_anything_is_fetched(server: WebServer, part: Path) -> None:
    too_much = shutil.disk_usage(part.parent).free
    server.answers["/model.zip"] = whole(b"", Content_Length=too_much)
    with refused("no_room"):
        fetch(server, part, least=too_much, most=too_much)
    assert not part.exists()


def test_a_redirect_on_a_trusted_server_is_followed(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = redirect(f"{server.origin}/there.zip")
    server.answers["/there.zip"] = ranged(BODY)
    part.write_bytes(BODY[:1000])
    fetch(server, part)
    assert part.read_bytes() == BODY
    assert server.asked[-1] == ("/there.zip", "bytes=1000-")


def test_a_redirect_to_where_there_is_no_https_is_refused(server: WebServer, part: Path) -> None:
    with serving() as elsewhere:
        elsewhere.answers["/model.zip"] = ranged(BODY)
        server.answers["/model.zip"] = redirect(f"{elsewhere.origin}/model.zip")
        with refused("download_not_safe"):
            fetch(server, part)
        assert elsewhere.asked == []
    assert not part.exists()


def test_a_redirect_to_a_file_of_this_computer_is_refused(server: WebServer, part: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(BODY)
    server.answers["/model.zip"] = redirect((tmp_path / "secret").as_uri())
    with pytest.raises(SetupError):
        fetch(server, part)
    assert not part.exists()


def test_redirects_without_end_are_given_up(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = redirect(f"{server.origin}/model.zip")
    with refused("download_failed"):
        fetch(server, part)


def test_without_https_nothing_is_fetched(server: WebServer, part: Path) -> None:
    server.answers["/model.zip"] = ranged(BODY)
    with refused("download_not_safe"):
        fetch(server, part, web=Web())
    assert server.asked == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="a certificate is made with openssl")
def test_only_a_server_with_a_certificate_that_this_computer_trusts_is_believed(
    part: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=127.0.0.1"
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made.split(), *named], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    web = Web(silence=5.0, pause=0.0)
    with serving(context) as server:
        server.answers["/model.zip"] = ranged(BODY)
        with refused("download_failed") as told:
            fetch(server, part, web=web)
        assert "certificate" in str(told.value).lower()
        assert not part.exists()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        fetch(server, part, web=web)
        assert part.read_bytes() == BODY


def test_nothing_else_in_the_program_reaches_for_the_internet() -> None:
    """Of the parts of Python and of our libraries that fetch things, only the download uses any."""
    fetching = ("urllib.request", "http.client", "ftplib", "requests", "httpx", "aiohttp", "urllib3", "websockets")
    package = Path(levelup_voice.__file__).parent
    found = {
        source.relative_to(package).as_posix()
        for source in package.rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        for name in _imported(node)
        if name.startswith(fetching)
    }
    assert found == {"files/download.py"}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []
