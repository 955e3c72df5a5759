"""What a recording costs: the wait for its text, and the audio that a kill takes away."""

import contextlib
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soxr

from levelup_voice.audio.chunks import CHUNK_BYTES, CHUNK_SECONDS, RATE, Chunk
from levelup_voice.audio.recogniser import VoskRecogniser
from levelup_voice.audio.recorder import Recorder
from levelup_voice.audio.transcriber import Transcriber
from levelup_voice.files.wav import WavWriter, repair
from levelup_voice.session import events as ev

from .measure import Benchmark

MODEL = Path(__file__).parents[1] / "models" / "levelup-nl-synth"

SUMMARY = "Wij praten vaker met ouders over het welbevinden van het kind. De school en de ouders werken samen."

RUNS = 5


def text_after_recording_seconds() -> list[float]:
    """From the request to stop until the words are there, while audio comes in as from a microphone."""
    pcm = _spoken(SUMMARY)
    reports: queue.SimpleQueue[ev.Report] = queue.SimpleQueue()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recogniser = VoskRecogniser(MODEL)
        transcriber = Transcriber(reports.put, recogniser, lambda recording: folder / f"{recording}.wav")
        recorder = Recorder(reports.put, lambda file, rate: WavWriter(folder / file, rate), transcriber.feed)
        try:
            return [_text_after(number, pcm, recorder, transcriber, reports) for number in range(RUNS)]
        finally:
            transcriber.close()


def audio_lost_seconds() -> list[float]:
    """Audio that was heard before a kill and is not in the repaired file; a microphone's own delay comes on top."""
    return [_lost(2.0 + 0.037 * number) for number in range(RUNS)]


def _text_after(
    number: int, pcm: bytes, recorder: Recorder, transcriber: Transcriber, reports: "queue.SimpleQueue[ev.Report]"
) -> float:
    transcriber.begin(number)
    recorder.start(_request(number))
    with _heard(recorder, pcm):
        time.sleep(len(pcm) / 2 / RATE)
        stopped_at = time.perf_counter()
        recorder.stop(number)
        while not isinstance(report := reports.get(timeout=30), ev.RecordingSaved):
            pass
        transcriber.transcribe(report.recording)
        while not isinstance(reports.get(timeout=30), ev.TranscriptReady):
            pass
        return time.perf_counter() - stopped_at


@contextlib.contextmanager
def _heard(recorder: Recorder, pcm: bytes) -> Iterator[None]:
    """The audio, then silence, handed over in chunks at the moment that each of them ends."""
    over = threading.Event()

    def pump() -> None:
        began = time.monotonic()
        number = 0
        while not over.wait(max(0.0, began + (number + 1) * CHUNK_SECONDS - time.monotonic())):
            part = pcm[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]
            recorder.accept(Chunk(part.ljust(CHUNK_BYTES, b"\0"), number, began + number * CHUNK_SECONDS), "group")
            number += 1

    thread = threading.Thread(target=pump)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _lost(seconds: float) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "0.wav"
        with subprocess.Popen([sys.executable, "-m", __name__, folder], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            began = time.monotonic()
            time.sleep(seconds)
            child.send_signal(signal.SIGKILL)
            heard = time.monotonic() - began
        return max(0.0, heard - repair(path))


def _record_for_ever(folder: Path) -> None:
    recorder = Recorder(
        lambda report: None, lambda file, rate: WavWriter(folder / file, rate), lambda number, pcm: None
    )
    recorder.start(_request(0))
    with _heard(recorder, b""):
        sys.stdout.write("\n")
        sys.stdout.flush()
        signal.pause()


def _request(number: int) -> ev.RecordingStarted:
    return ev.RecordingStarted(recording=number, file=f"{number}.wav", purpose="summary", block=0, item="oogst")


def _spoken(text: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "speech.wav"
        subprocess.run(["espeak-ng", "-v", "nl", "-s", "150", "-w", str(file), text], check=True)
        with wave.open(str(file), "rb") as speech:
            frames = np.frombuffer(speech.readframes(speech.getnframes()), np.int16)
            resampled: bytes = soxr.resample(frames, speech.getframerate(), RATE).tobytes()
    return resampled


BENCHMARKS = (
    Benchmark(name="text_after_recording_s", unit="s", aim=1.0, measure=text_after_recording_seconds, value=max),
    Benchmark(name="audio_lost_on_kill_s", unit="s", aim=0.5, measure=audio_lost_seconds, value=max),
)

if __name__ == "__main__":
    _record_for_ever(Path(sys.argv[1]))
