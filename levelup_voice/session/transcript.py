"""What was said in a recording, as far as the recogniser could tell."""

from dataclasses import dataclass

from .plan import Seconds

UNKNOWN = "[unk]"
"""What a recogniser writes for speech that is none of its words."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: Seconds
    """From the start of the recording."""
    end: Seconds
    confidence: float
    """0 to 1, as the recogniser rates itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    words: tuple[Word, ...]
    audio_seconds: Seconds
    work_seconds: Seconds
    """How long the recogniser was busy; differs from run to run."""
    model: str
    """Name of the speech model."""
    trial: bool = False
    """The model is the embedded one, which has never heard a human being: its words serve tests and rehearsals."""

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """Mean confidence over the words, weighted by nothing; 0 when there are none."""
        return sum(word.confidence for word in self.words) / len(self.words) if self.words else 0.0
