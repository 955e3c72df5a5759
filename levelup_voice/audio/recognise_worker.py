"""The recogniser's process: vosk and one speech model, from local files only.

`python -m levelup_voice.audio.recognise_worker FOLDER`; see worker.py for the messages. First it says whether the model
could be loaded (`ready`, or `problem`). Then each request is answered once: `begin` (stream, rate), `feed` (stream,
with mono PCM16), `so_far` (stream), whose answer holds the latest text, which may still change, `drop` (stream), and
`finish` (stream), whose answer holds the words of the whole stream.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from .stderr import without_stderr
from .worker import Header, Requests

PIECE_SECONDS = 0.1
"""vosk looks for the end of an utterance once for each piece it gets. So pieces are cut alike, however the audio came
in: live or from a file, the words are the same."""

LATEST = 60
"""Words of a text that is still being spoken: what one can read at a glance."""


class Stream:
    """One recording being recognised, as a series of utterances that vosk ends where people pause."""

    def __init__(self, vosk: Any, model: Any, rate: int) -> None:
        self._recogniser = vosk.KaldiRecognizer(model, rate)
        self._recogniser.SetWords(True)
        self._piece = int(rate * PIECE_SECONDS) * 2
        self._rate = rate
        self._waiting = b""
        self._bytes = 0
        self._work_seconds = 0.0
        self._words: list[dict[str, Any]] = []

    def feed(self, pcm: bytes) -> Header:
        began = time.perf_counter()
        self._bytes += len(pcm)
        self._waiting += pcm
        while len(self._waiting) >= self._piece:
            piece, self._waiting = self._waiting[: self._piece], self._waiting[self._piece :]
            self._recognise(piece)
        self._work_seconds += time.perf_counter() - began
        return {}

    def so_far(self) -> Header:
        """To ask changes nothing in what will be heard."""
        # Just after the end of an utterance there is no partial result, not even an empty one.
        guess = json.loads(self._recogniser.PartialResult()).get("partial", "").split()
        words = [*(word["word"] for word in self._words[-LATEST:]), *guess]
        return {"text": " ".join(words[-LATEST:])}

    def finish(self) -> Header:
        """All words, with seconds from the start of the stream."""
        began = time.perf_counter()
        self._recognise(self._waiting)
        self._take(self._recogniser.FinalResult())
        self._work_seconds += time.perf_counter() - began
        return {
            "words": [[word["word"], word["start"], word["end"], word["conf"]] for word in self._words],
            "audio_seconds": self._bytes / 2 / self._rate,
            "work_seconds": self._work_seconds,
        }

    def _recognise(self, piece: bytes) -> None:
        if piece and self._recogniser.AcceptWaveform(piece):
            self._take(self._recogniser.Result())

    def _take(self, result: str) -> None:
        self._words += json.loads(result).get("result", [])


class Streams:
    """What is being recognised, by number."""

    def __init__(self, vosk: Any, model: Any) -> None:
        self._vosk = vosk
        self._model = model
        self._streams: dict[int, Stream] = {}

    def answer(self, request: Header, pcm: bytes) -> Header:
        number = request["stream"]
        match request["do"]:
            case "begin":
                self._streams[number] = Stream(self._vosk, self._model, request["rate"])
            case "feed" if number in self._streams:
                return self._streams[number].feed(pcm)
            case "so_far" if number in self._streams:
                return self._streams[number].so_far()
            case "finish" if number in self._streams:
                return self._streams.pop(number).finish()
            case "drop":
                self._streams.pop(number, None)
            case _:
                return {"problem": "unknown-stream"}
        return {}


def load(folder: Path) -> Streams:
    """Load a speech model. Raises ValueError when the folder holds none: vosk is never left to look for one itself,
    as it would look on the internet."""
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # Read when vosk is loaded; more threads only spin on matrices so small.
    import vosk

    vosk.SetLogLevel(-1)
    with without_stderr():  # For what is no model, Kaldi prints pages of its options.
        try:
            streams = Streams(vosk, vosk.Model(model_path=str(folder.resolve())))
            streams.answer({"do": "begin", "stream": -1, "rate": 16000}, b"")  # Broken graphs show only now.
        except Exception as error:  # vosk raises nothing more precise.
            raise ValueError(f"{folder} is not a speech model: {error}") from error
    streams.answer({"do": "drop", "stream": -1}, b"")
    return streams


def main() -> None:
    requests = Requests()
    began = time.perf_counter()
    try:
        streams = load(Path(sys.argv[1]))
    except ValueError as error:
        requests.answer({"problem": str(error)})
        return
    requests.answer({"ready": True, "load_seconds": time.perf_counter() - began})
    for request, pcm in requests:
        requests.answer(streams.answer(request, pcm))


if __name__ == "__main__":
    main()
