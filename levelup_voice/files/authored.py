"""From what an author writes to what a plan holds: durations in words become seconds, places to stand are filled in.

It follows the types of session/plan.py, so a new field of a known type needs nothing here. On its way it reports what
it cannot make into a value: a duration that is none, a text that is missing, an unknown kind of item.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, get_args

from levelup_voice.session.plan import Item, Places

from . import duration
from .document import Place, Tree, shortened
from .outline import KINDS, Hint, expectation, fields_of, is_item, is_seconds, kind_of, origin

Report = Callable[[Place, str, str], None]
"""Takes a problem: its place, what was expected and what was found."""


def prepared(tree: Tree, kind: type, report: Report) -> Tree:
    """The tree of a document as pydantic wants it: seconds as numbers, `{agree}` and `{disagree}` as places."""
    return _Preparing(tree, report).value(tree, kind, (), required=True)


class _Preparing:
    def __init__(self, tree: Tree, report: Report) -> None:
        self.report = report
        self.places = _places_in(tree)

    def value(self, tree: Tree, hint: Hint, place: Place, *, required: bool) -> Tree:
        if is_seconds(hint):
            return self._seconds(tree, place)
        if hint is str:
            return self._text(tree, place, required=required)
        if is_item(hint):
            return self._item(tree, place)
        if origin(hint) is tuple and isinstance(tree, list):
            each = get_args(hint)[0]
            return [self.value(part, each, (*place, number), required=True) for number, part in enumerate(tree)]
        if is_dataclass(hint) and isinstance(tree, dict):
            return self._fields(tree, hint, place)
        return tree

    def _fields(self, tree: dict[str, Tree], owner: Any, place: Place) -> Tree:
        known = fields_of(owner)
        return {
            name: self.value(part, known[name].hint, (*place, name), required=known[name].required)
            if name in known
            else part
            for name, part in tree.items()
        }

    def _item(self, tree: Tree, place: Place) -> Tree:
        kind = kind_of(tree)
        if not isinstance(tree, dict):
            self.report(place, expectation(Item), shortened(tree))
        elif kind is None:
            self.report((*place, "kind"), "one of: " + ", ".join(KINDS), shortened(tree.get("kind")))
        else:
            return self._fields(tree, kind, place)
        return tree

    def _seconds(self, tree: Tree, place: Place) -> Tree:
        seconds = duration.seconds_in(tree) if isinstance(tree, str) else None
        if seconds is None:
            self.report(place, duration.EXPECTED, shortened(tree))
        elif seconds > duration.LONGEST:
            self.report(place, "at most 12 h", shortened(tree))
        return tree if seconds is None else seconds

    def _text(self, tree: Tree, place: Place, *, required: bool) -> Tree:
        if tree is None:
            tree = ""
        if isinstance(tree, str):
            tree = tree.strip()
            if required and not tree:
                self.report(place, "a text", "nothing")
            for side in fields(Places):
                written = f"{{{side.name}}}"
                if written in tree and side.name not in self.places:
                    self.report(place, f"places.{side.name} in the file, to fill in {written}", "nothing")
                tree = tree.replace(written, self.places.get(side.name, written))
        return tree


def _places_in(tree: Tree) -> dict[str, str]:
    places = tree.get("places") if isinstance(tree, dict) else None
    if not isinstance(places, dict):
        return {}
    return {side.name: where for side in fields(Places) if isinstance(where := places.get(side.name), str)}
