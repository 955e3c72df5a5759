"""The command line. Each command imports its own world when it is called, so that help is there at once."""

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from levelup_voice import __version__
from levelup_voice.cli.language import interface_words
from levelup_voice.errors import DiskError, LevelupError

F = TypeVar("F", bound=Callable[..., Any])

_words = interface_words()


def _help(key: str) -> str:
    return _words.text(f"help.{key}")


class Program(click.Group):
    """Wrong set-ups and wrong files end with exit code 2 and what is wrong, without a traceback.

    A session that had to stop because it could not be written down ends with exit code 3.
    """

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # A terminal that has no "✓" is no reason to stop.
        try:
            return super().invoke(ctx)
        except LevelupError as error:
            from levelup_voice.cli.trouble import sentences
            from levelup_voice.terminal.figures import clean

            for sentence in sentences(error, _words):
                click.echo(clean(sentence), err=True)
            sys.exit(3 if isinstance(error, DiskError) else 2)


def _pass_on(ctx: click.Context) -> None:
    """What stands before the name of a command counts for it as if it stood after it, unless something else does."""
    if not isinstance(ctx.command, click.Group) or ctx.invoked_subcommand is None:
        return
    command = ctx.command.get_command(ctx, ctx.invoked_subcommand)
    known = {option.name for option in command.params} if command else set()
    given = {name for name in ctx.params if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT}
    for option in ctx.command.params:
        if option.name in given - known:
            raise click.NoSuchOption(option.opts[-1], ctx=ctx)
    ctx.default_map = {ctx.invoked_subcommand: {name: ctx.params[name] for name in given}}


def _options(*options: Callable[[F], F]) -> Callable[[F], F]:
    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


_folder = click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help=_help("folder"))
_json = click.option("--json", "as_json", is_flag=True, help=_help("json"))
_session = click.argument("session", default="")
_plan = click.argument("plan", default="level-up")
_participants = click.option("--participants", type=click.IntRange(1, 200), help=_help("participants"))
_TIME = r"([01]?[0-9]|2[0-3]):[0-5][0-9]"


def _time_of_day(context: click.Context, option: click.Parameter, text: str) -> str:
    if text and not re.fullmatch(_TIME, text):
        raise click.BadParameter(_words.text("cli.no_time", text=text))
    return text.rjust(5, "0") if text else ""


_when = _options(
    click.option("--starts", default="", metavar="15:30", callback=_time_of_day, help=_help("starts")),
    click.option("--ends", default="", metavar="16:10", callback=_time_of_day, help=_help("ends")),
)
_room = click.option("--shrink/--shift", default=False, help=_help("shrink"))
_browser = click.option("--browser/--no-browser", default=True, help=_help("browser"))

_plain = click.option("--plain", is_flag=True, help=_help("plain"))
_sound = _options(
    click.option("--microphone", default="", help=_help("microphone")),
    click.option("--facilitator-microphone", default="", help=_help("facilitator_microphone")),
    click.option("--loudspeaker", default="", help=_help("loudspeaker")),
    click.option("--voice", default="", help=_help("voice")),
    click.option("--rate", type=click.IntRange(80, 300), default=150, show_default=True, help=_help("rate")),
    click.option("--volume", type=click.FloatRange(0, 1), default=1.0, show_default=True, help=_help("volume")),
    click.option("--voice-commands/--no-voice-commands", default=True, help=_help("voice_commands")),
    click.option("--wake-name", default=None, help=_help("wake_name")),
    click.option("--model", default="", metavar="NAME", help=_help("model")),
    click.option("--test-model", is_flag=True, help=_help("test_model")),
)


@click.group(
    cls=Program,
    invoke_without_command=True,
    help=_help("program"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="levelup-voice", help=_help("version"))
@_options(_folder, _browser)
@click.pass_context
def main(ctx: click.Context, folder: Path | None, browser: bool) -> None:
    _pass_on(ctx)
    if ctx.invoked_subcommand is None:
        from levelup_voice.cli import home

        home.home(_words, folder, browser)


@main.command(help=_help("run"))
@_plan
@_options(_folder, _participants, _when, _room, _plain, _browser)
@_sound
def run(plan: str, **options: Any) -> None:
    from levelup_voice.cli import run

    run.run(_words, plan, **options)


@main.command(help=_help("rehearse"))
@click.argument("script", default="level-up")
@_options(_folder, _json)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help=_help("seed"))
@click.option("--watch", type=click.FloatRange(0.1, 1000), metavar="N", help=_help("watch"))
def rehearse(script: str, folder: Path | None, as_json: bool, seed: int | None, watch: float | None) -> None:
    from levelup_voice.cli import rehearse

    rehearse.rehearse(_words, script, folder, as_json, seed, watch)


