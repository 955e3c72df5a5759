"""Commands by voice: whether this computer can take them, and what is done with what was heard."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from levelup_voice.audio.listener import THRESHOLD_DBFS, Heard, Listener, ListenerError
from levelup_voice.files.models import SpeechModel
from levelup_voice.files.phrases import load_phrases
from levelup_voice.files.room import CheckedRoom
from levelup_voice.session import events as ev
from levelup_voice.session.incoming import Incoming, Overheard, Spoken
from levelup_voice.session.plan import Seconds
from levelup_voice.session.transcript import UNKNOWN


class VoiceOffError(Exception):
    """There are no commands by voice; `why` is a key under setup.voice_off_because."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class Ear:
    """The listener of a session, with those who want to know what it heard."""

    def __init__(
        self,
        model: Path,
        language: str,
        put: Callable[[Incoming], None],
        *,
        on_called: Callable[[], None] = lambda: None,
        wake: str | None = None,
        threshold: float = THRESHOLD_DBFS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises VoiceOffError when this model cannot be used for commands. `on_called`: see Listener."""
        self.hearers: list[Callable[[Heard], None]] = []
        self._put = put
        self._whole = load_phrases(language, wake)
        self.listener = Listener(
            model, self._whole, self._heard, put, on_called=on_called, threshold=threshold, clock=clock
        )
        try:
            self.listener.open()
        except ListenerError as error:
            raise VoiceOffError(error.problem.replace("-", "_")) from error
        if not self.listener.phrasebook.phrases:
            self.listener.close()
            raise VoiceOffError("unknown_name")

    @property
    def hears_all(self) -> bool:
        """Everything can be said in one way at least, whatever words the model does not know."""
        return self.listener.phrasebook.kinds() == self._whole.kinds()

    def close(self) -> None:
        self.listener.close()

    def _heard(self, heard: Heard) -> None:
        words = heard.words.replace(UNKNOWN, "…")
        if heard.command is not None:
            self._put(Spoken(heard.command, heard.ago, words))
        elif is_for_us(heard, self.listener.phrasebook.wake):
            self._put(Overheard(words, heard.reason))
        for hearer in self.hearers:
            hearer(heard)


def model_for_commands(model: SpeechModel | None, *, trial: bool, room: CheckedRoom | None) -> SpeechModel:
    """The model to listen with. Raises VoiceOffError when nobody should rely on it."""
    if model is None:
        raise VoiceOffError("no_model")
    if model.embedded and not trial:
        raise VoiceOffError("trial_model")
    if room is not None and not room.understood:
        raise VoiceOffError("room_check")
    return model


def is_for_us(heard: Heard, wake: str) -> bool:
    """Whether it was said to the program, and not just talk in which something resembles a phrase."""
    return heard.reason != "no-phrase" or wake in heard.words


def log_into(path: Path, now: Callable[[], Seconds]) -> Callable[[Heard], None]:
    """Keeps why something was obeyed or not, with its scores; never what was said. For its owner alone."""

    def for_its_owner(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600)

    def log(heard: Heard) -> None:
        command = type(heard.command).__name__ if heard.command is not None else ""
        line = {"at": round(now(), 3), "reason": heard.reason, "command": command, **heard.scores}
        try:
            with open(path, "a", encoding="utf-8", opener=for_its_owner) as file:
                file.write(json.dumps(line) + "\n")
        except OSError:
            pass  # A log is not worth a session.

    return log


def voice_off(why: str) -> ev.ListeningChanged:
    return ev.ListeningChanged(False, why)
