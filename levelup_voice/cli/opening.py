"""Opening a session: its folder, the first line of its journal, and what has to be known before it starts."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from levelup_voice import __version__
from levelup_voice.audio.renderer import Renderer
from levelup_voice.clock import boot_id, boot_seconds
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.folder import SessionFolder, new_folder
from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.commands import Room
from levelup_voice.session.fitting import misfits, sentence
from levelup_voice.session.fold import opened
from levelup_voice.session.plan import SessionPlan
from levelup_voice.session.state import Session
from levelup_voice.session.wording import everything_said


def open_new(
    parent: Path,
    plan: SessionPlan,
    participants: int,
    *,
    room: Room = "shift",
    starts: datetime | None = None,
    starts_at: datetime | None = None,
    rehearsal: str = "",
    seed: int = 0,
    on_problem: Callable[[str], None],
) -> tuple[SessionFolder, Session]:
    """Make the folder of a new session and write the opening.

    `starts`: the moment of the opening, in a rehearsal. `starts_at`: when the session is to begin, if that is known.
    """
    now = (starts or datetime.now().astimezone()).replace(microsecond=0)
    event = ev.SessionOpened(
        plan=plan,
        opened_utc=now.astimezone(UTC).isoformat(timespec="seconds"),
        opened_of_day=now.hour * 3600 + now.minute * 60 + now.second,
        boot_at=0.0 if starts else boot_seconds(),
        boot_id="" if starts else boot_id(),
        program=__version__,
        participants=participants,
        room=room,
        starts_at=None if starts_at is None else (starts_at - now).total_seconds(),
        rehearsal=rehearsal,
        seed=seed,
    )
    store = SessionFolder(new_folder(parent, plan.id, now), load_catalogue(plan.language), on_problem)
    store.append([ev.Entry(0.0, event)])
    return store, opened(event)


def tell_fit(plan: SessionPlan, participants: int, say: Callable[[str], None]) -> None:
    """Say what does not fit, with a remedy, while there is time to do something about it."""
    words = load_catalogue(plan.language)
    for misfit in misfits(plan, participants):
        say(sentence(words, misfit))


def prepare(renderer: Renderer, plan: SessionPlan, words: Catalogue, participants: int, label: str) -> None:
    """Render all that the session will say, with a progress bar where there is a screen for it."""
    texts = list(dict.fromkeys(everything_said(plan, words, participants)))
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(label, total=len(texts))
        renderer.prepare(texts, lambda done, of: progress.update(bar, completed=done, total=of))
