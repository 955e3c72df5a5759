"""Where the program's own data lives: the content that people wrote and the speech models."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from levelup_voice.errors import SetupError


def content_folder() -> Path:
    """The folder with `sessions/` and `catalogues/`."""
    return _data("content")


def models_folder() -> Path:
    """The folder with the speech models that come with the program."""
    return _data("models")


@cache
def _data(name: str) -> Path:
    package = Path(str(files("levelup_voice")))
    # An installed wheel carries its data inside the package; in a checkout, or an editable install, it lies beside it.
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise SetupError(f"The folder {name!r} of Level Up Voice is missing; install the program again.")
