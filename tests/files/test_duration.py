"""Durations as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup_voice.files.duration import seconds_in


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15 min", 900),
        ("45 s", 45),
        ("0 s", 0),
        ("1 min 30 s", 90),
        ("1.5 min", 90),
        ("1 h", 3600),
        ("1 uur 5 min", 3900),
        ("2h 3min 4s", 7384),
        (" 15  min ", 900),
    ],
)
def test_a_duration_names_its_units(text: str, seconds: float) -> None:
    assert seconds_in(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "15", "6:45", "15:00", "min", "15 minutes", "-5 s", "5 s 1 min", "1 min 1 min", "1,5 min", "1e3 s"),
        *("١ min", "9" * 40 + " s"),
    ],
)
def test_what_names_no_units_in_their_order_is_no_duration(text: str) -> None:
    assert seconds_in(text) is None


@given(st.integers(0, 11), st.integers(0, 59), st.integers(0, 59))
def test_hours_minutes_and_seconds_add_up(hours: int, minutes: int, seconds: int) -> None:
    assert seconds_in(f"{hours} h {minutes} min {seconds} s") == hours * 3600 + minutes * 60 + seconds
