"""A stream of a sound device, kept open for as long as it is wanted: opened, watched over, closed when it fails, and
opened anew.

PortAudio calls us on its own thread and does not wait: there we copy and count, nothing else. It has no word for a
device that hangs and often none for one that is gone, so a watchdog looks at when we were last called.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from levelup_voice.errors import SetupError

from .devices import (
    Kind,
    SoundError,
    close_stream,
    find_device,
    is_renewing,
    open_stream,
    refresh,
    renew,
    sounddevice,
)
from .routes import Routes

Problem: TypeAlias = Literal["missing", "stopped", "hangs", "rerouted"]
"""missing: it could not be opened. stopped: its stream ended. hangs: its stream fell silent without ending. rerouted:
another device took its place, without a word."""

FOLLOWING = ("", "default", "pulse", "pipewire", "sysdefault")
"""Names that mean: whichever the computer chooses."""

SILENCE_SECONDS = 1.0
"""Without a call; a busy computer delays them by 0.15 s at most."""

LOOK_SECONDS = 0.1
RENEWING_SECONDS = 0.02
RETRY_SECONDS = 1.0

CLOSE_SECONDS = 3.0
"""Then the driver hangs, and the program ends without it."""


class Opening:
    """One opening of a device. Who inherits it makes the stream, with callbacks that call `note_call` and `finish`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.admitted = False
        """What it carries is wanted, as long as it comes from where it should."""
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

    def excuse(self) -> None:
        """The computer stood still: that it did not call meanwhile means nothing."""
        self._last_call = self._clock()

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


@dataclass(slots=True)
class _Choice:
    """A device as somebody chose it, and what became known of it since."""

    name: str
    sought: bool = False
    """PortAudio need not start anew for it."""
    source: str | None = None
    """Where its stream comes from, by the server's name."""
    strayed: bool = False
    """Its last stream came from elsewhere."""

    @property
    def follows(self) -> bool:
        return self.name in FOLLOWING


class Watchdog(Generic[Open]):
    """Keeps a stream open on the device called `name` (`""`: the default one), on a thread of its own."""

    def __init__(
        self,
        name: str,
        kind: Kind,
        make: Callable[[int], Open],
        *,
        clock: Callable[[], float],
        routes: Routes | None = None,
    ) -> None:
        """`make` opens the device with this number of PortAudio's; `routes` knows where its stream really comes from,
        if anybody does."""
        self.opening: Open | None = None
        """What is open now."""
        self.why = "not opened"
        """Why nothing is, in a few words."""
        self.is_missing = False
        """It could not be opened the last time."""
        self._choice = _Choice(name, sought=True)
        self._kind = kind
        self._make = make
        self._clock = clock
        self._routes = routes
        self._problem: Problem | None = None
        self._on_lost: Callable[[Problem], None] = lambda problem: None
        self._on_found: Callable[[], None] = lambda: None
        self._telling = threading.Lock()
        self._tried = threading.Event()
        self._woken = threading.Event()
        self._anew = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._watch, name=f"watchdog of {kind} {name}", daemon=True)

    @property
    def name(self) -> str:
        return self._choice.name

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

    def choose(self, name: str) -> None:
        """From now on this device, whichever it was before. Returns at once."""
        self._choice = _Choice(name)
        self._woken.set()

    def seek(self) -> None:
        """Have PortAudio start anew, and open the device then. Returns at once."""
        self._anew.set()
        self._woken.set()

    def close(self) -> None:
        """Let go of the device."""
        self._closed = True
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(CLOSE_SECONDS)

    def _watch(self) -> None:
        while not self._closed:
            self._woken.clear()
            choice = self._choice
            opening = self.opening = self._open(choice)
            self.is_missing = opening is None
            self._tried.set()
            problem = "missing" if opening is None else self._look_after(opening, choice)
            if opening is not None:
                self.opening, self.why = None, problem or "closed"
                opening.part()
            if problem is not None:
                self._lose(problem)
            if opening is not None:
                self._let_go(opening)
            if problem is not None:
                self._woken.wait(RETRY_SECONDS)

    def _open(self, choice: _Choice) -> Open | None:
        """None when there is no such device, or it cannot be used; `why` tells which."""
        try:
            device = self._find_device(choice)
            if device is None:
                self.why = f"there is no {self._kind} device {choice.name}".rstrip()
                return None
            opening = open_stream(lambda: self._make(device))
        except (SoundError, SetupError) as error:
            self.why = str(error)
            return None
        opening.admitted = choice.source is None and not choice.strayed
        if self._routes is not None:
            self._routes.follow(opening)
        return opening

    def _find_device(self, choice: _Choice) -> int | None:
        """As it is now plugged in. A list that is out of date is renewed when no stream forbids it, and for a device
        that somebody chose also when one does."""
        while is_renewing():
            time.sleep(RENEWING_SECONDS)
        refresh()
        device = find_device(choice.name, self._kind)
        if self._anew.is_set() or (device is None and not choice.sought):
            self._anew.clear()
            choice.sought = True
            renew()
            device = find_device(choice.name, self._kind)
        return device

    def _look_after(self, opening: Open, choice: _Choice) -> Problem | None:
        """What ended it; None: nobody wants it any more, or it is opened anew."""
        looked_at = self._clock()
        while not (self._woken.wait(LOOK_SECONDS) or is_renewing()):
            before, looked_at = looked_at, self._clock()
            if looked_at - before > SILENCE_SECONDS:
                opening.excuse()
            if (problem := opening.problem() or self._stray(opening, choice)) is not None:
                return problem
            if opening.called and opening.admitted:
                self._find()
        return None

    def _stray(self, opening: Open, choice: _Choice) -> Problem | None:
        """Whether another device took its place. Who chose none by name gets the computer's choice, and is told when
        that changes; what a loudspeaker plays is nobody's choice."""
        if self._routes is None:
            return None
        route = self._routes.of(opening)
        if route is None:
            opening.admitted |= not self._routes.is_looking(opening)
            return None
        changed = choice.source not in (None, route.source)
        if (changed and not choice.follows) or (route.is_monitor and choice.follows):
            choice.strayed = True
            return "rerouted"
        if changed:
            self._lose("rerouted")
        choice.source, choice.strayed, opening.admitted = route.source, False, True
        return None

    def _let_go(self, opening: Open) -> None:
        if self._routes is not None:
            self._routes.leave(opening)
        close_stream(opening)  # A driver that hangs takes a second: nobody waits for that to be told.

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
