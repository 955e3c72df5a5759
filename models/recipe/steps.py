"""The steps from text to a model, each done once: a step whose inputs have not changed is not done again.

voices ──┬─ corpus ─┬─ training ── sequences ─┬─ model
lines  ──┘          ├─ graph ─────────────────┘
language ───────────┘
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from . import (
    configuration,
    corpus,
    export,
    features,
    graph,
    language_model,
    lexicon,
    network,
    sentences,
    sequences,
    training,
    voices,
)
from .espeak import Synthesiser
from .plan import Plan
from .vocabulary import vocabulary

HERE = Path(__file__).parent
NAME = "levelup-nl-synth"


@dataclass(frozen=True, slots=True)
class Step:
    """What a step depends on."""

    name: str
    after: tuple[str, ...]
    """Other steps."""
    sources: tuple[str, ...]
    """Files of the recipe."""
    settings: tuple[str, ...]
    """Fields of the plan."""


TEXT = ("sentences.py", "vocabulary.py", "text/*.txt")
SPEECH = ("espeak.py", "phones.py")

STEPS = (
    Step("voices", (), ("voices.py",), ()),
    Step("lines", (), TEXT, ("seed", "lines", "words")),
    Step(
        "corpus",
        ("voices", "lines"),
        (*SPEECH, "augmentation.py", "corpus.py", "features.py", "shard.py", "sound.py"),
        ("seed", "shards", "sequence_shards", "utterances", "copies"),
    ),
    Step("training", ("corpus",), ("network.py", "training.py"), ("steps", "batch", "minutes")),
    Step("sequences", ("training",), ("sequences.py",), ("sequence_steps", "batch", "sequence_minutes")),
    Step("language", (), (*TEXT, *SPEECH, "lexicon.py"), ("seed", "sentences", "sentences_listened_to", "words")),
    Step(
        "graph",
        ("corpus", "language"),
        ("graph.py", "graph_phones.py", "language_model.py", "openfst_format.py"),
        (),
    ),
    Step("model", ("sequences", "graph"), ("configuration.py", "export.py", "kaldi_format.py"), ()),
)

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""For numpy: there is a process for each core."""

MOST_ATTEMPTS = 3
"""espeak-ng itself crashes on some rare texts with some variants; a shard is then drawn anew."""


