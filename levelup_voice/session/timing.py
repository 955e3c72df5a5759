"""Time keeping: pure functions of a session and a moment.

Whatever time alone causes is an `Alarm`, and `alarms` is the one place that works out when: the rules ask which are
due, the runner asks when the first one is, and both get the same number to the last bit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Literal, TypeAlias

from . import events as ev
from .plan import Block, Cue, Discussion, Harvest, Item, Seconds, SessionPlan, Statement
from .state import Recording, Session

CUE_LEAD: Seconds = 0.4
"""A spoken cue is handed over this early, so that the loudspeaker can place it on its moment."""

SUMMARY_GRACE: Seconds = 15.0
"""From the quiet tone at the planned end of a recording to its stop."""

TALLY_STANDS: Seconds = 3.0
"""After a tally was read back: so long it can be put right with a word, later by calling us first. People go on to talk
about what they see, in words like those of a tally."""

TALLY_LIMIT: Seconds = 30.0
"""After we asked for a tally: colleagues need twelve seconds to count the smaller side."""

CONFIRMATION_LIMIT: Seconds = 12.0
"""A question of ours that nobody answers lapses after this."""

SPEECH_PATIENCE: Seconds = 10.0
RECORDING_PATIENCE: Seconds = 5.0
TRANSCRIPTION_PATIENCE: Seconds = 60.0
"""How long a device may stay silent beyond the work asked of it, before we go on without its answer."""

TRANSCRIPTION_SLOWNESS = 2.0
"""Seconds of work for a second of audio, on a slow computer with a large model."""


def adjustment(session: Session, block: int) -> Seconds:
    """Time added to a block so far, or (negative) taken from it."""
    return session.adjusted.get(block, 0.0)


def allotted(session: Session, block: int) -> Seconds:
    """What a block now has: its planned duration and what was added or taken."""
    return session.plan.blocks[block].duration + adjustment(session, block)


def ends_at(session: Session) -> Seconds:
    """When the running block is planned to end, if it is not paused again."""
    run = session.run
    return run.started_at + allotted(session, run.block) - run.spent + run.paused_for


def remaining(session: Session, now: Seconds) -> Seconds:
    """Time left in the running block; negative is overrun."""
    return ends_at(session) - _clock(session, now)


def spent(session: Session, block: int, now: Seconds) -> Seconds:
    """Time used in a block, over all its runs, pauses left out."""
    # A pause may lie after an end that was moved to an earlier moment.
    return sum(
        max(0.0, (run.ended_at if run.ended_at is not None else _clock(session, now)) - run.started_at - run.paused_for)
        for run in session.runs
        if run.block == block
    )


def item_duration(session: Session, item: Item) -> Seconds:
    """Time meant for an item with the groups as they are."""
    return planned_item_seconds(session.plan, item, len(session.groups))


def planned_item_seconds(plan: SessionPlan, item: Item, groups: int) -> Seconds:
    """Time meant for an item with so many groups; none are counted as one."""
    if isinstance(item, Harvest):
        discussion = plan.item(item.discussion)
        assert isinstance(discussion, Discussion)
        return item.turn * max(1, groups) * discussion.questions_per_group
    if isinstance(item, Discussion):
        return item.counting_off + item.briefing + item.talk
    return item.seconds


def planned_seconds(plan: SessionPlan, block: Block, groups: int) -> Seconds:
    """What the items of a block need together, with so many groups."""
    return sum(planned_item_seconds(plan, item, groups) for item in block.items)


def item_ends_at(session: Session) -> Seconds | None:
    """When the item, or the stage that has a time of its own, is planned to end. None where nothing is timed."""
    item, run = session.item, session.run
    if item is None:
        return None
    if isinstance(item, Discussion):
        stage = {"gathering": item.counting_off, "briefing": item.briefing, "talking": item.talk + run.item_added}
        return run.stage_at + stage[run.stage] if run.stage in stage else None
    return run.item_at + item_duration(session, item) + run.item_added


def item_remaining(session: Session, now: Seconds) -> Seconds | None:
    """Time left for the item; negative is overrun."""
    end = item_ends_at(session) if session.runs else None
    return None if end is None else end - _clock(session, now)


def planned_end(session: Session) -> Seconds | None:
    """When the session ends by the plan and the time agreed on since. None while nobody has said when it begins."""
    begins = session.opened.starts_at
    if begins is None and session.runs:
        begins = session.runs[0].started_at
    return None if begins is None else begins + sum(allotted(session, n) for n in range(len(session.plan.blocks)))


def starts_in(session: Session, now: Seconds) -> Seconds | None:
    """How long until the session is meant to begin; negative: it should have. None when it has, or may at any time."""
    begins = session.opened.starts_at
    return None if begins is None or session.runs else begins - now


def expected_end(session: Session, now: Seconds) -> Seconds:
    """When the session ends if every block from now on takes what it has; once it is closed, when it did."""
    if session.closed_at is not None:
        return session.closed_at
    later = range(session.run.block + 1 if session.runs else 0, len(session.plan.blocks))
    left = max(0.0, remaining(session, now) if session.runs else starts_in(session, now) or 0.0)
    return now + left + sum(allotted(session, n) for n in later)


def behind(session: Session, now: Seconds) -> Seconds:
    """How much later than planned the session will end; negative: ahead of the plan."""
    end = planned_end(session)
    return 0.0 if end is None else expected_end(session, now) - end


def of_day(session: Session, at: Seconds) -> Seconds:
    """Local time of day of a moment, in seconds since midnight: for saying and showing only."""
    return (session.opened.opened_of_day + at) % 86400


def default_cues(duration: Seconds, style: Literal["spoken", "screen"]) -> tuple[Cue, ...]:
    """A quarter of an hour and more: 5 minutes, 1 minute, time is up; shorter: 2 minutes, 1 minute, time is up."""
    moments = (300.0, 60.0, 0.0) if duration >= 900 else (120.0, 60.0, 0.0)
    return tuple(Cue(remaining=moment, style=style) for moment in moments if moment < duration)


def block_cues(block: Block) -> tuple[Cue, ...]:
    if block.cues is not None:
        return block.cues
    return () if block.cue_style == "none" else default_cues(block.duration, block.cue_style)


def item_cues(item: Item | None) -> tuple[Cue, ...]:
    """Of the groups' talk, of a question or card with a time; a harvest is not hurried, a statement has its steps."""
    match item:
        case Discussion(cues=None, cue_style=style, talk=talk):
            return () if style == "none" else default_cues(talk, style)
        case Discussion(cues=cues):
            return cues or ()
        case None | Harvest() | Statement():
            return ()
        case _:
            return default_cues(item.seconds, "screen")


