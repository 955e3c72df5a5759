"""Finding speech models: folders in vosk's layout, on this computer. Nothing here loads one, or fetches one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

NEEDED = ("am/final.mdl", "conf/model.conf", "graph")
"""Of every model that vosk reads."""

GRAPHS = (("graph/HCLr.fst", "graph/Gr.fst"), ("graph/HCLG.fst",))
"""One of these: the first takes the phrases to listen for at run time, the second is fixed."""

LOOKAHEAD = "graph/HCLr.fst"
"""Only a model with this takes phrases: vosk itself warns, and goes on to recognise whatever it likes."""


@dataclass(frozen=True, slots=True)
class SpeechModel:
    name: str
    """Of its folder, as it was published: "vosk-model-small-nl-0.22"."""
    path: Path
    embedded: bool
    """It came with this program and has never heard a human being: its words serve tests and rehearsals."""
    language: str
    """Two letters, from its name; empty when the name has none."""

    @property
    def takes_phrases(self) -> bool:
        """It can listen for commands."""
        return (self.path / LOOKAHEAD).is_file()


def user_models_folder() -> Path:
    """Where a person puts the models of this computer."""
    return Path(platformdirs.user_data_dir("levelup-voice")) / "models"


def find_models(folders: Sequence[Path], embedded: Path) -> list[SpeechModel]:
    """Every complete model, best first: in the order of `folders`, then in `embedded`, where our own are."""
    return [model for folder in (*folders, embedded) for model in _models_in(folder, embedded=folder == embedded)]


def best_model(language: str, folders: Sequence[Path], embedded: Path) -> SpeechModel | None:
    """The model to use for a language, or None. Whatever a person installed goes before what came with the program."""
    return next((model for model in find_models(folders, embedded) if model.language == language), None)


def best_model_for_commands(language: str, folders: Sequence[Path], embedded: Path) -> SpeechModel | None:
    """The model to listen with; one that cannot, or that nobody should rely on, only when there is no other."""
    installed = find_models(folders, embedded)
    fit = (model for model in installed if model.language == language and model.takes_phrases and not model.embedded)
    return next(fit, best_model(language, folders, embedded))


def broken_models(folder: Path) -> dict[str, list[str]]:
    """What is missing, by name, from what a person meant as a model."""
    if not folder.is_dir():
        return {}
    return {path.name: missing for path in _folders_in(folder) if (missing := problems_of(path))}


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
    complete = [path for path in _folders_in(folder) if not problems_of(path)]
    complete.sort(key=lambda path: ("small" not in path.name, path.name))
    return [SpeechModel(path.name, path, embedded, language_of(path.name)) for path in complete]


def _folders_in(folder: Path) -> list[Path]:
    """In order of name; a name with a dot before it is of something unfinished."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def language_of(name: str) -> str:
    """The first two letters that stand alone in the name of a model: "nl" of "vosk-model-small-nl-0.22"."""
    return next((part for part in name.split("-") if len(part) == 2 and part.isalpha()), "")
