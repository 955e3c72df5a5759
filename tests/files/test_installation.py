"""A model is put in its place whole or not at all, whatever goes wrong and whoever is killed."""

import hashlib
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import filelock
import pytest

from levelup_voice.errors import ContentError, SetupError
from levelup_voice.files.catalogue import languages
from levelup_voice.files.data import content_folder
from levelup_voice.files.download import Web
from levelup_voice.files.installation import add, fetch, remove
from levelup_voice.files.models import broken_models, find_models, problems_of
from levelup_voice.files.published_models import PublishedModel, published_in, published_models

from .refusals import refused
from .web_server import WebServer, cut, ranged, refusal, serving, stalled

EMBEDDED = Path(__file__).parents[2] / "models" / "levelup-nl-synth"
NAME = "vosk-model-small-nl-0.22"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture(scope="module")
def model_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as it is published: one folder in a zip."""
    path = tmp_path_factory.mktemp("published") / f"{NAME}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(EMBEDDED.rglob("*")):
            archive.write(file, f"{NAME}/{file.relative_to(EMBEDDED).as_posix()}")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with serving() as server:
        yield server


def published(server: WebServer, content: bytes, **changes: object) -> PublishedModel:
    fields = {
        "name": NAME,
        "language": "nl",
        "address": f"{server.origin}/model.zip",
        "licence": "Apache-2.0",
        "commercial": True,
        "takes_phrases": True,
        "megabytes": round(len(content) / 1_000_000),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return PublishedModel(**(fields | changes))  # type: ignore[arg-type]


def web(server: WebServer, silence: float = 10.0) -> Web:
    return Web(plain=frozenset({server.origin}), silence=silence, pause=0.0)


def found(folder: Path) -> list[str]:
    return [model.name for model in find_models([folder], folder / "none")]


def fine(path: Path, name: str) -> None:
    """A trial that this model passes."""
    assert path.name == name
    assert problems_of(path) == []


def failing(key: str) -> Callable[[Path, str], None]:
    def trial(path: Path, name: str) -> None:
        raise SetupError("it does not work", key, name=name)

    return trial


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".lock"}


def test_a_model_is_added_from_a_zip_and_from_a_folder(folder: Path, tmp_path: Path, model_zip: Path) -> None:
    add(model_zip, folder, fine)
    stick = shutil.copytree(EMBEDDED, tmp_path / "stick" / "vosk-model-nl-own")
    add(stick, folder, fine)
    assert sorted(found(folder)) == ["vosk-model-nl-own", NAME]
    assert left_in(folder) == {"vosk-model-nl-own", NAME}
    assert problems_of(stick) == []


def test_a_model_may_be_given_a_name(folder: Path, model_zip: Path) -> None:
    assert add(model_zip, folder, fine, name="own-nl") == folder / "own-nl"
    assert found(folder) == ["own-nl"]


@pytest.mark.parametrize("name", ["../own-nl", "own/nl", "/own-nl", ".own-nl", "own-nl.", "own\\nl", "model", "a" * 99])
def test_a_name_is_never_a_way_out_of_the_folder(folder: Path, model_zip: Path, name: str) -> None:
    before = set(folder.parent.iterdir())
    with refused("model_name"):
        add(model_zip, folder, fine, name=name)
    assert left_in(folder) == set()
    assert set(folder.parent.iterdir()) == before | {folder}


def test_a_model_that_is_there_is_not_replaced(folder: Path, model_zip: Path) -> None:
    placed = add(model_zip, folder, fine)
    (placed / "mine").touch()
    with refused("model_exists"):
        add(model_zip, folder, fine)
    assert (placed / "mine").exists()


@pytest.mark.parametrize("key", ["model_fails.bad_model", "model_fails.recogniser_failed"])
def test_a_model_that_fails_its_trial_is_not_there(folder: Path, model_zip: Path, key: str) -> None:
    with refused(key):
        add(model_zip, folder, failing(key))
    assert left_in(folder) == set()


def test_what_is_no_model_is_refused_with_what_it_lacks(folder: Path, tmp_path: Path) -> None:
    source = shutil.copytree(EMBEDDED, tmp_path / "vosk-model-nl-half")
    (source / "am" / "final.mdl").unlink()
    with refused("not_a_model") as told:
        add(source, folder, fine)
    assert told.value.values["missing"] == "am/final.mdl"
    assert left_in(folder) == set()


def test_a_path_that_is_not_there_is_said(folder: Path) -> None:
    with refused("nothing_there"):
        add(folder / "nowhere.zip", folder, fine)


def test_a_model_is_removed_and_so_is_a_broken_one(folder: Path, model_zip: Path) -> None:
    add(model_zip, folder, fine)
    (folder / "vosk-model-nl-half" / "am").mkdir(parents=True)
    assert list(broken_models(folder)) == ["vosk-model-nl-half"]
    remove(NAME, folder)
    remove("vosk-model-nl-half", folder)
    assert left_in(folder) == set()


@pytest.mark.parametrize("name", ["..", ".", "", "../precious", "nowhere", ".lock", "{folder}/../precious"])
def test_only_a_model_is_removed(folder: Path, model_zip: Path, name: str) -> None:
    precious = folder.parent / "precious"
    precious.mkdir()
    add(model_zip, folder, fine)
    with refused("no_such_model"):
        remove(name.format(folder=folder), folder)
    assert precious.exists()
    assert found(folder) == [NAME]


def test_a_link_is_removed_and_what_it_leads_to_stays(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    own = shutil.copytree(EMBEDDED, tmp_path / "own")
    (folder / "own-nl").symlink_to(own)
    remove("own-nl", folder)
    assert left_in(folder) == set()
    assert problems_of(own) == []


def test_two_programs_do_not_change_the_models_at_once(folder: Path, model_zip: Path) -> None:
    folder.mkdir()
    with filelock.FileLock(folder / ".lock"), refused("models_busy"):
        add(model_zip, folder, fine)
    assert left_in(folder) == set()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, model_zip: Path) -> None:
    (tmp_path / "file").touch()
    with refused("models_folder"):
        add(model_zip, tmp_path / "file" / "models", fine)


def test_a_published_model_is_fetched_unpacked_and_tried(folder: Path, server: WebServer, model_zip: Path) -> None:
    content = model_zip.read_bytes()
    server.answers["/model.zip"] = cut(content, after=1_200_000)
    fetch(published(server, content), folder, fine, web=web(server))
    assert found(folder) == [NAME]
    assert left_in(folder) == {NAME}
    assert len(server.asked) > 1


@pytest.mark.parametrize("known", [True, False])
def test_fetching_goes_on_where_an_earlier_call_ended(
    folder: Path, server: WebServer, model_zip: Path, known: bool
) -> None:
    content = model_zip.read_bytes()
    model = published(server, content, **({} if known else {"bytes": None, "sha256": ""}))
    server.answers["/model.zip"] = stalled(content, after=100_000)
    with refused("download_failed"):
        fetch(model, folder, fine, web=web(server, silence=0.5))
    assert found(folder) == []
    server.answers["/model.zip"] = ranged(content)
    fetch(model, folder, fine, web=web(server))
    assert found(folder) == [NAME]
    assert int(server.asked[-1][1].strip("bytes=-")) >= 100_000


def test_a_zip_that_is_no_model_is_not_kept_for_another_time(folder: Path, server: WebServer) -> None:
    content = b"<html>" * 100_000
    server.answers["/model.zip"] = ranged(content)
    with refused("archive_broken"):
        fetch(published(server, content), folder, fine, web=web(server))
    assert left_in(folder) == set()


def test_a_fetched_model_that_does_not_work_here_need_not_be_fetched_again(
    folder: Path, server: WebServer, model_zip: Path
) -> None:
    content = model_zip.read_bytes()
    server.answers["/model.zip"] = ranged(content)
    with refused("model_fails.recogniser_failed"):
        fetch(published(server, content), folder, failing("model_fails.recogniser_failed"), web=web(server))
    assert found(folder) == []
    server.answers["/model.zip"] = refusal(503)
    fetch(published(server, content), folder, fine, web=web(server))
    assert left_in(folder) == {NAME}


def test_half_a_fetched_model_can_be_removed(folder: Path, server: WebServer, model_zip: Path) -> None:
    content = model_zip.read_bytes()
    server.answers["/model.zip"] = cut(content, after=1000)
    with refused("download_failed"):
        fetch(published(server, content), folder, fine, web=web(server))
    assert left_in(folder) == {f".{NAME}.zip.part"}
    remove(NAME, folder)
    assert left_in(folder) == set()


KILLED = """
import sys, time
from pathlib import Path
from levelup_voice.files.installation import add

