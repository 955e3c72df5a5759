"""Sessions as people write them: found by name, read strictly, and checked before anyone is in the room."""

import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from platformdirs import user_data_path

from levelup_voice.errors import ContentError, Problem, SetupError
from levelup_voice.session.plan import SessionPlan

from . import rules
from .authored import Report, prepared
from .catalogue import languages
from .data import content_folder
from .document import Place, Tree, read_document, shortened
from .outline import Hint, expectation, fields_of, inner, is_item, kind_of

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

T = TypeVar("T")


def load_plan(path_or_name: str | Path) -> SessionPlan:
    """The plan in a file, or the known plan of this name: `level-up.nl`, or `level-up` when it has one language.

    Raises ContentError with everything that is wrong in the file, and SetupError when there is no such plan.
    """
    return plan_in(_found(path_or_name))


def known_plans() -> Mapping[str, Path]:
    """The plans that can be asked for by name: the program's, and a person's own, which win."""
    folders = (content_folder() / "sessions", own_sessions_folder())
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml"))}


def own_sessions_folder() -> Path:
    """Where someone's own sessions are looked for; it need not exist."""
    return user_data_path("levelup-voice", appauthor=False) / "sessions"


def plan_in(path: Path) -> SessionPlan:
    """The plan that this file holds. ContentError with everything that is wrong in it."""
    return read_as(SessionPlan, path, lambda tree, report: rules.check(tree, languages(), report))


def read_as(kind: type[T], path: Path, check: Callable[[Tree, Report], None] = lambda tree, report: None) -> T:
    """The file as a dataclass of this kind; `check` may look for more than types can tell.

    Raises ContentError with everything that is wrong in the file.
    """
    document = read_document(path)
    problems: dict[Place, Problem] = {}

    # The first problem of a place is the clearest one: a later check mostly stumbles over the same thing.
    def report(place: Place, expected: str, found: str) -> None:
        problems.setdefault(place, document.problem(place, expected, found))

    tree = prepared(document.tree, kind, report)
    check(tree, report)
    read = _typed(kind, tree, report)
    if problems or read is None:
        raise ContentError(sorted(problems.values(), key=lambda problem: problem.line))
    return read


def _found(path_or_name: str | Path) -> Path:
    path = Path(path_or_name)
    if isinstance(path_or_name, Path) or path.suffix in (".yaml", ".yml") or path.name != path_or_name:
        return path
    plans = known_plans()
    if path_or_name in plans:
        return plans[path_or_name]
    in_languages = [stem for stem in plans if stem.rpartition(".")[0] == path_or_name]
    if len(in_languages) == 1:
        return plans[in_languages[0]]
    names = ", ".join(in_languages or plans)
    raise SetupError(f"there is no plan {path_or_name}", "no_plan", name=path_or_name, known=names)


def _typed(kind: type[T], tree: Tree, report: Report) -> T | None:
    # pydantic takes a quarter of a second to import and to get ready; who asks for help should not wait for it.
    from pydantic import TypeAdapter, ValidationError

    try:
        # By way of JSON: there pydantic is strict about types and yet makes dataclasses and tuples.
        return TypeAdapter(kind).validate_json(json.dumps(tree), strict=True, extra="forbid")
    except ValidationError as error:
        for details in error.errors(include_url=False):
            _translate(details, kind, tree, report)
    return None


def _translate(details: "ErrorDetails", kind: Hint, tree: Tree, report: Report) -> None:
    """One of pydantic's errors in our words. It tries an item as every kind; only the kind that is meant counts."""
    place: Place = ()
    hint: Hint = kind
    owner: Hint = None
    for part in details["loc"]:
        if is_item(hint):
            hint = kind_of(tree)
            if hint is None or part != hint.__name__:
                return
            continue
        owner, hint = hint, inner(hint, tree, part)
        place = (*place, part)
        tree = _child(tree, part)
    if hint is None:
        report(place, _nearest_field(str(place[-1]), owner), f"the unknown field {shortened(place[-1])}")
    else:
        report(place, expectation(hint), "nothing" if details["type"] == "missing" else _named(details["input"]))


def _named(value: object) -> str:
    """What was found, telling `4` from `"4"`."""
    if isinstance(value, str) and value:
        return f"the text {shortened(value)}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"the number {value}" if is_number else shortened(value)


def _child(tree: Tree, part: str | int) -> Tree:
    if isinstance(tree, dict) and isinstance(part, str):
        return tree.get(part)
    return tree[part] if isinstance(tree, list) and isinstance(part, int) else None


def _nearest_field(name: str, owner: Hint) -> str:
    known = list(fields_of(owner))
    near = get_close_matches(name, known, n=1)
    return f"the field {near[0]}" if near else "one of the fields: " + ", ".join(known)
