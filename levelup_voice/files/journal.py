"""The journal: everything that happened in a session, one JSON event a line, only ever appended to.

A line is `{"at": 12.5, "event": "BlockStarted", ...the fields of that event}`. pydantic reads and writes the same
dataclasses that the session uses; fields it does not know are passed over, so that journals outlive releases.
"""

import contextlib
import json
import math
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from levelup_voice.errors import DiskError, JournalError
from levelup_voice.session import events as ev
from levelup_voice.session.transcript import Transcript

from .disk import BINARY, cut, replace_file, sync, write_all

LARGEST = 256 * 1024 * 1024
"""Bytes of a journal; a session of forty minutes takes about 200 000."""

LARGEST_LINE = 8 * 1024 * 1024
"""Bytes; the first line, with plan and script, takes the most: each of them at most 1 MB as a file."""

LATEST = 1e9
"""Seconds since the opening: some thirty years."""

_LONGEST_NUMBER = 100
"""Characters; more are no number that anything here can be."""

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
        """Add the entries of one decision, in one write. Raises DiskError when the disk refuses."""
        before = os.fstat(self._file).st_size
        try:
            write_all(self._file, "".join(map(to_line, entries)).encode())
            sync(self._file)
        except OSError as error:
            with contextlib.suppress(OSError):
                cut(self._file, before)  # Half a decision was never acknowledged: it did not happen.
            raise DiskError(self._path, error.strerror or type(error).__name__) from error

    def forget(self, recordings: Collection[int]) -> None:
        """Take every word of these recordings out of the journal; that they were made, and deleted, stays.

        Raises DiskError when the disk refuses; the journal is then as it was.
        """
        before, _ = lines(self._path)
        after = [_without_words(line, recordings) for line in before]
        if after == before:
            return
        os.close(self._file)  # Windows gives nobody the name of a file that is open.
        try:
            replace_file(self._path, b"".join(line + b"\n" for line in after))
        except OSError as error:
            raise DiskError(self._path, error.strerror or type(error).__name__) from error
        finally:
            self._file = _open(self._path)

    def close(self) -> None:
        os.close(self._file)


def read(path: Path) -> Contents:
    """The entries of a journal. Raises JournalError naming a line, other than a torn last one, that is damaged."""
    lines_found, whole = lines(path)
    entries, newer = [], False
    for number, line in enumerate(lines_found, start=1):
        try:
            entry = from_line(line)
        except (ValueError, RecursionError) as error:
            raise JournalError(f"{path}, line {number}: {problem_of(error)}") from error
        if entry is None:
            newer = True
        else:
            entries.append(entry)
    if not entries or not isinstance(entries[0].event, ev.SessionOpened):
        raise JournalError(f"{path}, line 1: expected the opening of a session")
    return Contents(tuple(entries), whole, newer)


def lines(path: Path) -> tuple[list[bytes], int]:
    """The whole lines of a journal, without their ends, and how many bytes they take. Raises JournalError, OSError."""
    if path.stat().st_size > LARGEST:
        raise JournalError(f"{path}: larger than any session ({LARGEST} bytes)")
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    return data[:whole].split(b"\n")[:-1], whole


def to_line(entry: ev.Entry) -> str:
    kind: type[Any] = type(entry.event)
    # The kind of an item in the plan is a default too, and without it a closing is read back as a card.
    brief = not isinstance(entry.event, ev.SessionOpened)
    fields = _adapter(kind).dump_python(entry.event, mode="json", exclude_defaults=brief)
    return json.dumps({"at": entry.at, "event": kind.__name__, **fields}, ensure_ascii=False) + "\n"


def from_line(line: bytes) -> ev.Entry | None:
    """The entry of one line; None when its event is of a later version.

    Raises ValueError on anything else, RecursionError when it is nested without end.
    """
    if len(line) > LARGEST_LINE:
        raise ValueError(f"longer than {LARGEST_LINE} bytes")
    # Decoded here: of bytes the library would take other encodings too.
    match _DECODER.decode(line.decode()):
        case {"at": int() | float() as at, "event": str() as name}:
            if not 0 <= at <= LATEST:
                raise ValueError(f"{at} is no moment of a session")
            kind = _KINDS.get(name)
            if kind is None:
                return None
            # Once more from the text: there a number is a number, a list may be a tuple, and no character is half.
            return ev.Entry(float(at), _adapter(kind).validate_json(line, strict=True, extra="ignore"))
        case _:
            raise ValueError("expected an event with its moment")


def _number(written: str) -> float:
    """Finite: what is to be added up and shown."""
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(f"{written[:_LONGEST_NUMBER]} is no number of a session")
    return number


def _whole_number(written: str) -> int:
    if len(written) > _LONGEST_NUMBER:
        raise ValueError(f"{written[:_LONGEST_NUMBER]}… is no number of a session")
    return int(written)


_DECODER = json.JSONDecoder(parse_float=_number, parse_int=_whole_number, parse_constant=_number)


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Built once for each kind of event, when the first one is met: building is what costs."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def _open(path: Path) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | BINARY, 0o600)
    size = os.fstat(file).st_size
    whole = path.read_bytes().rfind(b"\n") + 1
    if whole < size:  # To cut nothing off would still be a change, and others read anew what has changed.
        cut(file, whole)
    return file


def _without_words(line: bytes, recordings: Collection[int]) -> bytes:
    """Any other line as it is, also one of a later version."""
    entry = from_line(line)
    match entry.event if entry is not None else None:
        case ev.TranscriptReady(number, Transcript() as transcript) as event if (
            number in recordings and transcript.words
        ):
            wordless: ev.Event = replace(event, transcript=replace(transcript, words=()))
        case ev.SummaryCorrected(number, str() as text) if number in recordings and text:
            wordless = ev.SummaryCorrected(number, "")
        case ev.WordsConfirmed(number, tuple() as words) if number in recordings and words:
            wordless = ev.WordsConfirmed(number, ())
        case _:
            return line
    assert entry is not None
    return to_line(replace(entry, event=wordless)).removesuffix("\n").encode()


def problem_of(error: Exception) -> str:
    """What is wrong with a line, in one line."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error).split("\n")[0]
