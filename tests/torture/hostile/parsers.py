"""All that is read, by which part of the program, and what must hold of whatever comes of it."""

import contextlib
import io
import json
import math
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from levelup_voice.audio.recogniser import RecogniserError, measure, pieces_of
from levelup_voice.audio.worker import messages, write_message
from levelup_voice.cli.browsing import read_kept
from levelup_voice.cli.home import read_choices, sound_of
from levelup_voice.cli.run import planned_start
from levelup_voice.cli.scripts import find_script
from levelup_voice.errors import ContentError, SetupError
from levelup_voice.files import wav
from levelup_voice.files.archive import bring
from levelup_voice.files.catalogue import catalogue_in
from levelup_voice.files.content import known_plans, load_plan, plan_in
from levelup_voice.files.data import content_folder
from levelup_voice.files.journal import from_line, to_line
from levelup_voice.files.phrases import phrases_in
from levelup_voice.files.replaying import begin
from levelup_voice.files.room import checked_room
from levelup_voice.rehearsal.script import command
from levelup_voice.session import events as ev
from levelup_voice.session.plan import MOST_PEOPLE
from levelup_voice.web.home import Choices

from . import pages, sessions
from .bounds import ROOT, Take, clear
from .mutation import JSON, LINES, ZIP, Shape
from .sessions import WORDS, look_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    take: Callable[[Path], Take]
    """Made ready once, with an empty folder to work in."""
    seeds: Callable[[], Sequence[bytes]]
    """What is well."""
    shape: Shape | None = None
    longest: int = 16_384
    """Bytes of an input that the fuzzer makes."""
    share: float = 1.0
    """Of the time; the smallest ones need less."""


def plans(folder: Path) -> Take:
    """A plan that is taken can be written to a journal, shown, and led."""
    path = folder / "plan.yaml"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        try:
            plan = plan_in(path)
        except ContentError as error:
            clear(error)
            return
        opening = ev.Entry(0.0, ev.SessionOpened(plan=plan, opened_utc="2026-03-12", opened_of_day=5.0))
        again = from_line(to_line(opening).encode())
        assert again == opening
        look_at(begin(opening), 0.0, data)

    return take


def scripts(folder: Path) -> Take:
    path = folder / "script.yaml"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        try:
            script = find_script(str(path), None).script
        except (ContentError, SetupError) as error:
            clear(error)
            return
        for action in script.actions:
            command(action)
        script.disagree("stelling")
        assert 0 <= script.participants <= MOST_PEOPLE
        assert -120 <= script.noise_dbfs <= 0 <= script.seed

    return take


def phrases(folder: Path) -> Take:
    path = folder / "nl.yaml"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        try:
            book = phrases_in(path, WORDS)
        except ContentError as error:
            clear(error)
            return
        assert all(one.words for one in book.phrases)
        book.vocabulary()

    return take


def catalogues(folder: Path) -> Take:
    path = folder / "nl.yaml"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        try:
            words = catalogue_in(path)
        except ContentError as error:
            clear(error)
            return
        for minute in range(24 * 60):
            words.time_of_day(60.0 * minute)
        assert all(map(words.number, range(100)))

    return take


def wavs(folder: Path) -> Take:
    path, part = folder / "hostile.wav", folder / "hostile.wav.part"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        seconds = wav.duration(path)
        assert len(wav.read_pcm(path)) % wav.FRAME == 0
        with contextlib.suppress(RecogniserError):
            measure(path)
            for _ in pieces_of(path):
                pass
        path.rename(part)
        assert wav.repair(path) == seconds
        path.unlink()

    return take


def worker_messages(folder: Path) -> Take:
    def take(data: bytes) -> None:
        try:
            for _ in messages(io.BytesIO(data)):
                pass
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            pass  # What the reader of a worker takes for nonsense.

    return take


def archives(folder: Path) -> Take:
    path, into = folder / "model.zip", folder / "unpacked"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        shutil.rmtree(into, ignore_errors=True)
        try:
            bring(path, into)
        except SetupError as error:
            clear(error)
        assert {one.name for one in folder.iterdir()} <= {path.name, into.name}
        assert all(one.is_file() or one.is_dir() for one in into.rglob("*") if not one.is_symlink())
        assert not any(one.is_symlink() for one in into.rglob("*"))

    return take


def rooms(folder: Path) -> Take:
    path = folder / "room.json"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        for microphone in ("", "USB"):
            room = checked_room(microphone, path)
            if room is not None:
                assert room.microphone == microphone
                assert math.isfinite(room.threshold)
                assert room.threshold <= 0

    return take


def rooms_seeds() -> list[bytes]:
    return [json.dumps({"microphone": one, "threshold": -48.5, "understood": True}).encode() for one in ("", "USB")]


def kept_pages(folder: Path) -> Take:
    """What is kept of the pages of last time can be served again, and lets nobody in without a token."""
    path = folder / ".pages.json"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        port, tokens = read_kept(path)
        assert 0 <= port <= 65535
        if tokens is not None:
            for token in (tokens.facilitator, tokens.projector):
                assert len(token) >= 16
                assert token.isascii()
                assert token.replace("-", "").replace("_", "").isalnum()

    return take


