"""The voices of the people in a simulated room: rendered like our own, made to sound like others."""

from collections.abc import Callable

import numpy as np
import soxr
from numpy.typing import NDArray

from .chunks import RATE
from .playout import RATE as RENDERED_RATE
from .renderer import Renderer

VOICES: tuple[tuple[int, int, float], ...] = ((140, 35, 1.0), (155, 60, 1.06), (165, 48, 0.94), (150, 70, 1.0))
"""Rate (words a minute), pitch (0 to 99) and speed-up of the sound: four people who do not sound like our own voice."""


class Participants:
    """`renderer` makes one for a rate and a pitch: an engine speaks in one way only."""

    def __init__(self, renderer: Callable[[int, int], Renderer]) -> None:
        self._renderer = renderer
        self._renderers: dict[int, Renderer] = {}

    def say(self, text: str, voice: int) -> NDArray[np.int16]:
        """`text` as mono samples at 16 kHz, in one of the voices. Raises WorkerError, VoiceError."""
        number = voice % len(VOICES)
        rate, pitch, faster = VOICES[number]
        if number not in self._renderers:
            self._renderers[number] = self._renderer(rate, pitch)
        samples = self._renderers[number].render(text)
        resampled: NDArray[np.int16] = soxr.resample(samples, RENDERED_RATE * faster, RATE).astype(np.int16)
        return resampled

    def close(self) -> None:
        for renderer in self._renderers.values():
            renderer.close()
