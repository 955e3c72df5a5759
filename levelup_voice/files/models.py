"""Finding speech models: folders in vosk's layout, on this computer. Nothing here loads one, or fetches one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

NEEDED = ("am/final.mdl", "conf/model.conf", "graph")
"""Of every model that vosk reads."""

GRAPHS = (("graph/HCLr.fst", "graph/Gr.fst"), ("graph/HCLG.fst",))
"""One of these: the first takes the phrases to listen for at run time, the second is fixed."""


@dataclass(frozen=True, slots=True)
class SpeechModel:
    name: str
    """Of its folder, as it was published: "vosk-model-small-nl-0.22"."""
    path: Path
    embedded: bool
    """It came with this program and has never heard a human being: its words serve tests and rehearsals."""
    language: str
    """Two letters, from its name; empty when the name has none."""


def user_models_folder() -> Path:
    """Where a person puts the models of this computer."""
    return Path(platformdirs.user_data_dir("levelup-voice")) / "models"


def find_models(folders: Sequence[Path], embedded: Path) -> list[SpeechModel]:
    """Every complete model, best first: in the order of `folders`, then in `embedded`, where our own are."""
    return [model for folder in (*folders, embedded) for model in _models_in(folder, embedded=folder == embedded)]


def best_model(language: str, folders: Sequence[Path], embedded: Path) -> SpeechModel | None:
    """The model to use for a language, or None. Whatever a person installed goes before what came with the program."""
    return next((model for model in find_models(folders, embedded) if model.language == language), None)


def problems_of(path: Path) -> list[str]:
    """What is missing from a folder that should be a speech model, as paths in it; empty when it is complete."""
    if not path.is_dir():
        return ["."]
    missing = [needed for needed in NEEDED if not (path / needed).exists()]
    lacking = [[file for file in graph if not (path / file).is_file()] for graph in GRAPHS]
    if all(lacking):
        missing += lacking[0]
    return missing


def _models_in(folder: Path, *, embedded: bool) -> list[SpeechModel]:
    """Small models first: they keep up with people who speak."""
    if not folder.is_dir():
        return []
    complete = [path for path in folder.iterdir() if path.is_dir() and not problems_of(path)]
    complete.sort(key=lambda path: ("small" not in path.name, path.name))
    return [SpeechModel(path.name, path, embedded, _language(path.name)) for path in complete]


def _language(name: str) -> str:
    return next((part for part in name.split("-") if len(part) == 2 and part.isalpha()), "")
