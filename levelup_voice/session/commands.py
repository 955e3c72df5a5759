"""What people may ask for. Voice, keys, clicker and pages all end up as one of these."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .plan import Seconds

Room: TypeAlias = Literal["shift", "shrink"]
"""How extra time is made: everything later moves (`shift`), or later blocks get shorter in proportion (`shrink`)."""

Whose: TypeAlias = Literal["", "group", "facilitator"]
"""Of two microphones, the group's or the facilitator's own; of one, or of another device, neither."""


@dataclass(frozen=True, slots=True)
class Start:
    """Begin the first block."""


@dataclass(frozen=True, slots=True)
class Next:
    """One step on: the next stage, item, turn or block; during a recording: stop it."""


@dataclass(frozen=True, slots=True)
class Back:
    """Undo a step: read the statement again, the item before, the turn before."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say once more what was last read aloud."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave this item, or this group's turn, and go to the next."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop the clocks."""


@dataclass(frozen=True, slots=True)
class Continue:
    """Let the clocks run again."""

    counting: bool = False
    """The time that passed meanwhile counts as spent."""


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Say how much time is left."""


@dataclass(frozen=True, slots=True)
class AddTime:
    """More time for what runs now; negative: less."""

    seconds: Seconds


@dataclass(frozen=True, slots=True)
class MakeRoom:
    """From now on make room for extra time in this way."""

    room: Room


@dataclass(frozen=True, slots=True)
class StartedEarlier:
    """What runs now really began this long ago, or this much earlier than noted."""

    seconds: Seconds


@dataclass(frozen=True, slots=True)
class SetParticipants:
    """So many people are present."""

    count: int


@dataclass(frozen=True, slots=True)
class FormGroups:
    """Make the groups anew from the number present."""


@dataclass(frozen=True, slots=True)
class GiveTally:
    """How many stand on one side, or on both. The other side is computed from the number present."""

    agree: int | None = None
    disagree: int | None = None


@dataclass(frozen=True, slots=True)
class TakeTurn:
    """It is this group's turn."""

    group: int


@dataclass(frozen=True, slots=True)
class SwapQuestion:
    """This group answers another question of the discussion than the one handed out."""

    group: int
    question: str
    """Its id."""


@dataclass(frozen=True, slots=True)
class WhoIsLeft:
    """Say which groups have not had their turn."""


@dataclass(frozen=True, slots=True)
class Record:
    """Start recording: the turn, the answer or the argument that is due here."""


@dataclass(frozen=True, slots=True)
class RecordKernel:
    """Record the facilitator's one-sentence paraphrase ("kernzin") of the summary just given."""


@dataclass(frozen=True, slots=True)
class StopRecording:
    """Close the recording."""


@dataclass(frozen=True, slots=True)
class Again:
    """Once more: a second take of the last recording (the first is kept), or the tally anew."""


@dataclass(frozen=True, slots=True)
class DeleteRecording:
    """Consent is withdrawn: audio and text of this recording go, for good."""

    recording: int | None = None
    """Its number; None: the one running or the last one."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """No recording of this group; without a number: of nobody."""

    group: int | None = None


@dataclass(frozen=True, slots=True)
class ChooseMicrophone:
    """Listen to another microphone, from now on."""

    name: str
    """As it is listed; empty: whichever the computer chooses."""
    which: Whose = ""


@dataclass(frozen=True, slots=True)
class ChooseLoudspeaker:
    """Speak through another loudspeaker, from now on."""

    name: str


@dataclass(frozen=True, slots=True)
class Hush:
    """Our voice stops now."""


@dataclass(frozen=True, slots=True)
class Help:
    """Say what can be asked for now."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Yes, to the question just asked."""


@dataclass(frozen=True, slots=True)
class Decline:
    """No, to the question just asked."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Close the session. Asks first: it cannot be undone."""


Command: TypeAlias = (
    Start
    | Next
    | Back
    | Repeat
    | Skip
    | Pause
    | Continue
    | TimeLeft
    | AddTime
    | MakeRoom
    | StartedEarlier
    | SetParticipants
    | FormGroups
    | GiveTally
    | TakeTurn
    | SwapQuestion
    | WhoIsLeft
    | Record
    | RecordKernel
    | StopRecording
    | Again
    | DeleteRecording
    | Refuse
    | ChooseMicrophone
    | ChooseLoudspeaker
    | Hush
    | Help
    | Confirm
    | Decline
    | Finish
)