@main.command(help=_help("resume"))
@_session
@_options(_folder, _plain, _browser)
@_sound
def resume(session: str, browser: bool, **options: Any) -> None:
    from levelup_voice.cli import pages, resume

    resume.resume(_words, session, pages=pages.Pages.of_terminal(browser), **options)


@main.command(help=_help("transcribe"))
@_session
@_options(_folder, _json)
@click.option("--again", is_flag=True, help=_help("transcribe_again"))
def transcribe(session: str, folder: Path | None, as_json: bool, again: bool) -> None:
    from levelup_voice.cli import transcribe

    transcribe.transcribe(_words, session, folder, as_json, again)


@main.command(help=_help("notes"))
@_session
@_options(_folder, _json, _browser)
@click.option(
    "--export", "form", type=click.Choice(["md", "txt", "html", "docx", "srt", "vtt", "json"]), help=_help("export")
)
def notes(session: str, folder: Path | None, as_json: bool, browser: bool, form: str | None) -> None:
    from levelup_voice.cli import notes

    notes.notes(_words, session, folder, as_json, browser, form or "")


@main.command(help=_help("shortcut"))
def shortcut() -> None:
    from levelup_voice.cli import shortcut

    shortcut.shortcut(_words)


@main.command(help=_help("recover"))
@_session
@_options(_folder)
@click.option("--plan", default="", help=_help("recover_plan"))
def recover(session: str, folder: Path | None, plan: str) -> None:
    from levelup_voice.cli import recover

    recover.recover(_words, session, folder, plan)


@main.command(help=_help("check"))
@_plan
@_options(_folder, _participants, _json)
@_sound
def check(plan: str, **options: Any) -> None:
    from levelup_voice.cli import check

    sys.exit(check.check(_words, plan, **options))


@main.command(help=_help("devices"))
@_json
def devices(as_json: bool) -> None:
    from levelup_voice.cli import lists

    lists.devices(_words, as_json)


@main.command(help=_help("voices"))
@_options(_json)
@click.option("--language", default="", help=_help("language"))
def voices(as_json: bool, language: str) -> None:
    from levelup_voice.cli import lists

    lists.voices(_words, as_json, language)


@main.group(help=_help("sessions"), invoke_without_command=True)
@_options(_folder, _json)
@click.pass_context
def sessions(ctx: click.Context, folder: Path | None, as_json: bool) -> None:
    _pass_on(ctx)
    if ctx.invoked_subcommand is None:
        from levelup_voice.cli import lists

        lists.sessions(_words, folder, as_json)


@sessions.command(help=_help("forget"))
@click.option("--older-than", required=True, help=_help("older_than"))
@_options(_folder)
@click.option("--yes", is_flag=True, help=_help("forget_yes"))
def forget(older_than: str, folder: Path | None, yes: bool) -> None:
    from levelup_voice.cli import forget

    sys.exit(forget.forget(_words, older_than, folder, yes))


@main.group(help=_help("models"))
def models() -> None:
    pass


@models.command("list", help=_help("models_list"))
@_json
def models_list(as_json: bool) -> None:
    from levelup_voice.cli import models

    models.show(_words, as_json)


@models.command("get", help=_help("models_get"))
@click.argument("name")
@click.option("--yes", is_flag=True, help=_help("models_yes"))
def models_get(name: str, yes: bool) -> None:
    from levelup_voice.cli import models

    models.get(_words, name, yes)


@models.command("add", help=_help("models_add"))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--name", default="", help=_help("models_name"))
def models_add(path: Path, name: str) -> None:
    from levelup_voice.cli import models

    models.add(_words, path, name)


@models.command("remove", help=_help("models_remove"))
@click.argument("name")
def models_remove(name: str) -> None:
    from levelup_voice.cli import models

    models.remove(_words, name)


@models.command("test", help=_help("models_test"))
@click.argument("name")
@_json
def models_test(name: str, as_json: bool) -> None:
    from levelup_voice.cli import models

    models.try_out(_words, name, as_json)


if __name__ == "__main__":
    main(prog_name="levelup-voice")
