"""What was heard in the recordings of a session, as sentences: worked out once for each transcript."""

from . import prose
from .catalogue import Catalogue
from .prose import Sentence
from .state import Recording
from .transcript import Transcript


class Sentences:
    """In one language. Of one session; each recording may be asked for again and again, as it changes."""

    def __init__(self, words: Catalogue) -> None:
        self.spelling = prose.spelling(words)
        self._known: dict[int, tuple[Transcript, frozenset[str], tuple[Sentence, ...]]] = {}

    def of(self, recording: Recording) -> tuple[Sentence, ...]:
        """Everything that was heard, without doubt about the words that a person has found to be right."""
        transcript, right = recording.transcript, recording.confirmed
        if transcript is None:
            self._known.pop(recording.number, None)  # Of a deleted recording nothing stays.
            return ()
        known = self._known.get(recording.number)
        # By identity: to compare hours of words would cost what is to be saved.
        if known is None or known[0] is not transcript or known[1] != right:
            said = prose.confirmed(prose.sentences(transcript, self.spelling), right)
            self._known[recording.number] = known = transcript, right, said
        return known[2]
