"""What can happen in a session: facts, in the past tense, each with its moment.

Fields are added, never renamed or removed: journals outlive releases.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .commands import Room, Whose
from .plan import Seconds, SessionPlan
from .transcript import Transcript

Stage: TypeAlias = Literal[
    "reading",  # on show, being read aloud or told
    "thinking",  # a statement: silence before choosing
    "choosing",  # a statement: people walk to a side
    "counting",  # a statement: the tally is asked for
    "gathering",  # a discussion: counting off, sitting down
    "briefing",  # a discussion: the task and the questions
    "talking",  # a discussion: the groups talk
    "turns",  # a harvest: the groups take their turns
]
"""How far an item has come."""

Tone: TypeAlias = Literal["chime", "record", "soft_end", "stop", "earcon", "level"]
"""A sound without words. chime: before a spoken cue. record: the recording starts now. soft_end: quiet, round off.
stop: the recording has ended. earcon: understood. level: for the room check."""

CueOutcome: TypeAlias = Literal["spoken", "screen", "owed", "missed"]
"""spoken: said. screen: shown only. owed: shown, to be said once nobody is interrupted. missed: too late to be true."""

Scope: TypeAlias = Literal["block", "item"]

Microphone: TypeAlias = Literal["group", "facilitator"]

Device: TypeAlias = Literal["microphone", "loudspeaker", "recogniser", "voice", "keep-awake", "disk", "computer"]

Choosable: TypeAlias = Literal["microphone", "loudspeaker"]
"""What somebody may use another one of."""

Audience: TypeAlias = Literal["room", "facilitator"]
"""Whom we speak to. What the facilitator alone is told, as an answer or of trouble, never stands on the projector."""

Purpose: TypeAlias = Literal["summary", "answer", "argument", "kernel"]
"""What a recording is: a group's summary, an answer in plenary, an argument for a side, the facilitator's kernzin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    plan: SessionPlan
    opened_utc: str
    """ISO 8601, for people and for the time that passed while the program was down."""
    opened_of_day: Seconds
    """Local time of day at opening, in seconds since midnight: for saying and showing the time."""
    boot_at: Seconds = 0.0
    """The suspend-aware clock of the computer at opening."""
    boot_id: str = ""
    program: str = ""
    format: int = 1
    participants: int = 0
    room: Room = "shift"
    starts_at: Seconds | None = None
    """When it is meant to begin, counted from its opening; None: whenever somebody starts it."""
    rehearsal: str = ""
    """Of a rehearsal: its script, as text, so that it can be resumed."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionResumed:
    resumed_utc: str = ""
    boot_at: Seconds = 0.0
    boot_id: str = ""
    program: str = ""
    left_at: Seconds = 0.0
    """The last moment the journal knew before."""


@dataclass(frozen=True, slots=True)
class SessionSetAside:
    """What a program left is worked on, not led: until it is resumed its time stands still, and nobody speaks."""

    left_at: Seconds
    """The last moment the journal knew before."""


@dataclass(frozen=True, slots=True)
class SessionClosed:
    pass


@dataclass(frozen=True, slots=True)
class ParticipantsCounted:
    count: int


@dataclass(frozen=True, slots=True)
class GroupsFormed:
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuestionsAssigned:
    discussion: str
    group: int
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    basis: str
    """The words by which the room was asked."""


@dataclass(frozen=True, slots=True)
class RecordingRefused:
    group: int | None
    """None: nobody is to be recorded."""


@dataclass(frozen=True, slots=True)
class BlockStarted:
    block: int
    spent: Seconds = 0.0
    """Time already spent in it in an earlier run, when the facilitator went back."""


@dataclass(frozen=True, slots=True)
class BlockEnded:
    pass


@dataclass(frozen=True, slots=True)
class ItemReached:
    item: int


@dataclass(frozen=True, slots=True)
class StageReached:
    stage: Stage


@dataclass(frozen=True, slots=True)
class StartMoved:
    """The block, or the stage of its item, began this much earlier than noted."""

    scope: Scope
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class TurnTaken:
    group: int
    question: str


@dataclass(frozen=True, slots=True)
class TurnEnded:
    group: int


@dataclass(frozen=True, slots=True)
class TallyGiven:
    statement: str
    agree: int
    disagree: int


@dataclass(frozen=True, slots=True)
class TallyWithdrawn:
    statement: str


@dataclass(frozen=True, slots=True)
class AnswerAwaited:
    """We have asked for the tally once more: who gives it need not call us by our name."""


@dataclass(frozen=True, slots=True)
class AnswerLapsed:
    """The tally that was read back stands, or nobody gave one for long: from now on one has to call us first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueGiven:
    scope: Scope
    remaining: Seconds
    added: Seconds
    """Time that had been added to the scope: a cue counts anew once the planned end has moved."""
    outcome: CueOutcome


