"""A visit to the terminal: what we change about it while we are there is put back whenever we leave it.

We leave at the end and at an exception, when the process is ended from outside (SIGTERM, SIGHUP), and for as long
as it is suspended (SIGTSTP, and back at SIGCONT).
"""

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Protocol, TypeAlias


class Guest(Protocol):
    """Changes something about the terminal. Both may be called twice, and from within a signal handler."""

    def arrive(self) -> None: ...

    def leave(self) -> None: ...


_Handler: TypeAlias = Callable[[int, FrameType | None], Any] | int | None


class Visit:
    """Takes the guests in, in order, and sees all of them out in reverse, whatever happens."""

    def __init__(self, *guests: Guest) -> None:
        self._guests = guests
        self._before: dict[int, _Handler] = {}

    def __enter__(self) -> "Visit":
        # Python lets only the main thread handle signals; Windows has none of these worth handling.
        if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
            self._handle(signal.SIGTERM, self._end)
            self._handle(signal.SIGHUP, self._end)
            self._handle(signal.SIGTSTP, self._suspend)
            self._handle(signal.SIGCONT, self._return)
        try:
            self._arrive()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._leave()
        for signum, handler in self._before.items():
            signal.signal(signum, handler)
        self._before.clear()

    def _arrive(self) -> None:
        for guest in self._guests:
            guest.arrive()

    def _leave(self) -> None:
        for guest in reversed(self._guests):
            guest.leave()

    def _handle(self, signum: int, handler: Callable[[int, FrameType | None], None]) -> None:
        # A program that was started to ignore a signal (nohup) goes on ignoring it.
        if signal.getsignal(signum) is not signal.SIG_IGN:
            self._before[signum] = signal.signal(signum, handler)

    def _end(self, signum: int, frame: FrameType | None) -> None:
        """Tidy up, then let whoever handled the signal before us have it."""
        self._leave()
        signal.signal(signum, self._before.pop(signum, signal.SIG_DFL))
        signal.raise_signal(signum)

    def _suspend(self, signum: int, frame: FrameType | None) -> None:
        self._leave()
        signal.signal(signum, signal.SIG_DFL)
        # Here we stand still; in a process without a shell to wake it, the system lets this pass.
        signal.raise_signal(signum)
        signal.signal(signum, self._suspend)
        self._arrive()

    def _return(self, signum: int, frame: FrameType | None) -> None:
        """After a stop that we could not see coming, somebody else has used the terminal."""
        self._arrive()
