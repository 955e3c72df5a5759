"""The loop that joins the session to the world.

    inbox ──► decide ──► journal ──► devices, pages
      ▲                                  │
      └────────── reports ◄──────────────┘

One thread runs it and owns the session. Everything else (microphone, speech, transcription, keys, web) lives in
threads or processes of its own and can do only one thing here: put something in the inbox.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, get_args

from .session import commands as do
from .session import events as ev
from .session.catalogue import Catalogue
from .session.decide import decide
from .session.fold import apply
from .session.incoming import Hearing, Incoming, Overheard, Spoken, Tick
from .session.listening import Asked, Listening, is_one_wish, listening_for
from .session.plan import Seconds
from .session.state import Session
from .session.timing import next_wakeup
from .session.view import View, view

HEARD_SECONDS: Seconds = 8.0
"""What was heard is shown for so long, and until something happens."""


class Inbox(Protocol):
    """The one door. Time belongs to it: a rehearsal's inbox decides when the next moment is."""

    def put(self, incoming: Incoming) -> None:
        """Hand something over, from any thread."""

    def get(self, until: Seconds) -> Incoming | None:
        """What came in first, or None once the moment `until` is reached or a short while has passed."""

    @property
    def came_at(self) -> Seconds:
        """When that came in which `get` gave last: earlier than now where the disk has held us up."""

    def now(self) -> Seconds:
        """This moment, in seconds since the session opened."""


class Speaker(Protocol):
    def speak(self, request: ev.SpeechRequested) -> None:
        """Say this after what was asked for before; report SpeechFinished or SpeechFailed, exactly one."""

    def drop(self, utterance: int) -> None:
        """It was given up: if it does not sound yet, it shall not any more."""

    def stop(self) -> None:
        """Be silent at once, drop what was asked for; each is still reported. From any thread."""


class Recorder(Protocol):
    def start(self, request: ev.RecordingStarted, late: Seconds = 0.0) -> None:
        """Write the microphone to a file until stopped; from so many seconds ago on, which the journal took."""

    def stop(self, recording: int) -> None:
        """Close the file; report RecordingSaved or RecordingFailed, exactly one."""


class Transcriber(Protocol):
    def begin(self, recording: int) -> None:
        """Its audio is on the way: decode it as it comes."""

    def transcribe(self, recording: int) -> None:
        """The audio is complete; report TranscriptReady or TranscriptionFailed, exactly one."""

    def forget(self, recording: int) -> None:
        """It was deleted: its words are not wanted any more."""


class Listener(Protocol):
    def listen_for(self, listening: Listening) -> None:
        """From now on this can be asked for by voice; nothing else. Returns at once."""


class Hardware(Protocol):
    def use(self, chosen: ev.DeviceChosen) -> None:
        """From now on hear, or speak, with this device. Returns at once; what comes of it is reported."""


class Store(Protocol):
    """The session's memory on disk."""

    def append(self, entries: Sequence[ev.Entry]) -> None:
        """Write one decision whole; it is on disk when this returns."""

    def forget(self, recording: int) -> None:
        """Remove the audio and every word of a recording, for good."""

    def forget_audio(self, recording: int) -> None:
        """Remove the audio of a recording; its words stay."""

    def refresh(self, session: Session) -> None:
        """The session has changed: bring the derived files up to date, when there is time."""


