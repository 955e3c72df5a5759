"""The devices of a session, wired together: those of a real room, and those of a simulated one.

Live and rehearsed differ only here: in which devices there are and whose clock it is.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from levelup_voice.audio.cache import Cache
from levelup_voice.audio.chunks import RATE, Chunk
from levelup_voice.audio.hardware import Hardware
from levelup_voice.audio.hearing import PAUSE_SECONDS
from levelup_voice.audio.listener import THRESHOLD_DBFS
from levelup_voice.audio.loudspeaker import Loudspeaker
from levelup_voice.audio.microphone import Microphone
from levelup_voice.audio.participants import Participants
from levelup_voice.audio.playout import RATE as PLAYED_RATE
from levelup_voice.audio.recogniser import VoskRecogniser
from levelup_voice.audio.recorder import Recorder
from levelup_voice.audio.renderer import Renderer
from levelup_voice.audio.speaker import Speaker, compose
from levelup_voice.audio.transcriber import Transcriber
from levelup_voice.clock import LiveInbox, boot_seconds
from levelup_voice.errors import SetupError
from levelup_voice.files.data import models_folder
from levelup_voice.files.folder import SessionFolder
from levelup_voice.files.models import (
    SpeechModel,
    best_model,
    best_model_for_commands,
    find_models,
    user_models_folder,
)
from levelup_voice.files.room import checked_room
from levelup_voice.files.space import Space
from levelup_voice.rehearsal import room as simulated
from levelup_voice.rehearsal.people import Facilitator
from levelup_voice.rehearsal.scheduler import Scheduler
from levelup_voice.rehearsal.script import Script
from levelup_voice.runner import Inbox, Runner
from levelup_voice.runner import Recorder as AnyRecorder
from levelup_voice.runner import Speaker as AnySpeaker
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.incoming import Hearing, Incoming
from levelup_voice.session.plan import Seconds
from levelup_voice.session.state import Session
from levelup_voice.session.transcript import UNKNOWN
from levelup_voice.session.view import View

from .listening import Ear, VoiceOffError, log_into, model_for_commands, voice_off


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundChoices:
    """What somebody chose about devices and voice; empty: the computer's own choice."""

    microphone: str = ""
    facilitator_microphone: str = ""
    """Empty: the same as `microphone`."""
    loudspeaker: str = ""
    voice: str = ""
    rate: int = 150
    """Words a minute."""
    volume: float = 1.0
    voice_commands: bool = True
    wake_name: str | None = None
    """Empty: none is needed; None: that of the phrases."""
    model: str = ""
    """The name of the speech model for commands and transcripts; empty: for each the best there is."""
    test_model: bool = False
    """Rely on the embedded speech model, although it has never heard a human being."""


@dataclass(frozen=True, slots=True)
class Devices:
    """All that a runner needs besides the session."""

    inbox: Inbox
    speaker: AnySpeaker
    recorder: AnyRecorder
    transcriber: Transcriber
    level: Callable[[], tuple[float, float] | None]
    """Peak and RMS of what the microphone hears now, in dBFS; None when nothing is known."""
    ear: Ear | None = None
    """Who listens for commands; None: nobody."""
    no_ear: str = ""
    """Why not: a key under setup.voice_off_because."""
    hardware: Hardware | None = None
    """None: there is nothing to choose from."""


def lead(
    session: Session,
    words: Catalogue,
    devices: Devices,
    store: SessionFolder,
    show: Callable[[View], None],
    first: Incoming | None = None,
) -> Session:
    """Run a session to its end, and tell how it ended."""
    runner = Runner(
        session,
        words,
        inbox=devices.inbox,
        store=store,
        speaker=devices.speaker,
        recorder=devices.recorder,
        transcriber=devices.transcriber,
        show=show,
        listener=devices.ear.listener if devices.ear is not None else None,
        hardware=devices.hardware,
    )
    if first is not None:
        runner.take(first)
    else:
        runner.look()
    runner.run()
    return runner.session


def renderer_of(words: Catalogue, choices: SoundChoices, **changes: Any) -> Renderer:
    """The voice for a language, with its cache on this computer."""
    settings: dict[str, Any] = {"voice": choices.voice, "rate": choices.rate, "rules": words.respell, **changes}
    return Renderer(Cache(cache_folder()), words.language, **settings)


