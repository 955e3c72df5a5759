"""`make soak`: hours of generated talk in which nobody asks for anything, and how often a command was heard in it.

Each hour is a process of its own with a seed of its own, as many at once as there are cores; what came of it is a line
in soak.jsonl. So a soak that was interrupted goes on where it was, as long as neither the model nor what listens with
it has changed. When all hours are there, the bounds go to results.json.

Half the work of listening is left out: the recogniser beside the other, which says whether a phrase was really said, is
asked about phrases alone, and hears only those. What it answers is the same.
"""

import argparse
import contextlib
import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from levelup_voice.audio.chunks import FRAME, RATE
from levelup_voice.audio.listen_worker import Free
from levelup_voice.files.data import content_folder
from levelup_voice.files.phrases import load_phrases
from levelup_voice.session.allowed import ALLOWED
from levelup_voice.session.listening import Listening

from .listening import SITUATIONS, Careful, Plain, chunks, ears, model_folder, upper_bound
from .measure import Benchmark, Result, merge, table
from .talk import talk

Kind: TypeAlias = Literal["open", "wake"]
"""open: no wake name is needed; the plain way hears the same talk. wake: as it comes."""

HOURS: dict[Kind, int] = {
    "open": int(os.environ.get("SOAK_HOURS_OPEN", "8")),
    "wake": int(os.environ.get("SOAK_HOURS_WAKE", "60")),
}

SENTENCES = 20
"""Then another moment of a session begins."""

HERE = Path(__file__).parent
DONE, RESULTS = HERE / "soak.jsonl", HERE / "results.json"

AIMS = {"open": 0.5, "wake": 0.05}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What was heard in an hour of talk, or in a part of one."""

    made_of: str
    """Tells whether it was heard by what listens today."""
    kind: Kind
    number: int
    seconds: float
    careful: tuple[str, ...]
    """The words of each command that was heard and not said."""
    plain: tuple[str, ...]


class Later(Free):
    """Hears what it was given when it is asked, in the same pieces."""

    def __init__(self, vosk: Any, model: Any) -> None:
        self._vosk = vosk
        self._model = model
        self._pieces: list[bytes] = []

    def hear(self, pcm: bytes) -> None:
        self._pieces.append(pcm)

    def words(self) -> Sequence[Any]:
        free = Free(self._vosk, self._model)
        for pcm in self._pieces:
            free.hear(pcm)
        return free.words()


def listen(kind: Kind, number: int, seconds: float = 3600.0) -> Hour:
    """Hear so much talk, the same for the same number."""
    book = load_phrases("nl", "" if kind == "open" else None)
    seed = 2 * number + (kind == "wake")
    draw = random.Random(seed)
    careful = Careful(book, ears(Later))
    plain = Plain(book) if kind == "open" else None
    by_careful, by_plain, frames = list[str](), list[str](), 0
    for nth, audio in enumerate(talk(seconds, seed)):
        if nth % SENTENCES == 0:
            careful.expect(Listening(ALLOWED[draw.choice(SITUATIONS)]))
        for _, chunk in chunks(audio):
            if careful.hear(chunk) is not None:
                by_careful.append(careful.words)
            if plain is not None and (command := plain.hear(chunk)) is not None:
                by_plain.append(type(command).__name__)
        frames += len(audio) // FRAME
    return Hour(
        made_of=made_of(seconds),
        kind=kind,
        number=number,
        seconds=round(frames / RATE, 1),
        careful=tuple(by_careful),
        plain=tuple(by_plain),
    )


def made_of(seconds: float) -> str:
    """A fingerprint of the model, and of all that decides what is heard with it in so much talk."""
    package = HERE.parent / "levelup_voice"
    rules = [package / "audio" / name for name in ("hearing.py", "listen_worker.py", "listener.py", "levels.py")]
    rules += [package / "session" / name for name in ("phrases.py", "allowed.py")]
    rules += [content_folder() / "phrases" / "nl.yaml", HERE / "talk.py", HERE / "listening.py", HERE / "soak.py"]
    model = sorted(path for path in model_folder().rglob("*") if path.is_file())
    whole = hashlib.sha256(str(float(seconds)).encode())
    for path in (*rules, *model):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]


def known(file: Path, fingerprint: str) -> list[Hour]:
    """The hours that are done, whole lines only: the last may have been cut short."""
    done = list[Hour]()
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        with contextlib.suppress(ValueError, TypeError):
            hour = Hour(**json.loads(line))
            if hour.made_of == fingerprint:
                done.append(hour)
    return done


def soak(file: Path, processes: int, seconds: float = 3600.0) -> list[Hour]:
    """All hours, of so many seconds: those that are known, and the others, now."""
    fingerprint = made_of(seconds)
    done = known(file, fingerprint)
    is_done = {(hour.kind, hour.number) for hour in done}
    left = [(kind, number) for kind, hours in HOURS.items() for number in range(hours) if (kind, number) not in is_done]
    running = list[subprocess.Popen[str]]()
    began, count = time.monotonic(), 0
    try:
        while left or running:
            while left and len(running) < processes:
                kind, number = left.pop(0)
                command = [sys.executable, "-m", "bench.soak", "--hour", kind, str(number), "--seconds", str(seconds)]
                running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            time.sleep(0.2)
            for one in [one for one in running if one.poll() is not None]:
                running.remove(one)
                line = one.communicate()[0]
                if one.returncode:
                    raise RuntimeError(f"an hour ended with {one.returncode}")
                with file.open("a", encoding="utf-8") as kept:
                    kept.write(line)
                count += 1
                each = (time.monotonic() - began) / count
                _tell(f"{line.strip()}\n{each:.0f} s an hour, {each * (len(left) + len(running)) / 60:.0f} min to go")
    finally:
        for one in running:
            one.kill()
            one.wait()
    return known(file, fingerprint)


def results(hours: Sequence[Hour]) -> list[Result]:
    """The upper end of the 95 % interval of commands an hour; then how many there were, and in how many hours."""
    found = {
        "false_commands_per_hour_open": ("open", "careful"),
        "plain_false_commands_per_hour_open": ("open", "plain"),
        "false_commands_per_hour_wake": ("wake", "careful"),
    }
    made = list[Result]()
    for name, (kind, way) in found.items():
        of_kind = [hour for hour in hours if hour.kind == kind]
        length = sum(hour.seconds for hour in of_kind) / 3600
        if length:
            heard = sum(len(getattr(hour, way)) for hour in of_kind)
            benchmark = Benchmark(name=name, unit="/h", aim=AIMS[kind], measure=list, value=lambda runs: runs[0])
            made.append(Result(benchmark, (upper_bound(heard) / length, heard, length)))
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--hour", nargs=2, metavar=("KIND", "NUMBER"), help="hear this one alone, and tell what it was")
    parser.add_argument("--seconds", type=float, default=3600.0, help="of an hour: fewer, to try it")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--done", type=Path, default=DONE, help="where the hours that are done are kept")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the file to merge into")
    options = parser.parse_args(arguments)
    if options.hour:
        kind, number = options.hour
        if kind not in get_args(Kind):
            parser.error(f"{kind} is neither of {', '.join(get_args(Kind))}")
        sys.stdout.write(json.dumps(asdict(listen(kind, int(number), options.seconds)), ensure_ascii=False) + "\n")
        return 0
    made = results(soak(options.done, options.processes, options.seconds))
    merge(made, options.results)
    sys.stdout.write(table([one.as_row() for one in made]) + "\n")
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
