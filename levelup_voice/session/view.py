"""What the terminal, the projector and the remote show: plain data, worked out anew after each step.

A page may count down from the moments given here; it decides nothing else.
"""

from dataclasses import dataclass

from . import events as ev
from . import timing, wording
from .allowed import allowed
from .catalogue import Catalogue
from .commands import Whose
from .listening import answers
from .plan import Discussion, Harvest, Question, Seconds, Shown, Statement
from .recordings import is_answered
from .state import Recording, Session, Situation, Trouble
from .steps import questions_handed_out, turns_left

SHORT_TROUBLES = ("rerouted", "slept")
"""Over as soon as they are known: the computer took another device, or stood still."""

SHORT_TROUBLE_SECONDS: Seconds = 30.0
"""They are shown for so long."""

CUE_SECONDS: Seconds = 20.0
"""A time announcement that could not be said is shown for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockView:
    title: str
    planned: Seconds
    allotted: Seconds
    """Planned, and what was added or taken since."""
    spent: Seconds
    is_over: bool
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    id: str
    text: str
    groups: tuple[int, ...]
    """Who answers it."""
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingView:
    number: int
    purpose: str
    group: int
    question: str
    take: int
    started_at: Seconds
    planned: Seconds
    findings: tuple[str, ...]
    stopping: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryView:
    """A recording that was made, as the facilitator may see it at once. Never for the projector."""

    number: int
    purpose: str
    group: int
    take: int
    text: str
    state: str
    """ready, transcribing, failed or deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueView:
    """A time announcement that is still to come, if nothing changes."""

    at: Seconds
    of_day: Seconds
    """The local time of day that this is, as long as the clock runs."""
    text: str
    spoken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    """A device in whose place another one can be chosen."""

    device: ev.Choosable
    which: Whose
    used: str
    """Empty: whichever the computer chooses."""
    names: tuple[str, ...]
    is_lost: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    at: Seconds
    title: str
    subtitle: str
    language: str
    situation: Situation
    blocks: tuple[BlockView, ...]
    block_number: int | None
    item_id: str
    item_kind: str
    item_name: str
    """ "stelling drie"."""
    stage: str
    text: str
    """What is put to the participants: the statement, or the text shown."""
    shown: Shown
    questions: tuple[QuestionView, ...]
    clock_runs: bool
    remaining: Seconds | None
    """Of the block, at `at`; negative is overrun. None before the start."""
    item_remaining: Seconds | None
    item_added: Seconds
    """Time added to the item."""
    answer_due: Seconds
    """Planned length of the answer that is still to be recorded here; 0: none."""
    behind: Seconds
    starts_in: Seconds | None
    """How long until the session is meant to begin, at `at`. None when it has begun, or may at any time."""
    starts_of_day: Seconds | None
    """That moment as a local time of day."""
    ends_of_day: Seconds
    """When the session is expected to end, as a local time of day."""
    cue: str
    """The last time announcement that was given and is not yet overtaken."""
    speaking: str
    confirming: str
    """What we wait for a yes or no to: finish, delete, or nothing."""
    commands: frozenset[str]
    """The kinds of command that make sense now."""
    participants: int
    groups: tuple[int, ...]
    turn: int
    """The group whose turn it is; 0: none."""
    groups_left: tuple[int, ...]
    tally: tuple[int, int] | None
    tally_stands: bool
    """It was read back, and nobody put it right."""
    recording: RecordingView | None
    summaries: tuple[SummaryView, ...]
    troubles: tuple[tuple[str, str], ...]
    """Device and problem of each trouble."""
    choices: tuple[ChoiceView, ...] = ()
    turn_question: str = ""
    """The id of the question that the group answers now: it may have several."""
    phrases: tuple[str, ...] = ()
    """The few things worth saying now, as one says them."""
    answers: tuple[str, ...] = ()
    """Those of them that answer a question just asked, so that they need no wake name."""
    listens: bool = False
    """Commands can be given by voice."""
    wake: str = ""
    """What to call the program by, before a command; empty: nothing."""
    heard: tuple[str, str] | None = None
    """What the listener last made of something that was said: its words, and `obeyed` or why not. For the facilitator's
    eyes, never for the projector."""
    hearing: str | None = None
    """The latest words of the recording that runs, as far as they are heard; None: nothing is known of them. For the
    facilitator's eyes, never for the projector."""
    unheard: str = ""
    """The last thing we were to say, when it could not be said: to be shown large."""
    unheard_by_room: str = ""
    """The last thing we were to say to all, when it could not be said and does not stand on the projector anyway."""
    unheard_for: Seconds | None = None
    """How much longer that is to be shown, as time announcements become untrue; None: as long as nothing changes."""
    item_allotted: Seconds | None = None
    """What the item, or the stage that `item_remaining` counts down, has in all."""
    places: tuple[str, str] | None = None
    """Where to stand for agree and disagree: "de ramen", "de deur"."""
    cues_to_come: tuple[CueView, ...] = ()
    """Those that have a moment now, earliest first."""