@dataclass(frozen=True, slots=True)
class CueDue:
    cue: Cue
    scope: ev.Scope
    due_at: Seconds


@dataclass(frozen=True, slots=True)
class StageOver:
    """A statement's silence or walk has lasted long enough."""


@dataclass(frozen=True, slots=True)
class AnswerOver:
    """A tally stands, or nobody gave one."""


@dataclass(frozen=True, slots=True)
class RoundOff:
    """A recording has reached its planned end."""


@dataclass(frozen=True, slots=True)
class RecordingTooLong:
    """A recording is past its planned end and the grace after it."""


@dataclass(frozen=True, slots=True)
class ConfirmationLapsed:
    pass


@dataclass(frozen=True, slots=True)
class SpeechOverdue:
    utterance: int


@dataclass(frozen=True, slots=True)
class RecordingOverdue:
    recording: int


@dataclass(frozen=True, slots=True)
class TranscriptOverdue:
    recording: int


Alarm: TypeAlias = (
    CueDue
    | StageOver
    | AnswerOver
    | RoundOff
    | RecordingTooLong
    | ConfirmationLapsed
    | SpeechOverdue
    | RecordingOverdue
    | TranscriptOverdue
)


def alarms(session: Session) -> list[tuple[Seconds, Alarm]]:
    """All that time alone will cause as things stand, each with its moment, earliest first."""
    return sorted(_alarms(session), key=lambda alarm: alarm[0])


def next_wakeup(session: Session) -> Seconds:
    """The next moment at which time alone changes something; inf if none."""
    return min((moment for moment, _ in _alarms(session)), default=inf)


def still_true(remaining_then: Seconds, late: Seconds) -> bool:
    """Whether "nog vijf minuten" may still be said so long after its moment. That the time is up stays true.

    Before its moment nothing is true yet: time may have been added since the cue was due.
    """
    return late > -1.0 and (remaining_then == 0.0 or late <= max(5.0, 0.15 * remaining_then))


def expected_speech(text: str) -> Seconds:
    """An upper estimate of how long a text sounds, tones included."""
    return 4.0 + 0.12 * len(text)


