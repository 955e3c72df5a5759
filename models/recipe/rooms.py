"""The conditions of the evaluation. They are held out: none is made the way `augmentation.py` makes them for learning.

Noise has the spectrum of speech and random phases; rooms are shoeboxes whose echoes are counted out one by one; babble
is 4 to 8 held-out voices that read held-out sentences.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .sound import RATE, Sound, stretch, with_noise

Place: TypeAlias = npt.NDArray[np.float64]
"""(3,) metres."""

Readings: TypeAlias = Sequence[Sound]
"""Of one voice, each of a sentence."""

SPEED_OF_SOUND = 343.0
"""Metres a second."""

FEWEST_BABBLERS, MOST_BABBLERS = 4, 8


def babbling(sound: Sound, voices: Sequence[Readings], decibels: float, draw: np.random.Generator) -> Sound:
    """So many of these voices talk at once, each with a sentence of its own; `decibels` of speech over all of them."""
    mixed = np.zeros(len(sound), np.float32)
    count = min(int(draw.integers(FEWEST_BABBLERS, MOST_BABBLERS + 1)), len(voices))
    for number in draw.choice(len(voices), count, replace=False):
        voice = voices[number][int(draw.integers(len(voices[number])))]
        mixed += stretch(voice / np.sqrt(np.mean(voice**2)), len(sound), int(draw.integers(len(voice))))
    return with_noise(sound, mixed, decibels)


def rustling(sound: Sound, voices: Sequence[Readings], decibels: float, draw: np.random.Generator) -> Sound:
    """Steady noise, as loud at each frequency as speech is on average."""
    size = 1 << (len(sound) - 1).bit_length()
    readings = [reading for voice in voices for reading in voice]
    spectrum = np.mean([np.abs(np.fft.rfft(stretch(reading, size, 0))) for reading in readings], axis=0)
    smooth = np.convolve(spectrum, np.ones(65) / 65, mode="same")
    phases = np.exp(2j * np.pi * draw.random(len(smooth)))
    return with_noise(sound, np.fft.irfft(smooth * phases)[: len(sound)].astype(np.float32), decibels)


def in_classroom(sound: Sound, draw: np.random.Generator) -> Sound:
    """A microphone 1 to 3 m away in a classroom of some 8 by 6 by 3 m."""
    size = np.array([8.0, 6.0, 3.0]) * draw.uniform(0.8, 1.2, 3)
    speaker = size * draw.uniform(0.3, 0.7, 3)
    angle, distance = draw.uniform(0, 2 * np.pi), draw.uniform(1, 3)
    microphone = np.clip(speaker + distance * np.array([np.cos(angle), np.sin(angle), 0]), 0.3, size - 0.3)
    response = shoebox(size, speaker, microphone, reflection=draw.uniform(0.6, 0.8))
    length = 1 << (len(sound) + len(response)).bit_length()
    echoing = np.fft.irfft(np.fft.rfft(sound, length) * np.fft.rfft(response, length))
    return echoing[: len(sound)].astype(np.float32)


def shoebox(size: Place, source: Place, microphone: Place, reflection: float, order: int = 12) -> Sound:
    """(samples,) impulse response of an empty rectangular room (image sources, after Allen & Berkley 1979).

    size, source, microphone: (3,) metres. reflection: the share of the pressure that each wall gives back.
    """
    cells = np.arange(-order, order + 1)
    squared, bounces = [], []
    for axis in range(3):
        images, hits = [], []
        for mirrored in (0, 1):
            images.append(2 * cells * size[axis] + (1 - 2 * mirrored) * source[axis] - microphone[axis])
            hits.append(np.abs(2 * cells - mirrored))
        squared.append(np.concatenate(images) ** 2)
        bounces.append(np.concatenate(hits))
    distance = np.sqrt(squared[0][:, None, None] + squared[1][None, :, None] + squared[2][None, None, :]).ravel()
    walls = (bounces[0][:, None, None] + bounces[1][None, :, None] + bounces[2][None, None, :]).ravel()
    arrival = np.round(distance / SPEED_OF_SOUND * RATE).astype(int)
    length = int(0.5 * RATE)
    near = arrival < length
    response = np.zeros(length, np.float32)
    np.add.at(response, arrival[near], (reflection ** walls[near] / np.maximum(distance[near], 0.3)).astype(np.float32))
    return response