def view(session: Session, now: Seconds, words: Catalogue) -> View:
    """The session as it looks at this moment."""
    started, item = bool(session.runs), session.item
    unheard, unheard_for = _unheard_by_room(session, now, words)
    situation = session.situation
    starts_in = timing.starts_in(session, now)
    return View(
        at=now,
        title=session.plan.title,
        subtitle=session.plan.subtitle,
        language=session.plan.language,
        situation=situation,
        blocks=tuple(_block(session, number, now) for number in range(len(session.plan.blocks))),
        block_number=session.run.block if started else None,
        item_id=item.id if item else "",
        item_kind=item.kind if item else "",
        item_name=wording.item_name(words, session),
        stage=session.run.stage if started else "",
        text=item.text if isinstance(item, Statement) else "",
        shown=item.shown if item is not None and not isinstance(item, Statement) else Shown(),
        questions=_questions(session),
        clock_runs=started and session.paused_at is None and session.closed_at is None,
        remaining=timing.remaining(session, now) if started else None,
        item_remaining=timing.item_remaining(session, now),
        item_added=session.run.item_added if started else 0.0,
        answer_due=_answer_due(session),
        behind=timing.behind(session, now),
        starts_in=starts_in,
        starts_of_day=None if starts_in is None else timing.of_day(session, now + starts_in),
        ends_of_day=timing.of_day(session, timing.expected_end(session, now)),
        cue=_cue(session, words),
        speaking=session.speaking[0].text if session.speaking else "",
        confirming=session.confirming.about if session.confirming else "",
        commands=frozenset(kind.__name__ for kind in allowed(session)),
        participants=session.participants,
        groups=session.groups,
        turn=session.turn[0] if session.turn else 0,
        turn_question=session.turn[1] if session.turn else "",
        groups_left=tuple(sorted({group for group, _ in turns_left(session)})),
        tally=_tally(session),
        tally_stands=_tally(session) is not None and not session.answer_awaited,
        recording=_recording(session.open_recording),
        summaries=tuple(_summary(recording) for recording in session.recordings),
        phrases=wording.phrases_to_say(words, session),
        answers=wording.phrases_to_say(words, session, answers(session)),
        listens=session.listens,
        wake=session.listening.name if session.listening is not None else "",
        troubles=tuple((trouble.device, trouble.problem) for trouble in session.troubles if _is_shown(trouble, now)),
        choices=tuple(_choice(session, listed) for listed in session.devices.values()),
        unheard=session.said[-1].text if session.said and session.said[-1].failed else "",
        unheard_by_room=unheard,
        unheard_for=unheard_for,
        item_allotted=_item_allotted(session),
        places=(session.plan.places.agree, session.plan.places.disagree) if session.plan.places else None,
        cues_to_come=_cues_to_come(session, words),
    )


def _tally(session: Session) -> tuple[int, int] | None:
    """Of the statement on show, once it was voted on: what was counted before it was voted on anew is not shown."""
    if session.item is None or session.run.stage != "counting":
        return None
    return session.tallies.get(session.item.id) if session.tally_given or not session.answer_awaited else None


def _unheard_by_room(session: Session, now: Seconds, words: Catalogue) -> tuple[str, Seconds | None]:
    """What was meant for all at this stage, and how much longer it is to be shown."""
    last = next((said for said in reversed(session.said) if said.audience == "room"), None)
    if last is None or not last.failed or last.at < _changed_at(session) or session.paused_at is not None:
        return "", None
    left = last.at + CUE_SECONDS - now if last.is_cue else None
    text = last.text if left is None or left > 0 else ""
    match session.item:
        case Discussion(spoken=task) as discussion if _is_briefing(session, discussion, text, words):
            text = task  # The questions themselves are on show.
        case item if item is not None and text == (item.text if isinstance(item, Statement) else item.shown.text):
            text = ""
        case _:
            pass
    return text, left if text else None


