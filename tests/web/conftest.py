"""The face of a session, to look at with a browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from levelup_voice.session.commands import Command
from levelup_voice.session.view import View

from .faces import WORDS, Shown


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
