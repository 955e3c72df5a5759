"""Sessions told by their events, written by hand: what the notes are tested with."""

from collections.abc import Iterable

from levelup_voice.session import events as ev
from levelup_voice.session.fold import replay
from levelup_voice.session.groups import hand_out
from levelup_voice.session.plan import Discussion, Seconds, SessionPlan
from levelup_voice.session.state import Session
from levelup_voice.session.transcript import Transcript, Word
from tests.plans import LEVEL_UP, SMALL

FAINT = 0.4
"""The confidence of a word that is marked with "?" below."""

PAUSE: Seconds = 0.8
"""What "/" stands for."""


def heard(text: str, *, confidence: float = 0.97, trial: bool = False) -> Transcript:
    """A transcript of these words: 0.4 s each; "woord?" was not heard for certain, "/" is a pause."""
    words, at = [], 0.6
    for part in text.split():
        if part == "/":
            at += PAUSE
            continue
        faint = part.endswith("?")
        words.append(Word(part.removesuffix("?"), round(at, 2), round(at + 0.35, 2), FAINT if faint else confidence))
        at += 0.4
    return Transcript(words=tuple(words), audio_seconds=at + 1.0, work_seconds=0.5, model="vosk-klein", trial=trial)


class Telling:
    """A session as it is told: `at` a moment, these events."""

    def __init__(
        self, plan: SessionPlan, *, participants: int, of_day: Seconds = 10 * 3600, rehearsal: str = ""
    ) -> None:
        opening = ev.SessionOpened(
            plan=plan,
            opened_utc="2026-11-19T09:00:00+00:00",
            opened_of_day=of_day,
            participants=participants,
            rehearsal=rehearsal,
        )
        self.plan = plan
        self.entries = [ev.Entry(0.0, opening)]
        self._recordings = 0

    @property
    def session(self) -> Session:
        return replay(self.entries)

    def at(self, moment: Seconds, *events: ev.Event) -> None:
        self.entries += [ev.Entry(moment, event) for event in events]

    def block(self, moment: Seconds, block: int, *items: int) -> None:
        """The block before ends, this one begins and comes to its items, ten seconds each."""
        if block:
            self.at(moment, ev.BlockEnded())
        self.at(moment, ev.BlockStarted(block))
        for nth, item in enumerate(items):
            self.at(moment + 10 * nth, ev.ItemReached(item))

    def groups(self, moment: Seconds, discussion: str, sizes: Iterable[int]) -> None:
        sizes = tuple(sizes)
        talk = self.plan.item(discussion)
        assert isinstance(talk, Discussion)
        self.at(moment, ev.GroupsFormed(sizes))
        for group, questions in enumerate(hand_out(talk, len(sizes)), start=1):
            self.at(moment, ev.QuestionsAssigned(discussion, group, questions))

    def recording(
        self,
        moment: Seconds,
        item: str,
        said: Transcript | None,
        *,
        purpose: ev.Purpose = "summary",
        question: str = "",
        group: int = 0,
        take: int = 1,
        gaps: tuple[tuple[Seconds, Seconds], ...] = (),
        interrupted: bool = False,
        block: int = 1,
        closing: Seconds | None = None,
    ) -> int:
        """A recording that was saved, and transcribed unless nothing was said of that. Its number.

        `closing`: the length of a closing phrase at its end.
        """
        number = self._recordings
        self._recordings += 1
        who = f"-g{group}" if group else ""
        started = ev.RecordingStarted(
            recording=number,
            file=f"audio/{number + 1:03d}-{item}{who}-take{take}.wav",
            purpose=purpose,
            block=block,
            item=item,
            question=question,
            group=group,
            take=take,
        )
        seconds = said.audio_seconds if said else 20.0
        closing_at = None
        if closing is not None:
            closing_at, seconds = seconds, seconds + closing
        self.at(moment, started)
        self.at(moment + seconds, ev.RecordingStopped(number, closing_at))
        saved = ev.RecordingSaved(recording=number, seconds=seconds, gaps=gaps, interrupted=interrupted)
        self.at(moment + seconds, saved, ev.TranscriptionRequested(number))
        if said is not None:
            self.at(moment + seconds + 0.5, ev.TranscriptReady(number, said))
        return number


