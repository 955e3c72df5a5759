"""The journal: everything that happened in a session, one JSON event a line, only ever appended to.

A line is `{"at": 12.5, "event": "BlockStarted", ...the fields of that event}`. pydantic reads and writes the same
dataclasses that the session uses; fields it does not know are passed over, so that journals outlive releases.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from levelup_voice.errors import JournalError
from levelup_voice.session import events as ev
from levelup_voice.session.transcript import Transcript

from .disk import BINARY, replace_file, sync, write_all

_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(ev.Event)}
_adapters: dict[type[Any], TypeAdapter[Any]] = {}


@dataclass(frozen=True, slots=True)
class Contents:
    """What a journal holds."""

    entries: tuple[ev.Entry, ...]
    whole_bytes: int
    """Length of the part that ends with a whole line; what follows was torn by a crash."""
    newer: bool
    """It has events that this version does not know: it may be read, not continued."""


class Journal:
    """An open journal. What was appended is on disk when `append` returns."""

    def __init__(self, path: Path) -> None:
        """Opens, or begins, the journal at `path`. A torn last line is cut off before anything is added."""
        self._path = path
        self._file = _open(path)

    def append(self, entries: Sequence[ev.Entry]) -> None:
        """Add the entries of one decision, in one write. Raises OSError when the disk refuses."""
        write_all(self._file, "".join(map(to_line, entries)).encode())
        sync(self._file)

    def forget(self, recording: int) -> None:
        """Take every word of a recording out of the journal; that it was made, and deleted, stays."""
        entries = [_without_words(entry, recording) for entry in read(self._path).entries]
        os.close(self._file)
        replace_file(self._path, "".join(map(to_line, entries)).encode())
        self._file = _open(self._path)

    def close(self) -> None:
        os.close(self._file)


def read(path: Path) -> Contents:
    """The entries of a journal. Raises JournalError naming a line, other than a torn last one, that is damaged."""
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    entries, newer = [], False
    for number, line in enumerate(data[:whole].split(b"\n")[:-1], start=1):
        try:
            entry = from_line(line)
        except (ValueError, RecursionError) as error:
            raise JournalError(f"{path}, line {number}: {_first_line(error)}") from error
        if entry is None:
            newer = True
        else:
            entries.append(entry)
    if not entries or not isinstance(entries[0].event, ev.SessionOpened):
        raise JournalError(f"{path}, line 1: expected the opening of a session")
    return Contents(tuple(entries), whole, newer)


def to_line(entry: ev.Entry) -> str:
    kind: type[Any] = type(entry.event)
    # The kind of an item in the plan is a default too, and without it a closing is read back as a card.
    brief = not isinstance(entry.event, ev.SessionOpened)
    fields = _adapter(kind).dump_python(entry.event, mode="json", exclude_defaults=brief)
    return json.dumps({"at": entry.at, "event": kind.__name__, **fields}, ensure_ascii=False) + "\n"


def from_line(line: bytes) -> ev.Entry | None:
    """The entry of one line; None when its event is of a later version. Raises ValueError on anything else."""
    match json.loads(line):
        case {"at": int() | float() as at, "event": str() as name, **fields}:
            kind = _KINDS.get(name)
            if kind is None:
                return None
            return ev.Entry(float(at), _adapter(kind).validate_python(fields, extra="ignore"))
        case _:
            raise ValueError("expected an event with its moment")


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Built once for each kind of event, when the first one is met: building is what costs."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def _open(path: Path) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | BINARY, 0o600)
    whole = os.pread(file, os.fstat(file).st_size, 0).rfind(b"\n") + 1
    os.ftruncate(file, whole)
    return file


def _without_words(entry: ev.Entry, recording: int) -> ev.Entry:
    match entry.event:
        case ev.TranscriptReady(number, Transcript() as transcript) if number == recording:
            return replace(entry, event=ev.TranscriptReady(number, replace(transcript, words=())))
        case ev.SummaryCorrected(number) if number == recording:
            return replace(entry, event=ev.SummaryCorrected(number, ""))
        case _:
            return entry


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error).split("\n")[0]
