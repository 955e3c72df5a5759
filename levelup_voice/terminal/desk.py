"""The facilitator's desk: keys become commands, the session becomes what the terminal shows."""

import _thread
import os
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.commands import Command
from levelup_voice.session.plan import Seconds
from levelup_voice.session.view import View

from . import bindings
from .figures import Level
from .keyboard import Keyboard
from .screen import FORGET_SECONDS, Display, Lines, Screen, is_plain
from .visit import Guest, Visit

QUIT_SECONDS = 5.0
"""Between the two presses of Ctrl+C that stop the program."""


class Desk:
    """Use it in a `with`, from the main thread; `ask` gets each command, on the keyboard's thread."""

    def __init__(
        self,
        words: Catalogue,
        ask: Callable[[Command], None],
        *,
        clock: Callable[[], Seconds],
        level: Callable[[], Level | None] = lambda: None,
        plain: bool = False,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        stop: Callable[[], None] = _thread.interrupt_main,
    ) -> None:
        stdin, stdout = stdin or sys.stdin, stdout or sys.stdout
        self._words = words
        self._ask = ask
        self._stop = stop
        self._lock = threading.Lock()
        self._view: View | None = None
        self._typed = ""
        self._pressed_at = self._quit_at = float("-inf")
        self._lists_keys = False
        if plain or is_plain(stdout, os.environ):
            self._display: Display = Lines(words, stdout)
        else:
            self._display = Screen(words, stdout, clock=clock, level=level)
        guests: list[Guest] = [self._display]
        if stdin.isatty():
            guests.append(Keyboard(self.press, stdin.fileno()))
        self._visit = Visit(*guests)

    def __enter__(self) -> "Desk":
        self._visit.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._visit.__exit__(kind, error, traceback)

    def show(self, view: View) -> None:
        """The session as it is now; for the runner."""
        self._view = view
        self._display.show(view)

    def tell(self, text: str) -> None:
        """Show a line for a while; from any thread."""
        self._display.tell("", text)

    def press(self, key: str) -> None:
        """A key was pressed. It may become a command, or concern the screen alone."""
        with self._lock:
            now = time.monotonic()
            typed = self._typed if now - self._pressed_at < FORGET_SECONDS else ""
            self._pressed_at = now
            if self._view is None:
                return
            if self._lists_keys and key == "escape":
                self._lists_keys = self._display.list_keys(False)
                return
            pressed = bindings.press(key, typed, self._view, self._words)
            self._typed = pressed.typed
            self._display.tell(pressed.typed, pressed.hint)
            self._lists_keys = self._display.list_keys(pressed.action == "all_keys" and not self._lists_keys)
        if pressed.action == "quit":
            self._quit(now)
        elif pressed.command is not None:
            self._ask(pressed.command)

    def _quit(self, now: float) -> None:
        """Not at the first Ctrl+C: fingers that copy something must not stop a session."""
        if now - self._quit_at < QUIT_SECONDS:
            self._stop()
        self._quit_at = now
