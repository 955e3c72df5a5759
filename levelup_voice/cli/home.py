"""`levelup-voice` without more: a page to start from, and back to it after each session, until somebody closes it."""

import contextlib
import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import platformdirs
from pydantic import ValidationError

from levelup_voice.audio.chunks import Chunk
from levelup_voice.audio.devices import SoundError, list_devices, refresh
from levelup_voice.audio.levels import Level, level
from levelup_voice.audio.loudspeaker import Loudspeaker
from levelup_voice.audio.microphone import Microphone
from levelup_voice.audio.worker import WorkerError
from levelup_voice.errors import LevelupError, SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import known_plans, load_plan
from levelup_voice.files.disk import replace_file
from levelup_voice.files.folder import sessions_folder
from levelup_voice.files.phrases import load_phrases
from levelup_voice.files.room import checked_room
from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.fitting import misfits, sentence
from levelup_voice.session.fold import opened
from levelup_voice.session.view import view
from levelup_voice.web.door import Tokens
from levelup_voice.web.home import Asked, Choices, Found, Home, Named, Order, Setup

from .browsing import open_address, open_on_the_wall, read_kept, write_kept
from .check import Finding, Findings, examine
from .listening import VoiceOffError, model_for_commands
from .live import about_model, missing_devices
from .pages import Pages
from .rehearse import rehearse
from .resume import resume
from .review import Shelf
from .run import lead_new, planned_start, total_seconds
from .trouble import sentences
from .unfinished import unfinished
from .wiring import SoundChoices, installed_models, listening_model_for, renderer_of

KEPT = ".home.json"
CHOICES = "choices.json"

_LARGEST = 10_000
"""Bytes of what is kept of the choices; names of devices and voices take the most."""

WATCHED = 20.0
"""How many times as fast as a real one a rehearsal is shown."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """How the page was left, and what was chosen on it."""

    asked: Asked
    choices: Choices
    port: int
    tokens: Tokens


def home(words: Catalogue, folder: Path | None, browser: bool) -> None:
    """Serve the page, do what is asked there, and serve it again."""
    sessions = folder or sessions_folder()
    kept = Path(platformdirs.user_cache_dir("levelup-voice", appauthor=False)) / KEPT
    port, tokens = read_kept(kept)
    problems: tuple[str, ...] = ()
    finished: Path | None = None
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            left = _prepared(words, sessions, port, tokens, kept, problems, finished, browser)
            if left.asked == "quit":
                return
            port, tokens, problems, finished = left.port, left.tokens, (), None
            wall = open_on_the_wall if browser else lambda address: None
            browser = False  # The page is open; what comes next takes its place.
            try:
                finished = _do(words, sessions, left, wall)
            except LevelupError as error:
                problems = tuple(sentences(error, words))


def _do(words: Catalogue, sessions: Path, left: Leaving, wall: Callable[[str], None]) -> Path | None:
    """The session, or its rehearsal. Returns its folder."""
    choices = left.choices
    pages = Pages(lambda projector, remote: wall(projector), left.port, left.tokens)
    if left.asked == "rehearse":
        return rehearse(words, choices.plan, sessions, as_json=False, seed=None, watch=WATCHED, pages=pages)
    if left.asked == "resume":
        if (found := unfinished(words, sessions)) is None:
            raise SetupError("there is no session to go on with any more", "gone_on_elsewhere")
        sound = {name: getattr(sound_of(choices), name) for name in SoundChoices.__dataclass_fields__}
        return resume(words, str(found.path), folder=sessions, plain=False, pages=pages, **sound)
    plan = load_plan(choices.plan)
    return lead_new(
        words,
        plan,
        sound_of(choices),
        sessions,
        choices.participants,
        starts_at=planned_start(plan, choices.starts, choices.ends, datetime.now().astimezone()),
        shrink=choices.shrink,
        plain=False,
        pages=pages,
    )


def sound_of(choices: Choices) -> SoundChoices:
    """The choices that concern devices, voice and speech model."""
    return SoundChoices(
        microphone=choices.microphone,
        facilitator_microphone=choices.facilitator_microphone,
        loudspeaker=choices.loudspeaker,
        voice=choices.voice,
        rate=choices.rate,
        volume=float(choices.volume),
        voice_commands=choices.voice_commands,
        wake_name=choices.wake_name or None,
        model=choices.model,
        test_model=choices.test_model,
    )


def read_choices(file: Path) -> Choices:
    """Those of last time; the program's own where there are none, or none that make sense."""
    try:
        with file.open("rb") as kept:
            choices = Choices.model_validate_json(kept.read(_LARGEST))
    except (OSError, ValidationError):
        return Choices()
    return choices if choices.plan in known_plans() else choices.model_copy(update={"plan": Choices().plan})


