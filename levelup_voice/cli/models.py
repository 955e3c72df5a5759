"""`models`: the speech models of this computer, and those that can be fetched."""

import contextlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from levelup_voice.audio.playout import FRAME, RATE
from levelup_voice.audio.recogniser import Recogniser, RecogniserError, VoskRecogniser
from levelup_voice.audio.worker import WorkerError
from levelup_voice.errors import SetupError
from levelup_voice.files import installation
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.data import models_folder
from levelup_voice.files.download import Web
from levelup_voice.files.models import SpeechModel, broken_models, find_models, language_of, user_models_folder
from levelup_voice.files.published_models import PublishedModel, published_model, published_models
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.transcript import Transcript

from .agreeing import agreed
from .wiring import SoundChoices, listening_model_for, model_for, renderer_of

OWN_LICENCE = "MIT"
"""Of the model that comes with the program."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a model made of a sentence."""

    said: str
    """Empty when there was no voice to read it."""
    heard: str
    load_seconds: float
    audio_seconds: float
    work_seconds: float


def show(words: Catalogue, as_json: bool) -> None:
    """What is installed and what each serves for, what is broken, and what can be fetched."""
    installed = _installed()
    broken = broken_models(user_models_folder())
    names = {model.name for model in installed}
    available = [model for model in published_models() if model.name not in names]
    if as_json:
        found = {
            "folder": str(user_models_folder()),
            "installed": [_row(model) for model in installed],
            "broken": broken,
            "available": [asdict(model) for model in available],
        }
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(words.text("models.installed"))
    for model in installed:
        _tell(words, _row(model))
    if broken:
        click.echo(words.text("models.broken"))
    for name, missing in broken.items():
        click.echo(f"  {words.text('models.lacks', name=name, missing=', '.join(missing))}")
    if available:
        click.echo(words.text("models.available"))
    for published in available:
        _tell(words, asdict(published), suggested=published == published_models()[0])


def get(
    words: Catalogue,
    name: str,
    yes: bool,
    *,
    offered: Sequence[PublishedModel] | None = None,
    web: Web | None = None,
) -> None:
    """Fetch a published model, once its licence has been said and, where it binds people, agreed to."""
    model = published_model(name, published_models() if offered is None else offered)
    if name in {one.name for one in _installed()}:
        click.echo(words.text("models.already", name=name))
        return
    licence = _licence(words, model.licence, model.commercial)
    click.echo(words.text("models.licence", name=name, megabytes=model.megabytes, licence=licence))
    if not model.commercial and not yes and not _agreed(words, model):
        click.echo(words.text("models.not_fetched"))
        return
    trial = _Trial(words)
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(words.text("models.fetching"), total=model.most)
        installation.fetch(
            model,
            user_models_folder(),
            trial,
            web=web,
            progress=lambda done, total: progress.update(bar, completed=done, total=total),
        )
    click.echo(words.text("models.ready", name=name))
    trial.tell()


def add(words: Catalogue, path: Path, name: str) -> None:
    """Copy a model from a zip or a folder."""
    trial = _Trial(words)
    placed = installation.add(path, user_models_folder(), trial, name=name)
    click.echo(words.text("models.ready", name=placed.name))
    trial.tell()


def remove(words: Catalogue, name: str) -> None:
    try:
        installation.remove(name, user_models_folder())
    except SetupError as error:
        if any(model.name == name and model.embedded for model in _installed()):
            raise SetupError(f"{name} is embedded", "model_embedded", name=name) from error
        raise
    click.echo(words.text("models.removed", name=name))


def try_out(words: Catalogue, name: str, as_json: bool) -> None:
    """Read a sentence to a model that is installed, and tell what it heard."""
    model = next((model for model in _installed() if model.name == name), None)
    if model is None:
        raise SetupError(f"no model {name!r}", "no_such_model", name=name)
    said, samples = _read_aloud(model.language)
    tried = _try(model.path, name, said, samples)
    if as_json:
        click.echo(json.dumps({"name": name, **asdict(tried)}, ensure_ascii=False))
    else:
        _tell_tried(words, tried)


class _Trial:
    """Tries a model that is about to be installed; `tell` afterwards what it heard."""

    def __init__(self, words: Catalogue) -> None:
        self._words = words
        self._tried: Tried | None = None

    def __call__(self, path: Path, name: str) -> None:
        click.echo(self._words.text("models.trying"), err=True)
        language = language_of(name)
        load_catalogue(language)  # A model for a language that we have no words for would never be used.
        try:
            said, samples = _read_aloud(language)
        except SetupError:
            said, samples = "", np.zeros(RATE, np.int16)  # It can at least be asked for the words in silence.
        self._tried = _try(path, name, said, samples)

    def tell(self) -> None:
        if self._tried is not None:
            _tell_tried(self._words, self._tried)


