"""A loudspeaker that reaches the microphone, and somebody who speaks into what it says: for a test and a benchmark.

The real playout plays and pauses, the real ears hear; only the air between them is made here.
"""

import random
from dataclasses import dataclass

import numpy as np

from bench.talk import Sound, pcm, say
from levelup_voice.audio import playout
from levelup_voice.audio.chunks import RATE
from levelup_voice.audio.hearing import PAUSE_SECONDS
from levelup_voice.audio.listen_worker import Ears
from levelup_voice.audio.listener import request_for
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import load_plan
from levelup_voice.files.phrases import load_phrases
from levelup_voice.session.listening import BARGE_IN, Listening
from levelup_voice.session.wording import everything_said
from models.recipe.voices import HELD_OUT, HELD_OUT_KLATT, variants

LEVELS = (0.0, -6.0, -12.0)
"""dB of our voice at the microphone, beside that of the facilitator."""

COMMANDS = ("spelleider, stil", "spelleider, pauze")

DELAY_SECONDS = 0.2
"""From what is heard to a loudspeaker that is silent for it, buffers of both devices included."""

CHUNK = int(0.1 * RATE)
PLAYED = playout.RATE // 10
"""Frames of as long a piece, as the loudspeaker plays it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    obeyed: bool
    latency: float = 0.0
    """Seconds from the last sample of the command to the chunk in which it was understood."""


def interrupt(ears: Ears, below: float, draw: random.Random) -> Outcome:
    """Say one of the commands into something long that we are saying."""
    text = draw.choice(_long_texts())
    own = say(text, "nl").sound * 10 ** (below / 20)
    voice = draw.choice(variants((*HELD_OUT, *HELD_OUT_KLATT)))
    command = say(draw.choice(COMMANDS), voice, draw.choice((140, 150, 170))).sound
    begin = int(RATE * draw.uniform(0.8, len(own) / RATE - 2.0))
    end = begin + len(command)
    loudspeaker = _Loudspeaker(own)
    ears.answer(request_for(load_phrases("nl"), Listening(BARGE_IN, speaking=(text,), aloud=True)), b"")
    for at in range(0, max(len(own), end) + RATE, CHUNK):
        frames = loudspeaker.next()
        frames += np.random.default_rng(at).normal(0, 32768 * 10 ** (-58 / 20), CHUNK).astype(np.float32)
        first, last = max(begin, at), min(end, at + CHUNK)
        if first < last:
            frames[first - at : last - at] += command[first - begin : last - begin]
        answer = ears.answer({"do": "hear"}, pcm(frames))
        if "called" in answer:
            loudspeaker.pause()
        if answer.get("verdict", {}).get("reason") == "obeyed":
            ears.answer({"do": "forget"}, b"")
            return Outcome(True, (at + CHUNK - end) / RATE)
    ears.answer({"do": "forget"}, b"")
    return Outcome(False)


class _Loudspeaker:
    """Plays a sound, in pieces of a tenth of a second as they arrive at the microphone, with an echo."""

    def __init__(self, sound: Sound) -> None:
        self._now = 0.0
        self._pauses: list[float] = []
        self._playout = playout.Playout(lambda: self._now)
        self._playout.add(np.repeat(np.rint(sound).astype(np.int16), playout.RATE // RATE).tobytes())
        self._echo = np.zeros(CHUNK // 2, np.float32)

    def pause(self) -> None:
        self._pauses.append(self._now + DELAY_SECONDS)

    def next(self) -> Sound:
        if self._pauses and self._pauses[0] <= self._now:
            self._pauses.pop(0)
            self._playout.pause(PAUSE_SECONDS)
        block = bytearray(PLAYED * playout.FRAME)
        self._playout.fill(memoryview(block), self._now)
        self._now += CHUNK / RATE
        dry = np.frombuffer(bytes(block), np.int16)[:: playout.RATE // RATE].astype(np.float32)
        echo, self._echo = np.concatenate([self._echo, dry[: CHUNK - len(self._echo)]]), dry[-len(self._echo) :]
        return (dry + 0.4 * echo).astype(np.float32)


def _long_texts() -> list[str]:
    """What we say that leaves time to interrupt it, and holds no word of the commands."""
    said = everything_said(load_plan("level-up"), load_catalogue("nl"), 26)
    return sorted({text for text in said if len(text) > 60 and "stil" not in text and "pauze" not in text})
