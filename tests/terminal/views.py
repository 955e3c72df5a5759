"""Views as the session makes them, for what the terminal makes of them."""

from dataclasses import replace
from typing import Any

from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import load_plan
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.allowed import ALLOWED
from levelup_voice.session.decide import decide
from levelup_voice.session.fold import apply, opened
from levelup_voice.session.incoming import Incoming
from levelup_voice.session.plan import Seconds, Shown
from levelup_voice.session.state import Session, Situation
from levelup_voice.session.transcript import Transcript, Word
from levelup_voice.session.view import BlockView, QuestionView, RecordingView, SummaryView, View, view

NL, EN = load_catalogue("nl"), load_catalogue("en")

NOON: Seconds = 12 * 3600


class Played:
    """A session that is led by what a test sends in, with devices that answer at once."""

    def __init__(self, participants: int = 26, starts_at: Seconds | None = None) -> None:
        plan = load_plan("level-up")
        opening = ev.SessionOpened(
            plan=plan, opened_utc="", opened_of_day=NOON, participants=participants, starts_at=starts_at
        )
        self.session: Session = opened(opening)
        self.now: Seconds = 0.0

    def take(self, incoming: Incoming) -> None:
        for event in decide(self.session, incoming, self.now, NL):
            self.session = apply(self.session, ev.Entry(self.now, event))

    def ask(self, *commands: do.Command) -> None:
        for command in commands:
            self.take(command)
            self.fall_silent()

    def fall_silent(self) -> None:
        while self.session.speaking:
            self.take(ev.SpeechFinished(self.session.speaking[0].number))

    def reach(self, kind: str) -> None:
        """Step on until an item of this kind."""
        for _ in range(200):
            if self.session.item is not None and self.session.item.kind == kind:
                return
            self.now += 1
            self.ask(do.Next())
            self.settle()
        raise AssertionError(f"no {kind} was reached")

    def settle(self, heard: str = "dat ouders mee mogen denken") -> None:
        """Whatever was recorded and closed is saved and transcribed."""
        recording = self.session.open_recording
        if recording is not None and recording.stopped_at is not None:
            self.take(ev.RecordingSaved(recording=recording.number, seconds=10.0))
            words = tuple(Word(text, 0.0, 1.0, 0.9) for text in heard.split(" "))
            transcript = Transcript(words=words, audio_seconds=10.0, work_seconds=1.0, model="test")
            self.take(ev.TranscriptReady(recording.number, transcript))
            self.fall_silent()

    def view(self) -> View:
        return view(self.session, self.now, NL)


BLOCKS = (
    BlockView(title="Introductie", planned=900, allotted=900, spent=912, is_over=True, is_now=False),
    BlockView(title="Over de streep", planned=1200, allotted=1200, spent=240, is_over=False, is_now=True),
    BlockView(title="Afsluiting", planned=300, allotted=300, spent=0, is_over=False, is_now=False),
)

QUESTIONS = (
    QuestionView(id="huiswerk", text="Hebben ouders behoefte aan ondersteuning?", groups=(1, 5), open=False),
    QuestionView(id="driehoek", text="Wat kunnen we creëren?", groups=(2, 3, 4), open=False),
    QuestionView(id="open", text="…", groups=(), open=True),
)

RECORDING = RecordingView(
    number=1,
    purpose="summary",
    group=3,
    question="driehoek",
    take=2,
    started_at=988.0,
    planned=30,
    findings=(),
    stopping=False,
)


def a_summary(text: str, number: int = 0, state: str = "ready") -> SummaryView:
    return SummaryView(number=number, purpose="summary", group=number + 1, take=1, text=text, state=state)


def a_view(situation: Situation = "reading", **changes: Any) -> View:
    """A moment in the second block, at 12:16:40, with what differs."""
    usual = replace(
        Played().view(),
        at=1000.0,
        title="Level Up!",
        subtitle="Zet een stap",
        situation=situation,
        blocks=BLOCKS,
        block_number=1,
        item_id="stelling-3",
        item_kind="statement",
        item_name="stelling drie",
        stage="reading",
        text="Ouders en leraren zijn gelijkwaardig.",
        shown=Shown(),
        questions=(),
        clock_runs=situation not in ("ready", "paused", "closed"),
        remaining=960.0,
        item_remaining=45.0,
        behind=12.0,
        starts_in=None,
        starts_of_day=None,
        ends_of_day=NOON + 1000 + 960 + 300,
        cue="",
        speaking="",
        confirming="finish" if situation == "confirming" else "",
        commands=frozenset(kind.__name__ for kind in ALLOWED[situation]),
        participants=26,
        groups=(4, 4, 4, 4, 4, 3, 3),
        turn=0,
        groups_left=(),
        tally=None,
        recording=RECORDING if situation == "recording" else None,
        summaries=(),
        troubles=(),
    )
    return replace(usual, **changes)
