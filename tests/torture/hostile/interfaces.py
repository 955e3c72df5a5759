"""Schemathesis against the pages for a while: whatever their documents allow, and more, over real HTTP."""

import re
import tempfile
from pathlib import Path

from tests.web.interface.serving import SITES, tried

from .hunt import Tally

MANY = 100_000
"""Requests to one address; the time is over first."""


def ask(name: str, seconds: float, seed: int) -> Tally:
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder, SITES[name](Path(folder)) as site:
        # Nothing is kept from one time to the next: what was wrong once belongs in the document, or in a test.
        more = (f"--seed={seed}", f"--max-time={max(1, round(seconds))}", "--generation-database=none")
        done = tried(name, site, Path(folder), MANY, *more)
    generated = re.search(r"(\d+) generated", done.stdout)
    tally = Tally(inputs=int(generated[1]) if generated else 0)
    if done.returncode != 0:
        found = re.search(r"(\d+) unique failures?", done.stdout)
        tally.failures = int(found[1]) if found else 1
        tally.told = [done.stdout[done.stdout.find("= FAILURES =") :][:20_000] + done.stderr[-2000:]]
    return tally
