"""Mel cepstra as Kaldi computes them, over a whole recording at once.

The settings are those of `conf/mfcc.conf`, which the recogniser reads. After Kaldi's `feature-window.cc`,
`mel-computations.cc` and `feature-mfcc.cc`; a test compares them with kaldi-native-fbank, frame by frame.
"""

import functools

import numpy as np
import numpy.typing as npt

from .sound import RATE, Sound

FRAME = 400
"""Samples: 25 ms."""
STEP = 160
"""Samples: 10 ms."""
BINS = 40
CEPSTRA = 40
SUBSAMPLING = 3
"""Frames per output of the network."""
LOWEST_HZ, HIGHEST_HZ = 20.0, RATE / 2 - 400.0
LIFTER = 22.0
PRE_EMPHASIS = 0.97
TRANSFORM = 512
"""Samples: the next power of two."""
LEAST_ENERGY = float(np.finfo(np.float32).eps)

CONFIGURATION = {
    "sample-frequency": RATE,
    "use-energy": "false",
    "num-mel-bins": BINS,
    "num-ceps": CEPSTRA,
    "low-freq": 20,
    "high-freq": -400,
    "dither": 0,
}
"""What `conf/mfcc.conf` says. All else is as Kaldi has it."""

Features = npt.NDArray[np.float32]


def frame_count(samples: int) -> int:
    """How many whole frames there are (Kaldi's `snip-edges`)."""
    return 0 if samples < FRAME else 1 + (samples - FRAME) // STEP


def cepstra(sound: Sound) -> Features:
    """(frames, 40) cepstra of (samples,) at 16 kHz, whose values are those of 16-bit samples."""
    if frame_count(len(sound)) == 0:
        return np.zeros((0, CEPSTRA), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound.astype(np.float32, copy=False), FRAME)[::STEP]
    frames = frames - frames.mean(axis=1, keepdims=True)
    emphasised = np.empty_like(frames)
    emphasised[:, 1:] = frames[:, 1:] - PRE_EMPHASIS * frames[:, :-1]
    emphasised[:, 0] = frames[:, 0] * (1 - PRE_EMPHASIS)
    spectrum = np.fft.rfft(emphasised * _window(), TRANSFORM, axis=1)[:, : TRANSFORM // 2]
    power = spectrum.real**2 + spectrum.imag**2
    energies = np.maximum(power @ _mel_filters(), LEAST_ENERGY)
    result: Features = (np.log(energies) @ _cosines()).astype(np.float32)
    return result


@functools.cache
def _window() -> Features:
    """(400,) Kaldi's own window, "povey"."""
    position = np.arange(FRAME) / (FRAME - 1)
    window: Features = ((0.5 - 0.5 * np.cos(2 * np.pi * position)) ** 0.85).astype(np.float32)
    return window


@functools.cache
def _mel_filters() -> Features:
    """(256, 40) triangles that are equal on the mel scale. The bin at the Nyquist frequency is not used."""
    low, high = _mel(np.array([LOWEST_HZ, HIGHEST_HZ]))
    step = (high - low) / (BINS + 1)
    at = _mel(np.arange(TRANSFORM // 2) * RATE / TRANSFORM)[:, None]
    left = low + step * np.arange(BINS)[None, :]
    rising, falling = (at - left) / step, (left + 2 * step - at) / step
    filters: Features = np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)
    return filters


def _mel(hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return 1127.0 * np.log1p(hertz / 700.0)


@functools.cache
def _cosines() -> Features:
    """(40, 40) the cosine transform and the lifter in one."""
    number = np.arange(CEPSTRA)
    cosines = np.sqrt(2 / BINS) * np.cos(np.pi / BINS * (np.arange(BINS)[:, None] + 0.5) * number[None, :])
    cosines[:, 0] = np.sqrt(1 / BINS)
    lifted: Features = (cosines * (1 + 0.5 * LIFTER * np.sin(np.pi * number / LIFTER))).astype(np.float32)
    return lifted
