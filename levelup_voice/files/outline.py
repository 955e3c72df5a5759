"""What a plan is made of, as the types in session/plan.py tell, and how to name what an author should write."""

import types
import typing
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from levelup_voice.session.plan import Item

from . import duration
from .document import Tree

Hint = Any
"""A type annotation. Python has no narrower type for it."""


@dataclass(frozen=True, slots=True)
class FieldOutline:
    hint: Hint
    required: bool
    default: object = None


@cache
def fields_of(owner: Any) -> dict[str, FieldOutline]:
    """The fields that an author may write."""
    hints = get_type_hints(owner, include_extras=True)
    return {
        each.name: FieldOutline(
            _without_none(hints[each.name]),
            required=each.default is MISSING and each.default_factory is MISSING,
            default=None if each.default is MISSING else each.default,
        )
        for each in fields(owner)
    }


KINDS: dict[str, type] = {kind.__dataclass_fields__["kind"].default: kind for kind in get_args(Item)}
"""The items by the word that an author writes for them."""


def kind_of(tree: Tree) -> type | None:
    """The type of the item that this is meant to be."""
    kind = tree.get("kind") if isinstance(tree, dict) else None
    return KINDS.get(kind) if isinstance(kind, str) else None


def origin(hint: Hint) -> object:
    """`tuple` of `tuple[str, ...]`, and so on; None of a plain class."""
    found: object = get_origin(hint)
    return found


def is_item(hint: Hint) -> bool:
    return bool(hint == Item)


def is_seconds(hint: Hint) -> bool:
    return origin(hint) is Annotated and "seconds" in hint.__metadata__


def inner(hint: Hint, tree: Tree, part: str | int) -> Hint:
    """The type of one part of `tree`, which should be of type `hint`. None when the type has no such part."""
    if isinstance(part, int):
        return get_args(hint)[0] if origin(hint) is tuple else None
    owner = kind_of(tree) if is_item(hint) else hint
    known = fields_of(owner) if owner is not None and is_dataclass(owner) else {}
    return known[part].hint if part in known else None


def expectation(hint: Hint) -> str:
    """What an author should write here."""
    if is_seconds(hint):
        return duration.EXPECTED
    if is_item(hint):
        return "an item, with its kind: " + ", ".join(KINDS)
    if origin(hint) is Literal:
        return "one of: " + ", ".join(get_args(hint))
    if origin(hint) is tuple:
        return "a list"
    if is_dataclass(hint):
        return "named fields: " + ", ".join(each.name for each in fields(hint))
    return {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}.get(hint, "something else")


def _without_none(hint: Hint) -> Hint:
    if origin(hint) in (types.UnionType, typing.Union):
        some = [each for each in get_args(hint) if each is not types.NoneType]
        return some[0] if len(some) == 1 else hint
    return hint
