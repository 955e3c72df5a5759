"""How words are spoken: as espeak-ng says them, and as people wear them down."""

import pytest

from models.recipe.espeak import Synthesiser
from models.recipe.lexicon import DEVOICED_SHARE, DROPPED_N, SLURRED, make_lexicon


@pytest.mark.parametrize(
    ("word", "spoken", "share"),
    [
        ("werken", "v# E r k @", DROPPED_N),
        ("zeventien", "s e: v @ n t i n", DEVOICED_SHARE),
        ("vier", "f i r", DEVOICED_SHARE),
        ("zevenentwintig", "z e: v @ n t v# I n t @ x", SLURRED),
    ],
)
def test_a_word_is_also_known_as_it_sounds_in_running_speech(word: str, spoken: str, share: float) -> None:
    known = {" ".join(entry.phones): entry.probability for entry in make_lexicon(Synthesiser(), [word], [])}
    assert max(known.values()) == 1.0
    assert known.get(spoken) == pytest.approx(share), known


def test_what_begins_without_voice_has_none_to_lose() -> None:
    known = [" ".join(entry.phones) for entry in make_lexicon(Synthesiser(), ["stelling"], [])]
    assert len(known) == 1
