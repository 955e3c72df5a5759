"""How much of everything a model is made from: the full plan, and a miniature that takes minutes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    seed: int = 20260101
    shards: int = 64
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
    """Batches to learn from: 96 s of sound each."""
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

MINIATURE_WORDS = (
    *("volgende", "herhaal", "pauze", "stop", "klaar", "groep"),
    *("een", "twee", "drie", "vier", "vijf", "zes"),
)

MINIATURE = Plan(
    shards=2,
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