def _alarms(session: Session) -> Iterator[tuple[Seconds, Alarm]]:
    yield from _transcript_alarms(session)
    if session.aside:
        return
    yield from _device_alarms(session)
    if session.confirming is not None:
        yield session.confirming_at + CONFIRMATION_LIMIT, ConfirmationLapsed()
    recording = session.open_recording
    if recording is not None and recording.stopped_at is None:
        yield from _recording_alarms(recording)
    if session.closed_at is not None or not session.runs or session.paused_at is not None:
        return
    yield from _cue_alarms(session)
    stage_over = _stage_ends_at(session)
    if stage_over is not None:
        yield stage_over, StageOver()
    if session.answer_awaited and not (session.speaking or session.open_recording or session.confirming):
        yield session.speech_at + (TALLY_STANDS if session.tally_given else TALLY_LIMIT), AnswerOver()


def _device_alarms(session: Session) -> Iterator[tuple[Seconds, Alarm]]:
    if session.speaking:
        first = session.speaking[0]
        begins = max(session.speech_at, session.woke_at, first.due_at or 0.0)
        yield begins + expected_speech(first.text) + SPEECH_PATIENCE, SpeechOverdue(first.number)
    for recording in session.recordings:
        if recording.is_open and recording.stopped_at is not None:
            yield max(recording.stopped_at, session.woke_at) + RECORDING_PATIENCE, RecordingOverdue(recording.number)


def _transcript_alarms(session: Session) -> Iterator[tuple[Seconds, Alarm]]:
    """They are worked on in turn: each may take, from the last answer on, what all before it take and itself."""
    asked = [(one.asked_at, one) for one in session.recordings if one.asked_at is not None and not one.deleted]
    work = 0.0
    for asked_at, recording in sorted(asked, key=lambda one: one[0]):
        work += TRANSCRIPTION_SLOWNESS * (recording.saved.seconds if recording.saved else 0.0)
        since = max(asked_at, session.transcribed_at, session.woke_at)
        yield since + work + TRANSCRIPTION_PATIENCE, TranscriptOverdue(recording.number)


def _recording_alarms(recording: Recording) -> Iterator[tuple[Seconds, Alarm]]:
    planned = recording.started_at + recording.slept + recording.request.planned
    if not recording.soft_ended:
        yield planned, RoundOff()
    yield planned + SUMMARY_GRACE, RecordingTooLong()


def _cue_alarms(session: Session) -> Iterator[tuple[Seconds, Alarm]]:
    """Harvest: no cue at all; the ring on the projector is enough."""
    if isinstance(session.item, Harvest):
        return
    # Handed over early only into silence: otherwise it is due when it is due, and shown first.
    lead = 0.0 if session.speaking or session.open_recording else CUE_LEAD
    for scope, cues, added, end in _timed(session):
        for cue in cues:
            if (scope, cue.remaining, added) not in session.run.cues_given:
                due_at = end - cue.remaining
                yield due_at - (lead if cue.style == "spoken" else 0.0), CueDue(cue, scope, due_at)


def _timed(session: Session) -> Iterator[tuple[ev.Scope, tuple[Cue, ...], Seconds, Seconds]]:
    """What counts down now: its scope, its cues, the time added to it and its planned end."""
    run = session.run
    yield "block", block_cues(session.block), adjustment(session, run.block), ends_at(session)
    end = item_ends_at(session)
    if end is not None and (not isinstance(session.item, Discussion) or run.stage == "talking"):
        yield "item", item_cues(session.item), run.item_added, end


def cue_added(session: Session, scope: ev.Scope) -> Seconds:
    """The time added to a scope, as `CueGiven` notes it."""
    return adjustment(session, session.run.block) if scope == "block" else session.run.item_added


def _stage_ends_at(session: Session) -> Seconds | None:
    run, item = session.run, session.item
    if not isinstance(item, Statement) or session.speaking or session.open_recording or session.confirming:
        return None  # The next step is spoken: not over ourselves, into an argument or over a question of ours.
    if session.announced is not None:
        return None
    if run.stage == "thinking":
        return run.stage_at + item.think
    if run.stage == "choosing":
        return run.stage_at + item.walk
    return None


def _clock(session: Session, now: Seconds) -> Seconds:
    """What the clocks of the session show: they stand still while paused, and at the end."""
    if session.closed_at is not None:
        return session.closed_at
    return now if session.paused_at is None else session.paused_at
