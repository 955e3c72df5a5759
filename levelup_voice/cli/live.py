"""A session in a real room, from where it stands to its end: what `run` and `resume` share."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace

import click

from levelup_voice.audio.devices import SoundError, find_device
from levelup_voice.audio.loudspeaker import Loudspeaker
from levelup_voice.audio.renderer import Renderer
from levelup_voice.audio.stderr import libraries_silenced
from levelup_voice.audio.voices import VoiceError
from levelup_voice.audio.worker import WorkerError
from levelup_voice.errors import DiskError, SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.folder import SessionFolder
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.incoming import Incoming, Resume
from levelup_voice.session.plan import Seconds, SessionPlan
from levelup_voice.session.state import Session
from levelup_voice.session.view import View
from levelup_voice.session.wording import overheard
from levelup_voice.terminal.desk import Desk

from .opening import prepare
from .pages import Pages, open_face, tell_pages
from .trouble import sentences
from .wiring import Devices, SoundChoices, lead, live, model_for, renderer_of

LAST_WORDS_SECONDS = 10.0
"""For what is said when the program has to stop."""


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
    pages: Pages,
) -> Session:
    """Lead it with keys, screen, pages and sound, and keep the computer awake meanwhile."""
    spoken = load_catalogue(session.plan.language)
    choices = remembered(choices, session)
    loudspeaker = Loudspeaker(choices.loudspeaker, choices.volume)
    with contextlib.ExitStack() as closing:
        closing.enter_context(libraries_silenced())
        closing.callback(loudspeaker.close)
        with contextlib.suppress(SoundError):  # The speaker reports it, once it is needed.
            loudspeaker.open()
        devices = closing.enter_context(live(now, choices, renderer, loudspeaker, store, session.plan.language))
        _keep_awake(closing, devices)
        inbox = devices.inbox
        face = open_face(words, spoken, inbox, devices.level, keep=store.path, pages=pages)
        if face is not None:
            closing.callback(face.close)
            tell_pages(words, face)
            pages.open(face.projector_address, face.address)
        tell_voice(words, devices)
        desk = closing.enter_context(Desk(spoken, inbox.put, clock=inbox.now, level=devices.level, plain=plain))

        shown: tuple[str, str] | None = None

        def show(view: View) -> None:
            nonlocal shown
            desk.show(view)
            if view.heard is not None and view.heard is not shown:
                desk.tell(overheard(spoken, *view.heard))
            shown = view.heard
            if face is not None:
                face.show(view)

        try:
            if isinstance(first, Resume) and not sys.stdin.isatty():
                devices.inbox.put(do.Continue())  # Nobody is at the keys to say when.
            return lead(session, spoken, devices, store, show, first)
        except DiskError:
            _say_last(spoken, devices)
            raise


def remembered(choices: SoundChoices, session: Session) -> SoundChoices:
    """The devices that were used when the session was left, where none is named now."""
    used = {which: listed.used for (device, which), listed in session.devices.items() if device == "microphone"}
    loudspeaker = session.devices.get(("loudspeaker", ""))
    return replace(
        choices,
        microphone=choices.microphone or used.get("", "") or used.get("group", ""),
        facilitator_microphone=choices.facilitator_microphone or used.get("facilitator", ""),
        loudspeaker=choices.loudspeaker or (loudspeaker.used if loudspeaker else ""),
    )


def _say_last(spoken: Catalogue, devices: Devices) -> None:
    """Nothing that happens can be written down any more: whoever does not look at the screen must hear it."""
    last = ev.SpeechRequested(utterance=-1, tone="chime", text=spoken.text("say.journal_failed"))
    devices.speaker.stop()
    devices.speaker.speak(last)
    until = devices.inbox.now() + LAST_WORDS_SECONDS
    while devices.inbox.now() < until:
        match devices.inbox.get(until):
            case ev.SpeechFinished(-1) | ev.SpeechFailed(-1):
                return
            case _:
                pass


def about_model(words: Catalogue, language: str, choices: SoundChoices) -> str:
    """What the transcripts will be worth, and how to get better ones; empty when there is nothing to say."""
    model = model_for(language, choices.model)
    if model is None:
        return words.text("setup.no_model")
    return words.text("setup.trial_model") if model.embedded and not choices.test_model else ""


def tell_voice(words: Catalogue, devices: Devices) -> None:
    """Say before the session whether commands can be given by voice, and which cannot."""
    if devices.ear is None:
        why = words.text(f"setup.voice_off_because.{devices.no_ear}")
        click.echo(words.text("setup.voice_off", why=why), err=True)
        return
    listener = devices.ear.listener
    click.echo(words.text("setup.voice_on", name=listener.phrasebook.wake), err=True)
    if listener.unknown:
        click.echo(words.text("setup.unknown_words", words=", ".join(sorted(listener.unknown))), err=True)


def _keep_awake(closing: contextlib.ExitStack, devices: Devices) -> None:
    """A laptop that falls asleep stops the clock; where that cannot be prevented, it is said."""
    from wakepy import keep

    awake = closing.enter_context(keep.presenting(on_fail="pass"))
    if not awake.active:
        devices.inbox.put(ev.DeviceLost("keep-awake", "not-available"))
