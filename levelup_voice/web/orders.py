"""What pages ask for, read strictly: a kind of command with its values, or a key."""

import json
from dataclasses import fields
from typing import Annotated, Any, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    TypeAdapter,
    ValidationError,
)

from levelup_voice.session import commands as do

_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(do.Command)}

MOST = 86400
"""No number that a person means is larger: a day, in seconds."""


def whole(value: object) -> object:
    """26.0 is a whole number in JSON."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[StrictInt, BeforeValidator(whole)]


class OrderError(ValueError):
    """This is no command."""


class Order(BaseModel):
    """A command as a page sends it: {"kind": "AddTime", "values": {"seconds": 60}}."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    kind: str = Field(max_length=40)
    values: dict[str, StrictBool | StrictInt | StrictFloat | str | None] = Field(default={}, max_length=4)


class Pressed(BaseModel):
    """A key as a page sends it, and the number that was typed before it."""

    model_config = ConfigDict(extra="forbid")
    key: str = Field(min_length=1, max_length=20)
    typed: str = Field(default="", max_length=7, pattern=r"^[0-9]{0,3}(,[0-9]{0,3})?$")


def command(body: bytes) -> do.Command:
    """The command in a body. Raises OrderError."""
    try:
        order = Order.model_validate_json(body)
        kind = _KINDS[order.kind]
        if not order.values.keys() <= {field.name for field in fields(kind)}:
            raise OrderError(order.kind)
        # By way of JSON: there pydantic is strict about types and yet makes dataclasses.
        values = {name: whole(value) for name, value in order.values.items()}
        asked: do.Command = TypeAdapter(kind).validate_json(json.dumps(values), strict=True)
        numbers = [value for field in fields(kind) if isinstance(value := getattr(asked, field.name), int | float)]
        if not all(abs(number) <= MOST for number in numbers):
            raise OrderError(order.kind)
    except (ValidationError, KeyError) as error:
        raise OrderError(str(error)) from error
    return asked


def pressed(body: bytes) -> Pressed:
    """The key in a body. Raises OrderError."""
    try:
        return Pressed.model_validate_json(body)
    except ValidationError as error:
        raise OrderError(str(error)) from error
