"""Loudness is measured against full scale, and what sounds wrong is noticed once."""

import numpy as np
import pytest

from levelup_voice.audio.chunks import RATE
from levelup_voice.audio.levels import FLOOR, Watch, dbfs, level

SECOND = np.arange(RATE) / RATE


def sine(amplitude: float) -> bytes:
    return (amplitude * np.sin(2 * np.pi * 440 * SECOND)).astype(np.int16).tobytes()


def noise(dbfs: float) -> bytes:
    rng = np.random.default_rng(5)
    return rng.normal(0, 32768 * 10 ** (dbfs / 20), RATE).astype(np.int16).tobytes()


def samples(*values: int) -> bytes:
    return np.array(values, np.int16).tobytes()


def noticed(watch: Watch, pcm: bytes, times: int) -> list[str]:
    return [finding for _ in range(times) for finding in watch.hear(pcm)]


def test_a_sine_of_half_scale_peaks_at_minus_6_with_an_rms_of_minus_9() -> None:
    assert level(sine(16384)).peak_dbfs == pytest.approx(-6.0, abs=0.1)
    assert level(sine(16384)).rms_dbfs == pytest.approx(-9.0, abs=0.1)


def test_full_scale_is_zero_and_nothing_is_the_floor() -> None:
    assert level(samples(-32768, -32768)).peak_dbfs == 0.0
    assert level(samples(-32768, -32768)).rms_dbfs == 0.0
    assert (level(bytes(200)).peak_dbfs, level(b"").rms_dbfs, dbfs(0)) == (FLOOR, FLOOR, FLOOR)


def test_exact_silence_is_noticed_after_a_second_and_a_half_and_once() -> None:
    watch = Watch()
    assert noticed(watch, bytes(RATE * 2), 1) == []
    assert noticed(watch, bytes(RATE * 2), 10) == ["silent"]


def test_the_quietest_noise_is_not_silence() -> None:
    assert "silent" not in noticed(Watch(), samples(*([0] * 1599), 1), 100)


def test_speech_that_is_too_soft_is_noticed_after_five_seconds() -> None:
    watch = Watch()
    assert noticed(watch, noise(-55), 4) == []
    assert noticed(watch, noise(-55), 5) == ["quiet"]


def test_one_loud_moment_in_between_is_enough() -> None:
    watch = Watch()
    assert noticed(watch, noise(-55), 4) + noticed(watch, noise(-30), 1) + noticed(watch, noise(-55), 4) == []


@pytest.mark.parametrize(
    ("first", "second", "clips"),
    [
        (samples(0, 32760, 32767, 32767, 0), samples(0), True),
        (samples(0, -32768, -32768, -32760), samples(0), True),
        (samples(0, 32767, 32767), samples(32767, 0), True),
        (samples(32767), samples(32767, 32767), True),
        (samples(0, 32767, 32767, 0, 32767), samples(0, 32767, 32767), False),
        (samples(32759, 32759, 32759, 32759), samples(32759), False),
    ],
)
def test_three_frames_in_a_row_at_the_limit_are_clipping(first: bytes, second: bytes, clips: bool) -> None:
    watch = Watch()
    assert ("clipping" in [*watch.hear(first), *watch.hear(second)]) is clips
