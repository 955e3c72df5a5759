"""The recipe from end to end, small: each step works with the next, and none is done twice."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from models.recipe.plan import MINIATURE, MINIATURE_WORDS
from tests.audio.speech import spoken

pytest.importorskip("torch", reason="needs what `make model` installs")
pytest.importorskip("jiwer", reason="needs what `make model` installs")

TINY = dataclasses.replace(
    MINIATURE, utterances=30, lines=200, sentences=200, sentences_listened_to=5, steps=15, sequence_steps=5
)


def made(folder: Path, plan: object) -> tuple[Path, list[str]]:
    from models.recipe.plan import Plan
    from models.recipe.steps import Workshop

    assert isinstance(plan, Plan)
    told: list[str] = []
    return Workshop(folder, plan, 2, told.append).make(), told


def test_what_is_made_loads_and_listens_and_is_not_made_twice(tmp_path: Path) -> None:
    from models.recipe.evaluation import Ear

    model, told = made(tmp_path, TINY)
    assert [line for line in told if line.endswith("…")] == [
        *("voices …", "lines …", "corpus …", "training …", "sequences …", "language …", "graph …", "model …")
    ]
    assert "  002.npz, 3 of 3" in told  # The last one for sequences alone.
    Ear(model).text(np.frombuffer(spoken("volgende"), np.int16).astype(np.float32))
    assert made(tmp_path, TINY) == (model, [])
    _, again = made(tmp_path, dataclasses.replace(TINY, steps=16))
    assert again == ["training …", "sequences …", "model …"]


def test_what_was_interrupted_is_not_done_for_whoever_asks_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The corpus of another plan had been begun: half of it must not stand for the whole one of before."""
    from models.recipe.steps import STEPS, Workshop

    def interrupted(workshop: Workshop) -> None:
        raise KeyboardInterrupt

    for step in STEPS:
        monkeypatch.setattr(Workshop, f"_{step.name}", lambda workshop: None)
    _, told = made(tmp_path, TINY)
    assert len(told) == len(STEPS)
    with monkeypatch.context() as patched:
        patched.setattr(Workshop, "_corpus", interrupted)
        with pytest.raises(KeyboardInterrupt):
            made(tmp_path, dataclasses.replace(TINY, copies=2))
    assert made(tmp_path, TINY)[1] == ["corpus …"]


def test_a_miniature_does_not_take_the_place_of_the_model() -> None:
    from models.recipe.__main__ import main

    with pytest.raises(SystemExit):
        main(["--miniature", "--install"])


@pytest.mark.timeout(1800)
def test_a_miniature_understands_its_words(tmp_path: Path) -> None:
    """Made in some three minutes."""
    from models.recipe.evaluation import Ear

    model, _ = made(tmp_path, MINIATURE)
    ear = Ear(model)
    heard = {word: ear.text(np.frombuffer(spoken(word), np.int16).astype(np.float32)) for word in MINIATURE_WORDS}
    assert sum(word == text for word, text in heard.items()) >= 0.75 * len(heard), heard
