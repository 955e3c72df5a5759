"""Where the session stands: what its events add up to (see fold.py). Holds no rules; those are in decide.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from . import events as ev
from .commands import Room, Whose
from .plan import Block, Discussion, Harvest, Item, Seconds, SessionPlan
from .transcript import Transcript

Situation: TypeAlias = Literal[
    "ready",
    "reading",
    "thinking",
    "voting",
    "talking",
    "harvesting",
    "recording",
    "confirming",
    "paused",
    "closed",
]
"""What kind of moment this is; decides which commands make sense."""

_SITUATIONS: Mapping[ev.Stage, Situation] = {
    "reading": "reading",
    "thinking": "thinking",
    "choosing": "voting",
    "counting": "voting",
    "gathering": "reading",
    "briefing": "reading",
    "talking": "talking",
    "turns": "harvesting",
}


@dataclass(frozen=True, slots=True)
class BlockRun:
    """One stretch of a block as it is being run, or was. Going back to a block makes a second run of it."""

    block: int
    started_at: Seconds
    ended_at: Seconds | None = None
    spent: Seconds = 0.0
    """In earlier runs of the same block."""
    paused_for: Seconds = 0.0
    item: int | None = None
    item_at: Seconds = 0.0
    """When the item was reached, moved on by pauses."""
    stage: ev.Stage = "reading"
    stage_at: Seconds = 0.0
    """When the stage was reached, moved on by pauses."""
    item_added: Seconds = 0.0
    cues_given: frozenset[tuple[ev.Scope, Seconds, Seconds]] = frozenset()
    """Scope, remaining and added time of each; those of the item are forgotten with it."""
    owed: ev.CueGiven | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something asked to be said and not yet reported on."""

    number: int
    text: str
    due_at: Seconds | None
    says_now: bool = False
    """It ends with the tone after which a recording starts."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said aloud, or would have been."""

    at: Seconds
    block: int | None
    text: str
    audience: ev.Audience = "room"
    is_cue: bool = False
    """It announces the time, which passes."""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording, from microphone to corrected text."""

    number: int
    request: ev.RecordingStarted
    started_at: Seconds
    closing_at: Seconds | None = None
    """How far into the recording a spoken closing phrase begins, stretches that the device lost included."""
    slept: Seconds = 0.0
    """How much of the time since its start the computer slept."""
    soft_ended: bool = False
    stopped_at: Seconds | None = None
    saved: ev.RecordingSaved | None = None
    problem: str | None = None
    """Why there is no audio."""
    asked_at: Seconds | None = None
    """When its transcription was asked for and not yet answered."""
    transcript: Transcript | None = None
    transcription_problem: str | None = None
    correction: str | None = None
    corrections: tuple[str, ...] = ()
    """Every version that a person wrote, the last one last; their number is the version of the text."""
    checked: bool = False
    chosen: bool = False
    """Of several takes, the one that a person wants to be read."""
    confirmed: frozenset[str] = frozenset()
    """Doubtful words that a person has found to be right."""
    deleted: bool = False
    audio_forgotten: bool = False
    """Its audio has gone after its time; the words stay."""
    findings: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.saved is None and self.problem is None and not self.deleted

    @property
    def seconds(self) -> Seconds:
        """Length of what was said, in its audio: up to a spoken closing phrase. The file goes on, and stays whole."""
        if self.saved is None:
            return 0.0
        if self.closing_at is None:
            return self.saved.seconds
        said = self.closing_at
        for position, length in self.saved.gaps:
            said = max(min(said, position), said - length)
        return round(min(said, self.saved.seconds), 3)

    @property
    def subject(self) -> tuple[str, str, str, int]:
        """What it is a take of: recordings with the same are takes of the same."""
        request = self.request
        return request.item, request.purpose, request.question, request.group

    @property
    def awaits_transcript(self) -> bool:
        return self.asked_at is not None and not self.deleted

    @property
    def text(self) -> str:
        """The words: a person's correction outranks the recogniser."""
        if self.correction is not None:
            return self.correction
        return self.transcript.text if self.transcript else ""


@dataclass(frozen=True, slots=True)
class Trouble:
    at: Seconds
    device: ev.Device
    problem: str
    over_at: Seconds | None = None
    which: str = ""
    """Of two microphones, the group's or the facilitator's."""


Turn: TypeAlias = tuple[int, str]
"""A group and the id of the question it answers."""


