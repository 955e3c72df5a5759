"""A program that records from the microphone of a virtual room, for the tests: `python -m … NAME FOLDER MOST_WAITING`.

It prints what it is told about the microphone and its recordings; each line it reads is a command.
"""

import contextlib
import sys
from pathlib import Path

from levelup_voice.audio.microphone import Microphone
from levelup_voice.audio.recorder import Recorder
from levelup_voice.files.disk import watched_by
from levelup_voice.files.wav import WavWriter
from levelup_voice.session import events as ev
from tests.slow_disk import SlowDisk


def tell(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main(name: str, folder: Path, most_waiting: float) -> None:
    def lost(problem: str) -> None:
        recorder.microphone_lost("group")
        tell(f"lost {problem}")

    def found() -> None:
        recorder.microphone_found("group")
        tell("found")

    recorder = Recorder(tell, lambda file, rate: WavWriter(folder / file, rate), lambda recording, pcm: None)
    microphone = Microphone(name, lambda chunk: recorder.accept(chunk, "group"), lost, found, most_waiting=most_waiting)
    microphone.start()
    with contextlib.ExitStack() as closing:
        _obey(recorder, microphone, closing)
    microphone.close()


def _obey(recorder: Recorder, microphone: Microphone, closing: contextlib.ExitStack) -> None:
    for line in sys.stdin:
        match line.split():
            case ["start", file]:
                request = ev.RecordingStarted(recording=1, file=file, purpose="summary", block=0, item="oogst")
                recorder.start(request)
                tell("started")
            case ["stop"]:
                recorder.stop(1)
            case ["choose", name]:
                microphone.choose(name)
            case ["slow", seconds]:
                closing.enter_context(watched_by(SlowDisk(".part", float(seconds), 1)))
                tell("slow")
            case ["level"]:
                tell(len(recorder.levels))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
