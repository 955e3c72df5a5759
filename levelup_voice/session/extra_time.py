"""The rules of changing the plan's time while it runs, and saying what it means."""

from . import events as ev
from .plan import Discussion, Seconds
from .state import Session
from .timing import (
    allotted,
    expected_end,
    item_remaining,
    of_day,
    remaining,
)
from .unfolding import Unfolding

MOST: Seconds = 3600.0
"""More than an hour at once is a slip of the tongue."""


def add(unfolding: Unfolding, seconds: Seconds) -> None:
    """Give what runs now more time, or less; then say the consequence in one sentence."""
    seconds = max(-MOST, min(MOST, seconds))
    if seconds < 0:
        seconds = -min(-seconds, max(0.0, _left(unfolding)))
    if seconds == 0:
        return
    session = unfolding.session
    if session.room == "shrink" and seconds > 0:
        _shorten_later_blocks(unfolding, seconds)
    if _in_talk(session):
        unfolding.add(ev.ItemTimeAdded(_from_now(seconds, _left(unfolding))))
    if of_block := _from_now(seconds, remaining(session, unfolding.now)):
        unfolding.add(ev.TimeAdded(session.run.block, of_block))
    amount = unfolding.words.capitalised(unfolding.words.duration(abs(seconds)))
    unfolding.answer("say.added" if seconds > 0 else "say.removed", minutes=amount, end=_end(unfolding))


def choose_room(unfolding: Unfolding, event: ev.RoomChosen) -> None:
    unfolding.add(event)
    unfolding.answer("say.room_shift" if event.room == "shift" else "say.room_shrink")


def start_earlier(unfolding: Unfolding, seconds: Seconds) -> None:
    """What runs now really began so long ago; never before the block before it did."""
    session = unfolding.session
    scope: ev.Scope = "item" if _in_talk(session) else "block"
    began = session.run.stage_at if scope == "item" else session.run.started_at
    earliest = session.runs[-2].started_at if len(session.runs) > 1 else -MOST
    if scope == "item":
        earliest = session.run.started_at
    moved = began - max(unfolding.now - min(seconds, MOST), earliest)
    if moved > 0:
        unfolding.add(ev.StartMoved(scope, moved))
        unfolding.answer("say.started_earlier", minutes=unfolding.words.duration(seconds))


def say_time_left(unfolding: Unfolding) -> None:
    left = _left(unfolding)
    words = unfolding.words
    if not unfolding.session.runs:
        unfolding.answer("say.ends_at", end=_end(unfolding))
    elif round(left) < 0:
        unfolding.answer("say.overrun", duration=words.duration(-left))
    else:
        unfolding.answer("say.time_left", duration=words.duration(left))


def _shorten_later_blocks(unfolding: Unfolding, seconds: Seconds) -> None:
    """In proportion to what each can give above its minimum. What none can give, the end moves."""
    session = unfolding.session
    spare = {
        number: max(0.0, allotted(session, number) - session.plan.blocks[number].minimum)
        for number in range(session.run.block + 1, len(session.plan.blocks))
    }
    total = sum(spare.values())
    if total <= 0:
        return
    share = min(1.0, seconds / total)
    for number, room in spare.items():
        if room > 0:
            unfolding.add(ev.BlockShortened(number, room * share))


def _from_now(seconds: Seconds, left: Seconds) -> Seconds:
    """More time counts from now on, also where the time was up already; no more is taken away than there is."""
    return seconds - min(0.0, left) if seconds > 0 else max(seconds, -max(0.0, left))


def _in_talk(session: Session) -> bool:
    return isinstance(session.item, Discussion) and session.run.stage == "talking"


def _left(unfolding: Unfolding) -> Seconds:
    session, now = unfolding.session, unfolding.now
    if not session.runs:
        return 0.0
    left = item_remaining(session, now) if _in_talk(session) else None
    return remaining(session, now) if left is None else left


def _end(unfolding: Unfolding) -> str:
    session = unfolding.session
    return unfolding.words.time_of_day(of_day(session, expected_end(session, unfolding.now)))
