"""The documents, the help and the picture of the house agree with the program."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import levelup_voice
from levelup_voice.__main__ import main
from levelup_voice.files.catalogue import load_catalogue

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = re.compile(r"levelup-voice ([a-z]+)((?: [^\n`|]*)?)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_command_and_option_that_a_document_names_exists(document: Path) -> None:
    for name, rest in COMMAND.findall(document.read_text(encoding="utf-8")):
        command = main.commands.get(name)
        assert command is not None, f"{document.name} names levelup-voice {name}"
        if isinstance(command, click.Group) and (words := rest.split()):
            command = command.commands.get(words[0])
            assert command is not None, f"{document.name} names levelup-voice {name}{rest}"
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, f"{document.name}: levelup-voice {name}{rest}"


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in main.commands if f"`{name}`" not in readme and f"levelup-voice {name}" not in readme] == []


def all_commands() -> dict[str, click.Command]:
    """Also those within another: "models get"."""
    found: dict[str, click.Command] = dict(main.commands)
    for name, command in main.commands.items():
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": one for inner, one in command.commands.items()}
    return found


@pytest.mark.parametrize("name", sorted(all_commands()))
def test_every_command_and_option_has_a_word_of_help(name: str) -> None:
    command = all_commands()[name]
    said = CliRunner().invoke(main, [*name.split(), "--help"]).output
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"
            assert parameter.opts[0] in said


def test_the_picture_of_the_house_shows_every_room() -> None:
    picture = levelup_voice.__doc__ or ""
    package = ROOT / "levelup_voice"
    rooms = [path.name for path in package.iterdir() if (path / "__init__.py").exists()]
    modules = [path.name for path in package.glob("*.py") if not path.name.startswith("__")]
    missing = [f"{room}/" for room in rooms if f"    {room}/" not in picture]
    missing += [module for module in modules if f"    {module}" not in picture]
    assert missing == []


def test_the_keys_in_the_manual_do_what_it_says() -> None:
    """The letters in the table of docs/handleiding.md are those of the Dutch catalogue."""
    manual = (ROOT / "docs" / "handleiding.md").read_text(encoding="utf-8")
    letters = load_catalogue("nl").texts
    for what, key in (
        ("nog eens voorlezen", "repeat"),
        ("hoeveel tijd nog", "time_left"),
        ("groep 3 is aan de beurt", "take_turn"),
        ("je eigen kernzin na een samenvatting", "kernel"),
        ("dit begon twee minuten geleden", "started_earlier"),
        ("stem stil", "hush"),
    ):
        row = next(line for line in manual.splitlines() if line.startswith(f"| {what} |"))
        assert f"`{letters[f'keys.letter.{key}']}`" in row, row
