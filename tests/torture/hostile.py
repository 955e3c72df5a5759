"""Hostile input for every parser of the program: things that were well, changed at random, again and again.

Each must be taken or refused with the error that is meant for it, within a second. What fails is kept in a folder, and
tried first the next time.
"""

import contextlib
import hashlib
import io
import random
import shutil
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from levelup_voice.audio.recogniser import RecogniserError, measure, pieces_of
from levelup_voice.audio.worker import messages, write_message
from levelup_voice.errors import LevelupError
from levelup_voice.files import wav
from levelup_voice.files.archive import bring
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import plan_in, read_as
from levelup_voice.files.data import content_folder
from levelup_voice.files.journal import from_line, to_line
from levelup_voice.files.phrases import phrases_in
from levelup_voice.files.recovery import examine
from levelup_voice.files.replaying import begin, follow
from levelup_voice.rehearsal.script import Script
from levelup_voice.session.notes import notes
from levelup_voice.session.view import view
from tests.files.test_recovery import ENTRIES

LONGEST = 1.0
"""Seconds of work that one input may take."""

WORDS = load_catalogue("nl")

_PIECES: tuple[bytes, ...] = (
    b"\x00",
    b"\xff\xfe",
    b"\x1b]0;x\x07",
    b"\xe2\x80\xae",
    b"\n",
    b'"',
    b"\\u0000",
    b"../../etc/passwd",
    b"null",
    b"NaN",
    b"1e999",
    b"-1",
    b"99999999999999999999",
    b"[" * 3000,
    b'{"a":' * 2000,
    b"&a [*a, *a, *a]",
    b"!!python/object/apply:os.system ['false']",
    b"{{7*7}}",
    b"x" * 20000,
)


@dataclass(slots=True)
class Outcome:
    inputs: int = 0
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0


def fuzz(name: str, count: int, seed: int, folder: Path) -> Outcome:
    """So many inputs for one parser. `folder` is empty and may be written in."""
    chance, outcome = random.Random(f"{name} {seed}"), Outcome()
    seeds, take = PARSERS[name](folder)
    for _ in range(count):
        hostile = changed(chance.choice(seeds), chance)
        began = time.process_time()
        try:
            take(hostile)
        except Exception as error:  # noqa: BLE001 - whatever is not meant is what we look for
            key = hashlib.sha256(hostile).hexdigest()[:12]
            (folder / f"failed-{name}-{key}").write_bytes(hostile)
            outcome.failures.append(f"{name}: {type(error).__name__}: {error}"[:300])
        took = time.process_time() - began
        outcome.slowest = max(outcome.slowest, took)
        if took > LONGEST:
            outcome.failures.append(f"{name}: took {took:.1f} s")
        outcome.inputs += 1
    return outcome


