"""Putting a speech model among those of this computer, and taking one away: whole, or not at all.

A model is made ready in a folder of its own that does not look like one, tried there, and put in its place in one step.
"""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import filelock

from levelup_voice.errors import SetupError

from .archive import Limits, bring
from .disk import sync_folder
from .download import Progress, Web, download
from .models import language_of, problems_of
from .published_models import PublishedModel

Trial: TypeAlias = Callable[[Path, str], None]
"""Raises SetupError when the model in this folder, that will have this name, does not work."""

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,78}[A-Za-z0-9])?")
"""Of one folder on any computer, and of nothing above or below it."""

_UNFINISHED = ".unfinished-"


def fetch(
    model: PublishedModel,
    folder: Path,
    trial: Trial,
    *,
    web: Web | None = None,
    progress: Progress = lambda done, total: None,
) -> Path:
    """Fetch a published model into `folder`. Raises SetupError; a later call goes on with what had arrived."""
    with _alone_in(folder):
        _require_free(model.name, folder)
        part = _part(model.name, folder)
        download(
            model.address,
            part,
            least=model.least,
            most=model.most,
            sha256=model.sha256,
            web=web,
            progress=progress,
        )
        try:
            path = _place(part, folder, trial, model.name)
        except SetupError as error:
            if error.key.startswith("archive") or error.key == "not_a_model":
                part.unlink()  # Then what arrived is of no use; a full disk or a busy computer may do better later.
            raise
        part.unlink()
    return path


def add(source: Path, folder: Path, trial: Trial, *, name: str = "", limits: Limits | None = None) -> Path:
    """Copy the model in a zip or a folder into `folder`; without a name, under the one it has. Raises SetupError."""
    if not source.exists():
        raise SetupError(f"{source} is not there", "nothing_there", path=source)
    with _alone_in(folder):
        return _place(source, folder, trial, name, limits)


def remove(name: str, folder: Path) -> None:
    """Take a model away, whole, broken or half fetched. Raises SetupError, also when there is none of this name."""
    path, part = folder / name, _part(name, folder)
    if not _NAME.fullmatch(name) or not (path.is_dir() or part.exists()):
        raise SetupError(f"no model {name!r}", "no_such_model", name=name)
    with _alone_in(folder), _unfinished(folder) as aside:
        part.unlink(missing_ok=True)
        if path.is_dir():
            path.rename(aside / name)


def _part(name: str, folder: Path) -> Path:
    return folder / f".{name}.zip.part"


def _place(source: Path, folder: Path, trial: Trial, name: str, limits: Limits | None = None) -> Path:
    with _unfinished(folder) as aside:
        called = bring(source, aside / "new", limits)
        name = name or called
        if not _NAME.fullmatch(name) or not language_of(name):
            raise SetupError(f"{name!r} is no name for a model", "model_name", name=name)
        _require_free(name, folder)
        fresh = (aside / "new").rename(aside / name)
        if missing := problems_of(fresh):
            raise SetupError(f"{source} is not a model", "not_a_model", path=source, missing=", ".join(missing))
        trial(fresh, name)
        os.replace(fresh, folder / name)
        sync_folder(folder)
    return folder / name


def _require_free(name: str, folder: Path) -> None:
    if (folder / name).exists():
        raise SetupError(f"{folder / name} exists", "model_exists", name=name)


@contextlib.contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder on the same disk, gone afterwards with all that is left in it."""
    path = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One program at a time changes what is in `folder`. What killed ones left is cleared away."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / ".lock", timeout=0):
            for left in folder.glob(f"{_UNFINISHED}*"):
                shutil.rmtree(left, ignore_errors=True)
            yield
    except filelock.Timeout:
        raise SetupError(f"another program is working in {folder}", "models_busy", folder=folder) from None
    except OSError as error:
        raise SetupError(f"{folder}: {error}", "models_folder", folder=folder, problem=error) from error
