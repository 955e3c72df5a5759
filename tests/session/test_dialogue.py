"""Whatever is said, in whatever order and however we are interrupted, the dialogue keeps these promises."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from levelup_voice.files.phrases import load_phrases
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.allowed import allowed
from levelup_voice.session.incoming import Incoming, Spoken
from levelup_voice.session.listening import BARGE_IN, listening_for
from levelup_voice.session.phrases import meaning
from levelup_voice.session.timing import CONFIRMATION_LIMIT, TALLY_LIMIT, TALLY_STANDS
from tests.plans import LEVEL_UP, SMALL
from tests.session.room import Room

BOOK = load_phrases("nl")
PHRASES = sorted({phrase.words for phrase in BOOK.phrases if not {"eens", "oneens"} & set(phrase.words.split())})
DECISIVE = [
    "klopt",
    "ja dat klopt",
    "nee laat maar",
    "afronden",
    "wis deze opname",
    "stil",
    "volgende",
    "klaar",
    "opnieuw",
    "oneens negen",
]


class AnyDialogue(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.room = Room()
        self.confirmed = False
        """The last thing that was decided is that the answer was yes."""

    @initialize(plan=st.sampled_from([SMALL, LEVEL_UP]), clicks=st.integers(0, 30))
    def a_session_is_under_way(self, plan: object, clicks: int) -> None:
        self.room = Room(SMALL if plan is SMALL else LEVEL_UP)
        self.room.obey(*[do.Next()] * clicks)

    def take(self, incoming: Incoming) -> tuple[ev.Event, ...]:
        session = self.room.session
        events = self.room.take(incoming)
        for before, event in zip((None, *events), events, strict=False):
            if isinstance(event, ev.RecordingDeleted) and session.confirming is not None:
                assert before == ev.ConfirmationEnded(confirmed=True)
            if isinstance(event, ev.SessionClosed) and not isinstance(incoming, do.Next):
                by_step = isinstance(incoming, Spoken) and isinstance(incoming.command, do.Next | do.Skip)
                assert by_step or ev.ConfirmationEnded(confirmed=True) in events
        return events

    @rule(words=st.sampled_from(DECISIVE) | st.sampled_from(PHRASES), called=st.booleans())
    def somebody_says(self, words: str, called: bool) -> None:
        listening = listening_for(self.room.session)
        said = f"{BOOK.wake} {words}" if called else words
        command = meaning(said, BOOK.expected(listening.commands, listening.answers), BOOK.skip)
        if command is None:
            return
        assert type(command) in allowed(self.room.session), "what is listened for is what may be asked for"
        assert called or type(command) in listening.answers
        recording = self.room.session.open_recording
        events = self.take(Spoken(command, 1.0))
        asked = [event for event in events if isinstance(event, ev.SpeechRequested)]
        open_still = recording is not None and not any(isinstance(event, ev.RecordingStopped) for event in events)
        if not events:
            return  # What cannot be is answered by nothing at all.
        if not isinstance(command, do.Hush) and not open_still:
            assert asked
            assert asked[0].tone is not None, "understood, in the same breath"

    @rule(seconds=st.floats(0.1, 30))
    def time_passes(self, seconds: float) -> None:
        self.room.wait(seconds)

    @rule()
    def everything_is_said(self) -> None:
        self.room.settle()

    @rule(command=st.sampled_from([do.Next(), do.Back(), do.Hush(), do.Finish(), do.Decline()]))
    def somebody_presses_a_key(self, command: do.Command) -> None:
        self.take(command)

    @rule(again=st.booleans())
    def the_listener_comes_and_goes(self, again: bool) -> None:
        self.take(ev.ListeningChanged(again, "restarted" if again else "recogniser-failed"))

    @invariant()
    def while_we_speak_we_hear_next_to_nothing(self) -> None:
        listening = listening_for(self.room.session)
        if self.room.session.speaking:
            assert listening.commands <= BARGE_IN
            assert not listening.answers

    @invariant()
    def a_tally_needs_no_name_only_when_it_was_just_asked_for_or_read_back(self) -> None:
        session = self.room.session
        if do.GiveTally in listening_for(session).answers:
            assert session.run.stage == "counting"
            limit = TALLY_STANDS if session.item and session.item.id in session.tallies else TALLY_LIMIT
            assert self.room.now - session.speech_at < limit

    @invariant()
    def a_question_of_ours_is_answered_or_lapses(self) -> None:
        session = self.room.session
        if session.confirming is not None:
            assert self.room.now - session.confirming_at < CONFIRMATION_LIMIT
            if not session.speaking:
                assert listening_for(session).answers == {do.Confirm, do.Decline}


def test_any_dialogue_keeps_its_promises() -> None:
    run_state_machine_as_test(AnyDialogue, settings=settings(max_examples=60, stateful_step_count=40, deadline=None))
