"""A stream of a sound device, kept open for as long as it is wanted: opened, watched over, closed when it fails, and
opened anew.

PortAudio calls us on its own thread and does not wait: there we copy and count, nothing else. It has no word for a
device that hangs and often none for one that is gone, so a watchdog looks at when we were last called.
"""

import threading
from collections.abc import Callable
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from levelup_voice.errors import SetupError

from .devices import Kind, SoundError, close_stream, find_device, open_stream, refresh, sounddevice

Problem: TypeAlias = Literal["missing", "stopped", "hangs"]
"""missing: it could not be opened. stopped: its stream ended. hangs: its stream fell silent without ending."""

SILENCE_SECONDS = 1.0
"""Without a call; a busy computer delays them by 0.15 s at most."""

LOOK_SECONDS = 0.1
RETRY_SECONDS = 1.0

CLOSE_SECONDS = 3.0
"""Then the driver hangs, and the program ends without it."""


class Opening:
    """One opening of a device. Who inherits it makes the stream, with callbacks that call `note_call` and `finish`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.called = False
        self._clock = clock
        self._last_call = clock()
        self._finished = False
        self._stream: Any = None

    def begin(self, stream: Any) -> None:
        """Start the stream of sounddevice that belongs to it. Raises PortAudioError; the stream is closed then."""
        self._stream = stream
        try:
            stream.start()
        except sounddevice().PortAudioError:
            stream.close()
            raise

    def note_call(self, now: float) -> None:
        """PortAudio called, at this moment."""
        self._last_call = now
        self.called = True

    def finish(self) -> None:
        """PortAudio will not call again."""
        self._finished = True

    def problem(self) -> Problem | None:
        """What is wrong with it, now."""
        if self._finished:
            return "stopped"
        return "hangs" if self._clock() - self._last_call > SILENCE_SECONDS else None

    def part(self) -> None:
        """It is about to be closed: nobody should wait for it any more."""

    def abort(self) -> None:
        self._stream.abort()

    def close(self) -> None:
        self._stream.close()


Open = TypeVar("Open", bound=Opening)


class Watchdog(Generic[Open]):
    """Keeps a stream open on the device called `name` (`""`: the default one), on a thread of its own."""

    def __init__(self, name: str, kind: Kind, make: Callable[[int], Open]) -> None:
        """`make` opens the device with this number of PortAudio's."""
        self.name = name
        self.opening: Open | None = None
        """What is open now."""
        self.why = "not opened"
        """Why nothing is, in a few words."""
        self._kind = kind
        self._make = make
        self._problem: Problem | None = None
        self._on_lost: Callable[[Problem], None] = lambda problem: None
        self._on_found: Callable[[], None] = lambda: None
        self._telling = threading.Lock()
        self._tried = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"watchdog of {kind} {name}", daemon=True)

    def tell(self, on_lost: Callable[[Problem], None], on_found: Callable[[], None]) -> None:
        """From now on tell these, mostly on the watchdog's thread and in turns, `on_lost` first: at once when the
        device is known to be lost."""
        with self._telling:
            self._on_lost, self._on_found = on_lost, on_found
            if self._problem is not None:
                on_lost(self._problem)

    def start(self) -> None:
        """Returns at once."""
        self._thread.start()

    def wait_until_tried(self) -> None:
        """Returns when the device has been opened for the first time, or could not be, or hangs."""
        self._tried.wait(CLOSE_SECONDS)

    def close(self) -> None:
        """Let go of the device."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join(CLOSE_SECONDS)

    def _watch(self) -> None:
        while not self._closing.is_set():
            opening = self.opening = self._open()
            self._tried.set()
            problem = "missing" if opening is None else self._look_after(opening)
            if opening is not None:
                self.opening, self.why = None, problem or "closed"
                opening.part()
            if problem is not None:
                self._lose(problem)
            if opening is not None:
                close_stream(opening)  # A driver that hangs takes a second: nobody waits for that to be told.
            if problem is not None:
                self._closing.wait(RETRY_SECONDS)

    def _open(self) -> Open | None:
        """The device as it is now plugged in. A list that is out of date is renewed when no stream forbids it."""
        try:
            refresh()
            device = find_device(self.name, self._kind)
            if device is not None:
                return open_stream(lambda: self._make(device))
            self.why = f"there is no {self._kind} device {self.name}".rstrip()
        except (SoundError, SetupError) as error:
            self.why = str(error)
        return None

    def _look_after(self, opening: Open) -> Problem | None:
        """What ended it; None: nobody wants it any more."""
        while not self._closing.wait(LOOK_SECONDS):
            if opening.called:
                self._find()
            if (problem := opening.problem()) is not None:
                return problem
        return None

    def _lose(self, problem: Problem) -> None:
        with self._telling:
            if self._problem is None:
                self._problem = problem
                self._on_lost(problem)

    def _find(self) -> None:
        with self._telling:
            if self._problem is not None:
                self._problem = None
                self._on_found()
