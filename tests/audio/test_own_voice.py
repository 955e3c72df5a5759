"""It does not obey itself: all that content/ lets us say, out of the loudspeaker and into the microphone."""

import random

import numpy as np
import pytest

from levelup_voice.audio.chunks import RATE
from levelup_voice.audio.listen_worker import Ears, load
from levelup_voice.audio.listener import request_for
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import load_plan
from levelup_voice.files.phrases import load_phrases
from levelup_voice.session import commands as do
from levelup_voice.session.allowed import ALLOWED
from levelup_voice.session.listening import BARGE_IN, Listening
from levelup_voice.session.wording import everything_said
from tests.audio import speech
from tests.audio.barge_in import LEVELS, interrupt
from tests.audio.speech import pieces, spoken

VALUES = {
    "agree": "zeventien",
    "disagree": "negen",
    "participants": "zesentwintig",
    "count": "zevenentwintig",
    "first": "één",
    "last": "vijf",
    "others": "twee, drie en vier",
    "group": "drie",
    "groups": "één, drie en vijf",
    "fewest": "drie",
    "most": "vier",
    "length": "een halve minuut",
    "seconds": "dertig seconden",
    "minutes": "twee minuten",
    "duration": "elf minuten",
    "silent_until": "twee",
    "end": "twee over vier",
    "block": "over de streep",
    "item": "stelling drie",
    "where": "over de streep, stelling drie",
    "phrases": "volgende, groep drie, opnieuw, twee minuten erbij en pauze",
}


def all_texts() -> list[str]:
    """Read aloud, announced and answered, and every other text of the catalogue that is spoken."""
    words = load_catalogue("nl")
    said = list(everything_said(load_plan("level-up"), words, 26))
    answers = [text.format(**VALUES) for key, text in words.texts.items() if key.startswith("say.")]
    tallies = [text for text in said if text.endswith("oneens.")]
    few = set(tallies) - {tallies[9], tallies[17]}
    return [text for text in dict.fromkeys([*said, *answers]) if text not in few]


def heard(ears: Ears, listening: Listening, pcm: bytes) -> list[str]:
    """The commands in this, and `called` where our voice would pause for somebody."""
    ears.answer(request_for(load_phrases("nl"), listening), b"")
    answers = [ears.answer({"do": "hear"}, piece) for piece in pieces(pcm)]
    ears.answer({"do": "forget"}, b"")
    verdicts = [answer["verdict"] for answer in answers if "verdict" in answer]
    obeyed = [verdict["words"] for verdict in verdicts if verdict["reason"] == "obeyed"]
    return obeyed + ["called" for answer in answers if "called" in answer]


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
        listening = Listening(BARGE_IN, speaking=(text,), aloud=True)
        assert heard(ears, listening, in_the_room(text, below)) == [], text


@pytest.mark.parametrize("key", ["say.confirm_finish", "say.confirm_delete"])
def test_no_question_of_ours_is_its_own_answer(ears: Ears, key: str) -> None:
    """Its echo may be heard when the answer is listened for, and that needs no name."""
    listening = Listening(ALLOWED["confirming"], frozenset({do.Confirm, do.Decline}))
    question = in_the_room(load_catalogue("nl").text(key), -6.0)
    for seconds in (0.5, 0.8, 1.1, 1.4, 1.7, 2.0, 9.0):
        assert heard(ears, listening, question[-int(seconds * RATE) * 2 :]) == [], seconds


def test_nor_would_it_be_one_if_we_were_listening_to_everything(ears: Ears) -> None:
    """The wake name alone keeps us from obeying ourselves, should a loudspeaker lag behind."""
    listening = Listening(ALLOWED["voting"] | ALLOWED["harvesting"])
    for text in all_texts()[::3]:
        assert heard(ears, listening, in_the_room(text, 0.0)) == [], text


def test_who_speaks_into_our_voice_is_mostly_obeyed(ears: Ears) -> None:
    obeyed = {}
    for below in LEVELS:
        draw = random.Random(5)
        obeyed[below] = sum(interrupt(ears, below, draw).obeyed for _ in range(8))
    assert obeyed[-12.0] >= 6, obeyed
    assert obeyed[-6.0] >= 4, obeyed
    assert sum(obeyed.values()) >= 12, obeyed
