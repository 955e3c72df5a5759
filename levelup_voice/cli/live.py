"""A session in a real room, from where it stands to its end: what `run` and `resume` share."""

import contextlib
from collections.abc import Iterator

import click

from levelup_voice.audio.devices import SoundError, find_device
from levelup_voice.audio.loudspeaker import Loudspeaker
from levelup_voice.audio.renderer import Renderer
from levelup_voice.audio.voices import VoiceError
from levelup_voice.audio.worker import WorkerError
from levelup_voice.errors import SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.folder import SessionFolder
from levelup_voice.files.models import user_models_folder
from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.decide import Incoming
from levelup_voice.session.plan import Seconds, SessionPlan
from levelup_voice.session.state import Session
from levelup_voice.terminal.desk import Desk

from .opening import prepare
from .trouble import sentences
from .wiring import Devices, SoundChoices, lead, live, model_for, renderer_of


def missing_devices(choices: SoundChoices) -> list[str]:
    """What a session in a real room needs and this computer has not: "microphone", "loudspeaker"."""
    try:
        wanted = {"microphone": (choices.microphone, "input"), "loudspeaker": (choices.loudspeaker, "output")}
        return [device for device, (name, kind) in wanted.items() if find_device(name, kind) is None]  # type: ignore[arg-type]
    except (SoundError, SetupError):
        return ["microphone", "loudspeaker"]


@contextlib.contextmanager
def voice(words: Catalogue, plan: SessionPlan, choices: SoundChoices, participants: int) -> Iterator[Renderer]:
    """The voice, with all that it will say rendered. Without one the session goes on with chimes and the screen."""
    spoken = load_catalogue(plan.language)
    renderer = renderer_of(spoken, choices)
    with contextlib.closing(renderer):
        try:
            renderer.open()
            prepare(renderer, plan, spoken, participants, words.text("cli.preparing"))
        except VoiceError as error:
            if error.wanted:
                raise
            for sentence in sentences(error, words):
                click.echo(sentence, err=True)
        except WorkerError as error:
            click.echo(words.text("setup.voice_failed", problem=str(error)), err=True)
        yield renderer


def lead_live(
    words: Catalogue,
    store: SessionFolder,
    session: Session,
    choices: SoundChoices,
    renderer: Renderer,
    *,
    now: Seconds = 0.0,
    first: Incoming | None = None,
    plain: bool,
) -> Session:
    """Lead it with keys, screen and sound, and keep the computer awake meanwhile."""
    spoken = load_catalogue(session.plan.language)
    loudspeaker = Loudspeaker(choices.loudspeaker, choices.volume)
    with contextlib.ExitStack() as closing:
        closing.callback(loudspeaker.close)
        with contextlib.suppress(SoundError):  # The speaker reports it, once it is needed.
            loudspeaker.open()
        devices = closing.enter_context(live(now, choices, renderer, loudspeaker, store, session.plan.language))
        _keep_awake(closing, devices)
        inbox = devices.inbox
        desk = closing.enter_context(Desk(spoken, inbox.put, clock=inbox.now, level=devices.level, plain=plain))
        return lead(session, spoken, devices, store, desk.show, first)


def tell_model(words: Catalogue, language: str, asked_for: bool) -> None:
    """Say before the session what the transcripts will be worth, and how to get better ones."""
    model = model_for(language)
    if model is None:
        click.echo(words.text("setup.no_model"), err=True)
    elif model.embedded and not asked_for:
        click.echo(words.text("setup.trial_model", folder=user_models_folder()), err=True)


def _keep_awake(closing: contextlib.ExitStack, devices: Devices) -> None:
    """A laptop that falls asleep stops the clock; where that cannot be prevented, it is said."""
    from wakepy import keep

    awake = closing.enter_context(keep.presenting(on_fail="pass"))
    if not awake.active:
        devices.inbox.put(ev.DeviceLost("keep-awake", "not-available"))
