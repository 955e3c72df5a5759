"""A simulated room: a loudspeaker that takes as long as its sound, and a microphone that hears noise and people."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from levelup_voice.session import events as ev
from levelup_voice.session.plan import Seconds

from .scheduler import Happening, Scheduler
from .script import Script

Samples: TypeAlias = NDArray[np.int16]
"""Mono, 16 kHz."""

RATE = 16000
CHUNK: Seconds = 0.1

AFTER_COMMAND: Seconds = 1.2
"""Heard after a spoken command: long enough to be sure that it has ended."""

AIR = 1_000_000
"""The number of no recording, for noise when none is made."""

BEFORE_SPEAKING: Seconds = 0.6
"""From the tone to the first word of who holds the microphone."""


class Recorder(Protocol):
    def start(self, request: ev.RecordingStarted, late: Seconds = 0.0) -> None: ...
    def stop(self, recording: int) -> None: ...


class Loudspeaker:
    """Plays nothing, for as long as it would take: the speaker of a rehearsal."""

    def __init__(
        self, scheduler: Scheduler, length_of: Callable[[ev.SpeechRequested], tuple[Seconds, str | None]]
    ) -> None:
        """`length_of` renders an utterance for real and tells how long it sounds, and what went wrong if it did."""
        self._scheduler = scheduler
        self._length_of = length_of
        self._free_at: Seconds = 0.0
        self._pending: dict[int, Happening] = {}

    def speak(self, request: ev.SpeechRequested) -> None:
        length, problem = self._length_of(request)
        begins = max(self._scheduler.now(), self._free_at, request.due_at or 0.0)
        self._free_at = begins + length

        def finish() -> None:
            del self._pending[request.utterance]
            failed = problem is not None
            report = (
                ev.SpeechFailed(request.utterance, problem or "") if failed else ev.SpeechFinished(request.utterance)
            )
            self._scheduler.put(report)

        self._pending[request.utterance] = self._scheduler.at(self._free_at, finish)

    def drop(self, utterance: int) -> None:
        pass  # Nothing is ever late here.

    def stop(self) -> None:
        self._free_at = self._scheduler.now()
        for utterance, happening in self._pending.items():
            happening.off = True
            self._scheduler.put(ev.SpeechFinished(utterance, cut=True))
        self._pending.clear()


class Microphone:
    """Hears the room while something is recorded or a command is spoken: the recorder of a rehearsal, around the real
    one.

    Only that is simulated: two recognisers over forty quiet minutes would cost a minute for nothing.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        script: Script,
        recorder: Recorder,
        hear: Callable[[bytes, Seconds, ev.Microphone], None],
        say: Callable[[str, int], Samples],
        listen: Callable[[bytes, Seconds], None] = lambda pcm, moment: None,
    ) -> None:
        """`hear` takes a chunk of mono PCM16 at 16 kHz, its moment and its microphone; `say` makes a participant's
        text into sound; `listen` takes what whoever listens for commands hears."""
        self.speech_ends_at: Seconds = 0.0
        """When the participant who now holds the microphone has finished."""
        self._scheduler = scheduler
        self._script = script
        self._recorder = recorder
        self._hear = hear
        self._say = say
        self._listen = listen
        self._open: set[int] = set()
        self._commands: list[tuple[Seconds, Samples]] = []

    def command(self, samples: Samples) -> None:
        """The facilitator says this, now."""
        now = self._scheduler.now()
        self._commands.append((now, samples))
        chunks = int((len(samples) / RATE + AFTER_COMMAND) / CHUNK)
        for number in range(chunks):
            moment = now + number * CHUNK
            self._scheduler.at(moment + CHUNK, lambda moment=moment: self._overhear(moment))  # type: ignore[misc]

    def _overhear(self, moment: Seconds) -> None:
        """A chunk in which nobody is recorded; while somebody is, that recording's chunks are listened to."""
        if not self._open:
            heard = self._noise(AIR, round(moment / CHUNK), round(CHUNK * RATE))
            self._listen(self._with_commands(heard, moment), moment)

    def _with_commands(self, heard: NDArray[np.float64], moment: Seconds) -> bytes:
        for began, samples in self._commands[-3:]:
            first = round((moment - began) * RATE)
            spoken = samples[max(0, first) : max(0, first + len(heard))]
            start = max(0, -first)
            heard[start : start + len(spoken)] += spoken[: len(heard) - start]
        return np.clip(np.rint(heard), -32768, 32767).astype(np.int16).tobytes()

    def start(self, request: ev.RecordingStarted, late: Seconds = 0.0) -> None:
        self._recorder.start(request, late)
        speech = self._script.speech(request)
        samples = np.zeros(0, np.int16) if speech is None else self._say(speech.text, speech.voice)
        self.speech_ends_at = self._scheduler.now() + BEFORE_SPEAKING + len(samples) / RATE
        self._open.add(request.recording)
        self._chunk_later(request, samples, self._scheduler.now(), 0)

    def stop(self, recording: int) -> None:
        self._open.discard(recording)
        self._recorder.stop(recording)

    def _chunk_later(self, request: ev.RecordingStarted, samples: Samples, began: Seconds, number: int) -> None:
        self._scheduler.at(began + (number + 1) * CHUNK, lambda: self._chunk(request, samples, began, number))

    def _chunk(self, request: ev.RecordingStarted, samples: Samples, began: Seconds, number: int) -> None:
        """The chunk that has just been heard; then the next, as long as the recording runs."""
        if request.recording not in self._open:
            return
        size = round(CHUNK * RATE)
        first = number * size - round(BEFORE_SPEAKING * RATE)
        heard = self._noise(request.recording, number, size)
        spoken = samples[max(0, first) : max(0, first + size)]
        start = max(0, -first)
        heard[start : start + len(spoken)] += spoken[: size - start]
        moment = began + number * CHUNK
        pcm = self._with_commands(heard, moment)
        self._hear(pcm, moment, request.microphone)
        self._listen(pcm, moment)
        self._chunk_later(request, samples, began, number + 1)

    def _noise(self, recording: int, number: int, size: int) -> NDArray[np.float64]:
        """White noise; each chunk from a seed of its own, so that a resumed rehearsal hears the same."""
        random = np.random.default_rng((self._script.seed, recording, number))
        return random.normal(0.0, 32768 * 10 ** (self._script.noise_dbfs / 20), size)
