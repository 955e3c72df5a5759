"""Puts the session on the terminal: as a screen that counts down by itself, or line by line.

The two have the same face (`Display`). A thread of its own draws the screen, at most four times a second, and sends
only the lines that changed, so that nothing flickers and little is sent over a slow line.
"""

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol, TextIO

from rich.console import Console
from rich.text import Text

from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.plan import Seconds
from levelup_voice.session.view import View

from . import lines, ticking
from .figures import Level
from .picture import Picture

LIVELY, CALM = 0.25, 0.5
"""Seconds between two drawings: while a microphone's level moves, and otherwise."""

FORGET_SECONDS = 8.0
"""A number typed so long ago belongs to no key any more, and a hint has been read."""

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"
_LEAVE = "\x1b[?25h\x1b[?1049l"
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
"""Around one drawing: terminals that know these show it at once, others ignore them."""


class Display(Protocol):
    def show(self, view: View) -> None:
        """This is how things are now. Returns at once; from any thread."""

    def tell(self, typed: str, hint: str) -> None:
        """The number being typed, and a hint about a key; both may be empty."""

    def list_keys(self, wanted: bool) -> bool:
        """Show all keys that do something now, or the session again. Whether the list stays until it is unwanted."""

    def arrive(self) -> None: ...

    def leave(self) -> None: ...


def is_plain(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether this must be line by line: no terminal, one that cannot do more, or somebody asked for it."""
    encoding = (getattr(stream, "encoding", "") or "").lower().replace("-", "")
    asked = bool(environment.get("LEVELUP_VOICE_PLAIN")) or environment.get("TERM") in ("dumb", "unknown")
    return asked or not stream.isatty() or not encoding.startswith("utf")


class Lines:
    """One line per change, with nothing but text in it."""

    def __init__(self, words: Catalogue, stream: TextIO) -> None:
        self._words = words
        self._stream = stream
        self._view: View | None = None
        self._hint = ""
        self._lock = threading.Lock()

    def show(self, view: View) -> None:
        with self._lock:
            self._write(lines.changes(self._view, view, self._words))
            self._view = view

    def tell(self, typed: str, hint: str) -> None:
        with self._lock:
            if hint and hint != self._hint:
                self._write([hint])
            self._hint = hint

    def list_keys(self, wanted: bool) -> bool:
        with self._lock:
            if wanted and self._view is not None:
                self._write(lines.key_lines(self._view, self._words))
        return False

    def arrive(self) -> None:
        pass

    def leave(self) -> None:
        pass

    def _write(self, new: list[str]) -> None:
        """What the stream's encoding lacks becomes a question mark; a stream that is gone takes nothing down."""
        if not new:
            return
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        try:
            self._stream.write("".join(f"{line}\n" for line in new).encode(encoding, "replace").decode(encoding))
            self._stream.flush()
        except (OSError, ValueError):
            pass


class Screen:
    """A screen that is always up to date. `clock` gives seconds since the session opened, `level` the microphone's."""

    def __init__(
        self,
        words: Catalogue,
        stream: TextIO,
        *,
        clock: Callable[[], Seconds],
        level: Callable[[], Level | None] = lambda: None,
    ) -> None:
        self._words = words
        self._stream = stream
        self._clock = clock
        self._level = level
        self._view: View | None = None
        self._told = "", "", 0.0
        self._keys_wanted = False
        self._news = threading.Event()
        self._left = threading.Event()
        self._left.set()
        # A signal may arrive while its own thread draws, hence re-entrant.
        self._drawing = threading.RLock()
        self._drawn: list[Text] = []
        self._size = (0, 0)

    def show(self, view: View) -> None:
        self._view = view
        self._news.set()

    def tell(self, typed: str, hint: str) -> None:
        self._told = typed, hint, time.monotonic()
        self._news.set()

    def list_keys(self, wanted: bool) -> bool:
        self._keys_wanted = wanted
        self._news.set()
        return wanted

    def arrive(self) -> None:
        if sys.platform == "win32":
            os.system("")  # The old console obeys sequences only after this.
        with self._drawing:
            self._drawn = []
            self._send(_ENTER)
            if self._left.is_set():
                self._left = threading.Event()
                threading.Thread(target=self._keep_drawing, args=(self._left,), name="screen", daemon=True).start()

    def leave(self) -> None:
        with self._drawing:
            if not self._left.is_set():
                self._left.set()
                self._news.set()
                self._send(_LEAVE)

    def _keep_drawing(self, left: threading.Event) -> None:
        while True:
            level = self._level()
            with self._drawing:
                if left.is_set():
                    return
                self._draw(level)
            if left.wait(LIVELY):
                return
            if level is None:
                self._news.wait(CALM - LIVELY)
            self._news.clear()

    def _draw(self, level: Level | None) -> None:
        if self._view is None:
            return
        size = self._measured()
        if size != self._size:
            self._size, self._drawn = size, []
        picture = Picture(ticking.brought_up(self._view, self._clock()), self._words, *size, level)
        typed, hint, told_at = self._told
        if time.monotonic() - told_at > FORGET_SECONDS:
            typed = hint = ""
        new = picture.key_lines() if self._keys_wanted else picture.lines(typed, hint)
        console = Console(file=io.StringIO(), force_terminal=True, width=size[0], legacy_windows=False)
        changed = [
            f"\x1b[{row + 1};1H{_rendered(console, line)}\x1b[K"
            for row, line in enumerate(new)
            if row >= len(self._drawn) or self._drawn[row] != line
        ]
        if changed:
            self._send(_BEGIN + "".join(changed) + _END)
        self._drawn = new

    def _measured(self) -> tuple[int, int]:
        try:
            size = os.get_terminal_size(self._stream.fileno())
        except OSError:
            return 80, 24
        return size.columns or 80, size.lines or 24

    def _send(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            pass  # The terminal is gone; the session is not.


def _rendered(console: Console, line: Text) -> str:
    with console.capture() as capture:
        console.print(line, end="", no_wrap=True, crop=False, overflow="ignore", markup=False, highlight=False)
    return capture.get()
