"""A program that records from the microphone of a virtual room, for the tests: `python -m … NAME FILE`.

It prints what it is told about the microphone and its recordings; each line it reads is a command.
"""

import sys
from pathlib import Path

from levelup_voice.audio.microphone import Microphone
from levelup_voice.audio.recorder import Recorder
from levelup_voice.files.wav import WavWriter
from levelup_voice.session import events as ev


def tell(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main(name: str, folder: Path) -> None:
    def lost(problem: str) -> None:
        recorder.microphone_lost("group")
        tell(f"lost {problem}")

    def found() -> None:
        recorder.microphone_found("group")
        tell("found")

    recorder = Recorder(tell, lambda file, rate: WavWriter(folder / file, rate), lambda recording, pcm: None)
    microphone = Microphone(name, lambda chunk: recorder.accept(chunk, "group"), lost, found)
    microphone.start()
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
            case ["level"]:
                tell(len(recorder.levels))
    microphone.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
