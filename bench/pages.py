"""What the pages cost: how soon the room sees a change, what a first visit weighs, what the server takes."""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from .measure import Benchmark

CHANGES = 40


def paint_ms() -> list[float]:
    """From handing over a changed view to the frame in which the projector shows it, in a real browser."""
    from tests.conftest import chromium
    from tests.web.faces import WORDS, Shown, moment

    views = [moment(stage="thinking"), moment(tally=(17, 9))]
    shown = Shown.of(views[0], [], WORDS)
    try:
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            page.goto(shown.face.projector_address)
            page.wait_for_selector(".statement")
            page.evaluate(NOTE_PAINTS)
            runs = []
            for change in range(CHANGES):
                page.evaluate("() => { window.painted = 0; }")
                began = time.time()
                shown.face.show(views[(change + 1) % 2])
                page.wait_for_function("() => window.painted")
                runs.append(float(page.evaluate("() => window.painted")) - began * 1000)
    finally:
        shown.face.close()
    return runs


NOTE_PAINTS = """() => new MutationObserver(() => requestAnimationFrame(() => {
  const painted = new MessageChannel();
  painted.port1.onmessage = () => { window.painted ||= performance.timeOrigin + performance.now(); };
  painted.port2.postMessage(0);
})).observe(document.getElementById("stage"), { childList: true, subtree: true })"""


def p95(runs: Sequence[float]) -> float:
    return statistics.quantiles(runs, n=20)[-1]


def page_weight_kb() -> list[float]:
    """All that any page asks for, fonts included, uncompressed: nothing is fetched twice or from elsewhere."""
    from levelup_voice.web.pages import STATIC

    return [sum(path.stat().st_size for path in STATIC.rglob("*") if path.suffix in SERVED) / 1000]


SERVED = {".woff2", ".css", ".js", ".svg"}


def server_memory_mb() -> list[float]:
    """What a process with words and pages takes more than one with words alone (Linux only)."""
    return [_memory(SERVING) - _memory("") for _ in range(5)]


SERVING = (
    "from levelup_voice.web.face import Face; import urllib.request as u; "
    "face = Face(print, words, clock=lambda: 0.0); u.urlopen(face.address.replace('/?', '/static/style.css?')).read()"
)


def _memory(more: str) -> float:
    program = (
        "from levelup_voice.files.catalogue import load_catalogue; words = load_catalogue('nl')\n"
        f"{more}\nfrom bench.memory import memory_mb; import os; print(memory_mb(os.getpid()), flush=True); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return float(done.stdout)


BENCHMARKS = (
    Benchmark(name="projector_paint_p95_ms", unit="ms", aim=100, measure=paint_ms, value=p95),
    Benchmark(name="page_weight_kb", unit="kB", aim=250, measure=page_weight_kb),
    Benchmark(name="server_memory_mb", unit="MB", aim=60, measure=server_memory_mb),
)
