"""`check`: test the room before people arrive; what is wrong comes with what to do, and with an exit code."""

import contextlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import click

from levelup_voice.audio.chunks import Chunk
from levelup_voice.audio.devices import SoundError
from levelup_voice.audio.levels import Level, level
from levelup_voice.audio.loudspeaker import Loudspeaker
from levelup_voice.audio.microphone import Microphone
from levelup_voice.audio.renderer import Renderer
from levelup_voice.audio.worker import WorkerError
from levelup_voice.errors import LevelupError, SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import load_plan
from levelup_voice.files.folder import sessions_folder
from levelup_voice.files.space import LOW_MINUTES, minutes_left
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.fitting import misfits, sentence
from levelup_voice.session.plan import SessionPlan

from .live import missing_devices
from .spoken_check import check_commands
from .trouble import sentences
from .wiring import SoundChoices, model_for, renderer_of

NOISE_SECONDS = 1.5
SPEECH_SECONDS = 5.0

TOO_QUIET = -45.0
"""dBFS, RMS of the louder half of what was said; below it a recogniser hears mostly the room."""

TOO_LOUD = -1.0
"""dBFS, peak: above it the next enthusiastic word clips."""

ABOVE_NOISE = 10.0
"""dB between speech and noise, below which words drown."""

QUIET_ROOM, LOUD_ROOM = -50.0, -40.0
"""dBFS, RMS: up to the first nobody notices the room, beyond the second a voice has to rise above it."""

Verdict: TypeAlias = Literal["well", "quietly", "loudly", "nothing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    well: bool
    text: str


class Findings:
    """What was found so far; `tell` hears of each at once."""

    def __init__(self, tell: Callable[[Finding], None] = lambda finding: None) -> None:
        self.all: list[Finding] = []
        self._tell = tell

    def add(self, subject: str, well: bool, text: str) -> None:
        self.all.append(Finding(subject, well, text))
        self._tell(self.all[-1])

    @property
    def well(self) -> bool:
        return all(finding.well for finding in self.all)


def check(
    words: Catalogue, name: str, *, folder: Path | None, participants: int | None, as_json: bool, **sound: object
) -> int:
    """Look at everything a session needs and tell; 0 when all is well, else 1."""
    findings = Findings() if as_json else Findings(_echo)
    choices = SoundChoices(**sound)  # type: ignore[arg-type]
    examine(words, name, folder or sessions_folder(), participants, choices, findings)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "well": findings.well,
                    "findings": [{"subject": one.subject, "well": one.well, "text": one.text} for one in findings.all],
                },
                ensure_ascii=False,
            )
        )
    else:
        click.echo(words.text("check.all_well" if findings.well else "check.not_well"))
    return 0 if findings.well else 1


def examine(
    words: Catalogue,
    name: str,
    folder: Path,
    participants: int | None,
    choices: SoundChoices,
    findings: Findings,
) -> None:
    """Look at everything a session needs, with the devices chosen."""
    plan = _content(words, name, participants, findings)
    language = plan.language if plan is not None else words.language
    spoken = load_catalogue(language)
    _model(words, language, choices, findings)
    _disk(words, folder, findings)
    missing = missing_devices(choices)
    for device in missing:
        findings.add(device, False, words.text(f"setup.missing_{device}"))
    with contextlib.closing(renderer_of(spoken, choices)) as renderer:
        has_voice = _voice(words, renderer, findings)
        if not missing and has_voice:
            _room(words, spoken, choices, renderer, findings)


def _echo(finding: Finding) -> None:
    click.echo(f"{'✓' if finding.well else '✗'} {finding.text}")


