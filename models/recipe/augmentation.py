"""What happens to speech between a mouth and a microphone: rooms, other people, hum, poor microphones.

Every function takes (samples,) at 16 kHz and gives the same length back. All of this is for learning; what is held out
for evaluation is made otherwise, in `rooms.py`.
"""

from collections.abc import Sequence

import numpy as np

from .sound import FULL_SCALE, RATE, Sound, at_peak, stretch, with_noise

LIGHT_SHARE = 0.2
"""Of the copies: nothing but a level and a noise floor."""

COLOURED_SHARE, BABBLE_SHARE, BOTH_SHARE = 0.3, 0.42, 0.1
"""Of the other copies."""

FEWEST_BABBLERS, MOST_BABBLERS = 3, 8


def augmented(sound: Sound, voices: Sequence[Sound], draw: np.random.Generator) -> Sound:
    """A copy as it might reach a microphone. `voices`: what others may say meanwhile."""
    if draw.random() > LIGHT_SHARE:
        sound = through_room(sound, draw)
        kind = draw.random()
        if kind < COLOURED_SHARE + BOTH_SHARE:
            sound = with_noise(sound, coloured_noise(len(sound), draw), draw.uniform(3, 30))
        if COLOURED_SHARE < kind < COLOURED_SHARE + BOTH_SHARE + BABBLE_SHARE:
            sound = with_noise(sound, babble(len(sound), voices, draw), draw.uniform(3, 25))
        if draw.random() < 0.08:
            sound = clipped(sound, draw.uniform(2, 12))
    return on_tape(sound, draw)


def without_speech(length: int, voices: Sequence[Sound], draw: np.random.Generator) -> Sound:
    """What is no speech to write down: noise, or other people in the background."""
    background = babble(length, voices, draw) if draw.random() < 0.5 else coloured_noise(length, draw)
    return on_tape(through_room(background, draw), draw, quietest=60)


def through_room(sound: Sound, draw: np.random.Generator) -> Sound:
    """Coloured by a microphone's frequency response, and by a room more often than not."""
    size = _next_power(len(sound) + RATE)
    spectrum = np.fft.rfft(sound, size)
    if draw.random() < 0.7:
        spectrum = spectrum * microphone_response(len(spectrum), draw)
    if draw.random() < 0.6:
        spectrum = spectrum * np.fft.rfft(impulse_response(draw), size)
    result: Sound = np.fft.irfft(spectrum, size)[: len(sound)].astype(np.float32)
    return result


def microphone_response(bins: int, draw: np.random.Generator) -> Sound:
    """(bins,) gain from 0 Hz to 8 kHz: tilted and uneven, and often without the lowest or highest part."""
    corners_hz = np.array([0, 80, 200, 500, 1200, 3000, 5500, 7000, 8000])
    decibels = draw.uniform(-1, 1) * np.linspace(-8, 8, len(corners_hz)) + draw.normal(0, 3, len(corners_hz))
    if draw.random() < 0.4:
        decibels[:2] -= draw.uniform(5, 25)
    if draw.random() < 0.3:
        decibels[-2:] -= draw.uniform(8, 35)
    if draw.random() < 0.1:
        decibels[-4:] -= 25
    frequencies = np.linspace(0, RATE / 2, bins)
    return (10 ** (np.interp(frequencies, corners_hz, decibels) / 20)).astype(np.float32)


def impulse_response(draw: np.random.Generator) -> Sound:
    """A direct sound and a tail of noise that falls by 60 dB in 0.1 to 0.7 s (Polack's model of a diffuse room)."""
    length = int(RATE * draw.uniform(0.1, 0.7))
    tail = draw.standard_normal(length, dtype=np.float32) * np.exp(-6.9 * np.arange(length, dtype=np.float32) / length)
    tail[: draw.integers(20, 300)] *= 0.1
    tail *= draw.uniform(0.1, 0.9) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return tail


def coloured_noise(length: int, draw: np.random.Generator) -> Sound:
    """White to brown, sometimes swelling, humming at 50 Hz or with taps on a table."""
    spectrum = np.fft.rfft(draw.standard_normal(_next_power(length), dtype=np.float32))
    spectrum /= (np.arange(len(spectrum)) + 20) ** (draw.uniform(0, 2) / 2)
    noise: Sound = np.fft.irfft(spectrum)[:length].astype(np.float32)
    noise /= noise.std() + 1e-9
    seconds = np.arange(length, dtype=np.float32) / RATE
    if draw.random() < 0.3:
        noise *= 1 + 0.8 * np.sin(2 * np.pi * draw.uniform(0.3, 4) * seconds + draw.uniform(0, 6))
    if draw.random() < 0.2:
        for harmonic in range(1, 6):
            noise += draw.uniform(0, 1) * np.sin(2 * np.pi * 50 * harmonic * seconds)
    if draw.random() < 0.25:
        for _ in range(draw.integers(1, 8)):
            start, span = int(draw.integers(0, length)), int(draw.integers(80, 800))
            tap = draw.uniform(3, 12) * draw.standard_normal(span) * np.exp(-5 * np.arange(span) / span)
            noise[start : start + span] += tap[: length - start]
    return noise.astype(np.float32)


def babble(length: int, voices: Sequence[Sound], draw: np.random.Generator) -> Sound:
    """Several people who talk at once, not equally loud; now and then from the other end of a room."""
    mixed = np.zeros(length, np.float32)
    for _ in range(draw.integers(FEWEST_BABBLERS, MOST_BABBLERS + 1)):
        voice = voices[int(draw.integers(len(voices)))]
        mixed += stretch(voice, length, int(draw.integers(len(voice)))) * np.float32(draw.uniform(0.3, 1))
    return through_room(mixed, draw) if draw.random() < 0.3 else mixed


def clipped(sound: Sound, decibels: float) -> Sound:
    """Cut off at so far under its highest sample."""
    limit = np.abs(sound).max() * 10 ** (-decibels / 20)
    return np.clip(sound, -limit, limit)


def on_tape(sound: Sound, draw: np.random.Generator, quietest: float = 34) -> Sound:
    """At a level between 1 and `quietest` dB under full scale, rounded, over a noise floor of the converter or none."""
    sound = at_peak(sound, -draw.uniform(1, quietest))
    if draw.random() < 0.92:
        sound = sound + draw.standard_normal(len(sound), dtype=np.float32) * np.float32(10 ** draw.uniform(-0.3, 1.3))
    return np.clip(np.round(sound), -FULL_SCALE - 1, FULL_SCALE)


def _next_power(length: int) -> int:
    """Of two: transforms of other lengths are several times slower."""
    return 1 << (length - 1).bit_length()
