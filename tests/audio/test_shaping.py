import numpy as np
import pytest

from levelup_voice.audio.playout import RATE
from levelup_voice.audio.shaping import shape


def utterance(rate: int, strength: float, silence: float = 0.4) -> bytes:
    """Half a second of a steady sound, with silence around it."""
    quiet = np.zeros(round(silence * rate))
    sound = np.sin(2 * np.pi * 300 * np.arange(rate // 2) / rate) * strength
    return (np.concatenate([quiet, sound, quiet]) * 32767).astype("<i2").tobytes()


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
def test_an_utterance_has_the_loudspeakers_rate_and_no_silence_around_it(rate: int) -> None:
    samples = shape(utterance(rate, 0.3), rate)
    assert 0.5 <= len(samples) / RATE <= 0.6
    loud = np.flatnonzero(np.abs(samples.astype(int)) > 1000)
    assert loud[0] / RATE < 0.05
    assert (len(samples) - loud[-1]) / RATE <= 0.055


def test_loud_and_soft_engines_become_alike_but_a_whisper_stays_one() -> None:
    peaks = [int(np.abs(shape(utterance(22050, strength), 22050).astype(int)).max()) for strength in (0.2, 0.5, 1.0)]
    assert max(peaks) - min(peaks) < 300
    assert max(peaks) < 24000
    assert int(np.abs(shape(utterance(22050, 0.01), 22050).astype(int)).max()) < 2000


def test_silence_becomes_nothing() -> None:
    assert len(shape(bytes(2000), 22050)) == 0
    assert len(shape(b"", 22050)) == 0