def _changed_at(session: Session) -> Seconds:
    """When the projector last came to show something else."""
    if session.closed_at is not None:
        return session.closed_at
    return session.run.stage_at if session.runs else 0.0


def _is_shown(trouble: Trouble, now: Seconds) -> bool:
    """As long as it lasts; what is over at once, for a while."""
    if trouble.over_at is None:
        return True
    return trouble.problem in SHORT_TROUBLES and now - trouble.over_at < SHORT_TROUBLE_SECONDS


def _choice(session: Session, listed: ev.DevicesListed) -> ChoiceView:
    lost = (
        (trouble.device, trouble.which) == (listed.device, listed.which) and trouble.over_at is None
        for trouble in session.troubles
    )
    # What is used may have gone.
    names = listed.names if listed.used in ("", *listed.names) else (*listed.names, listed.used)
    return ChoiceView(device=listed.device, which=listed.which, used=listed.used, names=names, is_lost=any(lost))


def _block(session: Session, number: int, now: Seconds) -> BlockView:
    is_now = bool(session.runs) and session.run.block == number and session.closed_at is None
    return BlockView(
        title=session.plan.blocks[number].title,
        planned=session.plan.blocks[number].duration,
        allotted=timing.allotted(session, number),
        spent=timing.spent(session, number, now),
        is_over=not is_now and any(run.block == number for run in session.runs),
        is_now=is_now,
    )


def _answer_due(session: Session) -> Seconds:
    item = session.item
    if not isinstance(item, Question) or is_answered(session) or not session.may_record(0):
        return 0.0
    return item.summary


def _questions(session: Session) -> tuple[QuestionView, ...]:
    """Of the discussion that runs or is harvested."""
    if not isinstance(session.item, Discussion | Harvest) or session.discussion is None:
        return ()
    discussion = session.discussion
    return tuple(
        QuestionView(
            id=question.id,
            text=question.text,
            groups=tuple(
                group
                for group in range(1, len(session.groups) + 1)
                if question.id in session.assigned.get((discussion.id, group), ())
            ),
            open=question.open,
        )
        for question in discussion.questions
    )


def _cue(session: Session, words: Catalogue) -> str:
    """The most urgent one given on the clock that ends first."""
    if not session.runs or session.closed_at is not None:
        return ""
    given = [one for one in session.run.cues_given if one[2] == timing.cue_added(session, one[0])]
    if not given:
        return ""
    scope, remaining, _ = min(given, key=lambda one: (one[0] != "item", one[1]))
    cues = timing.block_cues(session.block) if scope == "block" else timing.item_cues(session.item)
    return next((wording.cue_here(words, session, cue, scope) for cue in cues if cue.remaining == remaining), "")


def _item_allotted(session: Session) -> Seconds | None:
    end = timing.item_ends_at(session) if session.runs else None
    if end is None:
        return None
    return end - (session.run.stage_at if isinstance(session.item, Discussion) else session.run.item_at)


def _cues_to_come(session: Session, words: Catalogue) -> tuple[CueView, ...]:
    return tuple(
        CueView(
            at=alarm.due_at,
            of_day=timing.of_day(session, alarm.due_at),
            text=wording.cue_here(words, session, alarm.cue, alarm.scope),
            spoken=alarm.cue.style == "spoken",
        )
        for _, alarm in timing.alarms(session)
        if isinstance(alarm, timing.CueDue)
    )


def _recording(recording: Recording | None) -> RecordingView | None:
    if recording is None:
        return None
    request = recording.request
    return RecordingView(
        number=recording.number,
        purpose=request.purpose,
        group=request.group,
        question=request.question,
        take=request.take,
        started_at=recording.started_at + recording.slept,
        planned=request.planned,
        findings=recording.findings,
        stopping=recording.stopped_at is not None,
    )


def _summary(recording: Recording) -> SummaryView:
    if recording.deleted:
        state = "deleted"
    elif recording.problem or recording.transcription_problem:
        state = "failed"
    else:
        state = "ready" if recording.transcript else "transcribing"
    request = recording.request
    return SummaryView(
        number=recording.number,
        purpose=request.purpose,
        group=request.group,
        take=request.take,
        text=recording.text,
        state=state,
    )


def _is_briefing(session: Session, discussion: Discussion, text: str, words: Catalogue) -> bool:
    return text == wording.briefing(words, discussion, questions_handed_out(session, discussion))
