"""A program that speaks through the loudspeaker of a virtual room, for tests and benchmarks: `python -m … NAME CACHE`.

Each line it reads is a command in JSON, each line it prints an answer or a report with its moment. The seconds of its
session are those of `time.monotonic`. Asked to, it also serves the pages of a session in which something changes all
the time.
"""

import dataclasses
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from levelup_voice.audio.cache import Cache
from levelup_voice.audio.devices import SoundError
from levelup_voice.audio.loudspeaker import Loudspeaker
from levelup_voice.audio.renderer import Renderer
from levelup_voice.audio.speaker import Speaker
from levelup_voice.session import events as ev

PATIENCE = 0.5
"""Seconds: an engine that is hung on purpose need not be waited for longer."""


def tell(**what: Any) -> None:
    line = json.dumps({**what, "at": time.monotonic()}) + "\n"
    os.write(1, line.encode())  # At once and whole: reports come from several threads.


def report(happened: ev.Report) -> None:
    tell(report=type(happened).__name__, **dataclasses.asdict(happened))


def serve(every: float) -> None:
    """Until the end, with a change every so many seconds."""
    from tests.web.faces import WORDS, Shown, moment

    views = [moment(stage="thinking"), moment(tally=(17, 9))]
    face = Shown.of(views[0], [], WORDS).face
    tell(projector=face.projector_address, remote=face.address)

    def change() -> None:
        while True:
            for view in views:
                face.show(view)
                time.sleep(every)

    threading.Thread(target=change, daemon=True).start()


def main(name: str, cache: Path) -> None:
    loudspeaker = Loudspeaker(name)
    try:
        loudspeaker.open()
    except SoundError as error:
        tell(problem=str(error))
        return
    renderer = Renderer(Cache(cache), "nl", patience=PATIENCE)
    renderer.open()
    speaker = Speaker(report, renderer, loudspeaker, lambda seconds: seconds)
    tell(ready=True)
    for line in sys.stdin:
        match json.loads(line):
            case {"say": request}:
                speaker.speak(ev.SpeechRequested(**request))
            case {"drop": int(utterance)}:
                speaker.drop(utterance)
                tell(dropped=utterance)
            case {"stop": True}:
                tell(stopping=True)
                speaker.stop()
            case {"volume": float(volume)}:
                loudspeaker.volume = volume
            case {"serve": float(every)}:
                serve(every)
    speaker.close()
    loudspeaker.close()
    renderer.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
