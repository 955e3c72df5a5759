"""The worker that renders speech: pyttsx3 in a process of its own, one utterance to one file at a time.

`{"do": "voices"}` is answered with the engine, its version and its voices; `{"do": "render", "text", "voice", "rate",
"pitch"}` with `{"rate": …}` and the sound (16 bits, mono); either with `{"error": …}` when it fails.

What made it so: pyttsx3 reports no errors (an unknown voice speaks on in the previous one, or in English; a path that
cannot be written leaves no file), so everything is looked at afterwards. espeak-ng takes over a second rate or voice
late or never (measured: the third render after the change, or not within five), so a process speaks in one way only.
On macOS the engine wants the main thread. And espeak-ng is GPL: it is loaded here and nowhere else.
"""

import contextlib
import ctypes
import importlib.metadata
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from .sound_file import RecordedSound, SoundFileError, read_sound_file
from .worker import Header, Requests

SHORTEST = 0.03
"""Seconds a letter takes at least, at 150 words a minute. espeak-ng takes 0.08, in long sentences."""


class RenderError(Exception):
    """The engine did not do what it was asked."""


class Engine:
    """pyttsx3 with the engine of this platform."""

    def __init__(self) -> None:
        if sys.platform == "linux" and not has_espeak():
            load_espeak_wheel()
        import pyttsx3

        self._engine: Any = pyttsx3.init()
        self._engine.connect("error", self._note)
        self._errors: list[str] = []
        self._way: tuple[str, int, int | None] | None = None

    def describe(self) -> dict[str, Any]:
        voices = [
            {"id": str(voice.id), "name": str(voice.name or ""), "languages": [_text(one) for one in voice.languages]}
            for voice in self._engine.getProperty("voices")
        ]
        return {"engine": str(self._engine), "version": self._version(), "voices": voices}

    def render(self, text: str, voice: str, rate: int, pitch: int | None, file: Path) -> RecordedSound:
        """`text` as sound, by way of `file`. Raises RenderError."""
        self._speak_as(voice, rate, pitch)
        self._errors.clear()
        self._engine.save_to_file(text, str(file))
        self._run()
        # Also what was set is only carried out, or refused, while the engine runs.
        if self._errors:
            raise RenderError("; ".join(self._errors))
        if (speaks := self._engine.getProperty("voice")) != voice:
            raise RenderError(f"asked for the voice {voice}, the engine speaks as {speaks}")
        try:
            sound = read_sound_file(file)
        except (OSError, SoundFileError) as error:
            raise RenderError(f"the engine wrote no sound: {error}") from error
        shortest = SHORTEST * sum(map(str.isalnum, text)) * 150 / rate
        if not sound.pcm or sound.seconds < shortest:
            raise RenderError(f"{sound.seconds:.2f} s of sound, expected more than {shortest:.2f} s")
        return sound

    def _speak_as(self, voice: str, rate: int, pitch: int | None) -> None:
        """Settle how this process speaks, once and for all."""
        if self._way is None:
            self._engine.setProperty("voice", voice)
            self._engine.setProperty("rate", rate)
            if pitch is not None:
                self._engine.setProperty("pitch", pitch)
            self._way = voice, rate, pitch
        if self._way != (voice, rate, pitch):
            raise RenderError(f"this process speaks as {self._way}; start another one for {(voice, rate, pitch)}")

    def _run(self) -> None:
        """Carry out what was asked for, to its end: by way of pyttsx3 the first text of a process is not waited for
        (measured: 10 ms, however long it takes), so that its file is missing or its end taken for that of the next."""
        self._engine.runAndWait()
        if str(self._engine) == "espeak":
            from pyttsx3.drivers import _espeak

            _espeak.Synchronize()

    def _note(self, exception: Exception, **_: object) -> None:
        self._errors.append(str(exception))

    def _version(self) -> str:
        version = f"pyttsx3 {importlib.metadata.version('pyttsx3')}"
        if str(self._engine) != "espeak":
            return f"{version}, {platform.platform()}"  # The engines of Windows and macOS come with the system.
        from pyttsx3.drivers import _espeak

        info = _espeak.dll.espeak_Info
        info.restype = ctypes.c_char_p
        return f"{version}, espeak-ng {info(None).decode()}"


def has_espeak() -> bool:
    """Whether the system has an espeak library, looked for under the names that pyttsx3 knows."""
    for name in ("libespeak-ng.so.1", "/usr/local/lib/libespeak-ng.so.1", "libespeak.so.1"):
        with contextlib.suppress(OSError):
            ctypes.CDLL(name)
            return True
    return False


def load_espeak_wheel() -> bool:
    """Load espeak-ng from the optional package espeakng-loader, for pyttsx3 to find. False when it is not installed."""
    try:
        import espeakng_loader
    except ImportError:
        return False
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    ctypes.CDLL(espeakng_loader.get_library_path(), ctypes.RTLD_GLOBAL)
    return True


def _text(language: object) -> str:
    """Some drivers hand over bytes, the first of them a priority."""
    return language.decode(errors="ignore").lstrip("\x05\x02") if isinstance(language, bytes) else str(language or "")


def main() -> None:
    requests = Requests()
    engine: Engine | None = None
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # pyttsx3 tells of every file it wrote.
        for request, _ in requests:
            try:
                engine = engine or Engine()
                requests.answer(*_carry_out(engine, request))
            except Exception as error:  # noqa: BLE001 - drivers raise whatever their platform raises
                requests.answer({"error": f"{type(error).__name__}: {error}"})


def _carry_out(engine: Engine, request: Header) -> tuple[Header, bytes]:
    if request["do"] == "voices":
        return engine.describe(), b""
    # A folder for each file, not one for all: we mostly end by being killed, and that would leave it behind.
    with tempfile.TemporaryDirectory(prefix="levelup-voice-") as folder:
        sound = engine.render(
            request["text"], request["voice"], request["rate"], request.get("pitch"), Path(folder, "speech.wav")
        )
    return {"rate": sound.rate}, sound.pcm


if __name__ == "__main__":
    main()
