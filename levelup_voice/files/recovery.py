"""Saving what can be saved of a session whose journal is damaged, into a new folder. The original is only read."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from levelup_voice.errors import JournalError
from levelup_voice.session import events as ev
from levelup_voice.session.plan import Discussion, Harvest, SessionPlan
from levelup_voice.session.state import Session

from . import wav
from .folder import JOURNAL
from .journal import LARGEST, Journal, from_line, problem_of
from .replaying import AUDIO, begin, follow

_NAME = re.compile(r"(\d{3})-(.+?)(?:-g(\d{1,3}))?(?:-(argument|kernel))?-take(\d{1,3})")
"""What the name of a recording tells of it: number, item, group, purpose and take."""

_BEGINS = re.compile(rb'(?<=.)(?=\{"at": )')
"""Where an entry begins within a line, as the journal writes it; in the text of another its quotes are escaped."""


@dataclass(frozen=True, slots=True)
class Damage:
    line: int
    """Counted from 1."""
    problem: str


@dataclass(frozen=True, slots=True)
class Recovered:
    entries: tuple[ev.Entry, ...]
    damages: tuple[Damage, ...]
    audio: tuple[str, ...]
    """The recordings that there are, relative to the folder."""
    guessed: tuple[str, ...]
    """Those of which the journal lost the beginning: what they belong to is taken from their names."""


def examine(path: Path, plan: SessionPlan | None = None) -> Recovered:
    """What can be saved of the session in `path`. `plan` stands in for an opening that is lost.

    Raises JournalError when the opening is lost and there is no plan, OSError when nothing can be read.
    """
    audio = tuple(_audio_of(path))
    gathering = _Gathering(audio)
    for number, line in enumerate(_lines(path / JOURNAL), start=1):
        gathering.read(number, line, plan)
    if gathering.session is None:
        if plan is None:
            raise JournalError(f"{path / JOURNAL}: the opening of the session is lost; name its plan with --plan")
        gathering.open_with(plan)
    gathering.complete(path)
    return Recovered(
        tuple(gathering.entries), tuple(gathering.damages), tuple(gathering.saved), tuple(gathering.guessed)
    )


def write(recovered: Recovered, path: Path, into: Path) -> None:
    """Put what was saved of `path` into a new folder, which exists and is empty but for audio/. Raises OSError."""
    for file in recovered.audio:
        source, target = path / file, into / file
        if source.exists():
            shutil.copyfile(source, target)
        else:
            shutil.copyfile(_part(source), _part(target))
            wav.repair(target)
        target.chmod(0o600)
    journal = Journal(into / JOURNAL)
    try:
        journal.append(recovered.entries)
    finally:
        journal.close()


class _Gathering:
    """The entries that make sense, one after another."""

    def __init__(self, audio: tuple[str, ...]) -> None:
        self.entries: list[ev.Entry] = []
        self.damages: list[Damage] = []
        self.saved: list[str] = []
        self.guessed: list[str] = []
        self.session: Session | None = None
        self._audio = audio

    def open_with(self, plan: SessionPlan) -> None:
        self.damages.append(Damage(1, "the opening of the session is lost"))
        opening = ev.SessionOpened(plan=plan, opened_utc="", opened_of_day=0.0, participants=plan.participants)
        self.entries.append(ev.Entry(0.0, opening))
        self.session = begin(self.entries[0])

    def read(self, number: int, line: bytes, plan: SessionPlan | None) -> None:
        """A line; of one that is damaged, the entries that begin in it: the end of a line can be lost too."""
        try:
            self.take(number, from_line(line), plan)
        except (ValueError, RecursionError) as error:
            parts = _BEGINS.split(line)
            if len(parts) == 1:
                self.damages.append(Damage(number, problem_of(error)))
                return
            for part in filter(None, parts):
                self.read(number, part, plan)

    def take(self, number: int, entry: ev.Entry | None, plan: SessionPlan | None) -> None:
        """The entry of a line, when it can follow what is there."""
        if entry is None:
            self.damages.append(Damage(number, "an event of a later version"))
            return
        try:
            if self.session is None and isinstance(entry.event, ev.SessionOpened):
                self.session = begin(entry)
                self.entries.append(entry)
                return
            if self.session is None:
                if plan is None:
                    raise ValueError("the opening of the session is lost")
                self.open_with(plan)
            self._fill_in(entry)
            self._begin_block(entry)
            self._add(entry)
        except ValueError as error:
            self.damages.append(Damage(number, str(error)))

    def complete(self, path: Path) -> None:
        """Recordings that the journal does not know, and the ends of those whose end it does not know."""
        assert self.session is not None
        known = {recording.request.file for recording in self.session.recordings}
        for file in self._audio:
            if file not in known:
                self._add(ev.Entry(0.0, self._guess(file)))
        for recording in self.session.recordings:
            file = recording.request.file
            if file not in self._audio or recording.deleted:
                if recording.is_open:
                    self._add(ev.Entry(0.0, ev.RecordingFailed(recording.number, "no-sound")))
                continue
            self.saved.append(file)
            if recording.saved is None:
                seconds = round(wav.duration(path / file), 3)
                saved = ev.RecordingSaved(recording=recording.number, seconds=seconds, interrupted=True)
                self._add(ev.Entry(0.0, saved))

    def _add(self, entry: ev.Entry) -> None:
        assert self.session is not None
        at = max(entry.at, self.entries[-1].at)
        self.session = follow(self.session, replace(entry, at=at))
        self.entries.append(replace(entry, at=at))

    def _fill_in(self, entry: ev.Entry) -> None:
        """The beginnings of recordings that are lost, before the first entry that speaks of one or of a later one."""
        assert self.session is not None
        number = getattr(entry.event, "recording", None)
        if not isinstance(number, int) or isinstance(entry.event, ev.ConfirmationAsked) or number > 999:
            return
        begins = isinstance(entry.event, ev.RecordingStarted)
        while (missing := len(self.session.recordings)) < number or (missing == number and not begins):
            prefix = f"audio/{missing + 1:03d}-"
            file = next((one for one in self._audio if one.startswith(prefix)), f"{prefix}lost-take1.wav")
            self._add(ev.Entry(entry.at, self._guess(file)))
            if file not in self._audio and missing != number:
                self._add(ev.Entry(entry.at, ev.RecordingFailed(missing, "no-sound")))

    def _begin_block(self, entry: ev.Entry) -> None:
        """The beginning of a block that is lost: of the first one, or of the next where an item is not of this one."""
        session = self.session
        assert session is not None
        if not isinstance(entry.event, ev.ItemReached):
            return
        if not session.runs:
            self._add(ev.Entry(entry.at, ev.BlockStarted(0)))
        elif entry.event.item >= len(session.block.items) and session.run.block + 1 < len(session.plan.blocks):
            self._add(ev.Entry(entry.at, ev.BlockStarted(session.run.block + 1)))

    def _guess(self, file: str) -> ev.RecordingStarted:
        """The beginning of a recording, from the name of its file."""
        assert self.session is not None
        self.guessed.append(file)
        plan, told = self.session.plan, _NAME.fullmatch(PurePosixPath(file).stem)
        items = [(number, item) for number, block in enumerate(plan.blocks) for item in block.items]
        wanted = told[2] if told else ""
        block, item = next(((number, item) for number, item in items if item.id == wanted), items[-1])
        discussion = plan.item(item.discussion) if isinstance(item, Harvest) else item
        question = discussion.questions[0].id if isinstance(discussion, Discussion) and discussion.questions else ""
        group = int(told[3] or 0) if told else 0
        purpose: ev.Purpose = "summary" if group else "answer"
        if told and told[4]:
            purpose = "kernel" if told[4] == "kernel" else "argument"
        return ev.RecordingStarted(
            recording=len(self.session.recordings),
            file=file,
            purpose=purpose,
            block=block,
            item=item.id,
            question=question,
            group=min(group, 200),
            take=int(told[5]) if told else 1,
        )


def _lines(path: Path) -> list[bytes]:
    """All lines, also a last one without an end. What is beyond any session's length is left where it is."""
    with path.open("rb") as file:
        data = file.read(min(LARGEST, path.stat().st_size))
    found = data.split(b"\n")
    return found if found[-1] else found[:-1]


def _audio_of(path: Path) -> Iterator[str]:
    """The recordings in the folder, finished or not, in the order of their names. Links are not followed."""
    folder = path / "audio"
    if folder.is_symlink() or not folder.is_dir():
        return
    names = sorted(
        {one.name.removesuffix(".part") for one in folder.iterdir() if one.is_file() and not one.is_symlink()}
    )
    yield from (f"audio/{name}" for name in names if AUDIO.fullmatch(f"audio/{name}"))


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")
