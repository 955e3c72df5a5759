"""What the model is judged by it never heard while it learned."""

import ast
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.recipe import rooms, voices
from models.recipe.sentences import held_out_sentences, lines_to_read, training_sentences, without_held_out
from models.recipe.vocabulary import in_words, lines
from models.recipe.voices import DEVELOPMENT, DIPHONES, HELD_OUT, HELD_OUT_KLATT, variants

RUN = 6


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As of a shard."""
    stock, own = tmp_path_factory.mktemp("stock"), tmp_path_factory.mktemp("own")
    voices.make_data(stock, voices.system_data())
    voices.make_shard_data(own, stock, seed=1, drawn=20)
    return own


def runs(sentence: str) -> set[tuple[str, ...]]:
    words = in_words(sentence)
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


@pytest.mark.parametrize("make", [training_sentences, lines_to_read])
def test_no_held_out_sentence_is_read_in_learning(make: object) -> None:
    assert callable(make)
    learned: set[tuple[str, ...]] = set().union(*(runs(line) for line in make(5, 4000)))
    assert len(learned) > 1000
    assert not any(runs(sentence) & learned for sentence in held_out_sentences())


def test_a_held_out_sentence_in_disguise_is_found() -> None:
    sentence = held_out_sentences()[0]
    disguised = f"Volgens ons: {sentence.capitalize()}, toch?"
    assert without_held_out([sentence, disguised, "wij willen meer tijd"]) == ["wij willen meer tijd"]


def test_settings_are_chosen_on_other_sentences_than_are_reported() -> None:
    chosen = set().union(*(runs(line) for line in lines("development.txt")))
    assert not any(runs(line) & chosen for line in lines("held_out.txt"))


def test_no_voice_that_judges_or_on_which_settings_are_chosen_is_ever_drawn(data: Path) -> None:
    training = voices.TrainingVoices(data)
    judging = {*variants((*HELD_OUT, *HELD_OUT_KLATT, *DEVELOPMENT)), DIPHONES}
    assert not training.names & judging
    source = random.Random(2)
    drawn = {training.draw(source) for _ in range(3000)}
    assert len(drawn) > 50
    assert drawn <= training.names


def test_every_shard_has_voices_of_its_own(data: Path, tmp_path: Path) -> None:
    voices.make_shard_data(tmp_path, data, seed=2, drawn=20)
    one, other = (
        {file.read_text() for file in (folder / voices.DATA / "voices" / "!v").glob(f"{voices.DRAWN_NAME}*")}
        for folder in (data, tmp_path)
    )
    assert len(one) == len(other) == 20
    assert not one & other


def test_every_voice_that_judges_exists(data: Path) -> None:
    stock = {file.name for file in (data / "espeak-ng-data" / "voices" / "!v").iterdir()}
    assert {*HELD_OUT, *HELD_OUT_KLATT, *DEVELOPMENT} <= stock


def test_klatt_voices_are_judged_by_klatt_voices_that_were_not_heard(data: Path) -> None:
    folder = data / "espeak-ng-data" / "voices" / "!v"
    klatt = {file.name for file in folder.iterdir() if "klatt" in file.read_text(errors="replace").split()}
    assert set(HELD_OUT_KLATT) <= klatt
    assert klatt & set(voices.stock_for_training(folder))
    assert not klatt & set(HELD_OUT)


def test_the_other_engine_is_never_heard_in_learning(data: Path) -> None:
    """Its voices are no variants, and the data that learning speaks with has none of them."""
    assert DIPHONES not in voices.TrainingVoices(data).names
    assert not (data / "espeak-ng-data" / "voices" / "mb").exists()
    # In a process of its own: espeak-ng keeps the voices that it was given first.
    ask = "import sys; from models.recipe.espeak import *; sys.exit(Synthesiser(Path(sys.argv[1])).has(sys.argv[2]))"
    assert subprocess.run([sys.executable, "-c", ask, str(data), DIPHONES], check=False).returncode == 0


def test_surroundings_of_the_evaluation_are_made_by_code_of_their_own() -> None:
    """Learning never comes near the one, nor the evaluation the other; what both use is only levels and mixing."""
    assert (reached_from("augmentation"), reached_from("rooms")) == ({"sound"}, {"sound"})
    assert "augmentation" in reached_from("corpus")
    assert "rooms" not in reached_from("corpus")
    assert "rooms" in reached_from("evaluation")
    assert "augmentation" not in reached_from("evaluation")


def reached_from(module: str) -> set[str]:
    """The modules of the recipe that one of them imports, and those that these import."""
    reached: set[str] = set()
    ahead = [module]
    while ahead:
        tree = ast.parse(Path(str(rooms.__file__)).with_name(f"{ahead.pop()}.py").read_text(encoding="utf-8"))
        near = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
        found = {name for node in near for name in ([node.module] if node.module else [one.name for one in node.names])}
        ahead += found - reached
        reached |= found
    return reached


def test_noise_is_as_loud_as_was_asked() -> None:
    draw = np.random.default_rng(1)
    speech = np.zeros(48000, np.float32)
    speech[8000:40000] = 3000 * np.sin(np.arange(32000) * 0.2)
    others = [[draw.standard_normal(30000).astype(np.float32)] for _ in range(9)]
    for noisy in (rooms.babbling(speech, others, 10, draw), rooms.rustling(speech, others, 10, draw)):
        noise = noisy - speech
        ratio = 10 * np.log10(np.mean(speech[8000:40000] ** 2) / np.mean(noise**2))
        assert ratio == pytest.approx(10, abs=0.1)


def test_a_room_brings_the_direct_sound_first_and_echoes_after_it() -> None:
    size, source, microphone = np.array([8.0, 6.0, 3.0]), np.array([2.0, 3.0, 1.5]), np.array([4.0, 3.0, 1.5])
    response = rooms.shoebox(size, source, microphone, reflection=0.7)
    first = int(np.flatnonzero(response)[0])
    assert first == round(2.0 / rooms.SPEED_OF_SOUND * 16000)
    assert response[first] == response.max()
    assert 0 < np.sum(response[4000:] ** 2) < 0.05 * np.sum(response**2)