class Runner:
    """Runs one session until it is closed and nothing is awaited any more."""

    def __init__(
        self,
        session: Session,
        words: Catalogue,
        *,
        inbox: Inbox,
        store: Store,
        speaker: Speaker,
        recorder: Recorder,
        transcriber: Transcriber,
        show: Callable[[View], None],
        listener: Listener | None = None,
        hardware: Hardware | None = None,
    ) -> None:
        self.session = session
        self._words = words
        self._inbox = inbox
        self._store = store
        self._speaker = speaker
        self._recorder = recorder
        self._transcriber = transcriber
        self._show = show
        self._listener = listener
        self._hardware = hardware
        self._asked: Asked | None = None
        """What was last asked for, and done."""
        self._heard: tuple[str, str] | None = None
        self._heard_at: Seconds = 0.0
        self._hearing: Hearing | None = None

    def run(self) -> None:
        """Run to the end. Raises what the journal raises: without it nothing is safe, so nothing goes on."""
        while not self.is_over:
            self.step()

    @property
    def is_over(self) -> bool:
        """Not while a person is asked something: a deletion can be wished for until the very end."""
        session = self.session
        return session.closed_at is not None and session.confirming is None and not session.awaits_devices

    def step(self) -> None:
        """Wait for what comes next and let the session consider it."""
        wakeup = next_wakeup(self.session)
        incoming = self._inbox.get(wakeup)
        now = self._inbox.now()
        if incoming is not None:
            self._take(incoming, now, held_up=now - self._inbox.came_at)
        elif now >= wakeup:  # Else only a pause in waiting, so that watchdogs can look.
            self._take(Tick(), now)

    def take(self, incoming: Incoming) -> None:
        """Consider this now."""
        self._take(incoming, self._inbox.now())

    def look(self) -> None:
        """Show the session as it stands."""
        self._look(self._inbox.now())
        self._listen()

    def _take(self, incoming: Incoming, now: Seconds, held_up: Seconds = 0.0) -> None:
        if isinstance(incoming, Hearing):
            self._hearing = incoming
            self._look(now)
            return
        if isinstance(incoming, Overheard):
            self._heard, self._heard_at = (incoming.words, incoming.reason), now
        elif isinstance(incoming, Spoken):
            self._heard, self._heard_at = (incoming.words, "obeyed"), now
        elif now - self._heard_at > HEARD_SECONDS:
            self._heard = None
        asked = _asked(incoming, now)
        if asked is not None:
            before, self._asked = self._asked, None
            if before is not None and is_one_wish(before, asked):
                self._look(now)
                return
            if asked.command == do.Hush():
                self._speaker.stop()  # The one exception to journal first: silence does not wait for the disk.
        events = decide(self.session, incoming, now, self._words)
        if isinstance(incoming, ev.SpeechFinished):
            events = tuple(_begun_earlier(event, held_up) for event in events)
        if isinstance(incoming, Spoken) and not events:
            self._heard = (incoming.words, "in-vain")
        if asked is not None and events:
            self._asked = asked
        if events:
            entries = [ev.Entry(now, event) for event in events]
            self._store.append(entries)
            for entry in entries:
                self.session = apply(self.session, entry)
            for event in events:
                self._carry_out(event, now)
            self._store.refresh(self.session)
        self._look(now)
        self._listen()

    def _look(self, now: Seconds) -> None:
        hearing, running = self._hearing, self.session.open_recording
        if hearing is None or running is None or running.stopped_at is not None or running.number != hearing.recording:
            hearing = self._hearing = None  # What was said is not kept a moment longer.
        words = None if hearing is None else hearing.words
        self._show(replace(view(self.session, now, self._words), heard=self._heard, hearing=words))

    def _listen(self) -> None:
        if self._listener is not None:
            self._listener.listen_for(listening_for(self.session))

    def _carry_out(self, event: ev.Event, decided_at: Seconds) -> None:
        """Requests go to their device; all other events have no hands."""
        match event:
            case ev.SpeechRequested():
                self._speaker.speak(event)
            case ev.SpeechFailed(number):
                self._speaker.drop(number)
            case ev.SpeechStopped():
                self._speaker.stop()
            case ev.RecordingStarted(recording=number):
                self._transcriber.begin(number)
                self._recorder.start(event, late=self._inbox.now() - decided_at + event.late)
            case ev.RecordingStopped(number):
                self._recorder.stop(number)
            case ev.RecordingDeleted(number):
                self._transcriber.forget(number)
                self._store.forget(number)
            case ev.AudioForgotten(number):
                self._store.forget_audio(number)
            case ev.TranscriptionRequested(number):
                self._transcriber.transcribe(number)
            case ev.DeviceChosen() if self._hardware is not None:
                self._hardware.use(event)
            case _:
                pass


def _begun_earlier(event: ev.Event, late: Seconds) -> ev.Event:
    """A recording begins with the end of its tone: who heard that speaks, however long the disk held us up since."""
    return replace(event, late=round(late, 3)) if isinstance(event, ev.RecordingStarted) else event


def _asked(incoming: Incoming, now: Seconds) -> Asked | None:
    """What a person asks for, by whatever way."""
    if isinstance(incoming, Spoken):
        return Asked(incoming.command, True, now - incoming.ago, now)
    return Asked(incoming, False, now, now) if isinstance(incoming, get_args(do.Command)) else None
