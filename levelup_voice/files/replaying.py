"""From the entries of a journal to the session, without trust: a file may have been damaged or tampered with.

The session's own fold believes what it is told. Here each entry is first held against what came before.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from math import isfinite

from levelup_voice.session import events as ev
from levelup_voice.session.fold import apply, opened
from levelup_voice.session.plan import MOST_PEOPLE, Discussion, Harvest, Item, SessionPlan, Statement
from levelup_voice.session.state import Session

from .journal import LATEST

AUDIO = re.compile(r"audio/\w[\w .()-]*\.wav")
"""What we call recordings: what a journal names is read, repaired and deleted."""

NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)
"""The id of a plan, its language and the ids of its items: they become parts of names of files and of headers."""

LONGEST = LATEST
"""Seconds of anything that a session holds."""

MOST_UTTERANCES = 1_000_000

STAGES: Mapping[type, tuple[ev.Stage, ...]] = {
    Statement: ("reading", "thinking", "choosing", "counting"),
    Discussion: ("reading", "gathering", "briefing", "talking"),
    Harvest: ("reading", "turns"),
}
"""How far items of these kinds come; all others are only read."""


def begin(entry: ev.Entry) -> Session:
    """The session of which only this, its opening, is known. Raises ValueError."""
    event = entry.event
    if not isinstance(event, ev.SessionOpened):
        raise ValueError("expected the opening of a session")
    _look_at_plan(event.plan)
    _require(0 <= event.participants <= MOST_PEOPLE, "as many people")
    _require(isfinite(event.opened_of_day) and 0 <= event.opened_of_day <= 86400, "a time of day")
    _require(event.starts_at is None or abs(event.starts_at) <= LONGEST, "a time to start at")
    return opened(event)


def _look_at_plan(plan: SessionPlan) -> None:
    """What a plan that was read from a file has for certain."""
    if not plan.blocks or not all(block.items for block in plan.blocks):
        raise ValueError("a plan without blocks or items")
    for name in (plan.id, plan.language):
        _require(NAME.fullmatch(name) is not None, "such a plan")
    parts = (part for block in plan.blocks for part in (block, *(block.cues or ()), *block.items))
    lengths = [
        value
        for part in parts
        for value in (getattr(part, field.name) for field in fields(part))
        if isinstance(value, float)
    ]
    _require(all(0 <= length <= LONGEST for length in lengths), "such a length")
    earlier: dict[str, Item] = {}
    for item in (item for block in plan.blocks for item in block.items):
        _require(NAME.fullmatch(item.id) is not None, "such an item")
        _require(item.id not in earlier, "one item of each id")
        if isinstance(item, Harvest):
            _require(isinstance(earlier.get(item.discussion), Discussion), "such a discussion")
        earlier[item.id] = item


def follow(session: Session, entry: ev.Entry) -> Session:
    """The session after this entry. Raises ValueError when it cannot follow what came before."""
    try:
        _look(session, entry.event)
        return apply(session, entry)
    except (LookupError, AssertionError, TypeError, AttributeError) as error:
        raise ValueError(f"{type(entry.event).__name__} cannot follow what is before it") from error


def _look(session: Session, event: ev.Event) -> None:
    """What the fold does not look at, and those who read the session rely on."""
    match event:
        case ev.BlockStarted(block, spent):
            _require(0 <= block < len(session.plan.blocks), "such a block")
            _require(abs(spent) <= LONGEST, "such a length")
        case ev.ItemReached(item):
            _require(0 <= item < len(session.block.items), "such an item")
        case ev.StageReached(stage):
            _require(stage in STAGES.get(type(session.item), ("reading",)), "such a stage")
        case ev.TimeAdded(block, seconds) | ev.BlockShortened(block, seconds):
            _require(0 <= block < len(session.plan.blocks), "such a block")
            _require(abs(seconds) <= LONGEST, "such a length")
        case ev.ComputerSlept(seconds):
            _require(0 <= seconds <= LONGEST, "such a length")
        case ev.ItemTimeAdded(seconds) | ev.StartMoved(_, seconds):
            _require(bool(session.runs) and abs(seconds) <= LONGEST, "such a length")
        case ev.ClockPaused(since) | ev.SessionSetAside(since):
            _require(since is None or 0 <= since <= LONGEST, "such a moment")
        case ev.ParticipantsCounted(count):
            _require(0 <= count <= MOST_PEOPLE, "as many people")
        case ev.GroupsFormed(sizes):
            _require(all(size > 0 for size in sizes) and sum(sizes) <= MOST_PEOPLE, "such groups")
        case ev.QuestionsAssigned(name, group) | ev.TurnTaken(group, name):
            _require(len(name) <= 1000, "such an id")
            _require(0 <= group <= MOST_PEOPLE, "such a group")
        case ev.SpeechRequested(utterance=number):
            _require(0 <= number < MOST_UTTERANCES, "as many utterances")
        case ev.RecordingStarted():
            _look_at_recording(session, event)
        case (
            ev.RecordingStopped(number)
            | ev.RecordingSaved(recording=number)
            | ev.RecordingFailed(number)
            | ev.RecordingDeleted(number)
            | ev.AudioForgotten(number)
            | ev.TranscriptionRequested(number)
            | ev.TranscriptReady(number)
            | ev.TranscriptionFailed(number)
            | ev.SummaryCorrected(number)
            | ev.SummaryChecked(number)
            | ev.TakeChosen(number)
            | ev.WordsConfirmed(number)
            | ev.LevelNoticed(number)
        ):
            _require(0 <= number < len(session.recordings), "such a recording")
            if isinstance(event, ev.RecordingSaved):
                _require(0 <= event.seconds <= LONGEST, "such a length")
            if isinstance(event, ev.TranscriptReady):
                heard = event.transcript.words
                _require(all(0 <= one.start <= LONGEST and 0 <= one.end <= LONGEST for one in heard), "such a moment")
        case _:
            pass


def _look_at_recording(session: Session, event: ev.RecordingStarted) -> None:
    _require(event.recording == len(session.recordings), "such a recording")
    _require(0 <= event.block < len(session.plan.blocks), "such a block")
    _require(any(item.id == event.item for block in session.plan.blocks for item in block.items), "such an item")
    _require(0 <= event.planned <= LONGEST and 0 <= event.late <= LONGEST, "such a recording")
    _require(event.rate in ev.RATES, "such a recording")
    _require(0 <= event.group <= MOST_PEOPLE, "such a group")
    if not AUDIO.fullmatch(event.file):
        raise ValueError(f"{event.file!r} is no name of a recording")


def _require(fact: bool, what: str) -> None:
    if not fact:
        raise ValueError(f"there is not {what}")