@dataclass(frozen=True, slots=True)
class OwedCueSettled:
    """The cue that was owed has been said, or is no longer true."""

    said: bool


@dataclass(frozen=True, slots=True)
class TimeAdded:
    block: int
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class ItemTimeAdded:
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class BlockShortened:
    """A later block made room."""

    block: int
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class RoomChosen:
    room: Room


@dataclass(frozen=True, slots=True)
class ClockPaused:
    since: Seconds | None = None
    """The clocks stood still from this moment on; None: from now."""


@dataclass(frozen=True, slots=True)
class ClockContinued:
    counted: bool = False
    """The pause counts as time spent."""


@dataclass(frozen=True, slots=True)
class ConfirmationAsked:
    about: Literal["finish", "delete"]
    recording: int | None = None
    """What is to be deleted."""


@dataclass(frozen=True, slots=True)
class ConfirmationEnded:
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechRequested:
    """Say this: first `tone`, then `text`, then `tone_after`. Any of them may be empty."""

    utterance: int
    text: str = ""
    tone: Tone | None = None
    tone_after: Tone | None = None
    audience: Audience = "room"
    due_at: Seconds | None = None
    """Sound at this moment, not before; None: as soon as what was asked earlier has been said."""


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """All speech asked for and not finished is dropped; each utterance is still reported."""


@dataclass(frozen=True, slots=True)
class SpeechFinished:
    utterance: int
    cut: bool = False
    """Stopped before its end, or before its beginning."""


@dataclass(frozen=True, slots=True)
class SpeechFailed:
    utterance: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingAnnounced:
    """It starts as soon as our own voice is silent."""

    purpose: Purpose
    question: str = ""
    group: int = 0


RATES = range(8000, 192001)
"""Frames a second that a recording can have; what says otherwise is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted:
    recording: int
    file: str
    """Relative to the session folder."""
    purpose: Purpose
    block: int
    item: str
    """Its id."""
    question: str = ""
    """Id of a discussion's question."""
    group: int = 0
    """0: in plenary, or the facilitator."""
    take: int = 1
    planned: Seconds = 30.0
    microphone: Microphone = "group"
    rate: int = 16000
    late: Seconds = 0.0
    """It holds so many seconds from before this was decided: since its tone, while the disk held us up."""


