"""Making a rendered utterance fit for the loudspeaker: its rate, its level, and no silence around it."""

import numpy as np
import soxr
from numpy.typing import NDArray

from .playout import RATE

PEAK = 0.7
"""Of full scale (-3 dBFS): as loud as may be without a converter overshooting."""

MOST_GAIN = 4.0
"""What is fainter than 12 dB below the peak was meant to be, or is a fault: it is not blown up."""

QUIET = 0.004
"""Of the peak (-48 dB): below this an engine is silent."""

BEFORE, AFTER = 0.01, 0.05
"""Seconds kept around the speech: an attack, and a voice that dies away."""

FADE = 0.005


def shape(pcm: bytes, rate: int) -> NDArray[np.int16]:
    """16-bit mono at `rate` frames a second as samples for the loudspeaker (mono, 48 kHz). Empty when it is silent."""
    sound = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768
    sound = np.asarray(soxr.resample(sound, rate, RATE), dtype=np.float32) if rate != RATE else sound
    peak = float(np.abs(sound).max(initial=0.0))
    if peak == 0.0:
        return np.zeros(0, np.int16)
    speech = np.flatnonzero(np.abs(sound) > QUIET * peak)
    start, end = int(speech[0]) - round(BEFORE * RATE), int(speech[-1]) + round(AFTER * RATE)
    kept = sound[max(start, 0) : end] * min(PEAK / peak, MOST_GAIN)
    fade = np.linspace(0, 1, min(round(FADE * RATE), len(kept)), dtype=np.float32)
    kept[: len(fade)] *= fade
    kept[len(kept) - len(fade) :] *= fade[::-1]
    return (kept * 32767).round().astype(np.int16)
