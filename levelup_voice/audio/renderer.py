"""From text to sound: respelled, rendered by a worker that may hang or die, shaped for the loudspeaker, and kept.

One renderer speaks with one voice, at one rate. A hung engine costs a restart of its worker, never the session.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cache import Cache, key_of
from .respelling import respell
from .shaping import shape
from .voices import Voice, VoiceError, choose_voice
from .worker import Worker, WorkerError

SOUND = 1
"""Our own part in how it sounds: respelling, shaping. Raised when that changes, so that old sounds are not reused."""

START_SECONDS = 20.0
"""For the worker's first answer: on Windows the first use of a speech engine ever takes many seconds."""

PATIENCE = 5.0
LETTER_PATIENCE = 0.05
"""How long an engine may take for an utterance, and for each of its letters; espeak-ng needs 0.02 s in all."""

REST = 3.0
"""Times as long as it took to fail: an engine that does not start holds up no other text meanwhile."""

ATTEMPTS = 2
"""With a fresh worker each, as long as the engine was well; after a failure one, until it succeeds again."""


class Renderer:
    """Renders with the voice called `voice`, or the best one for `language`. Any thread may ask.

    `rate` is in words a minute, `pitch` from 0 to 99 where the engine has it (espeak-ng; None: the voice's own),
    `patience` in seconds.
    """

    def __init__(
        self,
        cache: Cache,
        language: str,
        *,
        voice: str = "",
        rate: int = 150,
        pitch: int | None = None,
        rules: Sequence[tuple[str, str]] = (),
        patience: float = PATIENCE,
    ) -> None:
        self.failing = False
        """The engine failed when it was last needed; what was rendered before can still be said."""
        self._cache = cache
        self._language = language
        self._wanted = voice
        self._rate = rate
        self._pitch = pitch
        self._rules = tuple(rules)
        self._patience = patience
        self._worker: Worker | None = None
        self._chosen: tuple[str, str, Voice] | None = None
        self._rests_until = 0.0
        self._closed = False
        self._one_at_a_time = threading.RLock()

    def open(self) -> Voice:
        """Start the engine and choose the voice. Raises VoiceError, also when there is no engine; WorkerError."""
        with self._one_at_a_time:
            if self._chosen is None:
                if time.monotonic() < self._rests_until:
                    raise WorkerError("it cannot be started")
                began = time.monotonic()
                try:
                    engine, version, voices = self.offer()
                except WorkerError:
                    now = time.monotonic()
                    self._rests_until = now + REST * (now - began)
                    raise
                self._chosen = engine, version, choose_voice(voices, self._language, self._wanted)
            return self._chosen[2]

    def offer(self) -> tuple[str, str, tuple[Voice, ...]]:
        """The engine, its version and its voices. Raises VoiceError when there is no engine, WorkerError."""
        with self._one_at_a_time:
            header, _ = self._ask({"do": "voices"}, START_SECONDS)
        if "error" in header:
            raise VoiceError(self._language, self._wanted, (), header["error"])
        voices = tuple(Voice(one["id"], one["name"], tuple(one["languages"])) for one in header["voices"])
        return header["engine"], header["version"], voices

    def render(self, text: str) -> NDArray[np.int16]:
        """`text` as samples for the loudspeaker (mono, 48 kHz), from the cache where it is there.

        Empty when there is nothing to say. Raises WorkerError when the engine fails, VoiceError when there is none.
        """
        spoken = respell(text, self._rules)
        if not any(map(str.isalnum, spoken)):
            return np.zeros(0, np.int16)
        key = self._key(spoken)
        if (kept := self._cache.read(key)) is not None:
            return kept
        with self._one_at_a_time:
            samples = self._render(spoken)
        self._cache.write(key, samples)
        return samples

    def prepare(self, texts: Iterable[str], progress: Callable[[int, int], None] = lambda done, of: None) -> None:
        """Render what the cache lacks of these texts; `progress` hears how many of how many are ready.

        Raises as `render` does, at the first that fails.
        """
        wanted = tuple(dict.fromkeys(texts))
        for done, text in enumerate(wanted):
            progress(done, len(wanted))
            self.render(text)
        progress(len(wanted), len(wanted))

    def close(self) -> None:
        """End the worker, also one that hangs in an engine; from now on only the cache speaks."""
        self._closed = True
        self._drop()

    def _key(self, spoken: str) -> str:
        voice = self.open()
        assert self._chosen is not None
        engine, version, _ = self._chosen
        return key_of(SOUND, engine, version, voice.id, self._rate, self._pitch, spoken)

    def _render(self, spoken: str) -> NDArray[np.int16]:
        request = {"do": "render", "text": spoken, "voice": self.open().id, "rate": self._rate, "pitch": self._pitch}
        patience = self._patience + LETTER_PATIENCE * len(spoken)
        problem = WorkerError()
        for _ in range(1 if self.failing else ATTEMPTS):
            try:
                header, pcm = self._ask(request, patience)
                if "error" not in header:
                    self.failing = False
                    return shape(pcm, header["rate"])
                problem = WorkerError(header["error"])
                self._drop()  # What an engine in a bad state says next is not to be trusted.
            except WorkerError as error:
                problem = error
        self.failing = True
        raise problem

    def _ask(self, request: dict[str, Any], timeout: float) -> tuple[Any, bytes]:
        if self._closed:
            raise WorkerError("the renderer is closed")
        try:
            if self._worker is None:
                self._worker = Worker("levelup_voice.audio.render_worker")
                timeout = max(timeout, START_SECONDS) if self._chosen is None else timeout
            return self._worker.ask(request, timeout=timeout)
        except (OSError, RuntimeError) as error:  # No memory, process or thread is left for it.
            self._drop()
            raise WorkerError(f"it cannot be started ({error})") from error
        except WorkerError:
            self._drop()
            raise

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
