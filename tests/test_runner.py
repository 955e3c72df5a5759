"""One wish is one step, however many ways it came in by."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session.decide import Incoming, Spoken
from tests.torture.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with contextlib.closing(Stage(tmp_path)) as stage:
        yield stage


def steps(stage: Stage, *asked: tuple[float, Incoming]) -> int:
    """How many items further these take the session, each after so many seconds."""
    stage.take(do.Start())
    stage.settle()
    before = stage.session.run.item or 0
    for seconds, incoming in asked:
        stage.now += seconds
        stage.take(incoming)
        stage.settle()
    return (stage.session.run.item or 0) - before


def test_who_says_it_and_presses_the_key_takes_one_step(stage: Stage) -> None:
    assert steps(stage, (5.0, Spoken(do.Skip(), 1.5)), (1.0, do.Skip())) == 1


def test_who_presses_the_key_while_speaking_takes_one_step(stage: Stage) -> None:
    assert steps(stage, (5.0, do.Skip()), (2.6, Spoken(do.Skip(), 2.5))) == 1


def test_a_wish_that_came_in_twice_does_not_swallow_the_next(stage: Stage) -> None:
    said, pressed = (5.0, Spoken(do.Skip(), 1.5)), (1.0, do.Skip())
    assert steps(stage, said, pressed, (1.9, Spoken(do.Skip(), 0.5))) == 2


def test_two_presses_are_two_steps(stage: Stage) -> None:
    assert steps(stage, (5.0, do.Skip()), (0.5, do.Skip())) == 2


def test_what_came_to_nothing_by_voice_can_be_done_by_hand(stage: Stage) -> None:
    stage.take(Spoken(do.Continue()))
    assert steps(stage) == 0
    assert stage.session.runs, "the key began the session"
