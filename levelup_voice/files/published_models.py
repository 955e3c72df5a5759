"""Speech models that others publish, as content/speech-models.yaml describes them. Nothing here fetches one."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cache
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from levelup_voice.errors import ContentError, SetupError

from .data import content_folder
from .document import read_document, shortened

ABOUT = 0.15
"""How far a size "about" may be off: lists round, and some count in MiB."""


@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class PublishedModel:
    """The fields of content/speech-models.yaml, explained there."""

    name: str
    language: str
    address: str
    licence: str
    commercial: bool
    takes_phrases: bool
    megabytes: int
    bytes: int | None = None
    sha256: str = ""
    word_errors: Mapping[str, float] = field(default_factory=dict)

    @property
    def least(self) -> int:
        """Bytes of the zip, at least."""
        return self.bytes or round(self.megabytes * 1_000_000 * (1 - ABOUT))

    @property
    def most(self) -> int:
        """Bytes of the zip, at most."""
        return self.bytes or round(self.megabytes * 1_000_000 * (1 + ABOUT))


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class _Published:
    models: tuple[PublishedModel, ...]


@cache
def published_models() -> tuple[PublishedModel, ...]:
    """The models that can be fetched, the first choice first. ContentError when the file is broken."""
    return published_in(content_folder() / "speech-models.yaml")


def published_in(path: Path) -> tuple[PublishedModel, ...]:
    """The models that this file describes. ContentError with everything that is wrong in it."""
    document = read_document(path)
    try:
        return TypeAdapter(_Published).validate_python(document.tree).models
    except ValidationError as error:
        raise ContentError(
            [document.problem(one["loc"], one["msg"], shortened(one["input"])) for one in error.errors()]
        ) from None


def published_model(name: str, offered: Sequence[PublishedModel]) -> PublishedModel:
    """The one called `name` of those that are offered. Raises SetupError."""
    for model in offered:
        if model.name == name:
            return model
    known = ", ".join(model.name for model in offered)
    raise SetupError(f"no published model {name!r}", "no_published_model", name=name, known=known)
