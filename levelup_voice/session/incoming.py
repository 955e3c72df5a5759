"""What comes in: commands of people, by hand or by voice, the passing of time, reports of devices, and what is asked
for about recordings. `decide` makes events of it.
"""

from dataclasses import dataclass
from typing import TypeAlias

from . import commands as do
from . import events as ev
from .plan import Seconds


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Resume:
    """The program was restarted on an unfinished journal."""

    event: ev.SessionResumed
    repaired: tuple[ev.RecordingSaved | ev.RecordingFailed, ...] = ()
    """How the recording that was running, if any, was found on disk."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """What was left unfinished is taken up to review it or to find its words, by somebody who does not lead it."""

    left_at: Seconds


@dataclass(frozen=True, slots=True)
class Correct:
    """Someone reviewing a recording gives the right words."""

    recording: int
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """Someone reviewing marks a recording as checked, or takes that back."""

    recording: int
    checked: bool = True


@dataclass(frozen=True, slots=True)
class ChooseTake:
    """Someone reviewing says which take is to be read."""

    recording: int


@dataclass(frozen=True, slots=True)
class ConfirmWords:
    """Someone reviewing finds doubtful words of a recording to be right."""

    recording: int
    words: tuple[str, ...]


Review: TypeAlias = Correct | Check | ChooseTake | ConfirmWords
"""What is asked for after the session, or while it runs, about what was recorded."""


@dataclass(frozen=True, slots=True)
class ForgetAudio:
    """The time for which audio was to be kept is over."""

    recordings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Transcribe:
    """Someone wants the words of the recordings that have none."""

    again: bool = False
    """Also of those that have: a better model has come."""


@dataclass(frozen=True, slots=True)
class Overheard:
    """Something that was said and is no command: shown for a while, kept nowhere."""

    words: str
    reason: str
    """Why it is none."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is heard so far in a recording under way: shown to the facilitator while it runs, kept nowhere."""

    recording: int
    words: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command given by voice."""

    command: do.Command
    ago: Seconds = 0.0
    """Since its first word."""
    words: str = ""
    """As they were understood: shown for a while, kept nowhere."""


Incoming: TypeAlias = (
    do.Command | Spoken | Overheard | Hearing | Tick | Resume | SetAside | Review | Transcribe | ForgetAudio | ev.Report
)