def _prepared(
    words: Catalogue,
    sessions: Path,
    port: int,
    tokens: Tokens | None,
    kept: Path,
    problems: tuple[str, ...],
    finished: Path | None,
    browser: bool,
) -> Leaving:
    """Serve the page until somebody asks for what ends it."""
    shelf = Shelf(sessions, lambda problem: click.echo(words.text("cli.files_problem", problem=problem), err=True))
    with contextlib.closing(shelf), contextlib.closing(_Preparing(words, sessions)) as preparing:
        setup = replace(preparing.setup, problems=problems, finished=shelf.id_of(finished) if finished else "")
        preparing.setup = setup
        site = Home(preparing.orders.put, words, shelf, setup, level=preparing.level, tokens=tokens, port=port)
        with contextlib.closing(site):
            write_kept(kept, port, site.site.port, site.site.tokens)
            click.echo(words.text("cli.home_at", address=site.site.address()))
            if browser:
                open_address(site.site.address())
            preparing.show = site.show
            asked = preparing.run()
            return Leaving(asked, preparing.setup.choices, site.site.port, site.site.tokens)


class _Preparing:
    """Takes one order after another and keeps the setup true."""

    def __init__(self, words: Catalogue, sessions: Path) -> None:
        self.orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self.show: Callable[[Setup], None] = lambda setup: None
        self._words = words
        self._sessions = sessions
        self._meter: Microphone | None = None
        self._heard: Level | None = None
        self._file = platformdirs.user_config_path("levelup-voice", appauthor=False) / CHOICES
        plans = tuple(Named(name, _title(name)) for name in known_plans())
        found = unfinished(words, sessions)
        self.setup = Setup(
            choices=read_choices(self._file),
            plans=plans,
            models=tuple(model.name for model in installed_models()),
            unfinished=found.session.plan.title if found else "",
        )
        self._find_devices()
        self._look()

    def run(self) -> Asked:
        """Until somebody asks for what ends the page."""
        self._find_voices()
        while True:
            match self.orders.get():
                case Choices() as choices:
                    self._choose(choices)
                case "devices":
                    with self._doing("devices"):
                        self._find_devices()
                        self._look()
                case "voice":
                    with self._doing("voice"):
                        self._say_something()
                case "check":
                    with self._doing("check"):
                        self._check()
                case asked:
                    return asked

    def level(self) -> tuple[float, float] | None:
        """Peak and RMS of what the chosen microphone hears now, in dBFS."""
        heard = self._heard
        return None if heard is None else (heard.peak_dbfs, heard.rms_dbfs)

    def close(self) -> None:
        self._listen(None)

    def _change(self, **changes: Any) -> None:
        self.setup = replace(self.setup, **changes)
        self.show(self.setup)

    @contextlib.contextmanager
    def _doing(self, what: str) -> Iterator[None]:
        """Devices serve one at a time: the meter rests meanwhile."""
        self._listen(None)
        self._change(doing=what)
        try:
            yield
        finally:
            self._listen(self._metered())
            self._change(doing="")

    def _choose(self, choices: Choices) -> None:
        before = self.setup.choices
        self._change(choices=choices, problems=(), found=() if choices != before else self.setup.found)
        if choices.facilitator_microphone != before.facilitator_microphone:
            self._change(metered="facilitator_microphone" if choices.facilitator_microphone else "microphone")
            self._listen(self._metered())
        elif choices.microphone != before.microphone:
            self._change(metered="microphone")
            self._listen(self._metered())
        if choices.plan != before.plan:
            self._find_voices()
        self._look()
        with contextlib.suppress(OSError):  # Then they are chosen anew next time.
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self._file, choices.model_dump_json().encode())

    def _look(self) -> None:
        """What the choices come to: the plan with its times, and what to know before it starts."""
        choices = self.setup.choices
        try:
            plan = load_plan(choices.plan)
        except LevelupError as error:
            self._change(plan=None, view=None, period=None, problems=tuple(sentences(error, self._words)))
            return
        spoken = load_catalogue(plan.language)
        present = choices.participants or plan.participants
        now = datetime.now().astimezone().replace(microsecond=0)
        starts_at = planned_start(plan, choices.starts, choices.ends, now)
        begins = None if starts_at is None else starts_at.hour * 3600.0 + starts_at.minute * 60
        in_seconds = None if starts_at is None else (starts_at - now).total_seconds()
        of_day = now.hour * 3600 + now.minute * 60 + now.second
        opening = ev.SessionOpened(plan=plan, opened_utc="", opened_of_day=of_day, starts_at=in_seconds)
        self._change(
            plan=plan,
            words=spoken,
            participants=present,
            period=None if begins is None else (begins, (begins + total_seconds(plan)) % 86400),
            wake_name=load_phrases(plan.language).wake,
            view=view(opened(opening), 0.0, spoken),
            cautions=tuple(self._cautions(spoken, [sentence(spoken, one) for one in misfits(plan, present)])),
        )

    def _cautions(self, spoken: Catalogue, tight: list[str]) -> Iterator[str]:
        words, choices = self._words, sound_of(self.setup.choices)
        yield from tight
        missing = missing_devices(choices)
        for device in missing:
            yield words.text(f"setup.missing_{device}")
        try:
            if about := about_model(words, spoken.language, choices):
                yield about
            if choices.voice_commands and "microphone" not in missing:
                room = checked_room(choices.facilitator_microphone or choices.microphone)
                model = listening_model_for(spoken.language, choices.model)
                model_for_commands(model, trial=choices.test_model, room=room)
        except VoiceOffError as off:
            yield words.text("setup.voice_off", why=words.text(f"setup.voice_off_because.{off.why}"))
        except LevelupError as error:
            yield from sentences(error, words)

    def _find_devices(self) -> None:
        """Anew: PortAudio sees what was plugged in only when it starts, and that only while nothing is open."""
        try:
            refresh()
            devices = list_devices()
        except (SoundError, LevelupError):
            devices = ()
        self._change(
            microphones=tuple(dict.fromkeys(one.name for one in devices if one.inputs)),
            loudspeakers=tuple(dict.fromkeys(one.name for one in devices if one.outputs)),
        )
        self._listen(self._metered() if devices else None)

    def _find_voices(self) -> None:
        if self.setup.words is None:
            return
        try:
            with contextlib.closing(renderer_of(self.setup.words, SoundChoices())) as renderer:
                _, _, offered = renderer.offer()
        except (LevelupError, WorkerError):
            offered = ()
        language = self.setup.words.language
        able = [one for one in offered if any(tag.casefold().startswith(language) for tag in one.languages)]
        self._change(voices=tuple(Named(one.id, one.name) for one in able or offered))

    def _metered(self) -> str:
        """The name of the microphone whose level is shown."""
        return str(getattr(self.setup.choices, self.setup.metered))

    def _listen(self, name: str | None) -> None:
        """Let the meter show this microphone; None: none."""
        if self._meter is not None:
            self._meter.close()
        self._meter, self._heard = None, None
        if name is not None:
            self._meter = Microphone(name, self._hear, lambda problem: self._hear(None), lambda: None)
            self._meter.start()

    def _hear(self, chunk: Chunk | None) -> None:
        self._heard = None if chunk is None else level(chunk.pcm)

    def _say_something(self) -> None:
        choices, spoken = sound_of(self.setup.choices), self.setup.words
        if spoken is None:
            return
        loudspeaker = Loudspeaker(choices.loudspeaker, choices.volume)
        try:
            with contextlib.closing(loudspeaker), contextlib.closing(renderer_of(spoken, choices)) as renderer:
                loudspeaker.open()
                renderer.open()
                loudspeaker.play(renderer.render(spoken.text("check.speaking"))).wait()
        except LevelupError as error:
            self._change(found=tuple(Found(False, text) for text in sentences(error, self._words)))
        except (SoundError, WorkerError) as error:
            self._change(found=(Found(False, self._words.text("setup.other", problem=str(error))),))

    def _check(self) -> None:
        choices = self.setup.choices
        self._change(found=())

        def tell(finding: Finding) -> None:
            self._change(found=(*self.setup.found, Found(finding.well, finding.text)))

        try:
            findings = Findings(tell)
            sound = sound_of(choices)
            examine(self._words, choices.plan, self._sessions, choices.participants, sound, findings)
        except LevelupError as error:
            for text in sentences(error, self._words):
                tell(Finding("setup", False, text))
        self._look()


def _title(name: str) -> str:
    """Of a plan, as people know it; its name when it cannot be read."""
    try:
        plan = load_plan(name)
    except LevelupError:
        return name
    return f"{plan.title} ({plan.language})"