def cache_folder() -> Path:
    return Path(platformdirs.user_cache_dir("levelup-voice", appauthor=False)) / "speech"


def model_for(language: str, name: str = "") -> SpeechModel | None:
    """The speech model to use: the one of this name, else what a person installed, else the embedded one.

    Raises SetupError when none is called so.
    """
    return _named_model(name) if name else best_model(language, [user_models_folder()], models_folder())


def listening_model_for(language: str, name: str = "") -> SpeechModel | None:
    """The speech model to hear commands with; the same, unless that takes no phrases and another does."""
    return _named_model(name) if name else best_model_for_commands(language, [user_models_folder()], models_folder())


def installed_models() -> list[SpeechModel]:
    """All that can be chosen."""
    return find_models([user_models_folder()], models_folder())


def _named_model(name: str) -> SpeechModel:
    for model in installed_models():
        if model.name == name:
            return model
    raise SetupError(f"no model {name}", "no_such_model", name=name)


def recogniser_of(model: SpeechModel | None) -> VoskRecogniser | None:
    return None if model is None else VoskRecogniser(model.path, trial=model.embedded)


@contextlib.contextmanager
def live(
    now: Seconds,
    choices: SoundChoices,
    renderer: Renderer,
    loudspeaker: Loudspeaker,
    store: SessionFolder,
    language: str,
) -> Iterator[Devices]:
    """A real room. The loudspeaker has been opened by the caller, who closes it."""
    inbox = LiveInbox(now)
    with contextlib.ExitStack() as closing:
        speaker = Speaker(inbox.put, renderer, loudspeaker, inbox.moment)
        closing.callback(speaker.close)
        recogniser = recogniser_of(model_for(language, choices.model))
        transcriber = Transcriber(inbox.put, recogniser, store.audio, overhear=_overhearing(inbox.put))
        closing.callback(transcriber.close)
        recorder = Recorder(inbox.put, store.open_writer, transcriber.feed, clock=boot_seconds)
        closing.callback(recorder.close)
        ear, no_ear = _ear(choices, language, inbox.put, lambda: loudspeaker.pause(PAUSE_SECONDS))
        if ear is not None:
            closing.callback(ear.close)
            ear.hearers.append(log_into(store.path / "listening.jsonl", inbox.now))
        microphones = _microphones(choices, recorder, inbox.put, ear)
        for microphone in microphones.values():
            microphone.start()
            closing.callback(microphone.close)

        def may_disturb() -> bool:
            hearing = any(not microphone.is_missing for microphone in microphones.values())
            return not (loudspeaker.sounds or (recorder.is_recording and hearing))

        hardware = Hardware(inbox.put, microphones, loudspeaker, may_disturb)
        hardware.start()
        closing.callback(hardware.close)

        space = Space(store.path, inbox.put)
        space.start()
        closing.callback(space.close)

        def level() -> tuple[float, float] | None:
            heard = recorder.levels.get("group")
            return None if heard is None else (heard.peak_dbfs, heard.rms_dbfs)

        yield Devices(inbox, speaker, recorder, transcriber, level, ear, no_ear, hardware)


def _overhearing(put: Callable[[Incoming], None]) -> Callable[[int, str], None]:
    """Shows what is being said, as far as it is understood."""
    return lambda recording, text: put(Hearing(recording, text.replace(UNKNOWN, "…")))


def _ear(
    choices: SoundChoices, language: str, put: Callable[[Incoming], None], on_called: Callable[[], None]
) -> tuple[Ear | None, str]:
    """Who listens for commands, or why nobody does; the session says so aloud."""
    if not choices.voice_commands:
        return None, "chosen"
    room = checked_room(choices.facilitator_microphone or choices.microphone)
    try:
        model = model_for_commands(listening_model_for(language, choices.model), trial=choices.test_model, room=room)
        threshold = THRESHOLD_DBFS if room is None else room.threshold
        ear = Ear(
            model.path,
            language,
            put,
            on_called=on_called,
            wake=choices.wake_name,
            threshold=threshold,
            clock=boot_seconds,
        )
        put(ear.listener.listens())
        return ear, ""
    except VoiceOffError as off:
        put(voice_off(off.why))
        return None, off.why


