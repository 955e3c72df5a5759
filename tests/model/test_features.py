"""Cepstra are Kaldi's."""

from pathlib import Path

import numpy as np
import pytest

from models.recipe.features import BINS, CEPSTRA, HIGHEST_HZ, LOWEST_HZ, cepstra, frame_count
from models.recipe.sound import RATE, Sound

REFERENCE = Path(__file__).with_name("kaldi_cepstra.npy")
"""What kaldi-native-fbank 1.23 gives for `some_sound`."""


def some_sound() -> Sound:
    """Half a second of a rising tone over noise, then a fifth of a second of digital silence."""
    seconds = np.arange(RATE // 2) / RATE
    tone = 4000 * np.sin(2 * np.pi * (200 + 3000 * seconds) * seconds)
    noise = np.random.default_rng(11).integers(-300, 301, len(seconds))
    return np.concatenate([np.round(tone + noise), np.zeros(RATE // 5)]).astype(np.float32)


def test_cepstra_equal_those_of_kaldi_on_reference_frames() -> None:
    assert cepstra(some_sound()) == pytest.approx(np.load(REFERENCE), abs=5e-3)


def test_the_reference_is_what_kaldi_computes() -> None:
    kaldi = pytest.importorskip("kaldi_native_fbank", reason="needs what `make model` installs")
    options = kaldi.MfccOptions()
    options.frame_opts.dither = 0
    options.frame_opts.samp_freq = RATE
    options.mel_opts.num_bins = BINS
    options.mel_opts.low_freq = LOWEST_HZ
    options.mel_opts.high_freq = HIGHEST_HZ - RATE / 2
    options.num_ceps = CEPSTRA
    options.use_energy = False
    computer = kaldi.OnlineMfcc(options)
    computer.accept_waveform(RATE, some_sound().tolist())
    computer.input_finished()
    frames = np.stack([computer.get_frame(number) for number in range(computer.num_frames_ready)])
    assert np.load(REFERENCE) == pytest.approx(frames, abs=1e-3)


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16000, 98)])
def test_only_whole_frames_count(samples: int, frames: int) -> None:
    assert frame_count(samples) == frames
    assert cepstra(np.ones(samples, np.float32)).shape == (frames, CEPSTRA)
