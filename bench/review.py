"""What the review costs: opened, listened to, written in and closed, also after hours of talk."""

import http.client
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.conftest import chromium
from tests.web.access import violations
from tests.web.desk import Desk
from tests.web.looks import DESK, DESK_DARK, TELEPHONE, looks
from tests.web.talked import talked

from .measure import Benchmark

OPENINGS = 7
PRESSES = 10
FRAMES_SECONDS = 5
EDITS = 9
CLOSINGS = 3


@contextmanager
def three_hours() -> Iterator[Path]:
    """On disk: 36 recordings of five minutes, 22 000 words."""
    with tempfile.TemporaryDirectory() as folder:
        yield talked(Path(folder), 3, 36)


@contextmanager
def eight_hours() -> Iterator[Path]:
    """60 000 words in one recording: the most that one text is asked to hold."""
    with tempfile.TemporaryDirectory() as folder:
        yield talked(Path(folder), 8, 1, audio=False)


def interactive_ms() -> list[float]:
    """From opening the page of three hours of talk until one can type in its first text.

    Each time by a new program, which has read the session, as it does while the browser starts.
    """
    with three_hours() as path, chromium() as browser:
        return [_opened(browser.new_page(), path) for _ in range(OPENINGS)]


def _opened(page: Page, path: Path) -> float:
    with closing(Desk(path)) as desk:
        desk.shelf.session(desk.shelf.id_of(path))
        page.add_init_script(TYPE_AT_ONCE)
        page.goto(desk.address)
        page.wait_for_function("() => window.typing")
        took = float(page.evaluate("window.typing"))
        page.close()
        return took


TYPE_AT_ONCE = """addEventListener("DOMContentLoaded", () => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "e", bubbles: true }));
  const look = () => {
    const field = document.activeElement;
    if (field.matches("textarea") && field.value) window.typing = performance.now(); else requestAnimationFrame(look);
  };
  look();
});"""


def key_to_audio_ms() -> list[float]:
    """From the space bar to the audio, by turns for the first time on a page and to go on."""
    with three_hours() as path, chromium() as browser, closing(Desk(path)) as desk:
        runs = []
        for _ in range(PRESSES // 2):
            page = browser.new_page()
            page.goto(desk.address)
            page.wait_for_function("() => document.querySelector('#take-0 .heard').textContent")
            page.wait_for_timeout(500)
            runs += [_press(page), _press(page)]
            page.close()
        return runs


def _press(page: Page) -> float:
    page.evaluate(NOTE_PLAYING)
    page.keyboard.press("Space")
    page.wait_for_function("() => window.playing")
    took = float(page.evaluate("window.playing - window.pressed"))
    page.wait_for_timeout(1500)
    page.keyboard.press("Space")
    page.wait_for_timeout(300)
    return took


NOTE_PLAYING = """async () => {
  window.playing = 0;
  const { player } = await import("/static/player.js");
  player.addEventListener("playing", () => { window.playing ||= performance.now(); }, { once: true });
  addEventListener("keydown", (event) => { window.pressed = event.timeStamp; }, { once: true, capture: true });
}"""


def frames_a_second() -> list[float]:
    """While it plays, the word lights up and the waveform fills: in each of some seconds."""
    with three_hours() as path, chromium() as browser, closing(Desk(path)) as desk:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(desk.address)
        page.wait_for_selector("#take-0 .wave")
        page.check("#doubt")
        page.click("#take-0 .play")
        page.wait_for_function("() => CSS.highlights.get('now')?.size")
        return [float(one) for one in page.evaluate(COUNT_FRAMES, FRAMES_SECONDS)]


COUNT_FRAMES = """(seconds) => new Promise((done) => {
  const counts = [];
  let began = 0, frames = 0;
  requestAnimationFrame(function count(now) {
    began ||= now;
    if (now - began >= 1000) { counts.push(frames * 1000 / (now - began)); began = now; frames = 0; }
    frames += 1;
    if (counts.length < seconds) requestAnimationFrame(count); else done(counts);
  });
})"""


def edit_ms() -> list[float]:
    """From sending an edit of eight hours of text to the answer that it is written down. The first takes the lock."""
    with eight_hours() as path, closing(Desk(path)) as desk:
        return [took for took, _ in _edits(desk)]


def close_seconds() -> list[float]:
    """To close eight hours of text just after an edit, with all files that are derived from it."""
    runs = []
    for _ in range(CLOSINGS):
        with eight_hours() as path:
            desk = Desk(path)
            for _, number in _edits(desk):
                if number == 1:
                    break
            began = time.perf_counter()
            desk.shelf.close()
            runs.append(time.perf_counter() - began)
            desk.close()
    return runs


def _edits(desk: Desk) -> Iterator[tuple[float, int]]:
    """Sends edits as the page does; milliseconds and number of each."""
    parts = urlsplit(desk.address)
    place = f"127.0.0.1:{desk.site.port}"
    connection = http.client.HTTPConnection(place)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    answer.read()
    own = {"Cookie": (answer.getheader("Set-Cookie") or "").partition(";")[0]}
    connection.request("GET", f"{parts.path}/recordings/0", headers=own)
    text = json.loads(connection.getresponse().read())["text"]
    own |= {"Origin": f"http://{place}", "Content-Type": "application/json"}
    for number in range(EDITS):
        body = json.dumps({"text": f"Keer {number}: {text}", "version": number})
        began = time.perf_counter()
        connection.request("POST", f"{parts.path}/recordings/0/text", body, own)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"an edit was answered with {answer.status}")
        yield (time.perf_counter() - began) * 1000, number
        time.sleep(1)
    connection.close()


def axe_violations() -> list[float]:
    """Over every page in every state, light and dark, wide and on a telephone."""
    with chromium() as browser:
        return [
            float(len(violations(page))) for look in (DESK, DESK_DARK, TELEPHONE) for _, page in looks(browser, look)
        ]


def slowest_tenth(runs: Sequence[float]) -> float:
    return sorted(runs)[round(0.9 * (len(runs) - 1))]


BENCHMARKS = (
    Benchmark(name="review_interactive_ms", unit="ms", aim=500, measure=interactive_ms),
    Benchmark(name="key_to_audio_ms", unit="ms", aim=80, measure=key_to_audio_ms, value=slowest_tenth),
    Benchmark(name="review_fps", unit="fps", aim=60, at_least=True, measure=frames_a_second),
    Benchmark(name="big_session_edit_ms", unit="ms", aim=100, measure=edit_ms),
    Benchmark(name="big_session_close_s", unit="s", aim=2, measure=close_seconds, value=max),
    Benchmark(name="axe_violations", unit="", aim=0, measure=axe_violations, value=sum),
)
