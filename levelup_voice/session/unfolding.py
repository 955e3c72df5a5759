"""One decision in the making: its events so far, and the session after them."""

from . import events as ev
from .catalogue import Catalogue
from .fold import apply
from .plan import Seconds
from .state import Session


class Unfolding:
    """Events are added one by one; each is applied at once, so that the next rule sees it."""

    def __init__(self, session: Session, now: Seconds, words: Catalogue) -> None:
        self.session = session
        self.now = now
        self.words = words
        self.events: list[ev.Event] = []
        self.asked_at: Seconds | None = None
        """When whoever asked for this aloud began to say so. None: nobody asked aloud."""
        self._earcon_due = False
        self._before = 0
        """Events before it was obeyed."""

    def asked_aloud(self, began_at: Seconds) -> None:
        """The next thing we say is preceded by the sound that says "understood"."""
        self.asked_at = began_at
        self._earcon_due = True
        self._before = len(self.events)

    def acknowledge(self) -> None:
        """Sound "understood" for what was asked aloud, if something came of it and nothing was said with it."""
        if self._earcon_due and len(self.events) > self._before and self.may_speak():
            self.say(tone="earcon")
        self._earcon_due = False

    def add(self, event: ev.Event) -> None:
        self.events.append(event)
        self.session = apply(self.session, ev.Entry(self.now, event))

    def say(
        self,
        text: str = "",
        *,
        tone: ev.Tone | None = None,
        tone_after: ev.Tone | None = None,
        due_at: Seconds | None = None,
        audience: ev.Audience = "room",
    ) -> None:
        """Ask for speech; nothing at all is not asked for, nor is anything where nobody is."""
        if self.session.aside or not (text or tone or tone_after):
            return
        if self._earcon_due and tone in (None, "earcon") and due_at is None:
            tone, self._earcon_due = "earcon", False
        self.add(
            ev.SpeechRequested(
                utterance=self.session.utterances,
                text=text,
                tone=tone,
                tone_after=tone_after,
                due_at=due_at,
                audience=audience if text else "room",
            )
        )

    def answer(self, key: str, **values: object) -> None:
        """Say a text of the catalogue to whoever asked, but never into a recording that runs: there the screen does."""
        if self.may_speak():
            self.warn(key, **values)

    def warn(self, key: str, **values: object) -> None:
        """Say a text of the catalogue to the facilitator, whatever goes on."""
        self.say(self.words.text(key, **values), audience="facilitator")

    def may_speak(self) -> bool:
        """No recording runs into which we would speak."""
        recording = self.session.open_recording
        return recording is None or recording.stopped_at is not None

    def hush(self) -> None:
        """Drop what is being said and what was still to be said."""
        if self.session.speaking:
            self.add(ev.SpeechStopped())
