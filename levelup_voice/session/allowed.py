"""Which commands make sense when: one table for the listener, the buttons on the pages, the keys and the rules."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from . import commands as do
from .plan import Harvest, Statement
from .state import Session, Situation

Kind: TypeAlias = type[do.Command]

_CHOOSING: frozenset[Kind] = frozenset({do.ChooseMicrophone, do.ChooseLoudspeaker})

_ALWAYS: frozenset[Kind] = _CHOOSING | {do.Hush, do.Help}

_SETTING: frozenset[Kind] = frozenset(
    {do.SetParticipants, do.FormGroups, do.MakeRoom, do.Refuse, do.StartedEarlier, do.DeleteRecording, do.Finish}
)

_RUNNING: frozenset[Kind] = (
    _ALWAYS
    | _SETTING
    | {do.Next, do.Back, do.Skip, do.Repeat, do.Pause, do.TimeLeft, do.AddTime, do.WhoIsLeft, do.SwapQuestion}
)

ALLOWED: Mapping[Situation, frozenset[Kind]] = {
    "ready": _ALWAYS | (_SETTING - {do.DeleteRecording}) | {do.Start, do.Next},
    "reading": _RUNNING | {do.Record, do.Again},
    "thinking": _RUNNING,
    "voting": _RUNNING | {do.GiveTally, do.Record, do.Again},
    "talking": _RUNNING,
    "harvesting": _RUNNING | {do.TakeTurn, do.Record, do.RecordKernel, do.Again},
    "recording": _CHOOSING
    | {do.StopRecording, do.Next, do.Again, do.DeleteRecording, do.Refuse, do.SetParticipants, do.Hush},
    "confirming": _CHOOSING | {do.Confirm, do.Decline, do.Next, do.Back, do.Hush},
    "paused": _ALWAYS | _SETTING | {do.Continue, do.Next, do.TimeLeft, do.AddTime},
    "closed": frozenset({do.DeleteRecording, do.Confirm, do.Decline, do.Hush}),
}

_MOST_USEFUL: tuple[Kind, ...] = (
    do.Confirm,
    do.Decline,
    do.Start,
    do.StopRecording,
    do.Continue,
    do.GiveTally,
    do.Next,
    do.TakeTurn,
    do.Again,
    do.AddTime,
    do.TimeLeft,
    do.Repeat,
    do.Back,
    do.Pause,
)


def allowed(session: Session) -> frozenset[Kind]:
    """What may be asked for now. A command that is not among these is answered with no events."""
    return ALLOWED[session.situation] - frozenset(_without_object(session))


def most_useful(session: Session, count: int = 5) -> tuple[Kind, ...]:
    """The few of them worth naming when somebody asks what can be said now."""
    return tuple(kind for kind in _MOST_USEFUL if kind in allowed(session))[:count]


def _without_object(session: Session) -> Iterator[Kind]:
    """What would make sense in such a situation, if there were something to do it with."""
    if not session.devices:
        yield from _CHOOSING  # In a simulated room.
    if session.confirming is None:
        yield from (do.Confirm, do.Decline)
    is_counted = isinstance(session.item, Statement) and session.run.stage == "counting"
    if not (isinstance(session.item, Harvest) and session.groups):
        yield do.WhoIsLeft
    if not is_counted and session.last_recording_here is None:
        yield do.Again
