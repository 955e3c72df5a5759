"""What terminals, consoles and clickers send is recognised, however it is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup_voice.terminal.keys import Decoder, windows_key

SENT = [
    (b"\x1b[C", "right"),
    (b"\x1bOC", "right"),
    (b"\x1b[D", "left"),
    (b"\x1b[A", "up"),
    (b"\x1b[B", "down"),
    (b"\x1b[5~", "page_up"),
    (b"\x1b[6~", "page_down"),
    (b"\x1b[15~", "f5"),
    (b"\x1b[[E", "f5"),
    (b"\x1b[15;2~", "shift+f5"),
    (b"\x1b[28~", "shift+f5"),
    (b"\x1bOP", "f1"),
    (b"\x1b[3~", "delete"),
    (b"\x1b[1;2C", "shift+right"),
    (b"\r", "enter"),
    (b"\n", "enter"),
    (b"\t", "tab"),
    (b"\x7f", "backspace"),
    (b" ", "space"),
    (b".", "."),
    (b"b", "b"),
    (b"7", "7"),
    (b"\x03", "ctrl+c"),
    (b"\x1a", "ctrl+z"),
    ("ë".encode(), "ë"),
    (b"\x1bn", "alt+n"),
]


@pytest.mark.parametrize(("sent", "key"), SENT)
def test_a_key_is_recognised(sent: bytes, key: str) -> None:
    assert Decoder().feed(sent) == [key]


@given(st.lists(st.sampled_from(SENT)), st.integers(1, 5))
def test_it_does_not_matter_how_what_is_sent_is_cut(sent: list[tuple[bytes, str]], piece: int) -> None:
    stream = b"".join(code for code, _ in sent)
    decoder = Decoder()
    keys = [key for at in range(0, len(stream), piece) for key in decoder.feed(stream[at : at + piece])]
    assert keys == [key for _, key in sent]
    assert not decoder.waits


def test_escape_alone_is_a_key_once_nothing_follows() -> None:
    decoder = Decoder()
    assert decoder.feed(b"\x1b") == []
    assert decoder.waits
    assert decoder.settle() == ["escape"]
    assert not decoder.waits


def test_escape_pressed_twice_is_two_keys() -> None:
    decoder = Decoder()
    assert decoder.feed(b"\x1b\x1b") + decoder.settle() == ["escape", "escape"]


@pytest.mark.parametrize("sent", [b"\x1b[200~", b"\x1b[I", b"\x1b[<0;10;10M", b"\x1b[99;5u", b"\x00", b"\xff"])
def test_what_means_nothing_to_us_vanishes_whole(sent: bytes) -> None:
    assert Decoder().feed(sent + b"n") == ["n"]


@given(st.binary(max_size=40))
def test_no_noise_on_the_line_stops_the_keyboard(noise: bytes) -> None:
    decoder = Decoder()
    decoder.feed(noise)
    decoder.settle()
    assert decoder.feed(b"\r")[-1:] == ["enter"]


@pytest.mark.parametrize(
    ("prefix", "character", "key"),
    [
        ("\xe0", "M", "right"),
        ("\xe0", "I", "page_up"),
        ("\xe0", "Q", "page_down"),
        ("\0", "?", "f5"),
        ("\0", "X", "shift+f5"),
        ("\0", "\x01", ""),
        ("", "\x1b", "escape"),
        ("", "\r", "enter"),
        ("", "e", "e"),
    ],
)
def test_what_a_windows_console_gives_is_recognised(prefix: str, character: str, key: str) -> None:
    assert windows_key(prefix, character) == key