def kept_choices(folder: Path) -> Take:
    """What is kept of the choices of last time can be begun with, and is kept again as it is."""
    path, plans = folder / "choices.json", {name: load_plan(name) for name in known_plans()}
    now = datetime(2026, 3, 12, 15, 20, tzinfo=UTC)

    def take(data: bytes) -> None:
        path.write_bytes(data)
        choices = read_choices(path)
        assert 0 <= sound_of(choices).volume <= 1
        planned_start(plans[choices.plan], choices.starts, choices.ends, now)
        path.write_text(choices.model_dump_json(), encoding="utf-8")
        assert read_choices(path) == choices

    return take


def choices_seeds() -> list[bytes]:
    chosen = Choices(plan="example.en", participants=9, ends="16:10", microphone="USB", volume=0.5, wake_name="Marie")
    return [one.model_dump_json().encode() for one in (Choices(), chosen)]


def _text(*paths: Path) -> Callable[[], Sequence[bytes]]:
    """The files, and each of them as JSON, which is YAML too and can be changed as a tree."""

    def seeds() -> Sequence[bytes]:
        texts = [path.read_bytes() for path in paths]
        return [*texts, *(json.dumps(yaml.safe_load(text), default=str).encode() for text in texts)]

    return seeds


def _catalogues() -> Sequence[bytes]:
    """Our own with few of its texts, for there are hundreds that are all the same to a reader."""
    tree = yaml.safe_load((content_folder() / "catalogues" / "nl.yaml").read_bytes())
    few = {name: tree["texts"][name] for name in ("unit", "say")}
    small = {**tree, "texts": few}
    return [json.dumps(small).encode(), yaml.safe_dump(small, allow_unicode=True).encode()]


def _wavs() -> Sequence[bytes]:
    return [
        wav.HEADER.pack(b"RIFF", 36 + 512, b"WAVE", b"fmt ", 16, 1, 1, 16000, 32000, 2, 16, b"data", 512) + bytes(512)
    ]


def _messages() -> Sequence[bytes]:
    whole = io.BytesIO()
    write_message(whole, {"do": "feed", "stream": 3}, bytes(300))
    write_message(whole, {"words": [["een", 0.1, 0.4, 0.9]], "audio_seconds": 3.0, "work_seconds": 0.1})
    return [whole.getvalue()]


def _archives() -> Sequence[bytes]:
    made = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", method) as archive:
            for name in ("model/am/final.mdl", "model/conf/model.conf", "model/._README", "model/graph/"):
                archive.writestr(name, b"" if name.endswith("/") else b"--max-active=3000\n" * 4)
        made.append(whole.getvalue())
    return made


def _kept() -> Sequence[bytes]:
    return [json.dumps({"port": 50123, "facilitator": "f" * 32, "projector": "p-_" * 11}).encode()]


PARSERS: Mapping[str, Parser] = {
    "plan": Parser(
        take=plans,
        seeds=_text(ROOT / "tests/whole/short.nl.yaml", content_folder() / "sessions/example.en.yaml"),
        shape=JSON,
    ),
    "script": Parser(
        take=scripts,
        seeds=_text(ROOT / "tests/torture/short.nl.yaml", content_folder() / "rehearsals/level-up.nl.yaml"),
        shape=JSON,
    ),
    "phrases": Parser(
        take=phrases,
        seeds=_text(content_folder() / "phrases/nl.yaml"),
        shape=JSON,
    ),
    "catalogue": Parser(take=catalogues, seeds=_catalogues, shape=JSON),
    "journal line": Parser(take=sessions.journal_lines, seeds=lambda: sessions.lines()[1:], shape=JSON),
    "opening": Parser(take=sessions.openings, seeds=sessions.openings_seeds, shape=JSON),
    "journal": Parser(take=sessions.journals, seeds=lambda: [b"".join(sessions.lines())], shape=LINES, longest=65_536),
    "wav": Parser(take=wavs, seeds=_wavs, share=0.25),
    "worker message": Parser(take=worker_messages, seeds=_messages, share=0.25),
    "archive": Parser(take=archives, seeds=_archives, shape=ZIP),
    "room": Parser(take=rooms, seeds=rooms_seeds, shape=JSON, share=0.25),
    "kept pages": Parser(take=kept_pages, seeds=_kept, shape=JSON, share=0.25),
    "kept choices": Parser(take=kept_choices, seeds=choices_seeds, shape=JSON, share=0.25),
    "order": Parser(take=pages.orders, seeds=pages.bodies(pages.ORDERS), shape=JSON),
    "review body": Parser(take=pages.changes, seeds=pages.bodies(pages.CHANGES), shape=JSON),
    "request": Parser(take=pages.requests, seeds=pages.request_seeds, shape=JSON),
}