def _read_aloud(language: str) -> tuple[str, NDArray[np.int16]]:
    """A sentence, and how our own voice reads it (mono, 48 kHz). Raises SetupError, also when there is no voice."""
    spoken = load_catalogue(language)
    said = spoken.text("models.sentence")
    with contextlib.closing(renderer_of(spoken, SoundChoices())) as renderer:
        try:
            return said, renderer.render(said)
        except WorkerError as error:
            raise SetupError(str(error)) from error


def _try(path: Path, name: str, said: str, samples: NDArray[np.int16]) -> Tried:
    """Load a model and have it decode. Raises SetupError when it does not."""
    with contextlib.closing(VoskRecogniser(path)) as recogniser:
        try:
            began = time.perf_counter()
            recogniser.prepare()
            loaded = time.perf_counter() - began
            heard = _words_in(recogniser, samples)
        except RecogniserError as error:
            raise SetupError(str(error), f"model_fails.{error.problem.replace('-', '_')}", name=name) from error
    text = " ".join(word.text for word in heard.words)
    return Tried(said, text, round(loaded, 2), round(heard.audio_seconds, 2), heard.work_seconds)


def _words_in(recogniser: Recogniser, samples: NDArray[np.int16]) -> Transcript:
    pcm = samples.tobytes() + bytes(RATE // 2 * FRAME)
    recogniser.begin(0, RATE)
    for at in range(0, len(pcm), RATE * FRAME):
        recogniser.feed(0, pcm[at : at + RATE * FRAME])
    return recogniser.finish(0)


def _installed() -> list[SpeechModel]:
    return find_models([user_models_folder()], models_folder())


def _row(model: SpeechModel) -> dict[str, Any]:
    """All that is known of an installed model."""
    published = next((one for one in published_models() if one.name == model.name), None)
    listening, transcribing = listening_model_for(model.language), model_for(model.language)
    return {
        "name": model.name,
        "path": str(model.path),
        "language": model.language,
        "embedded": model.embedded,
        "megabytes": max(1, round(sum(_sizes(model.path)) / 1_000_000)),
        "licence": OWN_LICENCE if model.embedded else published.licence if published else "",
        "commercial": published.commercial if published else True,
        "word_errors": dict(published.word_errors) if published else {},
        "takes_phrases": model.takes_phrases,
        # The embedded model hears commands only where somebody asks for that.
        "commands": model == listening and model.takes_phrases and not model.embedded,
        "transcripts": model == transcribing,
    }


def _sizes(folder: Path) -> Iterator[int]:
    return (path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _tell(words: Catalogue, row: dict[str, Any], suggested: bool = False) -> None:
    licence = _licence(words, row["licence"], row["commercial"])
    click.echo(f"  {words.text('models.model', name=row['name'], megabytes=row['megabytes'], licence=licence)}")
    lines = []
    if suggested:
        lines.append(words.text("models.suggested"))
    if row.get("embedded"):
        lines.append(words.text("models.embedded"))
    if "transcripts" in row:
        lines.append(words.text(f"models.used.{_use(row['commands'], row['transcripts'])}"))
    if not row["takes_phrases"]:
        lines.append(words.text("models.fixed_graph"))
    if row["word_errors"]:
        point = words.text("models.decimal")
        rates = (f"{test} {f'{rate:.2f}'.replace('.', point)}" for test, rate in row["word_errors"].items())
        lines.append(words.text("models.word_errors", rates="; ".join(rates)))
    for line in lines:
        click.echo(f"    {line}")


def _use(commands: bool, transcripts: bool) -> str:
    if commands and transcripts:
        return "both"
    return "commands" if commands else "transcripts" if transcripts else "neither"


def _licence(words: Catalogue, licence: str, commercial: bool) -> str:
    named = licence or words.text("models.licence_unknown")
    return named if commercial else words.text("models.not_commercial", licence=named)


def _agreed(words: Catalogue, model: PublishedModel) -> bool:
    if not sys.stdin.isatty():
        raise SetupError(f"{model.licence} was not agreed to", "ask_yes", licence=model.licence)
    return agreed(words, words.text("models.ask"), default=False)


def _tell_tried(words: Catalogue, tried: Tried) -> None:
    if tried.said:
        click.echo(words.text("models.said", sentence=tried.said))
        heard = words.text("models.heard", words=tried.heard) if tried.heard else words.text("models.heard_nothing")
        click.echo(heard)
    point = words.text("models.decimal")
    load, work, audio = (
        f"{seconds:.1f}".replace(".", point)
        for seconds in (tried.load_seconds, tried.work_seconds, tried.audio_seconds)
    )
    click.echo(words.text("models.pace", load=load, work=work, audio=audio))
