"""What to listen for at a moment of the session: a function of where it stands, handed over after each step."""

from dataclasses import dataclass

from . import commands as do
from .allowed import Kind, allowed
from .plan import Seconds
from .state import Session

BARGE_IN: frozenset[Kind] = frozenset({do.Hush, do.Pause})
"""What may be said into our own voice."""


TWO_WAYS_SECONDS: Seconds = 2.0
"""Who speaks a command and presses its key as well does so within this."""

_GOING_ON: frozenset[Kind] = frozenset({do.Start, do.Next, do.Continue, do.StopRecording})
"""All are the one key of a clicker."""


@dataclass(frozen=True, slots=True)
class Listening:
    commands: frozenset[Kind] = frozenset()
    """What may be asked for by whoever says the wake name first."""
    answers: frozenset[Kind] = frozenset()
    """What may be said without it: answers to the question just asked."""
    speaking: tuple[str, ...] = ()
    """What we ourselves are saying, or are about to say."""
    aloud: bool = False
    """Our own voice sounds, or is about to."""


def listening_for(session: Session) -> Listening:
    """The commands that make sense now, of which the answers to a question of ours need no wake name.

    While we speak only our silence can be asked for: the microphone hears the loudspeaker.
    """
    if session.situation == "closed":
        return Listening()
    possible = allowed(session)
    if session.speaking:
        texts = tuple(utterance.text for utterance in session.speaking if utterance.text)
        return Listening(possible & BARGE_IN, speaking=texts, aloud=True)
    return Listening(possible, possible & answers(session))


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that was asked for. A key takes no time, a phrase does."""

    command: do.Command
    by_voice: bool
    since: Seconds
    until: Seconds


def is_one_wish(before: Asked, after: Asked) -> bool:
    """Whether somebody who asked for both, one by voice and the other by hand, wants one thing."""
    alike = before.command == after.command or {type(before.command), type(after.command)} <= _GOING_ON
    return alike and before.by_voice != after.by_voice and after.since - before.until <= TWO_WAYS_SECONDS


def answers(session: Session) -> frozenset[Kind]:
    """What answers the question that we have just asked the facilitator; nothing when we asked none."""
    if session.confirming is not None:
        return frozenset({do.Confirm, do.Decline})
    if session.situation != "voting" or not session.answer_awaited:
        return frozenset()
    assert session.item is not None
    if session.item.id in session.tallies:
        return frozenset({do.GiveTally, do.Again})
    return frozenset({do.GiveTally} if session.participants else {do.GiveTally, do.SetParticipants})
