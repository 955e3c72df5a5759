"""Spoken Dutch for tests, and the embedded model that understands it."""

import functools
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
import soxr

from levelup_voice.audio.chunks import RATE

MODEL = Path(__file__).parents[2] / "models" / "levelup-nl-synth"

SUMMARY = "Wij praten vaker met ouders over het welbevinden van het kind."
ANSWER = "De school en de ouders werken samen."


@functools.cache
def spoken(text: str, voice: str = "nl") -> bytes:
    """The text as mono PCM16 at 16 kHz, with 0.3 s of quiet before and 0.7 s after it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "speech.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(file), text], check=True)
        with wave.open(str(file), "rb") as speech:
            frames = np.frombuffer(speech.readframes(speech.getnframes()), np.int16)
            resampled: bytes = soxr.resample(frames, speech.getframerate(), RATE).tobytes()
    return bytes(int(0.3 * RATE) * 2) + resampled + bytes(int(0.7 * RATE) * 2)


def pieces(pcm: bytes, seconds: float = 0.1) -> list[bytes]:
    """The audio as a microphone delivers it."""
    size = int(seconds * RATE) * 2
    return [pcm[at : at + size] for at in range(0, len(pcm), size)]


def save(path: Path, pcm: bytes, rate: int = RATE) -> Path:
    """Write a plain WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return path
