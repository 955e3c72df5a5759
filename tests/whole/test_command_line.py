"""The command line on wrong set-ups and for programs that read it."""

import json
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from levelup_voice import __version__
from levelup_voice.cli.agreeing import agreed
from levelup_voice.cli.resume import left_open as latest_left_open
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.folder import find_session
from tests.web.recorded import NAME, held, left_open

from .program import levelup, without_sound

MANUAL = Path(__file__).parents[2] / "docs" / "handleiding.md"

COMMANDS = (
    "run",
    "rehearse",
    "resume",
    "transcribe",
    "recover",
    "notes",
    "check",
    "devices",
    "voices",
    "sessions",
    "models",
)


def test_help_names_every_command() -> None:
    said = levelup("--help").stdout
    for command in COMMANDS:
        assert f"  {command} " in said


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_in_both_languages(command: str) -> None:
    dutch = levelup(command, "--help").stdout
    english = levelup(command, "--help", environment={"LEVELUP_VOICE_LANGUAGE": "en"}).stdout
    assert "Usage: " in dutch
    assert dutch != english


def test_the_version_is_told() -> None:
    assert __version__ in levelup("--version").stdout


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("run", "no-such-plan"), "no-such-plan"),
        (("rehearse", "no-such-script"), "no-such-script"),
        (("run", "nowhere/else.yaml"), "nowhere/else.yaml"),
        (("resume", "no-such-session"), "no-such-session"),
        (("notes", "no-such-session"), "no-such-session"),
        (("transcribe", "no-such-session"), "no-such-session"),
    ],
)
def test_a_wrong_set_up_ends_with_a_sentence_and_exit_code_2(
    arguments: tuple[str, ...], named: str, tmp_path: Path
) -> None:
    done = levelup(*arguments, "--folder", str(tmp_path))
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_everything_that_is_wrong_in_a_session_is_told_at_once(tmp_path: Path) -> None:
    plan = tmp_path / "mine.yaml"
    plan.write_text("id: mine\ntitle: Mine\nlanguage: xx\nblocks: 5\n")
    done = levelup("run", str(plan), "--folder", str(tmp_path / "sessions"))
    assert done.returncode == 2
    assert f"{plan}:3" in done.stderr
    assert f"{plan}:4" in done.stderr


def test_the_voices_are_listed_as_json() -> None:
    done = levelup("voices", "--language", "nl", "--json")
    assert done.returncode == 0, done.stderr
    (voice,) = json.loads(done.stdout)["voices"]
    assert voice["languages"] == ["nl"]


def test_a_folder_without_sessions_lists_none(tmp_path: Path) -> None:
    assert json.loads(levelup("sessions", "--folder", str(tmp_path), "--json").stdout) == []


def test_the_check_tells_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    done = levelup("check", "--participants", "36", "--json", environment=without_sound(tmp_path))
    assert done.returncode == 1
    found = {finding["subject"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert not found["microphone"]["well"]
    assert "6:45" in found["fit"]["text"]
    assert found["fit"]["text"] in MANUAL.read_text(encoding="utf-8")


def test_what_stands_before_a_command_counts_for_it(tmp_path: Path) -> None:
    """Above all the folder whose audio is let go."""
    other, own = tmp_path / "other", tmp_path / "own"
    for folder in (other, own):
        held(folder)
    before = ("--folder", str(other))
    listed = json.loads(levelup(*before, "sessions", "--json").stdout)
    assert [one["session"] for one in listed] == [str(other / NAME)]
    assert levelup("sessions", *before, "forget", "--older-than", "0d", "--yes").returncode == 0
    assert not list((other / NAME / "audio").iterdir())
    assert levelup(*before, "sessions", "forget", "--folder", str(own), "--older-than", "0d").returncode == 0
    assert list((own / NAME / "audio").iterdir())


def test_what_a_command_does_not_take_is_refused_also_before_it() -> None:
    done = levelup("sessions", "--json", "forget", "--older-than", "30d")
    assert done.returncode == 2
    assert "--json" in done.stderr


def test_a_name_that_no_disk_can_hold_is_that_of_no_session(tmp_path: Path) -> None:
    done = levelup("notes", "a" * 300, "--folder", str(tmp_path))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_resume_goes_on_with_the_session_that_was_left_and_not_with_the_latest(tmp_path: Path) -> None:
    left = held(tmp_path)
    left_open(left)
    closed = left.with_name("later")
    shutil.copytree(held(tmp_path / "elsewhere"), closed)
    (closed / "journal.jsonl").touch()
    assert find_session(tmp_path, "") == closed
    assert latest_left_open(tmp_path, "").path == left
    assert latest_left_open(tmp_path, "later").path == closed


@pytest.mark.parametrize(("said", "meant"), [("j", True), ("Ja", True), ("yes", True), ("nee", False), ("", True)])
def test_yes_and_no_are_understood_in_the_language_of_the_question(said: str, meant: bool) -> None:
    @click.command()
    def ask() -> None:
        click.echo(agreed(load_catalogue("nl"), "Verder?", default=True))

    done = CliRunner().invoke(ask, input=f"misschien\n{said}\n")
    assert done.stdout.splitlines()[-1].endswith(str(meant))
    assert done.output.count("Verder? [J/n]") == 2


def test_a_terminal_that_lacks_a_character_is_told_the_rest() -> None:
    done = levelup("check", environment={"PYTHONIOENCODING": "iso-8859-15"})
    assert "Traceback" not in done.stderr
    assert "? Stem" in done.stdout or "? Er is geen" in done.stdout


def test_words_that_could_not_be_found_are_no_success(tmp_path: Path) -> None:
    path = held(tmp_path)
    for file in (path / "audio").iterdir():
        file.write_bytes(b"RIFF")
    done = levelup("transcribe", "--again", "--folder", str(tmp_path), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["transcribed"] == []


@pytest.mark.parametrize("told", [{}, {"LANG": "C"}, {"LANG": "nl_NL.UTF-8"}], ids=str)
def test_where_nothing_tells_another_language_it_is_dutch(told: dict[str, str]) -> None:
    without = dict.fromkeys(("LEVELUP_VOICE_LANGUAGE", "LC_ALL", "LC_CTYPE", "LANG"), "")
    assert "Geef het als JSON" in levelup("sessions", "--help", environment=without | told).stdout
