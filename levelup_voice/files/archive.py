"""Files that come from elsewhere, as a zip or a folder, brought into a folder of ours without believing their names.

What could write outside that folder, fill the disk or be anything but a plain file is refused before a byte is written.
"""

import contextlib
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from levelup_voice.errors import SetupError

from .disk import sync
from .download import RESERVE
from .visible import visible

BLOCK = 1024 * 1024

LITTER = {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"}
"""What computers leave in folders that people made on them; besides these, names that begin with "._"."""

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How the files of a zip may be packed: as nearly all of them are."""

UNSAFE = set('\\:*?"<>|')


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of what is brought in. The largest Dutch model has some 2 GB in some 30 files, and shrinks to less than half."""

    files: int = 1000
    bytes: int = 6_000_000_000
    ratio: float = 30.0
    """Bytes for each byte of the zip: only a trap has more."""
    reserve: int = RESERVE


@dataclass(frozen=True, slots=True)
class _Entry:
    parts: tuple[str, ...]
    size: int
    open: Callable[[], IO[bytes]]


def bring(source: Path, into: Path, limits: Limits | None = None) -> str:
    """Bring everything in a zip or a folder into the new folder `into`, on the disk itself.

    Returns what it was called: the one folder that holds everything in `source`, which is left out, else `source`.
    Raises SetupError, with nothing more than a part of it in `into`.
    """
    limits = limits or Limits()
    try:
        with contextlib.ExitStack() as closing:
            if source.is_dir():
                name, entries = source.resolve().name, list(_in_folder(source, limits))
            else:
                archive = closing.enter_context(zipfile.ZipFile(source))
                name, entries = source.stem, list(_in_zip(archive, limits))
                _require(sum(entry.size for entry in entries) <= limits.ratio * source.stat().st_size, source, "size")
            top = _top(entries)
            _require_bounds(source, into, entries, limits)
            for entry in entries:
                _write(entry, into.joinpath(*entry.parts[1 if top else 0 :]))
        return top or name
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        problem = _told(str(error))
        raise SetupError(f"{source}: {problem}", "archive_broken", path=source, problem=problem) from error


def _in_zip(archive: zipfile.ZipFile, limits: Limits) -> Iterator[_Entry]:
    path = archive.filename
    members = archive.infolist()
    _require(len(members) <= 4 * limits.files, path, "count")
    for member in members:
        kind = stat.S_IFMT(member.external_attr >> 16)
        _require(kind in (0, stat.S_IFREG, stat.S_IFDIR), path, "kind", member.filename)
        _require(not member.flag_bits & 1, path, "locked", member.filename)
        # The others may ask for gigabytes of memory before they give a byte.
        _require(member.compress_type in METHODS, path, "method", member.filename)
        # As it was written: the library itself makes names harmless, and so hides what was meant.
        parts = tuple(member.orig_filename.removesuffix("/").split("/"))
        _require(all(map(_is_safe, parts)), path, "name", member.orig_filename)
        if not member.is_dir() and not any(map(_is_litter, parts)):
            yield _Entry(parts, member.file_size, lambda member=member: archive.open(member))  # type: ignore[misc]


def _in_folder(folder: Path, limits: Limits) -> Iterator[_Entry]:
    found = 0
    for place, folders, files in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not _is_litter(name))
        for name in (*folders, *sorted(name for name in files if not _is_litter(name))):
            path = Path(place, name)
            status = path.lstat()
            _require(stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode), folder, "kind", str(path))
            found += 1
            _require(found <= 4 * limits.files, folder, "count")
            if stat.S_ISREG(status.st_mode):
                yield _Entry(path.relative_to(folder).parts, status.st_size, lambda path=path: path.open("rb"))  # type: ignore[misc]


def _raise(error: OSError) -> None:
    raise error


def _is_safe(part: str) -> bool:
    """A name that stays where it is put, on any computer: no way up, no drive, no stream, nothing invisible."""
    return part.isprintable() and UNSAFE.isdisjoint(part) and bool(part) and part[-1] not in ". "


def _is_litter(part: str) -> bool:
    return part in LITTER or part.startswith("._")


def _top(entries: Sequence[_Entry]) -> str:
    """The one folder that everything is in; empty when there is none, or when it is not alone."""
    tops = {entry.parts[0] for entry in entries}
    return tops.pop() if len(tops) == 1 and all(len(entry.parts) > 1 for entry in entries) else ""


def _require_bounds(source: Path, into: Path, entries: Sequence[_Entry], limits: Limits) -> None:
    names = {"/".join(entry.parts).casefold() for entry in entries}
    _require(len(names) == len(entries), source, "twice")
    _require(len(entries) <= limits.files, source, "count")
    total = sum(entry.size for entry in entries)
    _require(total <= limits.bytes, source, "size")
    if shutil.disk_usage(into.parent).free < total + limits.reserve:
        raise SetupError("the disk is too full", "no_room", folder=into.parent, megabytes=-(-total // 1_000_000))


def _require(fine: bool, source: object, why: str, entry: str = "") -> None:
    if not fine:
        entry = _told(entry)
        raise SetupError(f"{source} is refused: {why} {entry!r}", f"archive_refused.{why}", path=source, entry=entry)


def _told(text: str) -> str:
    """What others wrote, fit to be told: visible and not too long."""
    text = visible(text)
    return text if len(text) <= 100 else f"{text[:99]}…"


def _write(entry: _Entry, path: Path) -> None:
    """What does not have the size that it was checked for is refused."""
    path.parent.mkdir(parents=True, exist_ok=True)
    left = entry.size
    with entry.open() as source, path.open("xb") as target:
        while block := source.read(BLOCK):
            left -= len(block)
            if left < 0:
                raise EOFError(f"{path.name} is longer than it said")
            target.write(block)
        if left:
            raise EOFError(f"{path.name} is shorter than it said")
        target.flush()
        sync(target.fileno())
