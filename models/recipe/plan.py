"""How much of everything a model is made from: the full plan, a larger one, and a miniature that takes minutes."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    seed: int = 20260101
    shards: int = 64
    sequence_shards: int = 48
    """More of them, to tell sequences apart: what was learned by heart of the others is no help there."""
    utterances: int = 1000
    """Of a shard: about an hour of speech before augmentation."""
    copies: int = 2
    lines: int = 60_000
    """To be read, for the acoustic model."""
    sentences: int = 60_000
    """For the language model."""
    sentences_listened_to: int = 8_000
    """For pronunciations in running text."""
    steps: int = 36_000
    """Batches to learn from."""
    batch: int = 32
    """Windows in each, of 3 s of sound."""
    minutes: float = 80.0
    """After which learning ends even if steps are left."""
    sequence_steps: int = 6_000
    """Batches more, to tell sequences apart."""
    sequence_minutes: float = 20.0
    words: tuple[str, ...] = ()
    """All that it shall know; none: the whole vocabulary."""
    talk_hours: int = 24
    """Of talk in which no command may be heard; in fewer, a fourth of what is allowed cannot be told from all of it."""


FULL = Plan()

LARGE = replace(FULL, batch=128, steps=26_000)
"""For a graphics processor, on which a batch takes as long whether it is large or small."""

MINIATURE_WORDS = (
    *("volgende", "herhaal", "pauze", "stop", "klaar", "groep"),
    *("een", "twee", "drie", "vier", "vijf", "zes"),
)

MINIATURE = Plan(
    shards=2,
    sequence_shards=1,
    utterances=500,
    copies=1,
    lines=2_000,
    sentences=2_000,
    sentences_listened_to=100,
    steps=500,
    minutes=3.0,
    sequence_steps=100,
    sequence_minutes=1.0,
    words=MINIATURE_WORDS,
    talk_hours=0,
)
"""Knows a handful of words and hears them from the plainest voices: enough to show that all steps work together."""
