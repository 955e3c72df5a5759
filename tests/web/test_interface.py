"""What our pages may ask is described, and whatever is asked is answered as described; schemathesis tries it."""

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from .interface import document
from .interface.serving import SITES, tried

EXAMPLES = 15
"""Of each address; the long form tries more of them (tests/torture/hostile/interfaces.py)."""


def addresses(app: object) -> set[tuple[str, str]]:
    """Method and path of each route, as a description has them."""
    assert isinstance(app, Starlette)
    found = set()
    for route in app.routes:
        if isinstance(route, Mount):
            found.add(("get", f"{route.path}/{{path}}"))
        else:
            assert isinstance(route, Route)
            path = re.sub(r":\w+}", "}", route.path)
            found |= {(method.lower(), path) for method in (route.methods or set()) - {"HEAD"}}
    return found


def described(name: str) -> set[tuple[str, str]]:
    paths = document(name)["paths"]
    return {(method, path) for path, item in paths.items() for method in item if method != "parameters"}


@pytest.mark.parametrize("name", SITES)
def test_every_address_is_described_and_nothing_else(name: str, tmp_path: Path) -> None:
    with SITES[name](tmp_path) as asked:
        beside = described(asked.beside) - {("get", "/")} if asked.beside else set()
        assert addresses(asked.site.door.app) == described(name) | beside


@pytest.mark.parametrize("name", SITES)
def test_whatever_is_asked_is_answered_as_described(name: str, tmp_path: Path) -> None:
    with SITES[name](tmp_path) as asked:
        done = tried(name, asked, tmp_path, EXAMPLES, "--generation-deterministic")
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr[-3000:]
