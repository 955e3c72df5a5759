"""Inputs that are changed as trees keep their form, and differ from what they were made of."""

import random

import pytest

from .hostile.mutation import form, mutated, spliced
from .hostile.parsers import PARSERS

SHAPED = [name for name, parser in PARSERS.items() if parser.shape is not None]


@pytest.mark.parametrize("name", SHAPED)
def test_most_of_what_is_changed_keeps_its_form_and_differs(name: str) -> None:
    parser, chance = PARSERS[name], random.Random(1)
    assert parser.shape is not None
    trees = [tree for seed in parser.seeds()[:5] if (tree := form(seed, parser.shape)) is not None]
    assert trees
    whole = parser.shape.write(trees[0])
    made = [mutated(whole, parser.shape, trees, chance) for _ in range(40)]
    formed = [one for one in made if one is not None and form(one, parser.shape) is not None]
    assert len(formed) >= 30
    assert len(set(formed) - {whole}) >= 20


def test_what_has_lost_its_form_is_often_replaced_by_what_has_one() -> None:
    shape = PARSERS["order"].shape
    assert shape is not None
    chance = random.Random(1)
    made = [mutated(b"{", shape, [{"kind": "Next"}], chance) for _ in range(40)]
    assert 10 < sum(one is not None for one in made) < 30


def test_nasty_pieces_are_put_in_anywhere() -> None:
    chance, whole = random.Random(1), b"what was well"
    made = {spliced(whole, chance) for _ in range(100)}
    assert len(made) > 80
    assert b"" not in made