@dataclass(frozen=True, slots=True)
class RecordingStopped:
    recording: int
    closing_at: Seconds | None = None
    """How far into the recording the facilitator's closing phrase begins ("spelleider, klaar"), in seconds: what is
    heard from there on is not part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSaved:
    recording: int
    seconds: Seconds
    peak_dbfs: float = -120.0
    rms_dbfs: float = -120.0
    interrupted: bool = False
    """The program stopped during it; the file was repaired."""
    gaps: tuple[tuple[Seconds, Seconds], ...] = ()
    """(position in the audio, length) of each stretch that the device lost."""
    problem: str = ""
    """What ended it early: what was heard until then is kept."""


@dataclass(frozen=True, slots=True)
class RecordingFailed:
    recording: int
    problem: str


@dataclass(frozen=True, slots=True)
class RecordingDeleted:
    """Audio and text are gone, on purpose."""

    recording: int


@dataclass(frozen=True, slots=True)
class AudioForgotten:
    """The audio has gone after its time, as agreed with who was recorded; its words stay."""

    recording: int


@dataclass(frozen=True, slots=True)
class TranscriptionRequested:
    recording: int


@dataclass(frozen=True, slots=True)
class TranscriptReady:
    recording: int
    transcript: Transcript


@dataclass(frozen=True, slots=True)
class TranscriptionFailed:
    recording: int
    problem: str


@dataclass(frozen=True, slots=True)
class SummaryCorrected:
    recording: int
    text: str


@dataclass(frozen=True, slots=True)
class SummaryChecked:
    """Somebody has listened to it, and its text is as it should be; or that was taken back."""

    recording: int
    checked: bool = True


@dataclass(frozen=True, slots=True)
class TakeChosen:
    """Of several takes of the same, this is the one to read."""

    recording: int


@dataclass(frozen=True, slots=True)
class WordsConfirmed:
    """These words of a recording, doubtful as they were, have been heard right."""

    recording: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelNoticed:
    """A recording sounds wrong while it runs: shown at once; said only when there is nothing but silence to disturb."""

    recording: int
    finding: Literal["silent", "clipping", "quiet"]


@dataclass(frozen=True, slots=True)
class ComputerSlept:
    """The program did not run for this long: a suspended laptop."""

    seconds: Seconds


@dataclass(frozen=True, slots=True)
class DeviceLost:
    device: Device
    problem: str
    which: str = ""
    """Of two microphones, the one of the group or of the facilitator."""


@dataclass(frozen=True, slots=True)
class DeviceFound:
    device: Device
    which: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesListed:
    """What there is to hear with, or to speak with, and what is used."""

    device: Choosable
    which: Whose = ""
    names: tuple[str, ...] = ()
    used: str = ""
    """Empty: whichever the computer chooses."""


@dataclass(frozen=True, slots=True)
class DeviceChosen:
    """From now on this one is used, known by its name."""

    device: Choosable
    name: str
    which: Whose = ""


@dataclass(frozen=True, slots=True)
class ListeningChanged:
    """Whether commands can be given by voice from now on, and why not, or why again."""

    listens: bool
    why: str = ""
    name: str = ""
    """What to call the program by."""
    unknown: tuple[str, ...] = ()
    """Words of which the phrases cannot be heard."""


Report: TypeAlias = (
    SpeechFinished
    | SpeechFailed
    | RecordingSaved
    | RecordingFailed
    | TranscriptReady
    | TranscriptionFailed
    | LevelNoticed
    | ComputerSlept
    | DeviceLost
    | DeviceFound
    | DevicesListed
    | ListeningChanged
)
"""What a device sends in: how what it was asked ended (exactly one for each request), or trouble it noticed."""

Event: TypeAlias = (
    SessionOpened
    | SessionResumed
    | SessionSetAside
    | SessionClosed
    | ParticipantsCounted
    | GroupsFormed
    | QuestionsAssigned
    | ConsentAsked
    | RecordingRefused
    | BlockStarted
    | BlockEnded
    | ItemReached
    | StageReached
    | StartMoved
    | TurnTaken
    | TurnEnded
    | TallyGiven
    | TallyWithdrawn
    | AnswerAwaited
    | AnswerLapsed
    | CueGiven
    | OwedCueSettled
    | TimeAdded
    | ItemTimeAdded
    | BlockShortened
    | RoomChosen
    | ClockPaused
    | ClockContinued
    | ConfirmationAsked
    | ConfirmationEnded
    | SpeechRequested
    | SpeechStopped
    | RecordingAnnounced
    | RecordingStarted
    | RecordingStopped
    | RecordingDeleted
    | AudioForgotten
    | TranscriptionRequested
    | SummaryCorrected
    | SummaryChecked
    | TakeChosen
    | WordsConfirmed
    | DeviceChosen
    | Report
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event with its moment: one line of the journal. The runner stamps it, from the one clock."""

    at: Seconds
    event: Event
