from typing import get_args

import numpy as np
import pytest

from levelup_voice.audio.playout import RATE
from levelup_voice.audio.tones import tone
from levelup_voice.session.events import Tone

ALL: tuple[Tone, ...] = get_args(Tone)


def loudness(kind: Tone) -> float:
    """Level of its loudest 100 ms, in dB of full scale."""
    samples = tone(kind).astype(float) / 32768
    windows = np.array_split(samples, max(1, len(samples) // (RATE // 10)))
    return max(10 * float(np.log10(np.mean(window**2))) for window in windows)


@pytest.mark.parametrize("kind", ALL)
def test_every_tone_begins_at_once_and_dies_away_without_a_click(kind: Tone) -> None:
    samples = tone(kind).astype(int)
    peak = int(np.abs(samples).max())
    assert 1000 < peak < 30000
    assert int(np.abs(samples[: RATE // 50]).max()) > peak // 10
    assert abs(int(samples[0])) < peak // 100
    assert int(np.abs(samples[-48:]).max()) < peak // 100
    assert int(np.abs(np.diff(samples)).max()) < peak // 2


def test_the_tones_can_be_told_apart() -> None:
    assert len({tone(kind).tobytes() for kind in ALL}) == len(ALL)


def test_the_tone_that_sounds_into_somebodys_words_is_quiet() -> None:
    assert loudness("chime") - loudness("soft_end") == pytest.approx(12, abs=3)
    assert loudness("soft_end") < min(loudness(kind) for kind in ("chime", "record", "stop", "level"))
