"""Nobody comes in who was not given a token, and no other site can use a browser that was."""

import http.client
import threading
from collections.abc import Callable

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session.view import View
from levelup_voice.web.door import MOST_BYTES

from .faces import Shown, moment

Show = Callable[[View], Shown]
READY = moment(situation="ready")


@pytest.fixture
def ready(shown: Show) -> Shown:
    return shown(READY)


def test_a_token_in_the_first_address_becomes_a_cookie_and_leaves_the_address_bar(ready: Shown) -> None:
    answer, _ = ready.request("GET", f"/?token={ready.face.tokens.facilitator}")
    assert (answer.status, answer.getheader("Location")) == (303, "/")
    cookie = answer.getheader("Set-Cookie") or ""
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert ready.request("GET", "/", cookie=cookie.partition(";")[0])[0].status == 200


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("//example.org/", "/example.org/"),
        ("/%5Cexample.org", "/example.org"),
        ("/%0d%0aX:%20y", "/%0D%0AX%3A%20y"),
        ("/sessions/%e2%82%ac", "/sessions/%E2%82%AC"),
    ],
)
def test_a_token_leads_nowhere_but_here(ready: Shown, path: str, place: str) -> None:
    answer, _ = ready.request("GET", f"{path}?token={ready.face.tokens.facilitator}")
    assert (answer.status, answer.getheader("Location")) == (303, place)


def test_an_address_without_end_is_refused(ready: Shown) -> None:
    assert ready.request("GET", f"/{'9' * 5000}", cookie=ready.facilitator)[0].status == 414


@pytest.mark.parametrize("path", ["/", "/events", "/projector", "/projector/events", "/?token=wrong", "/nothing"])
def test_without_a_token_nothing_is_shown(ready: Shown, path: str) -> None:
    answer, body = ready.request("GET", path)
    assert answer.status == 403
    assert b"Level Up!" not in body


def test_the_token_of_the_projector_only_reads_the_projector(ready: Shown) -> None:
    cookie = ready.projector
    assert ready.request("GET", "/projector", cookie=cookie)[0].status == 200
    assert ready.request("GET", "/", cookie=cookie)[0].status == 403
    assert ready.post("/commands", {"kind": "Start"}, cookie).status == 403
    assert ready.post("/projector", {}, cookie).status == 403
    assert ready.request("GET", f"/?token={ready.face.tokens.projector}")[0].status == 403
    assert ready.asked == []


def test_a_second_session_has_a_token_and_a_port_of_its_own(shown: Show) -> None:
    one, other = shown(READY), shown(READY)
    assert one.face.port != other.face.port
    assert other.request("GET", "/", cookie=one.facilitator)[0].status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Content_Type": "text/plain"},
    ],
)
def test_another_site_cannot_command_through_the_browser(ready: Shown, headers: dict[str, str]) -> None:
    assert ready.post("/commands", {"kind": "Start"}, ready.facilitator, **headers).status == 403
    assert ready.asked == []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1"])
def test_a_name_that_was_bound_to_this_computer_leads_nowhere(ready: Shown, host: str) -> None:
    answer, _ = ready.request("GET", "/", cookie=ready.facilitator, Host=host)
    assert answer.status in (400, 421)


def test_a_command_of_our_own_page_reaches_the_session(ready: Shown) -> None:
    assert ready.post("/commands", {"kind": "Start"}, ready.facilitator, Sec_Fetch_Site="same-origin").status == 202
    assert ready.asked == [do.Start()]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "Explode"},
        {"kind": "SetParticipants"},
        {"kind": "SetParticipants", "values": {"count": "many"}},
        {"kind": "SetParticipants", "values": {"count": 10**9}},
        {"kind": "SetParticipants", "values": {"count": 26, "also": 1}},
        {"kind": "SetParticipants", "values": {"count": True}},
        {"kind": "Refuse", "values": {"group": False}},
        {"kind": "MakeRoom", "values": {"room": "elastic"}},
        {"kind": "StartedEarlier", "values": {"seconds": "60"}},
        {"kind": "StartedEarlier", "values": {"seconds": "inf"}},
        {"kind": "StartedEarlier", "values": {"seconds": "nan"}},
        {"kind": "StartedEarlier", "values": {"seconds": "1e999"}},
        {"kind": "Start", "more": 1},
        ["Start"],
        "Start",
        None,
    ],
)
def test_what_is_no_command_is_refused(ready: Shown, body: object) -> None:
    assert ready.post("/commands", body, ready.facilitator).status == 422
    assert ready.asked == []


def test_a_command_that_makes_no_sense_now_is_answered_with_why(ready: Shown) -> None:
    assert ready.post("/commands", {"kind": "StopRecording"}, ready.facilitator).status == 409
    assert ready.asked == []


def test_a_body_that_is_too_large_is_refused_said_or_unsaid(ready: Shown) -> None:
    large = b'{"kind": "' + b"x" * MOST_BYTES + b'"}'
    cookie = ready.facilitator
    assert ready.request("POST", "/commands", cookie=cookie, body=large)[0].status == 413
    unsaid = (large[start : start + 9000] for start in range(0, len(large), 9000))
    assert ready.request("POST", "/commands", cookie=cookie, body=unsaid)[0].status == 413  # type: ignore[arg-type]
    assert ready.asked == []


@pytest.mark.parametrize("path", ["/", "/projector", "/static/style.css", "/nothing", "/?token=wrong"])
def test_every_answer_tells_the_browser_to_be_careful(ready: Shown, path: str) -> None:
    answer, _ = ready.request("GET", path, cookie=ready.facilitator)
    policy = answer.getheader("Content-Security-Policy") or ""
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Referrer-Policy") == "no-referrer"
    assert answer.getheader("Cache-Control") == "no-store"


def test_keys_mean_what_they_mean_at_the_terminal(ready: Shown) -> None:
    cookie = ready.facilitator
    assert ready.post("/keys", {"key": "page_down"}, cookie).status == 202
    assert ready.post("/keys", {"key": "d", "typed": "27"}, cookie).status == 202
    assert ready.asked == [do.Next(), do.SetParticipants(27)]


def test_pages_that_look_do_not_hold_up_the_end(ready: Shown) -> None:
    """Each stream is told that it ends; without that the server would wait for pages that never go."""
    own = {"Host": f"127.0.0.1:{ready.face.port}", "Cookie": ready.facilitator}
    pages = [http.client.HTTPConnection("127.0.0.1", ready.face.port, timeout=10) for _ in "123"]
    answers = []
    for page in pages:
        page.request("GET", "/events", headers=own)
        answers.append(page.getresponse())  # The stream runs.
    ready.face.show(moment(item_id="welkom"))
    ready.face.close()
    assert all(b"event: view" in answer.read() for answer in answers)
    for page in pages:
        page.close()
    assert not any(thread.name == "web" and thread.is_alive() for thread in threading.enumerate())
