"""Reads keys one at a time, without Enter and without showing them, in a thread of its own."""

import os
import sys
import threading
from collections.abc import Callable

from .keys import PATIENCE, Decoder, windows_key

LOOK_SECONDS = 0.2
"""How often a thread that nobody types to looks whether it may stop."""

if sys.platform == "win32":
    import msvcrt

    class Keyboard:
        """The keyboard of the console that we run in. `pressed` gets the name of each key, on the keyboard's thread."""

        def __init__(self, pressed: Callable[[str], None], terminal: int | None = None) -> None:
            self._pressed = pressed
            self._left = threading.Event()
            self._left.set()

        def arrive(self) -> None:
            if self._left.is_set():
                self._left = threading.Event()
                threading.Thread(target=self._read, args=(self._left,), name="keyboard", daemon=True).start()

        def leave(self) -> None:
            self._left.set()

        def _read(self, left: threading.Event) -> None:
            while not left.wait(PATIENCE):
                while msvcrt.kbhit():
                    first = msvcrt.getwch()
                    key = windows_key(first, msvcrt.getwch()) if first in "\0\xe0" else windows_key("", first)
                    if key:
                        self._pressed(key)

else:
    import select
    import termios

    class Keyboard:
        """The keyboard of a terminal. `pressed` gets the name of each key, on the keyboard's thread.

        Ctrl+C, Ctrl+Z and Ctrl+S come as keys like any other: who presses them out of habit, to copy, to undo or to
        save, does not stop a session before thirty people.
        """

        def __init__(self, pressed: Callable[[str], None], terminal: int | None = None) -> None:
            self._pressed = pressed
            self._terminal = sys.stdin.fileno() if terminal is None else terminal
            self._found: list[int | list[bytes | int]] | None = None
            self._left = threading.Event()
            self._left.set()

        def arrive(self) -> None:
            """Take the keyboard; in the background, where it is not ours, not yet."""
            if not self._is_ours():
                return
            if self._found is None:
                self._found = termios.tcgetattr(self._terminal)
            one_by_one = termios.tcgetattr(self._terminal)
            one_by_one[0] &= ~(termios.IXON | termios.ICRNL)
            one_by_one[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
            one_by_one[6] = [*one_by_one[6]]
            one_by_one[6][termios.VMIN], one_by_one[6][termios.VTIME] = 1, 0
            termios.tcsetattr(self._terminal, termios.TCSADRAIN, one_by_one)
            if self._left.is_set():
                self._left = threading.Event()
                threading.Thread(target=self._read, args=(self._left,), name="keyboard", daemon=True).start()

        def leave(self) -> None:
            """Give the keyboard back as it was found. What was typed and not read is dropped: it was meant for us."""
            self._left.set()
            if self._found is None:
                return
            try:
                if self._is_ours():
                    termios.tcsetattr(self._terminal, termios.TCSAFLUSH, self._found)
            except termios.error:
                pass  # The terminal is gone, and its settings with it.

        def _is_ours(self) -> bool:
            """Whether we are in the foreground: a program in the background is stopped for touching the terminal."""
            try:
                return os.tcgetpgrp(self._terminal) == os.getpgrp()
            except OSError:
                return False

        def _read(self, left: threading.Event) -> None:
            decoder = Decoder()
            while not left.is_set():
                wait = PATIENCE if decoder.waits else LOOK_SECONDS
                if not select.select([self._terminal], [], [], wait)[0]:
                    keys = decoder.settle()
                elif not self._is_ours():
                    left.wait(LOOK_SECONDS)
                    continue
                else:
                    try:
                        sent = os.read(self._terminal, 1024)
                    except OSError:
                        return
                    if not sent:
                        return
                    keys = decoder.feed(sent)
                for key in keys:
                    self._pressed(key)
