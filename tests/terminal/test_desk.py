"""The desk without a terminal: what a key does, and what is shown line by line."""

import io
from collections.abc import Callable

from levelup_voice.session import commands as do
from levelup_voice.terminal.desk import Desk
from levelup_voice.terminal.screen import Lines, is_plain

from .views import NL, a_view


def a_desk(stop: Callable[[], None] = lambda: None) -> tuple[Desk, list[do.Command], io.StringIO]:
    asked: list[do.Command] = []
    out = io.StringIO()
    return Desk(NL, asked.append, clock=lambda: 0.0, stdin=io.StringIO(), stdout=out, stop=stop), asked, out


def test_a_key_before_there_is_a_session_does_nothing() -> None:
    desk, asked, out = a_desk()
    with desk:
        desk.press("right")
    assert (asked, out.getvalue()) == ([], "")


def test_keys_ask_for_what_they_mean_in_the_view_on_show() -> None:
    desk, asked, _ = a_desk()
    with desk:
        desk.show(a_view("voting"))
        for key in "17e":
            desk.press(key)
        desk.show(a_view("paused"))
        desk.press(".")
    assert asked == [do.GiveTally(agree=17), do.Continue()]


def test_a_hint_is_told_and_not_repeated() -> None:
    desk, asked, out = a_desk()
    with desk:
        desk.show(a_view("voting"))
        desk.press("e")
        desk.press("e")
    assert asked == []
    assert out.getvalue().count("Typ eerst het getal") == 1


def test_the_keys_are_told_each_time_they_are_asked_for() -> None:
    desk, _, out = a_desk()
    with desk:
        desk.show(a_view("paused"))
        desk.press("?")
        desk.press("?")
    assert out.getvalue().count("p: ga verder\n") == 2


def test_two_times_control_c_stops_and_once_does_not() -> None:
    stopped: list[None] = []
    desk, asked, _ = a_desk(lambda: stopped.append(None))
    with desk:
        desk.show(a_view())
        desk.press("ctrl+c")
        assert stopped == []
        desk.press("ctrl+c")
    assert (len(stopped), asked) == (1, [])


def test_what_is_no_terminal_is_written_line_by_line() -> None:
    assert is_plain(io.StringIO(), {})
    desk, _, out = a_desk()
    with desk:
        desk.show(a_view())
        desk.show(a_view(cue="Nog vijf minuten."))
    assert out.getvalue().splitlines()[-1] == "12:16 Tijdsein: Nog vijf minuten."


def test_an_encoding_that_lacks_a_character_does_not_stop_the_session() -> None:
    raw = io.BytesIO()
    lines = Lines(NL, io.TextIOWrapper(raw, encoding="ascii", write_through=True))
    lines.show(a_view(text="Één stap …"))
    assert b"Stelling drie: ??n stap ?" in raw.getvalue()


def test_a_stream_that_is_gone_does_not_stop_the_session() -> None:
    out = io.StringIO()
    lines = Lines(NL, out)
    out.close()
    lines.show(a_view())
