"""The script of a rehearsal: from a file, of the program's own, from a journal, or made up for a plan that has none."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import yaml

from levelup_voice.errors import ContentError, Problem, SetupError
from levelup_voice.files.authored import Report
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import known_plans, load_plan, read_as
from levelup_voice.files.data import content_folder
from levelup_voice.files.document import Tree, read_document, shortened
from levelup_voice.rehearsal.script import Script
from levelup_voice.session.plan import MOST_PEOPLE
from levelup_voice.session.state import Session

SOME_PEOPLE = 12
"""In the room when neither script nor plan tells how many."""

_BETWEEN = {"participants": (0, MOST_PEOPLE), "seed": (0, 2**32 - 1), "noise_dbfs": (-120, 0)}
"""What a room can be made of."""


@dataclass(frozen=True, slots=True)
class Written:
    """A script and its text, which the journal keeps so that the rehearsal can be resumed."""

    script: Script
    text: str
    starts: datetime


def find_script(name: str, seed: int | None) -> Written:
    """The script in a file or of this name; for a plan, in a file or of this name, people who say one and the same.

    Raises SetupError when there is neither, ContentError with all that is wrong in a file.
    """
    scripts = {path.stem: path for path in sorted((content_folder() / "rehearsals").glob("*.yaml"))}
    path = Path(name) if name.endswith((".yaml", ".yml")) else _named(name, scripts)
    if path is not None and not _is_plan(path):
        return _read(path.read_text(encoding="utf-8"), path, seed)
    plans = known_plans()
    if path is None and _named(name, plans) is None:
        known = ", ".join(sorted({*scripts, *plans}))
        raise SetupError(f"there is no rehearsal {name}", "no_rehearsal", name=name, known=known)
    return _read(_for_plan(str(path.resolve()) if path else name), path, seed)


def script_of(session: Session) -> Script | None:
    """The script that the journal of a rehearsal holds; None: the session is a live one."""
    written = session.opened.rehearsal
    return _read(written, None, session.opened.seed).script if written else None


def _named(name: str, known: Mapping[str, Path]) -> Path | None:
    """By its name, or by its name without the language."""

    for stem, path in known.items():
        if name in (stem, stem.rpartition(".")[0]):
            return path
    return None


def _is_plan(path: Path) -> bool:
    tree = read_document(path).tree
    return isinstance(tree, dict) and "blocks" in tree


def _for_plan(session: str) -> str:
    """A script in which everybody says the same, starting now."""
    plan = load_plan(session)
    return yaml.safe_dump(
        {
            "session": session,
            "starts": f"{datetime.now().astimezone():%Y-%m-%d %H:%M}",
            "participants": plan.participants or SOME_PEOPLE,
            "otherwise": load_catalogue(plan.language).text("rehearsal.anything"),
        },
        allow_unicode=True,
        sort_keys=False,
    )


def _read(text: str, path: Path | None, seed: int | None) -> Written:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "script.yaml"
        copy.write_text(text, encoding="utf-8")
        script = read_as(Script, path if path is not None and not _is_plan(path) else copy, _check)
    return Written(script if seed is None else replace(script, seed=seed), text, _starts(script, path))


def _check(tree: Tree, report: Report) -> None:
    for name, (least, most) in _BETWEEN.items():
        value = tree.get(name) if isinstance(tree, dict) else None
        if isinstance(value, int | float) and not isinstance(value, bool) and not least <= value <= most:
            report((name,), f"{least} to {most}", str(value))


def _starts(script: Script, path: Path | None) -> datetime:
    try:
        return datetime.strptime(script.starts, "%Y-%m-%d %H:%M").astimezone()
    except ValueError:
        expected = "a date and a time such as 2026-03-12 15:20"
        raise ContentError([Problem(str(path or "script"), 0, "starts", expected, shortened(script.starts))]) from None
