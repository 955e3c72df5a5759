"""`levelup-voice models`: a real model is added, fetched, listed, tried with a real voice, and removed."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from levelup_voice.cli import models
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.download import Web
from levelup_voice.files.models import find_models, user_models_folder
from levelup_voice.files.published_models import PublishedModel
from tests.files.refusals import refused
from tests.files.web_server import WebServer, ranged, serving

from .program import levelup

EMBEDDED = Path(__file__).parents[2] / "models" / "levelup-nl-synth"
SMALL = "vosk-model-small-nl-0.22"
BOUND = "vosk-model-nl-spraakherkenning-0.6-lgraph"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without models of their own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("no_proxy", "*")
    assert not user_models_folder().exists()
    return user_models_folder()


@pytest.fixture
def server() -> Iterator[WebServer]:
    with serving() as server:
        yield server


def zip_of(model: Path, path: Path, name: str = SMALL) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(model.rglob("*")):
            archive.write(file, f"{name}/{file.relative_to(model).as_posix()}")
    return path


def broken_copy(folder: Path) -> Path:
    """It has every file, and numbers that make no sense."""
    copy = Path(shutil.copytree(EMBEDDED, folder / SMALL))
    numbers = copy / "am" / "final.mdl"
    numbers.write_bytes(numbers.read_bytes()[:50_000])
    return copy


def offer(server: WebServer, content: bytes, name: str = SMALL, commercial: bool = True) -> list[PublishedModel]:
    server.answers["/model.zip"] = ranged(content)
    return [
        PublishedModel(
            name=name,
            language="nl",
            address=f"{server.origin}/model.zip",
            licence="Apache-2.0" if commercial else "CC-BY-NC-SA",
            commercial=commercial,
            takes_phrases=True,
            megabytes=3,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
    ]


def listed() -> dict[str, Any]:
    done = levelup("models", "list", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return {**found, "installed": {model["name"]: model for model in found["installed"]}}


def found_in(home: Path) -> list[str]:
    return [model.name for model in find_models([home], home / "none")]


def get(server: WebServer, offered: list[PublishedModel], *, yes: bool = False) -> None:
    web = Web(plain=frozenset({server.origin}), silence=2.0, pause=0.0)
    models.get(load_catalogue("nl"), offered[0].name, yes, offered=offered, web=web)


def test_a_model_is_added_listed_tried_and_removed(tmp_path: Path, home: Path) -> None:
    added = levelup("models", "add", str(zip_of(EMBEDDED, tmp_path / "stick.zip")))
    assert added.returncode == 0, added.stderr
    assert "ouders" in added.stdout.split("Verstaan")[1]

    found = listed()
    assert found["folder"] == str(home)
    own, embedded = found["installed"][SMALL], found["installed"]["levelup-nl-synth"]
    assert (own["licence"], own["commands"], own["transcripts"]) == ("Apache-2.0", True, True)
    assert own["word_errors"]["Common Voice"] == 22.45
    assert (embedded["licence"], embedded["commands"], embedded["transcripts"]) == ("MIT", False, False)
    assert SMALL not in {model["name"] for model in found["available"]}

    tried = levelup("models", "test", SMALL, "--json")
    assert tried.returncode == 0, tried.stderr
    heard = json.loads(tried.stdout)
    assert heard["said"] == "Wij praten vaker met ouders over het welbevinden van het kind."
    assert {"ouders", "welbevinden", "kind"} <= set(heard["heard"].split())
    assert heard["audio_seconds"] > 2

    removed = levelup("models", "remove", SMALL)
    assert removed.returncode == 0, removed.stderr
    assert found_in(home) == []


def test_the_list_says_what_each_model_is_for_and_on_what_terms(tmp_path: Path, home: Path) -> None:
    fixed = Path(shutil.copytree(EMBEDDED, home / "vosk-model-nl-spraakherkenning-0.6"))
    (fixed / "graph" / "HCLr.fst").rename(fixed / "graph" / "HCLG.fst")
    (home / "vosk-model-nl-half" / "am").mkdir(parents=True)
    said = levelup("models", "list").stdout
    here, _, elsewhere = said.partition("Op te halen")
    assert "niet-commercieel" in here
    assert "Wordt gebruikt voor transcripten." in here
    assert "Kan geen opdrachten verstaan" in here
    assert "vosk-model-nl-half: er ontbreekt am/final.mdl" in here
    assert f"{SMALL}, 39 MB, Apache-2.0" in elsewhere
    assert "Common Voice 22,45; TV 26,80" in elsewhere


def test_a_model_is_fetched_and_really_decodes_before_it_counts(
    tmp_path: Path, home: Path, server: WebServer, capsys: pytest.CaptureFixture[str]
) -> None:
    offered = offer(server, zip_of(EMBEDDED, tmp_path / "model.zip").read_bytes())
    get(server, offered)
    said = capsys.readouterr().out
    assert f"{SMALL}: 3 MB, Apache-2.0." in said
    assert "welbevinden" in said.split("Verstaan")[1]
    assert (home / SMALL / "am" / "final.mdl").exists()
    asked = len(server.asked)
    get(server, offered)
    assert "al geïnstalleerd" in capsys.readouterr().out
    assert len(server.asked) == asked


def test_a_model_that_vosk_cannot_load_is_refused(tmp_path: Path, home: Path, server: WebServer) -> None:
    offered = offer(server, zip_of(broken_copy(tmp_path), tmp_path / "model.zip").read_bytes())
    with refused("model_fails.bad_model"):
        get(server, offered)
    done = levelup("models", "add", str(tmp_path / SMALL))
    assert done.returncode == 2
    assert "vosk kan het niet laden" in done.stderr
    assert found_in(home) == []


def test_a_licence_that_forbids_something_is_agreed_to_before_anything_is_fetched(
    tmp_path: Path, home: Path, server: WebServer, capsys: pytest.CaptureFixture[str]
) -> None:
    content = zip_of(EMBEDDED, tmp_path / "model.zip", BOUND).read_bytes()
    offered = offer(server, content, BOUND, commercial=False)
    with refused("ask_yes"):
        get(server, offered)
    assert "CC-BY-NC-SA, alleen voor niet-commercieel gebruik" in capsys.readouterr().out
    assert server.asked == []
    get(server, offered, yes=True)
    assert (home / BOUND).is_dir()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("get", "https://example.org/model.zip"), SMALL),
        (("get", BOUND), "--yes"),
        (("remove", "../home"), "../home"),
        (("remove", "levelup-nl-synth"), "komt mee met het programma"),
        (("test", "../../models/levelup-nl-synth"), "models list"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_2(arguments: tuple[str, ...], named: str, home: Path) -> None:
    done = levelup("models", *arguments)
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_for_a_language_without_words_is_refused(tmp_path: Path, home: Path) -> None:
    source = zip_of(EMBEDDED, tmp_path / "a.zip", "vosk-model-small-fr-0.22")
    with refused("no_language"):
        models.add(load_catalogue("nl"), source, "")
    assert found_in(home) == []