class Workshop:
    """A folder in which a model is made. tell: hears what is being done."""

    def __init__(self, folder: Path, plan: Plan, workers: int, tell: Callable[[str], None]) -> None:
        self._folder = folder
        self._plan = plan
        self._workers = workers
        self._tell = tell

    @property
    def model(self) -> Path:
        """The folder of the finished model."""
        return self._folder / NAME

    def make(self) -> Path:
        """Do all steps that are not done yet."""
        self._folder.mkdir(parents=True, exist_ok=True)
        keys: dict[str, str] = {}
        for step in STEPS:
            key = keys[step.name] = self._key(step, [keys[name] for name in step.after])
            stamp = self._folder / f"{step.name}.done"
            if not stamp.exists() or stamp.read_text() != key:
                self._tell(f"{step.name} …")
                stamp.unlink(missing_ok=True)  # What is interrupted is not done, whoever asks for it next.
                getattr(self, f"_{step.name}")()
                stamp.write_text(key)
        return self.model

    def _key(self, step: Step, before: Sequence[str]) -> str:
        """Of the step's settings and sources, and of the steps before."""
        settings = {name: getattr(self._plan, name) for name in step.settings}
        digest = hashlib.sha256(json.dumps([before, settings]).encode())
        for pattern in step.sources:
            for source in sorted(HERE.glob(pattern)):
                digest.update(source.read_bytes())
        return digest.hexdigest()

    def _voices(self) -> None:
        voices.make_data(self._folder, voices.system_data())

    def _lines(self) -> None:
        plan = self._plan
        few = [f"{line}." for line in self._of_few_words(plan.lines)]
        _write_lines(self._folder / "lines.txt", few or sentences.lines_to_read(plan.seed, plan.lines))

    def _of_few_words(self, count: int) -> list[str]:
        """So many lines of the plan's own words, if it has any."""
        words, draw = self._plan.words, Random(self._plan.seed)
        return [" ".join(draw.choices(words, k=draw.randint(1, 6))) for _ in range(count)] if words else []

    def _language(self) -> None:
        plan = self._plan
        running = self._of_few_words(plan.sentences) or sentences.training_sentences(plan.seed + 1, plan.sentences)
        _write_lines(self._folder / "sentences.txt", running)
        words = sorted(plan.words) or vocabulary()
        listened_to = running[: plan.sentences_listened_to]
        lexicon.write(self._folder / "lexicon.txt", lexicon.make_lexicon(Synthesiser(), words, listened_to))

    def _corpus(self) -> None:
        shutil.rmtree(self._folder / "corpus", ignore_errors=True)
        (self._folder / "corpus").mkdir()
        with ThreadPoolExecutor(self._workers) as pool:
            count = self._plan.shards + self._plan.sequence_shards
            for number, path in enumerate(pool.map(self._make_shard, range(count)), 1):
                self._tell(f"  {path.name}, {number} of {count}")

    def _make_shard(self, number: int) -> Path:
        """In a process of its own."""
        path = self._folder / "corpus" / f"{number:03d}.npz"
        plan = self._plan
        for attempt in range(MOST_ATTEMPTS):
            seed = plan.seed + 1000 + number + 100_000 * attempt
            arguments = [str(argument) for argument in (self._folder, path, seed, plan.utterances, plan.copies)]
            making = [sys.executable, "-m", f"{__package__}.shard", *arguments]
            if subprocess.run(making, check=False, env={**os.environ, **ONE_THREAD}).returncode == 0:
                return path
        raise RuntimeError(f"espeak-ng crashed {MOST_ATTEMPTS} times over {path.name}")

    def _material(self, some: slice) -> corpus.Shard:
        return corpus.Shard.load(sorted((self._folder / "corpus").glob("*.npz"))[some])

    def _training(self) -> None:
        plan, path = self._plan, self._folder / "trained.pt"
        steps, material = (plan.steps, plan.batch, plan.seed), self._material(slice(plan.shards))
        training.train(material, *steps, path, plan.minutes * 60, self._tell_progress)

    def _sequences(self) -> None:
        plan, path = self._plan, self._folder / "network.pt"
        trained = network.load(self._folder / "trained.pt")
        steps, material = (plan.sequence_steps, plan.batch, plan.seed), self._material(slice(plan.shards, None))
        sequences.sharpen(*trained, material, *steps, path, plan.sequence_minutes * 60, self._tell_progress)

    def _tell_progress(self, progress: training.Progress) -> None:
        if progress.step % 500 == 0:
            self._tell(f"  step {progress.step}, loss {progress.loss:.3f}, {progress.seconds / 60:.0f} min")

    def _graph(self) -> None:
        pronunciations = lexicon.read(self._folder / "lexicon.txt")
        running = (self._folder / "sentences.txt").read_text(encoding="utf-8").splitlines()
        model = language_model.make_language_model(running, sorted({each.word for each in pronunciations}))
        stay = corpus.stay_probabilities(self._material(slice(4)))
        graph.write_graph(self._folder / "graph", pronunciations, stay, model)

    def _model(self) -> None:
        with replaced(self.model) as folder:
            shutil.copytree(self._folder / "graph", folder / "graph")
            export.export(*network.load(self._folder / "network.pt"), folder / "am" / "final.mdl")
            configuration.write(folder / "conf" / "mfcc.conf", features.CONFIGURATION)
            configuration.write(folder / "conf" / "model.conf", configuration.DECODING)


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """A fresh folder that takes the old one's place when all went well."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    yield fresh
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
