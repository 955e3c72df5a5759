"""A program that has one device open and tells when it goes and comes: `python -m … mic|spk`."""

import sys
import threading

from levelup_voice.audio.loudspeaker import Loudspeaker
from levelup_voice.audio.microphone import Microphone


def tell(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main(which: str) -> None:
    if which == "mic":
        heard = threading.Event()
        microphone = Microphone("virtmic", lambda chunk: heard.set(), lambda problem: tell(f"lost {problem}"), found)
        microphone.start()
        heard.wait()
    else:
        loudspeaker = Loudspeaker("virtspk")
        loudspeaker.tell(lambda problem: tell(f"lost {problem}"), found)
        loudspeaker.open()
    tell("works")
    threading.Event().wait()


def found() -> None:
    tell("found")


if __name__ == "__main__":
    main(sys.argv[1])
