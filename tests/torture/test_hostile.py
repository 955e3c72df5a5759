"""What nobody should send us is taken or refused, never more."""

from pathlib import Path

import pytest

from .hostile import PARSERS, SHARE, changed, fuzz

INPUTS = 6000
"""Of all parsers together; the long form tries a million."""


@pytest.mark.parametrize("name", PARSERS)
def test_hostile_input_is_taken_or_refused_in_time(name: str, tmp_path: Path) -> None:
    outcome = fuzz(name, max(4, int(INPUTS * SHARE[name])), seed=1, folder=tmp_path)
    assert outcome.failures == []


def test_most_hostile_input_differs_from_what_it_was_made_of() -> None:
    import random

    chance, whole = random.Random(1), b"what was well" * 20
    assert sum(changed(whole, chance) != whole for _ in range(100)) > 90
