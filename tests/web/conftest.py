"""The face of a session, and the review of one, to look at with a browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from levelup_voice.session.commands import Command
from levelup_voice.session.view import View

from .desk import Desk
from .faces import WORDS, Shown
from .recorded import held


@pytest.fixture
def shown() -> Iterator[Callable[[View], Shown]]:
    """The face of one view. What pages ask for is kept in `asked`."""
    with ExitStack() as closing:

        def show(view: View) -> Shown:
            asked: list[Command] = []
            made = Shown.of(view, asked, WORDS)
            closing.callback(made.face.close)
            return made

        yield show


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(held(tmp_path))) as made:
        yield made
