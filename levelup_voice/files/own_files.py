"""Files that we write again and again in a folder where people work too: what a person changed is never overwritten.

A manifest remembers by hash what we wrote. A file that is something else now is a person's, and stays; ours gets
another name ("notes (2).md"), is remembered under it and brought up to date in place from then on.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .disk import replace_file

MANIFEST = ".derived.json"

_UNREADABLE = "unreadable"
_ABSENT = ""


class _SavedMeanwhileError(OSError):
    """A person saved the file while we were writing ours."""


@dataclass(slots=True)
class _Own:
    """A file that we wrote."""

    file: str
    hashes: list[str]
    """What it may hold: what we wrote last, and what we were about to write when the program was killed."""


@dataclass(slots=True)
class _Name:
    """All that goes by one name."""

    own: list[_Own] = field(default_factory=list)
    """The last one is current. Earlier ones were held open by another program and go as soon as they can."""
    kept: list[str] = field(default_factory=list)
    """Files that a person changed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file was found changed by a person; the new version has another name."""

    file: str
    fresh: str


class OwnFiles:
    """The files we derive, in one folder. One thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = _read(folder / MANIFEST)

    def put(self, contents: Mapping[str, bytes]) -> list[Kept]:
        """Bring these files up to date; the names are relative, and taken by a person's file they get a number.

        Raises the first OSError after trying them all, so that one bad file does not cost the others.
        """
        kept: list[Kept] = []
        changed: dict[str, bytes] = {}
        for name, data in contents.items():
            found = _hash(self.path(name))
            if gave_way := self._give_way(name, data, found):
                kept.append(gave_way)
                found = _ABSENT
            if self._expect(name, data, found):
                changed[name] = data
        problems: list[OSError] = []
        if changed or kept:
            self._save(problems)
        for name, data in changed.items():
            try:
                kept += self._write(name, data)
            except OSError as error:
                problems.append(error)
        if problems:
            raise problems[0]
        return kept

    def remove(self, name: str) -> None:
        """What we wrote under this name is gone for good, also if a person changed it. Raises OSError."""
        known = self._names.pop(name, None)
        files = {name, *(own.file for own in known.own), *known.kept} if known else {name}
        for file in files:
            _fresh(self._folder / file).unlink(missing_ok=True)
            (self._folder / file).unlink(missing_ok=True)
        if known:
            self._save([])

    def path(self, name: str) -> Path:
        """Where the file of this name is, or would be."""
        known = self._names.get(name)
        return self._folder / (known.own[-1].file if known and known.own else name)

    def kept(self) -> list[Path]:
        """The files that a person changed and that are still there."""
        files = [self._folder / file for name in self._names.values() for file in name.kept]
        return [file for file in files if file.is_file()]

    def _give_way(self, name: str, data: bytes, found: str) -> Kept | None:
        """Choose another name when a person's file has ours; `found` is its hash. What they made of it is not ours."""
        known = self._names.setdefault(name, _Name())
        current = known.own[-1] if known.own else None
        file = current.file if current else name
        ours = current.hashes if current else []
        if found in (_ABSENT, _digest(data), *ours):
            if current is None:
                known.own.append(_Own(file, []))
            return None
        if current and found != _UNREADABLE:
            known.own.pop()
        if found != _UNREADABLE:
            known.kept.append(file)
        known.own.append(_Own(self._free(name), []))
        return Kept(file, known.own[-1].file)

    def _expect(self, name: str, data: bytes, found: str) -> bool:
        """Whether this is to be written. Noted before it is, so that a kill in between does not make it a person's."""
        known = self._names[name]
        digest, current = _digest(data), known.own[-1]
        known.own[:-1] = [own for own in known.own[:-1] if not self._is_swept(own)]
        current.hashes = [digest] if found in (digest, _ABSENT) else [found, digest]
        return found != digest

    def _write(self, name: str, data: bytes) -> list[Kept]:
        known, kept = self._names[name], list[Kept]()
        try:
            self._replace(known.own[-1], data)
            return kept
        except _SavedMeanwhileError:
            if gave_way := self._give_way(name, data, _hash(self.path(name))):
                kept.append(gave_way)
            known.own[-1].hashes.append(_digest(data))
        except (PermissionError, IsADirectoryError):
            # Another program holds it: a word processor on Windows, for as long as it is open there.
            known.own.append(_Own(self._free(name), [_digest(data)]))
        self._save([])
        self._replace(known.own[-1], data)
        return kept

    def _replace(self, own: _Own, data: bytes) -> None:
        path = self._folder / own.file
        path.parent.mkdir(mode=0o700, exist_ok=True)

        def look() -> None:
            if _hash(path) not in (_ABSENT, _UNREADABLE, *own.hashes):
                raise _SavedMeanwhileError(own.file)

        replace_file(path, data, look)

    def _is_swept(self, own: _Own) -> bool:
        """Whether an older file of ours is gone, or has become a person's."""
        path = self._folder / own.file
        found = _hash(path)
        try:
            if found in own.hashes:
                path.unlink()
        except OSError:
            return False
        return found != _UNREADABLE

    def _free(self, name: str) -> str:
        path = Path(name)
        number = 2
        while (self._folder / (file := path.with_stem(f"{path.stem} ({number})").as_posix())).exists():
            number += 1
        return file

    def _save(self, problems: list[OSError]) -> None:
        manifest = {
            name: {"own": [{"file": own.file, "sha256": own.hashes} for own in known.own], "kept": known.kept}
            for name, known in self._names.items()
        }
        try:
            replace_file(self._folder / MANIFEST, json.dumps(manifest, indent=1).encode())
        except OSError as error:
            problems.append(error)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hash(path: Path) -> str:
    try:
        return _digest(path.read_bytes())
    except FileNotFoundError:
        return _ABSENT
    except OSError:
        return _UNREADABLE


def _fresh(path: Path) -> Path:
    """What a killed program may have left while replacing a file; see disk.replace_file."""
    return path.with_name(f".{path.name}.fresh")


def _read(path: Path) -> dict[str, _Name]:
    """The manifest; without one, or with a broken one, every file there is a person's. So it is with one that names
    anything outside the folder: what it names is written and deleted."""
    try:
        manifest = json.loads(path.read_bytes())
        names = {
            str(name): _Name(
                own=[_Own(str(own["file"]), [str(one) for one in own["sha256"]]) for own in known["own"]],
                kept=[str(file) for file in known["kept"]],
            )
            for name, known in manifest.items()
        }
        files = {
            file for name, known in names.items() for file in (name, *known.kept, *(own.file for own in known.own))
        }
        return names if all(_is_inside(path.parent, file) for file in files) else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _is_inside(folder: Path, file: str) -> bool:
    there = (folder / file).resolve()
    return there != folder.resolve() and there.is_relative_to(folder.resolve())