def trial(path, name):
    print("trying", flush=True)
    time.sleep(60)

add(Path(sys.argv[1]), Path(sys.argv[2]), trial)
"""


def test_whoever_is_killed_while_adding_leaves_nothing_that_looks_like_a_model(folder: Path, model_zip: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(model_zip), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as adding:
        assert adding.stdout is not None
        assert adding.stdout.readline() == "trying\n"
        adding.send_signal(signal.SIGKILL)
    assert list(folder.glob(".unfinished-*/*/am/final.mdl"))
    assert found(folder) == []
    assert broken_models(folder) == {}
    add(model_zip, folder, fine)
    assert left_in(folder) == {NAME}


FETCHING = """
import sys
from pathlib import Path
from levelup_voice.files.download import Web
from levelup_voice.files.installation import fetch
from levelup_voice.files.published_models import PublishedModel

origin, folder, size = sys.argv[1:]
model = PublishedModel(name="vosk-model-small-nl-0.22", language="nl", address=origin + "/model.zip",
                       licence="", commercial=True, takes_phrases=True, megabytes=1, bytes=int(size))
fetch(model, Path(folder), lambda path, name: None, web=Web(plain=frozenset({origin})),
      progress=lambda done, total: print(done, flush=True))
"""


def test_whoever_is_killed_while_fetching_goes_on_the_next_time(
    folder: Path, server: WebServer, model_zip: Path
) -> None:
    content = model_zip.read_bytes()
    server.answers["/model.zip"] = stalled(content, after=700_000)
    command = [sys.executable, "-c", FETCHING, server.origin, str(folder), str(len(content))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as fetching:
        assert fetching.stdout is not None
        while int(fetching.stdout.readline()) < 700_000:
            pass
        fetching.send_signal(signal.SIGKILL)
    assert found(folder) == []
    assert broken_models(folder) == {}
    server.answers["/model.zip"] = ranged(content)
    fetch(published(server, content), folder, fine, web=web(server))
    assert left_in(folder) == {NAME}
    assert int(server.asked[-1][1].strip("bytes=-")) > 0


def test_the_published_models_are_what_the_program_needs_to_know() -> None:
    models = published_models()
    assert [model.name for model in models] == [
        "vosk-model-small-nl-0.22",
        "vosk-model-nl-spraakherkenning-0.6-lgraph",
        "vosk-model-nl-spraakherkenning-0.6",
    ]
    assert [model.commercial for model in models] == [True, False, False]
    for model in models:
        assert model.address == f"https://alphacephei.com/vosk/models/{model.name}.zip"
        assert model.language in languages()
        assert model.least <= model.most
        assert model.word_errors


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("megabytes: 39", "megabytes: small", "models[0].megabytes"),
        ("commercial: true", "commercial: maybe", "models[0].commercial"),
        ("licence: Apache-2.0", "license: Apache-2.0", "models[0].license"),
        ("models:", "model:", "model"),
    ],
)
def test_a_broken_list_of_models_is_told_with_its_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    text = (content_folder() / "speech-models.yaml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "speech-models.yaml"
    file.write_text(text.replace(f"{old}\n", f"{new}\n", 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        published_in(file)
    assert place in [problem.place for problem in caught.value.problems]
