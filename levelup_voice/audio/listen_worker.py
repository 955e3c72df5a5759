"""The listener's process: vosk and one speech model, listening for the phrases of the moment.

`python -m levelup_voice.audio.listen_worker FOLDER THRESHOLD`; see worker.py for the messages. First it says whether
the model can be used (`ready`, or `problem`). Then each request is answered once: `know` (words) with those that the
model does not know (`unknown`); `expect` with what may be said from now on, where there is a `name` after that name
alone; `hear`, with a piece of mono PCM16 at 16 kHz, with a verdict when an utterance ended in it, or `called` when the
name was heard; `forget` drops the utterance under way.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from levelup_voice.session.phrases import weight

from .chunks import FRAME, RATE
from .hearing import LEVEL_SECONDS, UNKNOWN, Expected, HeardWord, Utterance, contains, is_onset, words_of
from .levels import dbfs
from .stderr import without_stderr
from .worker import Header, Requests

BEFORE_SECONDS = 0.3
"""Heard again from before the onset: phrases begin softly."""

AGAIN_SECONDS = 2.0
"""Of an utterance that was judged for its length: heard again in the next, as a phrase may have been under way."""

CALL_SECONDS = 0.3
"""Heard again from before we knew that we were called: what follows the name may have begun."""

CALLS = 30
"""So often our name stands in the grammar of a call, where each phrase stands once: through our own voice it is heard
badly, so it has to be likely. Of calls at 6 dB below our voice 7 in 100 more are heard than with one; 100 add none."""

LEVEL_FRAMES = int(RATE * LEVEL_SECONDS)

LOOKAHEAD = "graph/HCLr.fst"
"""Without it vosk takes no phrases at run time: it warns, and recognises whatever it likes."""


class Free:
    """The recogniser of the whole language, in one utterance."""

    def __init__(self, vosk: Any, model: Any) -> None:
        self._recogniser = vosk.KaldiRecognizer(model, RATE)
        self._recogniser.SetWords(True)
        self._words: list[HeardWord] = []

    def hear(self, pcm: bytes) -> None:
        if self._recogniser.AcceptWaveform(pcm):
            self._words += words_of(json.loads(self._recogniser.Result()))

    def words(self) -> Sequence[HeardWord]:
        """All of them; it hears no more."""
        return [*self._words, *words_of(json.loads(self._recogniser.FinalResult()))]


class Following:
    """An utterance and the two recognisers that follow it.

    They are made anew for each: it takes eight milliseconds, and changing the phrases of one that has heard
    something ends the process.
    """

    def __init__(self, vosk: Any, model: Any, expected: Expected, grammar: str, threshold: float, free: Free) -> None:
        self.pcm = b""
        self._utterance = Utterance(expected, threshold)
        self._phrases = vosk.KaldiRecognizer(model, RATE, grammar)
        self._phrases.SetWords(True)
        self._free = free
        self._heard: list[HeardWord] | None = None

    def hear(self, pcm: bytes) -> bool:
        """Take in a piece; tells whether it is time for the verdict."""
        self.pcm += pcm
        partial = ""
        if self._phrases.AcceptWaveform(pcm):
            self._heard = words_of(json.loads(self._phrases.Result()))
        else:
            partial = json.loads(self._phrases.PartialResult())["partial"]
        self._free.hear(pcm)
        return self._utterance.hear(levels_of(pcm), partial, self._heard is not None)

    @property
    def is_long(self) -> bool:
        return self._utterance.is_long

    def verdict(self) -> Header:
        """What it was; empty for what resembles no phrase. `ago`: seconds since the phrase began."""
        heard = self._heard if self._heard is not None else words_of(json.loads(self._phrases.FinalResult()))
        verdict = self._utterance.judge(heard, self._free.words)
        if verdict is None:
            return {}
        return {"verdict": asdict(verdict), "ago": len(self.pcm) / FRAME / RATE - verdict.began}


class Call:
    """Our own voice sounds, and somebody may call us by our name through it: one recogniser of that name, of the words
    that we are saying and of what would follow the name, lest "Stil!" be taken for it."""

    def __init__(self, vosk: Any, model: Any, name: str, grammar: str) -> None:
        self.last = b""
        """What was heard last."""
        self._name = name
        self._recogniser = vosk.KaldiRecognizer(model, RATE, grammar)

    def hear(self, pcm: bytes) -> bool:
        """Take in a piece; tells whether the name was heard."""
        self.last = (self.last + pcm)[-int(CALL_SECONDS * RATE) * FRAME :]
        if self._recogniser.AcceptWaveform(pcm):
            return contains(json.loads(self._recogniser.Result())["text"], self._name)
        return contains(json.loads(self._recogniser.PartialResult())["partial"], self._name)


class Ears:
    """What is listened for now, and what is being said, if anything. `free` makes the recogniser beside the other."""

    def __init__(self, vosk: Any, model: Any, threshold: float, free: Callable[[Any, Any], Free] = Free) -> None:
        self._vosk = vosk
        self._model = model
        self._free = free
        self._threshold = threshold
        self._expected = Expected()
        self._grammar = ""
        self._names = ""
        """The grammar of a call; empty: we need not be called first."""
        self._call: Call | None = None
        self._before = b""
        self._following: Following | None = None

    def answer(self, request: Header, pcm: bytes) -> Header:
        match request["do"]:
            case "know":
                return {"unknown": [word for word in request["words"] if not self._knows(word)]}
            case "expect":
                self._expect(request)
            case "hear" if self._grammar:
                return self._hear(pcm)
            case "forget":
                self._following, self._call, self._before = None, None, b""
        return {}

    def _expect(self, request: Header) -> None:
        """What is being said is heard anew: it may be one of the new phrases."""
        self._expected = Expected(
            phrases=frozenset(request["phrases"]),
            waiting=frozenset(request["waiting"]),
            skip=frozenset(request["skip"]),
            wake=request["wake"],
            own=tuple(request["own"]),
            calling=request["name"],
        )
        ballast = weight(request["ballast"]) if self._knows(request["ballast"]) else []
        self._grammar = self._made(request["grammar"], ballast)
        called = [*[request["name"]] * CALLS, *request["own"], *request["grammar"]]
        self._names = self._made(called) if request["name"] else ""
        said, self._following, self._call = self._following, None, None
        if said is not None and self._grammar:
            if self._names:
                self._is_called(said.pcm)
            else:
                self._follow(said.pcm)

    def _made(self, lines: Sequence[str], ballast: Sequence[str] = ()) -> str:
        """A grammar of these lines, and of ballast, whose word it knows. Of each word that it does not know vosk
        complains aloud, and no line at all would end the process."""
        known = (" ".join(filter(self._knows, line.split())) for line in lines)
        kept = [line for line in known if line]
        return json.dumps([*kept, *ballast, UNKNOWN], ensure_ascii=False) if kept else ""

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def _hear(self, pcm: bytes) -> Header:
        if self._following is None and self._names:
            return {"called": True} if self._is_called(pcm) else {}
        if self._following is None:
            pcm = self._before + pcm
            if not is_onset(levels_of(pcm), self._threshold):
                self._before = pcm[-int(BEFORE_SECONDS * RATE) * FRAME :]
                return {}
            self._before = b""
            is_over = self._follow(pcm)
        else:
            is_over = self._following.hear(pcm)
        return self._end() if is_over else {}

    def _is_called(self, pcm: bytes) -> bool:
        """When we are called, what comes is followed."""
        if self._call is None:
            self._call = Call(self._vosk, self._model, self._expected.calling, self._names)
        if not self._call.hear(pcm):
            return False
        said, self._call = self._call.last, None
        self._follow(said)
        return True

    def _follow(self, pcm: bytes) -> bool:
        """Something is being said, beginning with this; tells whether it is time for the verdict."""
        free = self._free(self._vosk, self._model)
        self._following = Following(self._vosk, self._model, self._expected, self._grammar, self._threshold, free)
        return self._following.hear(pcm)

    def _end(self) -> Header:
        """The verdict on what was said; where it was cut off by its length, its end begins the next utterance."""
        assert self._following is not None
        said, self._following = self._following, None
        answer = said.verdict()
        if said.is_long and not self._names and answer.get("verdict", {}).get("reason") != "obeyed":
            self._follow(said.pcm[-int(AGAIN_SECONDS * RATE) * FRAME :])
        return answer


def levels_of(pcm: bytes) -> Sequence[float]:
    """RMS in dBFS of each 20 ms."""
    frames = np.frombuffer(pcm, np.int16).astype(np.float64)
    whole = frames[: len(frames) // LEVEL_FRAMES * LEVEL_FRAMES].reshape(-1, LEVEL_FRAMES)
    return [dbfs(float(rms)) for rms in np.sqrt(np.mean(np.square(whole), axis=1))]


def load(folder: Path, threshold: float, free: Callable[[Any, Any], Free] = Free) -> Ears:
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
    return Ears(vosk, model, threshold, free)


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
