"""When each block was meant to be, and when it was: for the notes and for times.csv."""

from dataclasses import dataclass

from . import timing
from .plan import Block, Seconds
from .state import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockTimes:
    """Moments since the opening of the session; None where there is none (yet)."""

    block: Block
    planned_start: Seconds | None
    """By the plan as it was written, from the moment it was to begin, else from when the first block really began."""
    planned_end: Seconds | None
    started_at: Seconds | None
    ended_at: Seconds | None
    """Of the last time it was run; None while it runs."""
    allotted: Seconds
    """Its planned duration, and what was added to it or taken from it."""
    spent: Seconds | None
    """Over all its runs, pauses left out; None while it runs."""


def block_times(session: Session) -> tuple[BlockTimes, ...]:
    """Of every block of the plan, in its order."""
    times = []
    planned = session.opened.starts_at
    if planned is None and session.runs:
        planned = session.runs[0].started_at
    for number, block in enumerate(session.plan.blocks):
        runs = [run for run in session.runs if run.block == number]
        ended_at = runs[-1].ended_at if runs else None
        planned_end = None if planned is None else planned + block.duration
        times.append(
            BlockTimes(
                block=block,
                planned_start=planned,
                planned_end=planned_end,
                started_at=runs[0].started_at if runs else None,
                ended_at=ended_at,
                allotted=timing.allotted(session, number),
                spent=None if ended_at is None else timing.spent(session, number, ended_at),
            )
        )
        planned = planned_end
    return tuple(times)
