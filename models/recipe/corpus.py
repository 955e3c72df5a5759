"""The material to learn from: shards of features with the phone that is spoken in each frame."""

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .augmentation import augmented, without_speech
from .espeak import Manner, Spoken, Synthesiser
from .features import CEPSTRA, FRAME, STEP, SUBSAMPLING, cepstra, frame_count
from .phones import INDEX, PHONES, SILENCE, segments
from .sound import RATE, Sound, in_silence, resampled
from .voices import TrainingVoices, make_shard_data

Labels = npt.NDArray[np.uint8]
"""(frames,) numbers of phones."""

TAPE_SPEEDS = (0.86, 0.9, 0.95, 1.0, 1.0, 1.0, 1.0, 1.05, 1.09, 1.13, 1.18)
"""How much faster than true the speech is played: shorter words and higher formants together."""

SHORTEST_SECONDS, LONGEST_SECONDS = 0.2, 16.0
LEAST_PEAK = 200
"""Of the synthesiser's samples: some voices fall silent at some pitches."""

MEAN_OUTPUTS_FLOOR = 1.5
"""Of the network, per phone: shorter than this no phone is on average."""

BABBLERS = 150
"""How many of a shard's utterances others may be heard to say."""


@dataclass(frozen=True, slots=True)
class Shard:
    features: npt.NDArray[np.float16]
    """(frames, 40), one utterance after the other."""
    labels: Labels
    """(frames,)"""

    def save(self, path: Path) -> None:
        np.savez(path, features=self.features, labels=self.labels)

    @classmethod
    def load(cls, paths: Sequence[Path]) -> "Shard":
        """Several as one, with no more than one of them in memory twice."""
        labels = [np.load(path)["labels"] for path in paths]
        features = np.empty((sum(map(len, labels)), CEPSTRA), np.float16)
        start = 0
        for path, each in zip(paths, labels, strict=True):
            features[start : start + len(each)] = np.load(path)["features"]
            start += len(each)
        return cls(features, np.concatenate(labels))


def write_shard(folder: Path, path: Path, seed: int, utterances: int, copies: int) -> None:
    """A shard with voices of its own, from the lines and the stock voices in `folder`."""
    lines = (folder / "lines.txt").read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory(dir=path.parent) as own:
        make_shard_data(Path(own), folder, seed)
        synthesiser, voices = Synthesiser(Path(own)), TrainingVoices(Path(own))
        make_shard(synthesiser, voices, lines, seed, utterances, copies).save(path)


def make_shard(
    synthesiser: Synthesiser,
    voices: TrainingVoices,
    lines: Sequence[str],
    seed: int,
    utterances: int,
    copies: int,
) -> Shard:
    """So many utterances, each in so many acoustic copies, and one stretch without speech for every ten copies."""
    source, draw = random.Random(seed), np.random.default_rng(seed)
    spoken = [utterance(synthesiser, voices, lines, source) for _ in range(utterances)]
    others = [sound for sound, _ in spoken[:BABBLERS]]
    features: list[npt.NDArray[np.float16]] = []
    labels: list[Labels] = []
    for sound, phones in spoken:
        for _ in range(copies):
            features.append(cepstra(augmented(sound, others, draw)).astype(np.float16))
            labels.append(phones)
            if draw.random() < 1 / 10:
                background = without_speech(int(RATE * draw.uniform(1, 4)), others, draw)
                features.append(cepstra(background).astype(np.float16))
                labels.append(np.full(len(features[-1]), INDEX[SILENCE], np.uint8))
    return Shard(np.concatenate(features).reshape(-1, CEPSTRA), np.concatenate(labels))


def utterance(
    synthesiser: Synthesiser, voices: TrainingVoices, lines: Sequence[str], source: random.Random
) -> tuple[Sound, Labels]:
    """A line, read by some voice in some manner, with a label for each of its frames."""
    while True:
        spoken = synthesiser.speak(source.choice(lines), voices.draw(source), some_manner(source))
        long_enough = SHORTEST_SECONDS < spoken.seconds < LONGEST_SECONDS
        if long_enough and int(np.abs(spoken.samples.astype(np.int32)).max()) > LEAST_PEAK:
            break
    speed = source.choice(TAPE_SPEEDS)
    before, after = source.uniform(0.05, 0.7), source.uniform(0.05, 0.7)
    sound = in_silence(resampled(spoken.samples, spoken.rate * speed), before, after)
    return sound, labels_of(spoken, frame_count(len(sound)), before, speed)


def some_manner(source: random.Random) -> Manner:
    words_per_minute = int(min(260, max(100, source.gauss(160, 30))))
    return Manner(words_per_minute, source.randint(15, 85), source.randint(15, 90), source.choice((0, 0, 0, 1, 2, 4)))


def labels_of(spoken: Spoken, frames: int, before: float, speed: float) -> Labels:
    """(frames,) the phone in the middle of each frame, when the speech starts `before` seconds in."""
    placed = segments(spoken)
    starts = np.array([segment.start for segment in placed]) / speed
    phones = np.array([INDEX[segment.phone] for segment in placed])
    middles = (np.arange(frames) * STEP + FRAME / 2) / RATE - before
    number = np.searchsorted(starts, middles, side="right") - 1
    speaking = (number >= 0) & (middles <= spoken.seconds / speed)
    return np.where(speaking, phones[np.maximum(number, 0)], INDEX[SILENCE]).astype(np.uint8)


def stay_probabilities(shard: Shard) -> dict[str, float]:
    """For each phone, how likely it goes on for one more output of the network, from how long it lasts on average."""
    begins = np.flatnonzero(np.diff(shard.labels, prepend=255))
    frames = np.bincount(shard.labels, minlength=len(PHONES))
    runs = np.bincount(shard.labels[begins], minlength=len(PHONES))
    outputs = np.maximum(frames / np.maximum(runs, 1) / SUBSAMPLING, MEAN_OUTPUTS_FLOOR)
    return {phone: float(1 - 1 / mean) for phone, mean in zip(PHONES, outputs, strict=True)}
