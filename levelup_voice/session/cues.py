"""The rules of time announcements: when one is said, shown, owed or let go."""

from . import events as ev
from . import wording
from .plan import Cue, Harvest
from .state import Session
from .timing import CueDue, block_cues, cue_added, ends_at, item_cues, item_ends_at, still_true
from .unfolding import Unfolding


def give(unfolding: Unfolding, due: list[CueDue]) -> None:
    """Give what is due, earliest first. Of several missed ones of one clock only the latest is given."""
    latest = {one.scope: one for one in due}
    for one in due:
        outcome = _outcome(unfolding, one) if one is latest[one.scope] else "missed"
        unfolding.add(
            ev.CueGiven(
                scope=one.scope,
                remaining=one.cue.remaining,
                added=cue_added(unfolding.session, one.scope),
                outcome=outcome,
            )
        )
        if outcome == "spoken":
            due_at = one.due_at if one.due_at > unfolding.now else None
            unfolding.say(
                wording.cue_here(unfolding.words, unfolding.session, one.cue, one.scope), tone="chime", due_at=due_at
            )


def settle_owed(unfolding: Unfolding) -> None:
    """Say the cue that had to wait, if nobody is interrupted now and it is still true."""
    session = unfolding.session
    if not session.runs or session.closed_at is not None or session.run.owed is None or not _is_quiet(session):
        return
    owed = session.run.owed
    cue, late = _cue_of(session, owed), _late(session, owed, unfolding.now)
    hurried = not isinstance(session.item, Harvest)
    true = hurried and cue is not None and late is not None and still_true(owed.remaining, late)
    unfolding.add(ev.OwedCueSettled(said=true))
    if cue is not None and true:
        unfolding.say(wording.cue_here(unfolding.words, session, cue, owed.scope), tone="chime")


def _outcome(unfolding: Unfolding, due: CueDue) -> ev.CueOutcome:
    if not still_true(due.cue.remaining, unfolding.now - due.due_at):
        return "missed"
    if due.cue.style == "screen":
        return "screen"
    return "spoken" if _is_quiet(unfolding.session) else "owed"


def _is_quiet(session: Session) -> bool:
    return (
        not session.speaking
        and session.announced is None
        and session.situation not in ("recording", "confirming", "paused")
    )


def _cue_of(session: Session, given: ev.CueGiven) -> Cue | None:
    cues = block_cues(session.block) if given.scope == "block" else item_cues(session.item)
    return next((cue for cue in cues if cue.remaining == given.remaining), None)


def _late(session: Session, given: ev.CueGiven, now: float) -> float | None:
    end = ends_at(session) if given.scope == "block" else item_ends_at(session)
    return None if end is None else now - (end - given.remaining)
