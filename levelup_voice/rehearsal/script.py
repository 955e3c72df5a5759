"""The script of a rehearsal: who is in the room, what they say, and what the facilitator does besides going on."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.plan import Seconds

Deed: TypeAlias = Literal[
    "pause",
    "continue",
    "back",
    "repeat",
    "skip",
    "again",
    "time-left",
    "add-time",
    "shrink",
    "shift",
    "started-earlier",
    "participants",
    "form-groups",
    "turn",
    "swap-question",
    "who-is-left",
    "refuse",
    "kernel",
    "delete",
    "confirm",
    "hush",
    "finish",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something the facilitator does at a moment of the session."""

    at: Seconds
    do: Deed
    time: Seconds = 0.0
    """For add-time and started-earlier."""
    less: bool = False
    """For add-time: take it off."""
    number: int = 0
    """For participants (how many), and for turn, refuse and swap-question (which group)."""
    question: str = ""
    """For swap-question: its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What a participant says when recorded."""

    about: str
    """The id of the item, or of the discussion's question."""
    text: str
    group: int = 0
    """0: whichever group answers it."""
    voice: int = 0
    """Which of the simulated voices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many do not agree with a statement."""

    statement: str
    disagree: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    session: str
    """Name of the plan."""
    starts: str
    """Local date and time, for the notes: 2026-03-12 15:20."""
    participants: int
    seed: int = 1
    noise_dbfs: float = -55.0
    """Level of the room's noise in each recording, RMS against full scale."""
    by: Literal["keys", "voice"] = "keys"
    """How the facilitator commands."""
    facilitator_voice: int = 1
    """Which of the simulated voices, for a facilitator who speaks."""
    speeches: tuple[Speech, ...] = ()
    otherwise: str = ""
    """What is said into a recording that `speeches` does not mention; empty: nothing."""
    counts: tuple[Count, ...] = ()
    actions: tuple[Action, ...] = ()

    def speech(self, request: ev.RecordingStarted) -> Speech | None:
        """What is said into this recording; where several fit, one for this group, else they take turns by take."""
        about = request.question or request.item
        fitting = [one for one in self.speeches if one.about == about and one.group in (0, request.group)]
        fitting.sort(key=lambda one: one.group != request.group)
        if not fitting and self.otherwise:
            return Speech(about=about, text=self.otherwise, voice=request.group)
        return fitting[(request.take - 1) % len(fitting)] if fitting else None

    def disagree(self, statement: str) -> int:
        """How many disagree; where the script is silent, a third does."""
        given = {count.statement: count.disagree for count in self.counts}
        return given.get(statement, self.participants // 3)


def command(action: Action) -> do.Command:
    """The command that an action is."""
    seconds = -action.time if action.less else action.time
    commands: dict[Deed, do.Command] = {
        "pause": do.Pause(),
        "continue": do.Continue(),
        "back": do.Back(),
        "repeat": do.Repeat(),
        "skip": do.Skip(),
        "again": do.Again(),
        "time-left": do.TimeLeft(),
        "add-time": do.AddTime(seconds),
        "shrink": do.MakeRoom("shrink"),
        "shift": do.MakeRoom("shift"),
        "started-earlier": do.StartedEarlier(action.time),
        "participants": do.SetParticipants(action.number),
        "form-groups": do.FormGroups(),
        "turn": do.TakeTurn(action.number),
        "swap-question": do.SwapQuestion(action.number, action.question),
        "who-is-left": do.WhoIsLeft(),
        "refuse": do.Refuse(action.number or None),
        "kernel": do.RecordKernel(),
        "delete": do.DeleteRecording(),
        "confirm": do.Confirm(),
        "hush": do.Hush(),
        "finish": do.Finish(),
    }
    return commands[action.do]
