"""The listener's process: vosk and one speech model, listening for the phrases of the moment.

`python -m levelup_voice.audio.listen_worker FOLDER THRESHOLD`; see worker.py for the messages. First it says whether
the model can be used (`ready`, or `problem`). Then each request is answered once: `know` (words) with those that the
model does not know (`unknown`); `expect` with what may be said from now on; `hear`, with a piece of mono PCM16 at
16 kHz, with a verdict when an utterance ended in it; `forget` drops the utterance under way.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from .chunks import FRAME, RATE
from .hearing import LEVEL_SECONDS, UNKNOWN, Expected, HeardWord, Utterance, is_onset, words_of
from .levels import dbfs
from .stderr import without_stderr
from .worker import Header, Requests

BEFORE_SECONDS = 0.3
"""Heard again from before the onset: phrases begin softly."""

LEVEL_FRAMES = int(RATE * LEVEL_SECONDS)

LOOKAHEAD = "graph/HCLr.fst"
"""Without it vosk takes no phrases at run time: it warns, and recognises whatever it likes."""


class Following:
    """An utterance and the two recognisers that follow it.

    They are made anew for each: it takes a third of a millisecond, and changing the phrases of one that has heard
    something ends the process.
    """

    def __init__(self, vosk: Any, model: Any, expected: Expected, grammar: str, threshold: float) -> None:
        self.pcm = b""
        self._utterance = Utterance(expected, threshold)
        self._phrases = vosk.KaldiRecognizer(model, RATE, grammar)
        self._free = vosk.KaldiRecognizer(model, RATE)
        self._phrases.SetWords(True)
        self._free.SetWords(True)
        self._heard: list[HeardWord] | None = None
        self._freely: list[HeardWord] = []

    def hear(self, pcm: bytes) -> bool:
        """Take in a piece; tells whether it is time for the verdict."""
        self.pcm += pcm
        partial = ""
        if self._phrases.AcceptWaveform(pcm):
            self._heard = words_of(json.loads(self._phrases.Result()))
        else:
            partial = json.loads(self._phrases.PartialResult())["partial"]
        if self._free.AcceptWaveform(pcm):
            self._freely += words_of(json.loads(self._free.Result()))
        return self._utterance.hear(levels_of(pcm), partial, self._heard is not None)

    def verdict(self) -> Header:
        """What it was; empty for what resembles no phrase. `ago`: seconds since the phrase began."""
        heard = self._heard if self._heard is not None else words_of(json.loads(self._phrases.FinalResult()))
        self._freely += words_of(json.loads(self._free.FinalResult()))
        verdict = self._utterance.judge(heard, self._freely)
        if verdict is None:
            return {}
        return {"verdict": asdict(verdict), "ago": len(self.pcm) / FRAME / RATE - verdict.began}


class Ears:
    """What is listened for now, and what is being said, if anything."""

    def __init__(self, vosk: Any, model: Any, threshold: float) -> None:
        self._vosk = vosk
        self._model = model
        self._threshold = threshold
        self._expected = Expected()
        self._grammar = ""
        self._before = b""
        self._following: Following | None = None

    def answer(self, request: Header, pcm: bytes) -> Header:
        match request["do"]:
            case "know":
                return {"unknown": [word for word in request["words"] if self._model.vosk_model_find_word(word) < 0]}
            case "expect":
                self._expect(request)
            case "hear" if self._grammar:
                return self._hear(pcm)
            case "forget":
                self._following, self._before = None, b""
        return {}

    def _expect(self, request: Header) -> None:
        """What is being said is heard anew: it may be one of the new phrases."""
        self._expected = Expected(
            phrases=frozenset(request["phrases"]),
            waiting=frozenset(request["waiting"]),
            skip=frozenset(request["skip"]),
            wake=request["wake"],
            own=tuple(request["own"]),
        )
        # An empty list of phrases would end the process.
        self._grammar = json.dumps([*request["grammar"], UNKNOWN], ensure_ascii=False) if request["grammar"] else ""
        if self._following is not None:
            said, self._following = self._following.pcm, None
            if self._grammar:
                self._following = self._follow()
                self._following.hear(said)

    def _hear(self, pcm: bytes) -> Header:
        if self._following is None:
            pcm = self._before + pcm
            if not is_onset(levels_of(pcm), self._threshold):
                self._before = pcm[-int(BEFORE_SECONDS * RATE) * FRAME :]
                return {}
            self._following, self._before = self._follow(), b""
        if not self._following.hear(pcm):
            return {}
        verdict, self._following = self._following.verdict(), None
        return verdict

    def _follow(self) -> Following:
        return Following(self._vosk, self._model, self._expected, self._grammar, self._threshold)


def levels_of(pcm: bytes) -> Sequence[float]:
    """RMS in dBFS of each 20 ms."""
    frames = np.frombuffer(pcm, np.int16).astype(np.float64)
    whole = frames[: len(frames) // LEVEL_FRAMES * LEVEL_FRAMES].reshape(-1, LEVEL_FRAMES)
    return [dbfs(float(rms)) for rms in np.sqrt(np.mean(np.square(whole), axis=1))]


def load(folder: Path, threshold: float) -> Ears:
    """Load a model that takes phrases at run time. Raises ValueError: `no-model`, `fixed-graph` or what vosk says."""
    if not folder.is_dir():
        raise ValueError("no-model")
    if not (folder / LOOKAHEAD).is_file():
        raise ValueError("fixed-graph")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # Read when vosk is loaded; more threads only spin on matrices so small.
    import vosk

    vosk.SetLogLevel(-1)
    with without_stderr():
        try:
            model = vosk.Model(model_path=str(folder.resolve()))
            vosk.KaldiRecognizer(model, RATE, json.dumps([UNKNOWN]))  # Broken graphs show only now.
        except Exception as error:  # vosk raises nothing more precise.
            raise ValueError("bad-model") from error
    return Ears(vosk, model, threshold)


def main() -> None:
    requests = Requests()
    try:
        ears = load(Path(sys.argv[1]), float(sys.argv[2]))
    except ValueError as error:
        requests.answer({"problem": str(error)})
        return
    requests.answer({"ready": True})
    for request, pcm in requests:
        requests.answer(ears.answer(request, pcm))


if __name__ == "__main__":
    main()
