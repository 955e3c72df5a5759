"""How words are spoken: as espeak-ng says them, and as people wear them down."""

import pytest

from models.recipe.espeak import Synthesiser
from models.recipe.lexicon import DEVOICED_SHARE, DROPPED_N, MERGED_S, SLURRED, make_lexicon


@pytest.mark.parametrize(
    ("word", "spoken", "share"),
    [
        ("werken", "v# E r k @", DROPPED_N),
        ("zeventien", "s e: v @ n t i n", DEVOICED_SHARE),
        ("vier", "f i r", DEVOICED_SHARE),
        ("wees", "v# e:", MERGED_S),
        ("zevenentwintig", "z e: v @ n t v# I n t @ x", SLURRED),
    ],
)
def test_a_word_is_also_known_as_it_sounds_in_running_speech(word: str, spoken: str, share: float) -> None:
    known = {" ".join(entry.phones): entry.probability for entry in make_lexicon(Synthesiser(), [word], [])}
    assert max(known.values()) == 1.0
    assert known.get(spoken) == pytest.approx(share), known


@pytest.mark.parametrize(
    ("word", "why"), [("stelling", "begins without voice"), ("collega's", "would be another word"), ("les", "is short")]
)
def test_what_is_not_worn_down_is_known_in_one_way(word: str, why: str) -> None:
    known = [" ".join(entry.phones) for entry in make_lexicon(Synthesiser(), [word], [])]
    assert len(known) == 1, why
