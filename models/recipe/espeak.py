"""Speech from espeak-ng's library, with the moment at which each word and phone begins. Holds no choice of voice.

The program `espeak-ng` writes a WAV but tells no phones; the library calls back with both. Its structures are those of
espeak-ng 1.51 (`speak_lib.h`). The library keeps its state in globals: one `Synthesiser` a process.
"""

import ctypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Samples: TypeAlias = npt.NDArray[np.int16]

SYNCHRONOUS = 2
PHONE_EVENTS = 1
POSITION_IN_CHARACTERS = 1
TEXT_IS_UTF8 = 1
LIST_END, WORD, PHONE = 0, 1, 7
RATE, PITCH, PITCH_RANGE, WORD_GAP = 1, 3, 4, 7


@dataclass(frozen=True, slots=True)
class PhoneEvent:
    name: str
    start: float
    """Seconds from the first sample."""
    word: int
    """Number of the word, from 0; -1 before the first."""


@dataclass(frozen=True, slots=True)
class Spoken:
    samples: Samples
    """(samples,) mono."""
    rate: int
    """Hz; 22050 for voices of espeak-ng itself."""
    phones: tuple[PhoneEvent, ...]
    words: int
    """How many words espeak-ng found in the text."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


@dataclass(frozen=True, slots=True)
class Manner:
    """How a voice speaks."""

    words_per_minute: int = 165
    pitch: int = 50
    """0 to 100."""
    pitch_range: int = 50
    """0 to 100; 0 is a monotone."""
    word_gap: int = 0
    """In units of 10 ms."""


class _Identity(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Identity),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Synthesiser:
    """espeak-ng, with its own voices or with those in `data` (a folder that holds `espeak-ng-data`)."""

    def __init__(self, data: Path | None = None) -> None:
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        where = str(data).encode() if data else None
        if self._library.espeak_Initialize(SYNCHRONOUS, 200, where, PHONE_EVENTS) <= 0:
            raise OSError(f"espeak-ng finds no voices in {data or 'its own folder'}")
        self._pieces: list[Samples] = []
        self._events: list[tuple[int, int, str]] = []
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def has(self, voice: str) -> bool:
        """Whether the voice is installed."""
        return bool(self._library.espeak_SetVoiceByName(voice.encode()) == 0)

    def speak(self, text: str, voice: str = "nl", manner: Manner | None = None) -> Spoken:
        """Raises ValueError for a voice that espeak-ng does not have."""
        manner = manner or Manner()
        if not self.has(voice):
            raise ValueError(f"espeak-ng has no voice {voice}")
        settings = (
            (RATE, manner.words_per_minute),
            (PITCH, manner.pitch),
            (PITCH_RANGE, manner.pitch_range),
            (WORD_GAP, manner.word_gap),
        )
        for parameter, value in settings:
            self._library.espeak_SetParameter(parameter, value, 0)
        self._pieces.clear()
        self._events.clear()
        encoded = text.encode()
        self._library.espeak_Synth(encoded, len(encoded) + 1, 0, POSITION_IN_CHARACTERS, 0, TEXT_IS_UTF8, None, None)
        samples = np.concatenate(self._pieces) if self._pieces else np.zeros(0, np.int16)
        rate = self._library.espeak_ng_GetSampleRate()
        phones, words = [], 0
        for kind, sample, name in self._events:
            if kind == WORD:
                words += 1
            else:
                phones.append(PhoneEvent(name, sample / rate, words - 1))
        return Spoken(samples, rate, tuple(phones), words)

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        number = 0
        while events[number].type != LIST_END:
            event = events[number]
            if event.type in (WORD, PHONE):
                name = event.id.string.decode("utf-8", "replace") if event.type == PHONE else ""
                self._events.append((event.type, event.sample, name))
            number += 1
        return 0