def changed(data: bytes, chance: random.Random) -> bytes:
    """The same with one to four changes: bytes turned, cut, doubled, or nasty pieces put in."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0:
                data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
            case 1:
                data = data[:at] + data[at + chance.randrange(1, 40) :]
            case 2:
                data = data[:at] + data[max(0, at - chance.randrange(1, 200)) : at] + data[at:]
            case 3:
                data = data[:at] + chance.choice(_PIECES) + data[at:]
            case 4:
                piece = chance.choice(_PIECES)
                data = data[:at] + piece + data[at + len(piece) :]
            case _:
                data = data[:at]
    return data


Parser = Callable[[Path], tuple[list[bytes], Callable[[bytes], object]]]


def _journal_lines(folder: Path) -> tuple[list[bytes], Callable[[bytes], object]]:
    """One line, and then what follows it in the session, its notes and its view now and then."""
    session = begin(ENTRIES[0])
    for entry in ENTRIES[1:]:
        session = follow(session, entry)
    turn = 0

    def take(line: bytes) -> None:
        nonlocal turn
        try:
            entry = from_line(line)
            if entry is None:
                return
            after = follow(session, entry)
        except (ValueError, RecursionError):
            return
        turn += 1
        if turn % 50 == 0:
            notes(after, WORDS)
            view(after, entry.at, WORDS)

    return [to_line(entry).encode().rstrip(b"\n") for entry in ENTRIES[1:]], take


def _openings(folder: Path) -> tuple[list[bytes], Callable[[bytes], object]]:
    def take(line: bytes) -> None:
        try:
            entry = from_line(line)
            if entry is not None:
                session = begin(entry)
                view(session, 0.0, WORDS)
                notes(session, WORDS)
        except (ValueError, RecursionError):
            pass

    return [to_line(ENTRIES[0]).encode().rstrip(b"\n")], take


def _journals(folder: Path) -> tuple[list[bytes], Callable[[bytes], object]]:
    (folder / "audio").mkdir(exist_ok=True)
    path = folder / "journal.jsonl"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        with contextlib.suppress(LevelupError):
            examine(folder)

    return ["".join(map(to_line, ENTRIES)).encode()], take


def _yaml(kind: str) -> Parser:
    def parser(folder: Path) -> tuple[list[bytes], Callable[[bytes], object]]:
        path = folder / f"{kind}.yaml"
        seeds = {
            "plan": [(Path("tests/whole/short.nl.yaml")).read_bytes()],
            "script": [(Path("tests/torture/short.nl.yaml")).read_bytes()],
            "phrases": [(content_folder() / "phrases" / "nl.yaml").read_bytes()],
        }

        def take(data: bytes) -> None:
            path.write_bytes(data)
            try:
                match kind:
                    case "plan":
                        plan_in(path)
                    case "phrases":
                        phrases_in(path, WORDS)
                    case _:
                        read_as(Script, path)
            except LevelupError:
                pass

        return seeds[kind], take

    return parser


def _wavs(folder: Path) -> tuple[list[bytes], Callable[[bytes], object]]:
    seed = folder / "seed.wav"
    writer = wav.WavWriter(seed)
    writer.write(bytes(range(256)) * 20)
    writer.finish()
    path = folder / "hostile.wav"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        wav.duration(path)
        wav.read_pcm(path)
        try:
            measure(path)
            for _ in pieces_of(path):
                pass
        except RecogniserError:
            pass
        part = folder / "hostile.wav.part"
        path.rename(part)
        wav.repair(path)
        path.unlink()

    return [seed.read_bytes()], take


def _worker_messages(folder: Path) -> tuple[list[bytes], Callable[[bytes], object]]:
    whole = io.BytesIO()
    write_message(whole, {"do": "feed", "stream": 3}, bytes(300))
    write_message(whole, {"words": [["een", 0.1, 0.4, 0.9]], "audio_seconds": 3.0, "work_seconds": 0.1})

    def take(data: bytes) -> None:
        try:
            for _ in messages(io.BytesIO(data)):
                pass
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            pass  # What the reader of a worker takes for nonsense.

    return [whole.getvalue()], take


def _archives(folder: Path) -> tuple[list[bytes], Callable[[bytes], object]]:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        for name in ("model/am/final.mdl", "model/conf/model.conf", "model/graph/words.txt", "model/README"):
            made.writestr(name, b"--max-active=3000\n" * 40)
    path, into = folder / "model.zip", folder / "unpacked"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        shutil.rmtree(into, ignore_errors=True)
        with contextlib.suppress(LevelupError, OSError):
            bring(path, into)
        assert {one.name for one in folder.iterdir()} <= {"model.zip", "unpacked"} | _failed(folder)

    return [whole.getvalue()], take


def _failed(folder: Path) -> set[str]:
    return {one.name for one in folder.glob("failed-*")}


PARSERS: Mapping[str, Parser] = {
    "journal line": _journal_lines,
    "opening": _openings,
    "journal": _journals,
    "plan": _yaml("plan"),
    "script": _yaml("script"),
    "phrases": _yaml("phrases"),
    "wav": _wavs,
    "worker message": _worker_messages,
    "archive": _archives,
}

SHARE: Mapping[str, float] = {
    "journal line": 0.62,
    "worker message": 0.2,
    "wav": 0.1,
    "opening": 0.03,
    "archive": 0.02,
    "script": 0.02,
    "plan": 0.005,
    "phrases": 0.001,
    "journal": 0.004,
}
"""Of all inputs: the slower ones get fewer."""
