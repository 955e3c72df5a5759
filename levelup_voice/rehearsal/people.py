"""The simulated facilitator: commands when a facilitator would, by key or by voice, looking only at what a facilitator
sees."""

from collections.abc import Callable

from levelup_voice.session import commands as do
from levelup_voice.session.plan import Seconds
from levelup_voice.session.view import View

from .scheduler import Happening, Scheduler
from .script import Script, command

HESITATION: Seconds = 1.0
"""From seeing that something can be done to doing it."""

COUNTING: Seconds = 8.0
"""How long colleagues count the smaller side."""

HANDING_OVER: Seconds = 8.0
"""Carrying the microphone to the next group."""

AFTER_TIME: Seconds = 5.0
"""Groups finish their sentence after the time is up."""


PATIENCE: Seconds = 3.0
"""From the end of a spoken command to saying it again."""

ATTEMPTS = 3
"""At saying it; then a key is pressed."""

UNTIL_SILENT: Seconds = 0.5
"""Between two looks whether the program still speaks: it hears no commands meanwhile."""


class Facilitator:
    """Decides anew each time the view changes in a way that matters; what was intended before is called off."""

    def __init__(
        self,
        scheduler: Scheduler,
        script: Script,
        speech_ends_at: Callable[[], Seconds],
        speak: Callable[[do.Command], Seconds | None] = lambda command: None,
    ) -> None:
        """`speak` says a command aloud and tells how long that takes; None: it cannot be said."""
        self._scheduler = scheduler
        self._script = script
        self._speech_ends_at = speech_ends_at
        self._speak = speak
        self._speaking = False
        self._seen: object = None
        self._intended: list[Happening] = []

    def follow_script(self) -> None:
        """Do what the script says at its moments, those that are past left out."""
        for action in self._script.actions:
            if action.at >= self._scheduler.now():
                self._scheduler.at(action.at, lambda action=action: self._ask(command(action), 1))  # type: ignore[misc]

    def look(self, view: View) -> None:
        """Called after each step of the session."""
        self._speaking = bool(view.speaking)
        seen = _what_matters(view)
        if seen == self._seen:
            return
        self._seen = seen
        for happening in self._intended:
            happening.off = True
        self._intended = []
        intention = self._intention(view)
        if intention is not None:
            delay, wanted = intention
            moment = self._scheduler.now() + max(HESITATION, delay)
            self._later(moment, wanted, ATTEMPTS)

    def _later(self, moment: Seconds, wanted: do.Command, attempts: int) -> None:
        self._intended.append(self._scheduler.at(moment, lambda: self._ask(wanted, attempts)))

    def _ask(self, wanted: do.Command, attempts: int) -> None:
        """Say it, and again if nothing comes of it; what cannot be said, or is not understood, is a key."""
        now = self._scheduler.now()
        if self._script.by == "voice" and attempts and self._speaking:
            self._later(now + UNTIL_SILENT, wanted, attempts)
            return
        length = self._speak(wanted) if attempts else None
        if length is None:
            self._scheduler.put(wanted)
        else:
            self._later(now + length + PATIENCE, wanted, attempts - 1)

    def _intention(self, view: View) -> tuple[Seconds, do.Command] | None:
        """What to do, and after how long. Nothing while the program speaks: its steps follow by themselves."""
        match view.situation:
            case "ready":
                return 0.0, do.Start()
            case "recording":
                if view.recording is None or view.recording.stopping:
                    return None
                return self._speech_ends_at() + HESITATION - self._scheduler.now(), do.StopRecording()
            case "confirming":
                return 2.0, do.Confirm()
            case "paused":
                return 20.0, do.Continue()
            case "closed":
                return None
            case _:
                return None if view.speaking else self._next(view)

    def _next(self, view: View) -> tuple[Seconds, do.Command] | None:
        left = view.item_remaining or 0.0
        match view.item_kind:
            case "statement":
                if view.stage != "counting":
                    return None
                if view.tally is None:
                    return COUNTING, do.GiveTally(disagree=self._script.disagree(view.item_id))
                return left, do.Next()
            case "discussion":
                return (left + AFTER_TIME if view.stage == "talking" else left), do.Next()
            case "harvest":
                return (HANDING_OVER if view.groups_left else HESITATION), do.Next()
            case "question" if view.answer_due:
                return left - view.answer_due - 2 * HESITATION - COUNTING, do.Next()
            case _:
                return left, do.Next()


def _what_matters(view: View) -> object:
    return (
        view.situation,
        view.item_id,
        view.stage,
        view.turn,
        view.tally,
        bool(view.speaking),
        view.answer_due,
        view.recording and (view.recording.number, view.recording.stopping),
        view.groups_left,
        round(view.item_added),
    )
