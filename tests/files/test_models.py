"""Speech models are found where people put them, and only whole ones count."""

import shutil
from pathlib import Path

from levelup_voice.files.models import best_model, best_model_for_commands, broken_models, find_models, problems_of

MODELS = Path(__file__).parents[2] / "models"
EMBEDDED = MODELS / "levelup-nl-synth"


def installed(folder: Path, name: str) -> Path:
    return Path(shutil.copytree(EMBEDDED, folder / name))


def test_the_embedded_model_is_whole_and_marked_as_such() -> None:
    assert problems_of(EMBEDDED) == []
    model = best_model("nl", [], MODELS)
    assert model is not None
    assert (model.name, model.path, model.embedded, model.language) == ("levelup-nl-synth", EMBEDDED, True, "nl")


def test_an_installed_model_goes_before_the_embedded_one(tmp_path: Path) -> None:
    installed(tmp_path, "vosk-model-nl-spraakherkenning-0.6")
    small = installed(tmp_path, "vosk-model-small-nl-0.22")
    installed(tmp_path, "vosk-model-small-en-us-0.15")
    model = best_model("nl", [tmp_path / "nowhere", tmp_path], MODELS)
    assert model is not None
    assert (model.path, model.embedded) == (small, False)
    assert len(find_models([tmp_path], MODELS)) == 4


def test_there_may_be_no_model_for_a_language() -> None:
    assert best_model("en", [], MODELS) is None


def test_a_broken_model_is_passed_over_and_says_what_is_missing(tmp_path: Path) -> None:
    broken = installed(tmp_path, "vosk-model-small-nl-0.22")
    (broken / "am" / "final.mdl").unlink()
    (broken / "graph" / "Gr.fst").unlink()
    assert problems_of(broken) == ["am/final.mdl", "graph/Gr.fst"]
    model = best_model("nl", [tmp_path], MODELS)
    assert model is not None
    assert model.embedded


def test_what_is_no_folder_is_no_model(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "nowhere") == ["."]
    (tmp_path / "model.zip").write_bytes(b"PK")
    assert find_models([tmp_path], tmp_path) == []


def test_what_is_unfinished_is_no_model(tmp_path: Path) -> None:
    installed(tmp_path, ".vosk-model-small-nl-0.22")
    assert find_models([tmp_path], tmp_path / "none") == []
    assert broken_models(tmp_path) == {}


def test_a_model_that_takes_no_phrases_does_not_hear_commands_when_another_can(tmp_path: Path) -> None:
    fixed = installed(tmp_path, "vosk-model-nl-spraakherkenning-0.6")
    (fixed / "graph" / "HCLr.fst").rename(fixed / "graph" / "HCLG.fst")
    only = best_model_for_commands("nl", [tmp_path], MODELS)
    assert only is not None
    assert (only.path, only.takes_phrases) == (fixed, False)
    lookahead = installed(tmp_path, "vosk-model-nl-spraakherkenning-0.6-lgraph")
    listening = best_model_for_commands("nl", [tmp_path], MODELS)
    transcribing = best_model("nl", [tmp_path], MODELS)
    assert listening is not None
    assert transcribing is not None
    assert (listening.path, listening.takes_phrases) == (lookahead, True)
    assert transcribing.path == fixed


def test_the_embedded_model_hears_commands_only_when_there_is_no_other() -> None:
    model = best_model_for_commands("nl", [], MODELS)
    assert model is not None
    assert model.embedded
