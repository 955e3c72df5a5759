"""Generated Dutch talk, and commands, in voices of a synthesiser: what listening is measured on. No benchmark.

The voices are those that the embedded model has never heard while it was made.
"""

import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from levelup_voice.audio.chunks import RATE
from models.recipe.espeak import Manner, Synthesiser
from models.recipe.voices import HELD_OUT, HELD_OUT_KLATT, variants

Sound = NDArray[np.float32]
"""Mono, 16 kHz, in steps of a 16-bit sample."""

VOICES = variants((*HELD_OUT, *HELD_OUT_KLATT))


def _parts(text: str) -> list[str]:
    return text.split("|")


_WHO = _parts(
    "de ouders|de leraren|wij|veel kinderen|sommige ouders|de school|een moeder|de directeur|jullie|het team|iedereen|"
    "de meeste leerlingen|een collega|de buurt|onze groep|ik"
)
_DOES = _parts(
    "praten over|denken aan|willen meer tijd voor|weten weinig van|zien vaak|hebben behoefte aan|vragen naar|vergeten|"
    "maken een plan voor|vertellen over|werken samen aan|helpen bij|luisteren naar"
)
_WHAT = _parts(
    "het huiswerk|een goed gesprek|de taal thuis|het rapport|de ouderavond|vertrouwen en respect|de opvoeding|"
    "een huisbezoek|het welbevinden van het kind|contact met de school|lezen en rekenen|de regels in de klas|"
    "een app voor ouders|de eerste stap"
)
_HOW = _parts(
    "op school|thuis|elke week|na de vakantie|zonder dat het veel tijd kost|in de klas|met z'n allen|als het kan|"
    "en dat is best lastig|want dat werkt goed|maar niet altijd|volgens mij||||"
)

_LIKE_COMMANDS = _parts(
    "volgende week gaan we verder met|groep drie is bezig met|start altijd met|we zijn met de ouders bezig over|"
    "hoeveel tijd hebben we voor|ik ben het eens met|oneens ben ik het niet over|klaar is het nooit met|"
    "herhaal dan nog eens|stil is het nooit bij|wie is er nog niet geweest bij|pauze is belangrijk voor|"
    "twee minuten erbij helpt niet voor|de spelleider zegt iets over|een goede spelleider start met|"
    "neem op tijd contact op over"
)
"""One sentence in twenty begins like a command."""


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    sound: Sound

    @property
    def seconds(self) -> float:
        return len(self.sound) / RATE


def sentences(draw: random.Random) -> Iterator[str]:
    """Sentences without end."""
    while True:
        if draw.random() < 0.05:
            yield f"{draw.choice(_LIKE_COMMANDS)} {draw.choice(_WHAT)}"
        else:
            yield " ".join(draw.choice(part) for part in (_WHO, _DOES, _WHAT, _HOW)).strip()


def say(text: str, voice: str, rate: int = 150, pitch: int = 50) -> Said:
    """Without silence before and after it, at an RMS of -20 dBFS."""
    spoken = _synthesiser().speak(text, voice, Manner(words_per_minute=rate, pitch=pitch))
    sound = soxr.resample(spoken.samples.astype(np.float32), spoken.rate, RATE)
    loud = np.flatnonzero(np.abs(sound) > 100)
    sound = sound[loud[0] : loud[-1] + 1]
    return Said(text, sound * (32768 * 10 ** (-20 / 20) / float(np.sqrt(np.mean(np.square(sound))))))


@functools.cache
def _synthesiser() -> Synthesiser:
    """In this process: starting a program for each sentence would take longer than listening to it."""
    return Synthesiser()


def some_voice(draw: random.Random) -> tuple[str, int, int]:
    return draw.choice(VOICES), draw.choice((130, 150, 170, 190)), draw.choice((35, 50, 65))


def talk(seconds: float, seed: int) -> Iterator[bytes]:
    """So much talk of one person after another at several levels, in a room with some noise: mono PCM16."""
    draw, noise = random.Random(seed), np.random.default_rng(seed)
    made = 0.0
    for text in sentences(draw):
        said = say(text, *some_voice(draw))
        sound = said.sound * 10 ** (draw.uniform(-15, 5) / 20)
        pause = int(RATE * draw.choice((0.1, 0.3, 0.6, 1.2)))
        frames = np.concatenate([sound, np.zeros(pause, np.float32)])
        frames += noise.normal(0, 32768 * 10 ** (-58 / 20), len(frames)).astype(np.float32)
        yield pcm(frames)
        made += len(frames) / RATE
        if made >= seconds:
            return


def pcm(frames: Sound) -> bytes:
    return np.clip(np.rint(frames), -32768, 32767).astype(np.int16).tobytes()


@functools.cache
def room_noise(seconds: float) -> Sound:
    frames: Sound = np.random.default_rng(9).normal(0, 32768 * 10 ** (-58 / 20), int(seconds * RATE)).astype(np.float32)
    return frames
