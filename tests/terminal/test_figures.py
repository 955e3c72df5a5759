"""Times read as on a clock, levels as on a meter, and nothing foreign reaches the terminal but its text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup_voice.terminal.figures import clean, countdown, large, level_bar, minutes_seconds, time_of_day


@pytest.mark.parametrize(
    ("foreign", "text"),
    [
        ("wij \x1b[31mvinden\x1b[0m dat", "wij vinden dat"),
        ("\x1b]0;een andere titel\x07stil", "stil"),
        ("\x1b]8;;http://x\x1b\\klik\x1b]8;;\x1b\\", "klik"),
        ("\x9b2Jleeg", "leeg"),
        ("een\r\ntwee\tdrie", "een twee drie"),
        ("om\u202egekeerd", "omgekeerd"),
        ("bel\x07 \x00\x7f", "bel"),
        ("\x1bPq\x1b\\beeld", "beeld"),
        ("[bold]vet[/bold]", "[bold]vet[/bold]"),
        ("“ëéï” …", "“ëéï” …"),
    ],
)
def test_foreign_text_can_only_be_read(foreign: str, text: str) -> None:
    assert clean(foreign) == text


@given(st.text())
def test_no_text_brings_a_control_character_along(text: str) -> None:
    assert all(unicodedata.category(one)[0] != "C" for one in clean(text))


@pytest.mark.parametrize(
    ("remaining", "shown"),
    [(270, "4:30"), (59.2, "1:00"), (0.4, "0:01"), (0.0, "0:00"), (-0.5, "+0:00"), (-72, "+1:12"), (3723, "1:02:03")],
)
def test_a_countdown_reaches_nought_only_when_nothing_is_left(remaining: float, shown: str) -> None:
    assert countdown(remaining) == shown


def test_time_that_passed_counts_whole_seconds() -> None:
    assert (minutes_seconds(59.9), minutes_seconds(60), minutes_seconds(-61)) == ("0:59", "1:00", "1:01")


def test_a_time_of_day_wraps_at_midnight() -> None:
    assert (time_of_day(38520), time_of_day(86400)) == ("10:42", "00:00")


@pytest.mark.parametrize("figures", ["0:59", "+12:34", "1:02:03", "56:78"])
def test_large_figures_are_three_lines_of_one_width(figures: str) -> None:
    assert len({len(row) for row in large(figures)}) == 1


def test_no_two_large_figures_look_alike() -> None:
    assert len({large(figure) for figure in "0123456789:+"}) == 12


def test_a_level_fills_the_bar_to_its_average_and_marks_its_peak() -> None:
    assert level_bar((-30.0, -45.0), 20) == "█████░░░░▌" + "░" * 10
    assert level_bar((0.0, 0.0), 10) == "█" * 10
    assert level_bar((-120.0, -120.0), 10) == "░" * 10