def _microphones(
    choices: SoundChoices, recorder: Recorder, put: Callable[[Incoming], None], ear: Ear | None
) -> dict[do.Whose, Microphone]:
    """By whose they are: the group's and the facilitator's, or a single one (`""`) for both."""
    own = choices.facilitator_microphone
    if not own or own == choices.microphone:
        return {"": _microphone(choices.microphone, "", ("group", "facilitator"), recorder, put, ear)}
    return {
        "group": _microphone(choices.microphone, "group", ("group",), recorder, put, None),
        "facilitator": _microphone(own, "facilitator", ("facilitator",), recorder, put, ear),
    }


def _microphone(
    name: str,
    which: do.Whose,
    served: tuple[ev.Microphone, ...],
    recorder: Recorder,
    put: Callable[[Incoming], None],
    ear: Ear | None,
) -> Microphone:

    def heard(chunk: Chunk) -> None:
        for role in served:
            recorder.accept(chunk, role)
        if ear is not None:
            ear.listener.accept(chunk)

    def lost(problem: str) -> None:
        for role in served:
            recorder.microphone_lost(role)
        put(ev.DeviceLost("microphone", problem, which))

    def found() -> None:
        for role in served:
            recorder.microphone_found(role)
        put(ev.DeviceFound("microphone", which))

    return Microphone(name, heard, lost, found, clock=boot_seconds)  # A gap is as long as the computer slept.


@contextlib.contextmanager
def rehearsed(
    now: Seconds,
    script: Script,
    renderer: Renderer,
    store: SessionFolder,
    words: Catalogue,
    *,
    watched: bool = False,
) -> Iterator[tuple[Devices, Facilitator]]:
    """A simulated room: speech is rendered and recognised for real, only time and air are not."""
    scheduler = Scheduler(now)
    with contextlib.ExitStack() as closing:
        overhear = _overhearing(scheduler.put) if watched else None
        transcriber = Transcriber(
            scheduler.put, recogniser_of(model_for(words.language)), store.audio, overhear=overhear
        )
        closing.callback(transcriber.close)
        scheduler.is_busy = lambda: transcriber.busy
        recorder = Recorder(scheduler.put, store.open_writer, transcriber.feed, clock=scheduler.now, linger=0.0)
        closing.callback(recorder.close)
        people = Participants(lambda rate, pitch: renderer_of(words, SoundChoices(rate=rate), pitch=pitch))
        closing.callback(people.close)

        def length_of(request: ev.SpeechRequested) -> tuple[Seconds, str | None]:
            samples, problem = compose(request, renderer)
            return len(samples) / PLAYED_RATE, problem

        def hear(pcm: bytes, moment: Seconds, microphone: ev.Microphone) -> None:
            recorder.accept(Chunk(pcm, 0, moment), microphone)

        ear = _rehearsed_ear(script, words.language, scheduler)
        if ear is not None:
            closing.callback(ear.close)
            ear.hearers.append(log_into(store.path / "listening.jsonl", scheduler.now))
            listener = ear.listener
            scheduler.is_busy = lambda: transcriber.busy or listener.busy

        def listen(pcm: bytes, moment: Seconds) -> None:
            if ear is not None:
                ear.listener.accept(Chunk(pcm, 0, moment))

        def speak(command: do.Command) -> Seconds | None:
            said = None if ear is None else ear.listener.phrasebook.words_for(command)
            if ear is None or said is None:
                return None
            samples = people.say(f"{ear.listener.phrasebook.wake}, {said}.", script.facilitator_voice)
            microphone.command(samples)
            return float(len(samples) / RATE)

        microphone = simulated.Microphone(scheduler, script, recorder, hear, people.say, listen)
        facilitator = Facilitator(scheduler, script, lambda: microphone.speech_ends_at, speak)
        facilitator.follow_script()
        loudspeaker = simulated.Loudspeaker(scheduler, length_of)
        yield Devices(scheduler, loudspeaker, microphone, transcriber, lambda: None, ear), facilitator


def _rehearsed_ear(script: Script, language: str, scheduler: Scheduler) -> Ear | None:
    """Who listens to a facilitator who speaks; where nobody can, keys are pressed and the session says so."""
    if script.by != "voice":
        return None
    try:
        model = model_for_commands(listening_model_for(language), trial=True, room=None)
        ear = Ear(model.path, language, scheduler.put, clock=scheduler.now)
        scheduler.put(ear.listener.listens())
        return ear
    except VoiceOffError as off:
        scheduler.put(voice_off(off.why))
        return None
