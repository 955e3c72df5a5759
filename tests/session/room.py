"""A session to test with: the clock is a number, and the devices report when they are told to."""

from collections.abc import Iterable
from math import inf
from typing import Any

from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.decide import decide
from levelup_voice.session.fold import apply, opened, replay
from levelup_voice.session.incoming import Incoming, Resume, Tick
from levelup_voice.session.plan import Seconds, SessionPlan
from levelup_voice.session.timing import next_wakeup
from levelup_voice.session.transcript import Transcript, Word
from tests.plans import SMALL

WORDS = load_catalogue("nl")

ELEVEN: Seconds = 11 * 3600.0
"""Sessions open at eleven, unless a test says otherwise."""

NEXT = do.Next()


class Room:
    def __init__(
        self, plan: SessionPlan = SMALL, *, participants: int = 26, at_of_day: Seconds = ELEVEN, **opening: Any
    ) -> None:
        opened_as = ev.SessionOpened(
            plan=plan,
            opened_utc="2025-03-04T10:00:00+00:00",
            opened_of_day=at_of_day,
            participants=participants,
            **opening,
        )
        self.now: Seconds = 0.0
        self.session = opened(opened_as)
        self.journal = [ev.Entry(0.0, opened_as)]
        self._stopped = 0
        """Utterances below this number were asked for before the loudspeaker was last told to be silent."""

    def take(self, incoming: Incoming) -> tuple[ev.Event, ...]:
        """What the session makes of this, as the runner would carry it out."""
        events = decide(self.session, incoming, self.now, WORDS)
        for event in events:
            entry = ev.Entry(self.now, event)
            self.journal.append(entry)
            self.session = apply(self.session, entry)
            if isinstance(event, ev.SpeechStopped):
                self._stopped = self.session.utterances
        return events

    def wait(self, seconds: Seconds) -> list[ev.Event]:
        """Time passes, from one moment that the session asked for to the next; everyone is silent."""
        end, happened = self.now + seconds, list[ev.Event]()
        while (wakeup := next_wakeup(self.session)) <= end and wakeup < inf:
            self.now = max(self.now, wakeup)
            happened += self.take(Tick())
            assert next_wakeup(self.session) > self.now, "the session asks to be woken at a moment that has passed"
        self.now = end
        return happened

    def sleep(self, seconds: Seconds) -> list[ev.Event]:
        """The computer is suspended; nothing happens until it wakes up."""
        self.now += seconds
        return [*self.take(ev.ComputerSlept(seconds)), *self.wait(0.0)]

    def stall(self, seconds: Seconds) -> list[ev.Event]:
        """The program hangs, as on a disk that is slow, and looks up only then."""
        self.now += seconds
        return [*self.take(Tick()), *self.wait(0.0)]

    def hear(self, seconds_each: Seconds = 1.0) -> list[ev.Event]:
        """Everything that is to be said is said, to its end or to where it was stopped, and reported."""
        happened = list[ev.Event]()
        while self.session.speaking:
            first = self.session.speaking[0]
            cut = first.number < self._stopped
            if not cut:
                happened += self.wait(max(0.0, (first.due_at or 0.0) - self.now) + seconds_each)
            happened += self.take(ev.SpeechFinished(first.number, cut))
        return happened

    def saved(self, seconds: Seconds = 20.0) -> tuple[ev.Event, ...]:
        """The recording that runs is safe on disk."""
        return self.take(ev.RecordingSaved(recording=len(self.session.recordings) - 1, seconds=seconds))

    def transcribed(self, *words: str) -> tuple[ev.Event, ...]:
        return self.take(ev.TranscriptReady(len(self.session.recordings) - 1, transcript(*words)))

    def obey(self, *commands: do.Command) -> "Room":
        """Each is obeyed and what it makes us say is heard; recordings stop when asked and are safe at once."""
        for command in commands:
            self.take(command)
            self.settle()
        return self

    def settle(self) -> None:
        """Until we are silent and no recording is being closed."""
        while self.session.speaking or self._is_closing:
            self.hear()
            if self._is_closing:
                self.saved()

    def crash(self, down: Seconds = 60.0, *repaired: ev.RecordingSaved | ev.RecordingFailed) -> tuple[ev.Event, ...]:
        """The program dies and is started again on its journal."""
        left_at = self.journal[-1].at
        self.now = left_at + down
        self.session = replay(self.journal)
        return self.take(Resume(ev.SessionResumed(left_at=left_at), repaired))

    def until(self, item: str, stage: str = "", *, by: do.Command = NEXT) -> "Room":
        """Repeat a command until this item, and this stage of it, is on show."""
        for _ in range(100):
            here = self.session.item
            if here is not None and here.id == item and stage in ("", self.session.run.stage):
                return self
            self.obey(by)
        raise AssertionError(f"{item} {stage} was not reached")

    @property
    def _is_closing(self) -> bool:
        recording = self.session.open_recording
        return recording is not None and recording.stopped_at is not None


def texts(events: Iterable[ev.Event]) -> list[str]:
    """The words asked to be said."""
    return [event.text for event in events if isinstance(event, ev.SpeechRequested) and event.text]


def tones(events: Iterable[ev.Event]) -> list[ev.Tone]:
    """The tones asked for, in the order in which they sound."""
    return [
        tone
        for event in events
        if isinstance(event, ev.SpeechRequested)
        for tone in (event.tone, event.tone_after)
        if tone is not None
    ]


def without_speech(events: Iterable[ev.Event]) -> list[ev.Event]:
    """What happened, apart from what is said and reported about it."""
    speech = ev.SpeechRequested | ev.SpeechStopped | ev.SpeechFinished | ev.SpeechFailed
    return [event for event in events if not isinstance(event, speech)]


def cues(events: Iterable[ev.Event]) -> list[tuple[ev.Scope, Seconds, ev.CueOutcome]]:
    return [(event.scope, event.remaining, event.outcome) for event in events if isinstance(event, ev.CueGiven)]


def transcript(*words: str) -> Transcript:
    heard = tuple(Word(word, float(nth), nth + 0.5, 0.9) for nth, word in enumerate(words))
    return Transcript(words=heard, audio_seconds=float(len(words)), work_seconds=0.1, model="test")


def recorded(room: Room) -> Room:
    """Whatever was announced is being recorded."""
    room.hear()
    assert room.session.open_recording is not None
    return room
