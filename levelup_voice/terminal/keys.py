"""What a keyboard or a presenter clicker sends, as names of keys: bytes of a POSIX terminal, characters of Windows.

A key that writes a character is called by that character; the others have names: `right`, `page_down`, `f5`,
`shift+f5`, `escape`, `enter`, `space`, `ctrl+c`. Sequences that mean nothing to us vanish whole.
"""

import codecs
import re

PATIENCE = 0.05
"""Seconds in which the rest of a sequence follows its Esc; after it, Esc was the key itself. Slow lines need 20 ms."""

_CONTROL = {"\r": "enter", "\n": "enter", "\t": "tab", "\x7f": "backspace", "\x08": "backspace", " ": "space"}

_FINAL = {
    "A": "up",
    "B": "down",
    "C": "right",
    "D": "left",
    "H": "home",
    "F": "end",
    "P": "f1",
    "M": "enter",
    "Z": "tab",
}
"""Of sequences that end in a letter, from terminals and keypads."""

_TILDE = {
    1: "home",
    3: "delete",
    4: "end",
    5: "page_up",
    6: "page_down",
    7: "home",
    8: "end",
    11: "f1",
    15: "f5",
    28: "shift+f5",
}
"""Of sequences that end in ~. 28 is what terminals without modifiers send for Shift+F5."""

_WINDOWS = {
    "H": "up",
    "P": "down",
    "M": "right",
    "K": "left",
    "G": "home",
    "O": "end",
    "I": "page_up",
    "Q": "page_down",
    "S": "delete",
    ";": "f1",
    "?": "f5",
    "X": "shift+f5",
}
"""The second character of a key that has none of its own."""

_MODIFIERS = {2: "shift+", 3: "alt+", 5: "ctrl+"}

_SEQUENCE = re.compile(r"\x1b(?:\[\[(?P<console>[A-E])|[\[O](?P<numbers>[0-9;]*)(?P<strange>[ -?]*)(?P<final>[@-~]))")
_UNFINISHED = re.compile(r"\x1b(?:\[\[?|[\[O][ -?]*)?")


class Decoder:
    """Turns what a POSIX terminal sends into names of keys, however it is cut into pieces."""

    def __init__(self) -> None:
        self._text = codecs.getincrementaldecoder("utf-8")("ignore")
        self._rest = ""

    @property
    def waits(self) -> bool:
        """More may follow; if nothing does within PATIENCE, call `settle`."""
        return bool(self._rest)

    def feed(self, sent: bytes) -> list[str]:
        """The keys that are certain now."""
        self._rest += self._text.decode(sent)
        keys = []
        while self._rest and not _UNFINISHED.fullmatch(self._rest):
            keys.append(self._take())
        return [key for key in keys if key]

    def settle(self) -> list[str]:
        """The keys in what was held back: nothing more belongs to it."""
        rest, self._rest = self._rest, ""
        return ["escape"] if rest == "\x1b" else []

    def _take(self) -> str:
        """The first key of what has come; empty for one that we do not know."""
        if sequence := _SEQUENCE.match(self._rest):
            self._rest = self._rest[sequence.end() :]
            return _named(sequence)
        if self._rest[0] != "\x1b":
            character, self._rest = self._rest[0], self._rest[1:]
            return named(character)
        if self._rest[1] == "\x1b":
            self._rest = self._rest[1:]
            return "escape"
        character, self._rest = self._rest[1], self._rest[2:]
        return f"alt+{name}" if (name := named(character)) else ""


def named(character: str) -> str:
    """The name of a key that writes one character; empty for one that writes nothing to us."""
    if character in _CONTROL:
        return _CONTROL[character]
    if "\x01" <= character <= "\x1a":
        return f"ctrl+{chr(ord(character) + 96)}"
    return character if character.isprintable() else ""


def windows_key(prefix: str, character: str) -> str:
    """The name of a key as msvcrt.getwch gives it: a character, or a prefix (0 or 0xe0) and a second one."""
    if prefix:
        return _WINDOWS.get(character, "")
    return "escape" if character == "\x1b" else named(character)


def _named(sequence: re.Match[str]) -> str:
    if sequence["console"]:
        return {"A": "f1", "E": "f5"}.get(sequence["console"], "")
    if sequence["strange"]:
        return ""
    numbers = [int(number or 0) for number in sequence["numbers"].split(";")]
    name = _TILDE.get(numbers[0], "") if sequence["final"] == "~" else _FINAL.get(sequence["final"], "")
    modifier = _MODIFIERS.get(numbers[1], "other+") if len(numbers) > 1 and numbers[1] > 1 else ""
    return modifier + name if name else ""