def judge(noise: Level, heard: list[Level]) -> tuple[Verdict, float]:
    """How well someone was heard, from the levels of 100 ms each, and the level of the speech in it (RMS, dBFS)."""
    if not heard or max(one.peak_dbfs for one in heard) <= -100.0:
        return "nothing", -120.0
    louder = sorted((one.rms_dbfs for one in heard), reverse=True)[: max(1, len(heard) // 2)]
    speech = sum(louder) / len(louder)
    if speech < noise.rms_dbfs + 3.0:
        return "nothing", speech
    if max(one.peak_dbfs for one in heard) > TOO_LOUD:
        return "loudly", speech
    if speech < TOO_QUIET or speech < noise.rms_dbfs + ABOVE_NOISE:
        return "quietly", speech
    return "well", speech


def noisiness(noise: Level) -> str:
    """How the room sounds when nobody speaks: a key under check.noise."""
    if noise.rms_dbfs <= QUIET_ROOM:
        return "quiet"
    return "some" if noise.rms_dbfs <= LOUD_ROOM else "loud"


def _content(words: Catalogue, name: str, participants: int | None, findings: Findings) -> SessionPlan | None:
    try:
        plan = load_plan(name)
    except LevelupError as error:
        for one in sentences(error, words):
            findings.add("content", False, one)
        return None
    minutes = round(sum(block.duration for block in plan.blocks) / 60)
    findings.add("content", True, words.text("check.content", title=plan.title, minutes=words.minutes(minutes)))
    present = plan.participants if participants is None else participants
    tight = misfits(plan, present)
    for misfit in tight:
        findings.add("fit", False, sentence(words, misfit))
    if not tight:
        findings.add("fit", True, words.text("check.fits", participants=present))
    return plan


def _model(words: Catalogue, language: str, choices: SoundChoices, findings: Findings) -> None:
    model = model_for(language, choices.model)
    if model is None:
        findings.add("model", False, words.text("setup.no_model"))
    elif model.embedded and not choices.test_model:
        findings.add("model", False, words.text("setup.trial_model"))
    else:
        findings.add("model", True, words.text("check.model", name=model.name))


def _disk(words: Catalogue, folder: Path, findings: Findings) -> None:
    try:
        minutes = minutes_left(folder)
    except OSError as error:
        path, problem = folder, error.strerror or type(error).__name__
        findings.add("disk", False, words.text("setup.no_folder", path=path, problem=problem))
        return
    enough = minutes >= LOW_MINUTES
    findings.add("disk", enough, words.text("check.disk" if enough else "check.disk_low", minutes=minutes))


def _voice(words: Catalogue, renderer: Renderer, findings: Findings) -> bool:
    try:
        voice = renderer.open()
    except SetupError as error:
        for one in sentences(error, words):
            findings.add("voice", False, one)
        return False
    except WorkerError as error:
        findings.add("voice", False, words.text("setup.voice_failed", problem=str(error)))
        return False
    findings.add("voice", True, words.text("check.voice", name=voice.name))
    return True


def _room(words: Catalogue, spoken: Catalogue, choices: SoundChoices, renderer: Renderer, findings: Findings) -> None:
    """Speak, listen to the silence, ask for a few words, and say how they were heard."""
    loudspeaker = Loudspeaker(choices.loudspeaker, choices.volume)
    with contextlib.closing(loudspeaker):
        try:
            loudspeaker.open()
        except SoundError as error:
            findings.add("loudspeaker", False, words.text("setup.other", problem=str(error)))
            return

        def tell(text: str) -> None:
            loudspeaker.play(renderer.render(text)).wait()

        def say(key: str) -> None:
            tell(spoken.text(key))

        say("check.speaking")
        name = choices.loudspeaker or words.text("check.default_device")
        findings.add("loudspeaker", True, words.text("check.loudspeaker", name=name))
        noise = Level()
        for microphone in dict.fromkeys([choices.microphone, choices.facilitator_microphone or choices.microphone]):
            noise = _microphone(words, microphone, say, findings)
        if choices.voice_commands:
            check_commands(words, spoken, choices, noise, tell, findings.add)


def _microphone(words: Catalogue, name: str, say: Callable[[str], None], findings: Findings) -> Level:
    """Returns the level of its noise."""
    with _Ear(name) as ear:
        noise = ear.listen(NOISE_SECONDS)
        say("check.say_something")
        heard = ear.listen(SPEECH_SECONDS)
    quiet = min(noise, key=lambda one: one.rms_dbfs, default=Level(-120.0, -120.0))
    verdict, speech = judge(quiet, heard)
    keys = (f"check.heard_{verdict}", f"check.noise.{noisiness(quiet)}")
    for key in keys:
        say(key)
    measured = words.text("check.microphone", level=round(speech), noise=round(quiet.rms_dbfs))
    findings.add("microphone", verdict == "well", f"{measured}. {' '.join(map(words.text, keys))}")
    return quiet


class _Ear:
    """A microphone of which the levels are kept."""

    def __init__(self, name: str) -> None:
        self._heard: list[Level] = []
        self._waiting = threading.Event()
        self._microphone = Microphone(name, self._hear, lambda problem: None, lambda: None)

    def __enter__(self) -> "_Ear":
        self._microphone.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._microphone.close()

    def listen(self, seconds: float) -> list[Level]:
        """The levels, per 100 ms, of what is heard from now on."""
        self._heard = []
        self._waiting.wait(seconds)
        return self._heard

    def _hear(self, chunk: Chunk) -> None:
        self._heard.append(level(chunk.pcm))