def small_session() -> Telling:
    """Everything that can go wrong, in a small plan that closed before its end."""
    told = Telling(SMALL, participants=11, of_day=23 * 3600 + 50 * 60)
    told.block(60.0, 0, 0, 1)
    told.at(61.0, ev.ConsentAsked("Mogen we straks opnemen?"))
    told.at(62.0, ev.SpeechRequested(utterance=0, text="Welkom. Mogen we straks opnemen?"))
    told.at(63.0, ev.SpeechFailed(0, "no-answer"))
    first = told.recording(120.0, "open", None, purpose="answer", block=0)
    told.at(142.0, ev.TranscriptionFailed(first, "no-model"))
    told.at(200.0, ev.TimeAdded(0, 120.0))
    told.block(1080.0, 1, 0)
    told.at(1100.0, ev.TallyGiven("s1", 7, 4))
    told.recording(1110.0, "s1", heard("wij kennen ons kind het langst"), purpose="argument")
    told.recording(1130.0, "s1", heard("maar de leraar ziet het in de groep"), purpose="argument", take=2)
    told.at(1150.0, ev.ItemReached(1))
    told.at(1160.0, ev.ItemReached(2))
    told.groups(1160.0, "praten", (4, 4, 3))
    told.at(1500.0, ev.ItemReached(3))
    told.at(1505.0, ev.RecordingRefused(2))
    told.at(1510.0, ev.TurnTaken(1, "q1"))
    told.recording(1512.0, "oogst", heard("[unk] [unk] contact [unk] ouders [unk]"), question="q1", group=1)
    told.at(1550.0, ev.TurnEnded(1), ev.TurnTaken(2, "q2"), ev.TurnEnded(2), ev.TurnTaken(3, "q5"))
    told.at(1560.0, ev.DeviceLost("microphone", "unplugged"))
    told.at(1561.0, ev.QuestionsAssigned("praten", 3, ("q5",)))
    gone = told.recording(1565.0, "oogst", heard("dit moet weg"), question="q5", group=3)
    told.at(1600.0, ev.RecordingDeleted(gone), ev.DeviceFound("microphone"))
    told.recording(
        1610.0,
        "oogst",
        heard("wij willen vaker een koffieochtend"),
        question="q5",
        group=3,
        take=2,
        gaps=((1.5, 1.2),),
        interrupted=True,
    )
    told.at(1640.0, ev.SessionResumed(left_at=1635.0))
    told.at(1700.0, ev.SessionClosed())
    return told


def level_up_session() -> Telling:
    """The session that ships, as it should go, with the summaries of seven groups."""
    told = Telling(LEVEL_UP, participants=26)
    told.block(125.0, 0, *range(10))
    welcome = LEVEL_UP.item("welkom")
    told.at(190.0, ev.ConsentAsked(getattr(welcome, "spoken", "")))
    told.recording(
        300.0,
        "waar-denk-jij-aan",
        heard("ik denk aan samen optrekken / niet alleen als er iets mis is maar ook als het goed gaat"),
        purpose="answer",
        block=0,
    )
    told.block(1085.0, 1, *range(6))
    for nth, (statement, agree) in enumerate(
        (("inspraak", 17), ("wekelijks-moment", 21), ("moeilijk-bereikbaar", 24), ("gedeelde-visie", 6))
    ):
        told.at(1150.0 + 60 * nth, ev.TallyGiven(statement, agree, 26 - agree))
    told.at(1400.0, ev.ItemReached(6))
    told.groups(1400.0, "gesprek", (4, 4, 4, 4, 4, 3, 3))
    told.at(1900.0, ev.ItemReached(7))
    summaries = (
        "ouders hebben vooral behoefte aan uitleg / een filmpje van drie minuten per thema werkt beter dan een brief",
        "een koffieochtend voor drie en twintig ouders / de drempel? moet lager en het gaat om vertrouwen",
        "werk met beelden en met tolken uit de wijk / vraag ouders wat zij? nodig hebben",
        "begin met een gesprek zonder agenda / bel ook als het goed gaat",
        "ouders willen meedoen maar / weten niet hoe",
        "[unk] thema avonden samen met ouders maken / niet voor maar met",
        "ouderbetrokkenheid drie punt nul begint bij ons / laat zien dat je luistert",
    )
    questions = ("huiswerk", "driehoek", "cultuur-en-taal", "vertrouwen") * 2
    for nth, text in enumerate(summaries):
        moment, group, question = 1910.0 + 45 * nth, nth + 1, questions[nth]
        told.at(moment, ev.TurnTaken(group, question))
        by_voice = 2.5 if group in (3, 6) else None
        number = told.recording(moment + 6, "oogst", heard(text), question=question, group=group, closing=by_voice)
        if group == 2:
            kernel = heard("maak de drempel lager en het contact warmer", confidence=0.93)
            told.recording(moment + 25, "oogst", kernel, purpose="kernel", question=question, group=group)
        if group == 4:
            again = heard("begin met een gesprek zonder agenda / bel ouders juist als het goed gaat")
            told.recording(moment + 25, "oogst", again, question=question, group=group, take=2)
        if group == 5:
            told.at(moment + 40, ev.SummaryCorrected(number, "Ouders willen wel meedoen, maar weten niet altijd hoe."))
        told.at(moment + 44, ev.TurnEnded(group))
    told.block(2290.0, 2, 0, 1, 2, 3)
    lesson = heard("ik ga morgen drie ouders bellen / gewoon om te vragen hoe het gaat")
    told.recording(2400.0, "neem-je-mee", lesson, purpose="answer", block=2)
    told.at(2560.0, ev.SessionClosed())
    return told
