"""The command line on wrong set-ups and for programs that read it."""

import json
from pathlib import Path

import pytest

from levelup_voice import __version__

from .program import levelup, without_sound

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
    assert "twintig seconden" in found["fit"]["text"]
