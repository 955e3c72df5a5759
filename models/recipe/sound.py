"""Sound as numbers: 16 kHz, mono, float32 with the scale of 16-bit samples. Levels and mixing."""

import numpy as np
import numpy.typing as npt
import soxr

RATE = 16000
"""Hz."""
FULL_SCALE = 32767.0

Sound = npt.NDArray[np.float32]
"""(samples,) at 16 kHz."""


def resampled(samples: npt.NDArray[np.int16], rate: float) -> Sound:
    """At 16 kHz. A `rate` other than the true one (Hz) changes speed and formants together, like a tape."""
    result: Sound = soxr.resample(samples.astype(np.float32), rate, RATE, quality="LQ")
    return result


def in_silence(sound: Sound, before: float, after: float) -> Sound:
    """With so many seconds of silence around it."""
    return np.concatenate([np.zeros(int(before * RATE), np.float32), sound, np.zeros(int(after * RATE), np.float32)])


def speech_power(sound: Sound) -> float:
    """Mean power from the first to the last sample of speech: above 1 % of the highest peak."""
    loud = np.flatnonzero(np.abs(sound) > 0.01 * np.abs(sound).max(initial=0.0))
    return float(np.mean(sound[loud[0] : loud[-1] + 1] ** 2)) if len(loud) else 0.0


def with_noise(sound: Sound, noise: Sound, decibels: float) -> Sound:
    """Speech with noise of the same length, at this ratio of mean powers (speech as in `speech_power`)."""
    noise_power = float(np.mean(noise**2))
    if noise_power == 0.0:
        return sound
    scale = np.sqrt(speech_power(sound) / noise_power / 10 ** (decibels / 10))
    return (sound + noise * np.float32(scale)).astype(np.float32)


def at_peak(sound: Sound, decibels: float) -> Sound:
    """Scaled so that its highest sample is at this level under full scale (dBFS, negative)."""
    peak = float(np.abs(sound).max(initial=0.0))
    return sound if peak == 0.0 else (sound * np.float32(FULL_SCALE * 10 ** (decibels / 20) / peak)).astype(np.float32)


def as_pcm(sound: Sound) -> npt.NDArray[np.int16]:
    """Rounded to 16-bit samples; what is too loud is clipped."""
    return np.clip(np.round(sound), -32768, 32767).astype(np.int16)


def stretch(sound: Sound, length: int, start: int) -> Sound:
    """`length` samples of it from `start`, as often repeated as needed."""
    return np.take(sound, np.arange(start, start + length), mode="wrap")
