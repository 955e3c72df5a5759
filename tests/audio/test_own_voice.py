"""It does not obey itself: all that content/ lets us say, out of the loudspeaker and into the microphone."""

import numpy as np
import pytest

from levelup_voice.audio.chunks import RATE
from levelup_voice.audio.listen_worker import Ears, load
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import load_plan
from levelup_voice.files.phrases import load_phrases
from levelup_voice.session.allowed import ALLOWED, Kind
from levelup_voice.session.listening import BARGE_IN
from levelup_voice.session.phrases import Phrasebook, pairs_covered, plain, unfinished
from levelup_voice.session.wording import everything_said
from tests.audio import speech
from tests.audio.speech import pieces, spoken

pytestmark = pytest.mark.skipif(not speech.knows_commands(), reason="the embedded model lacks words of the commands")

BOOK = load_phrases("nl")


def all_texts() -> list[str]:
    """Read aloud, announced and answered, and every other text of the catalogue that is spoken."""
    words = load_catalogue("nl")
    said = list(everything_said(load_plan("level-up"), words, 26))
    answers = [text for key, text in words.texts.items() if key.startswith("say.") and "{" not in text]
    tallies = [text for text in said if text.endswith("oneens.")]
    few = set(tallies) - {tallies[9], tallies[17]}
    return [text for text in dict.fromkeys([*said, *answers]) if text not in few]


def expect(ears: Ears, book: Phrasebook, kinds: frozenset[Kind], own: str) -> None:
    expected = book.expected(kinds)
    ears.answer(
        {
            "do": "expect",
            "phrases": list(expected),
            "waiting": list(unfinished(expected)),
            "skip": list(book.skip),
            "wake": book.wake,
            "own": [plain(own)] if own else [],
            "grammar": [*pairs_covered(expected), *book.decoys],
        },
        b"",
    )


def obeyed(ears: Ears, pcm: bytes) -> list[str]:
    answers = [ears.answer({"do": "hear"}, piece) for piece in pieces(pcm)]
    ears.answer({"do": "forget"}, b"")
    verdicts = [answer["verdict"] for answer in answers if "verdict" in answer]
    return [verdict["words"] for verdict in verdicts if verdict["reason"] == "obeyed"]


@pytest.fixture(scope="module")
def ears() -> Ears:
    return load(speech.MODEL, -50.0)


def in_the_room(text: str, below: float) -> bytes:
    """What the microphone hears of our voice, so many dB below its level, with an echo and some noise."""
    dry = np.frombuffer(spoken(text), np.int16).astype(np.float64) * 10 ** (below / 20)
    echo = int(0.05 * RATE)
    wet = dry.copy()
    wet[echo:] += 0.4 * dry[:-echo]
    wet += np.random.default_rng(1).normal(0, 32768 * 10 ** (-60 / 20), len(wet))
    return np.clip(wet, -32768, 32767).astype(np.int16).tobytes()


@pytest.mark.parametrize("below", [0.0, -6.0, -12.0])
def test_nothing_that_we_say_is_a_command(ears: Ears, below: float) -> None:
    assert len(all_texts()) > 60
    for text in all_texts():
        expect(ears, BOOK, BARGE_IN, text)
        assert obeyed(ears, in_the_room(text, below)) == [], text


def test_nor_would_it_be_one_if_we_were_listening_to_everything(ears: Ears) -> None:
    """The wake name alone keeps us from obeying ourselves, should a loudspeaker lag behind."""
    expect(ears, BOOK, ALLOWED["voting"] | ALLOWED["harvesting"], "")
    for text in all_texts()[::3]:
        assert obeyed(ears, in_the_room(text, 0.0)) == [], text
