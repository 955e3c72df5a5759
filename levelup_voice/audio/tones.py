"""The sounds without words: bells made of a few partials that die away, so that they carry without startling."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from levelup_voice.session.events import Tone

from .playout import RATE

ATTACK = 0.008
"""Seconds: short enough to be a beginning, too long to click."""

PARTIALS = ((1.0, 1.0, 1.0), (2.0, 0.35, 0.6), (3.0, 0.12, 0.4), (4.2, 0.05, 0.25))
"""(multiple of the pitch, strength, how long it lasts) of a struck bar; the last one is what makes it metal."""

C5, E5, G5, C6, E6 = 523.25, 659.26, 783.99, 1046.5, 1318.5

SCORES: dict[Tone, tuple[tuple[float, float, float, float], ...]] = {
    "chime": ((G5, 0.0, 1.0, 0.5), (C6, 0.18, 1.3, 0.5)),
    "record": ((C6, 0.0, 0.35, 0.45), (E6, 0.12, 0.4, 0.45)),
    "soft_end": ((G5, 0.0, 0.9, 0.12), (E5, 0.22, 1.1, 0.12)),
    "stop": ((E6, 0.0, 0.35, 0.4), (C5, 0.12, 0.5, 0.45)),
    "earcon": ((E6, 0.0, 0.18, 0.25),),
    "level": ((C5, 0.0, 1.2, 0.5), (E5, 0.4, 1.2, 0.5), (G5, 0.8, 1.2, 0.5)),
}
"""Per tone its notes: (pitch in hertz, begins after, sounds for, strength). What starts rises, what ends falls;
soft_end, which sounds while somebody speaks, is 12 dB below the chime."""


@cache
def tone(kind: Tone) -> NDArray[np.int16]:
    """The samples of a tone: mono, 48 kHz, beginning at once. The array is shared and must not be written to."""
    notes = SCORES[kind]
    length = max(begins + sounds for _, begins, sounds, _ in notes)
    mixed = np.zeros(round(length * RATE), np.float64)
    for pitch, begins, sounds, strength in notes:
        note = _struck(pitch, sounds) * strength
        at = round(begins * RATE)
        mixed[at : at + len(note)] += note[: len(mixed) - at]
    samples = (mixed * 32767).clip(-32767, 32767).round().astype(np.int16)
    samples.setflags(write=False)
    return samples


def _struck(pitch: float, seconds: float) -> NDArray[np.float64]:
    time = np.arange(round(seconds * RATE)) / RATE
    note = np.zeros(len(time))
    for multiple, strength, lasting in PARTIALS:
        note += strength * np.exp(-6 * time / (seconds * lasting)) * np.sin(2 * np.pi * pitch * multiple * time)
    note *= np.minimum(time / ATTACK, 1.0) * np.minimum((seconds - time) / 0.02, 1.0)
    return note / sum(strength for _, strength, _ in PARTIALS)