@dataclass(frozen=True, slots=True)
class Session:
    opened: ev.SessionOpened
    participants: int = 0
    room: Room = "shift"
    groups: tuple[int, ...] = ()
    assigned: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    """The questions of each (discussion, group)."""
    consent: ev.ConsentAsked | None = None
    refused: frozenset[int] = frozenset()
    nobody_recorded: bool = False
    runs: tuple[BlockRun, ...] = ()
    adjusted: Mapping[int, Seconds] = field(default_factory=dict)
    """Time added to each block, or taken from it."""
    paused_at: Seconds | None = None
    turn: Turn | None = None
    turns_taken: Mapping[str, tuple[Turn, ...]] = field(default_factory=dict)
    """By harvest id, in the order taken."""
    announced: ev.RecordingAnnounced | None = None
    record_tone_heard: bool = False
    """The last thing heard since the announcement is the tone after which its recording starts."""
    tallies: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Agree and disagree of each statement."""
    answer_awaited: bool = False
    """We have just asked for a tally, or read one back."""
    tally_given: bool = False
    """Since we last asked for it."""
    recordings: tuple[Recording, ...] = ()
    confirming: ev.ConfirmationAsked | None = None
    confirming_at: Seconds = 0.0
    utterances: int = 0
    """Asked for so far."""
    speaking: tuple[Utterance, ...] = ()
    """Asked for and not yet reported on, in the order in which they sound."""
    speech_at: Seconds = 0.0
    """When the first of them began, or could have."""
    said: tuple[Said, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    devices: Mapping[tuple[ev.Choosable, Whose], ev.DevicesListed] = field(default_factory=dict)
    """What can be chosen from: microphones, each for itself where there are two, and loudspeakers."""
    woke_at: Seconds = 0.0
    """When the computer last woke up, if it slept; what devices did not do meanwhile is no fault of theirs."""
    listening: ev.ListeningChanged | None = None
    """Whether commands can be given by voice; None: nobody has said."""
    transcribed_at: Seconds = 0.0
    """When the last words came, or that there are none."""
    resumed: int = 0
    """How often the program was restarted on this session."""
    aside: bool = False
    """It is worked on, not led."""
    closed_at: Seconds | None = None

    @property
    def plan(self) -> SessionPlan:
        return self.opened.plan

    @property
    def situation(self) -> Situation:
        if self.closed_at is not None:
            return "closed"
        if self.confirming is not None:
            return "confirming"
        if self.open_recording is not None:
            return "recording"
        if not self.runs:
            return "ready"
        return "paused" if self.paused_at is not None else _SITUATIONS[self.run.stage]

    @property
    def run(self) -> BlockRun:
        """The block now being run. Only after the first has started."""
        return self.runs[-1]

    @property
    def block(self) -> Block:
        return self.plan.blocks[self.run.block]

    @property
    def item(self) -> Item | None:
        if not self.runs or self.run.item is None:
            return None
        return self.block.items[self.run.item]

    @property
    def discussion(self) -> Discussion | None:
        """The discussion that runs, or that is being harvested."""
        item = self.item
        if isinstance(item, Harvest):
            item = self.plan.item(item.discussion)
        return item if isinstance(item, Discussion) else None

    @property
    def open_recording(self) -> Recording | None:
        """The recording now being made, if any."""
        return self.recordings[-1] if self.recordings and self.recordings[-1].is_open else None

    @property
    def last_recording_here(self) -> Recording | None:
        """The last recording, where it was made at the item on show: the one to make again."""
        last, item = self.recordings[-1] if self.recordings else None, self.item
        return last if last is not None and item is not None and last.request.item == item.id else None

    @property
    def disk_is_full(self) -> bool:
        """There is no room for another recording."""
        return any(one.device == "disk" and one.problem == "full" and one.over_at is None for one in self.troubles)

    def may_record(self, group: int) -> bool:
        """Whether nobody objected, and there is room on the disk."""
        return not (self.nobody_recorded or group in self.refused or self.disk_is_full)

    @property
    def listens(self) -> bool:
        """Commands can be given by voice: somebody listens, and the facilitator's microphone works."""
        deaf = any(
            one.device == "microphone" and one.which in ("", "facilitator") and one.over_at is None
            for one in self.troubles
        )
        return self.listening is not None and self.listening.listens and not deaf

    @property
    def awaits_devices(self) -> bool:
        """Something asked of a device has not been reported on."""
        return bool(
            self.speaking or self.open_recording or any(recording.awaits_transcript for recording in self.recordings)
        )
