"""The speaker: the device that says what the session asks for, in order, and reports how each utterance ended.

A thread of its own renders and plays, so nobody waits for it. `stop` may come from any thread and acts at once.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from levelup_voice.errors import SetupError
from levelup_voice.session import events as ev
from levelup_voice.session.plan import Seconds

from .devices import SoundError
from .loudspeaker import Loudspeaker
from .playout import RATE, Sound
from .renderer import Renderer
from .tones import tone
from .worker import WorkerError

GAP = 0.15
"""Seconds between a tone and the words."""

CHIME_GAP = 1.5
"""After a chime: it must draw the attention of groups that talk before the words come."""

Device: TypeAlias = Literal["loudspeaker", "voice"]


class Speaker:
    """Speaks through a loudspeaker that the caller opened, and closes.

    `report` gets exactly one SpeechFinished or SpeechFailed per request, and DeviceLost or DeviceFound once per change;
    it is called on several threads. `moment` turns a moment of the session into one of `time.monotonic`.
    """

    def __init__(
        self,
        report: Callable[[ev.Report], None],
        renderer: Renderer,
        loudspeaker: Loudspeaker,
        moment: Callable[[Seconds], float],
    ) -> None:
        self._report = report
        self._renderer = renderer
        self._loudspeaker = loudspeaker
        self._moment = moment
        self._waiting: deque[ev.SpeechRequested] = deque()
        self._current: ev.SpeechRequested | None = None
        self._sound: Sound | None = None
        self._lost: set[Device] = set()
        self._closed = False
        self._changed = threading.Condition()
        loudspeaker.tell(lambda problem: self._note("loudspeaker", problem), lambda: self._note("loudspeaker", None))
        self._thread = threading.Thread(target=self._speak_all, name="speaker", daemon=True)
        self._thread.start()

    def speak(self, request: ev.SpeechRequested) -> None:
        """Say this after what was asked earlier, and not before it is due. Returns at once."""
        with self._changed:
            self._waiting.append(request)
            self._changed.notify()

    def drop(self, utterance: int) -> None:
        """Do not begin to say this any more; nothing is reported. What sounds goes on."""
        with self._changed:
            self._waiting = deque(one for one in self._waiting if one.utterance != utterance)
            if self._current is not None and self._current.utterance == utterance and self._sound is None:
                self._current = None

    def stop(self) -> None:
        """Silence at once; all that was asked for and has not ended is reported as cut."""
        with self._changed:
            dropped = list(self._waiting)
            self._waiting.clear()
            if self._current is not None and self._sound is None:  # It is still being rendered.
                dropped.insert(0, self._current)
                self._current = None
            self._loudspeaker.stop()
        for request in dropped:
            self._report(ev.SpeechFinished(request.utterance, cut=True))

    def close(self) -> None:
        """Stop, and end the thread."""
        self.stop()
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(timeout=2.0)  # It may wait for an engine that hangs; nobody waits for it any more.

    def _speak_all(self) -> None:
        while (request := self._next()) is not None:
            samples, problem = compose(request, self._renderer)
            if request.text and (problem is not None or not self._renderer.failing):
                self._note("voice", problem)  # A sound from the cache proves nothing about the engine.
            with self._changed:
                if self._current is not request:
                    continue  # Stopped, and reported, while it was rendered.
                try:
                    due = None if request.due_at is None else self._moment(request.due_at)
                    self._sound = self._loudspeaker.play(samples, due)
                except SoundError as error:
                    problem = str(error)
            self._finish(request, problem)

    def _next(self) -> ev.SpeechRequested | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            self._current = self._waiting.popleft() if self._waiting else None
            self._sound = None
            return self._current

    def _finish(self, request: ev.SpeechRequested, problem: str | None) -> None:
        """Wait for the end of the sound, when there is one, and report."""
        sound = self._sound
        if sound is not None:
            sound.wait()
            if sound.outcome == "lost":
                problem = "the loudspeaker went"
        else:
            self._note("loudspeaker", problem)
        with self._changed:
            self._current = self._sound = None
        if problem is not None:
            self._report(ev.SpeechFailed(request.utterance, problem))
        else:
            self._report(ev.SpeechFinished(request.utterance, cut=sound is not None and sound.outcome == "cut"))

    def _note(self, device: Device, problem: str | None) -> None:
        """Report a device as lost or found, when that changed."""
        with self._changed:
            if (problem is not None) == (device in self._lost):
                return
            self._lost ^= {device}
        self._report(ev.DeviceFound(device) if problem is None else ev.DeviceLost(device, problem))


def compose(request: ev.SpeechRequested, renderer: Renderer) -> tuple[NDArray[np.int16], str | None]:
    """All samples of an utterance (mono, 48 kHz), and what went wrong: then a chime sounds in place of its words, so
    that people look at the screen."""
    problem, before, words = None, request.tone, np.zeros(0, np.int16)
    if request.text:
        try:
            words = renderer.render(request.text)
        except (WorkerError, SetupError) as error:
            problem, before = str(error), "chime"
    parts = [tone(before)] if before else []
    if before and len(words):
        parts.append(_silence(CHIME_GAP if before == "chime" else GAP))
    parts.append(words)
    if request.tone_after:
        parts += [_silence(GAP)] if before or len(words) else []
        parts.append(tone(request.tone_after))
    return np.concatenate(parts), problem


def _silence(seconds: float) -> NDArray[np.int16]:
    return np.zeros(round(seconds * RATE), np.int16)
