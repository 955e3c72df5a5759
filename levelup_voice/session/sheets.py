"""What is printed before a session: a run sheet for the facilitator, and a card with its question for each group.

Functions of the plan and the number of people expected; times count from the beginning of the session.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from . import wording
from .catalogue import Catalogue
from .groups import group_sizes, hand_out
from .plan import Block, Cue, Discussion, Harvest, Item, Question, Seconds, SessionPlan, Statement
from .timing import block_cues, item_cues, planned_item_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class CueLine:
    """A time announcement."""

    remaining: Seconds
    text: str
    spoken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An item of the plan."""

    starts_at: Seconds
    seconds: Seconds
    kind: str
    title: str
    spoken: tuple[str, ...]
    """What the program reads aloud, in order."""
    cues: tuple[CueLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A block of the plan."""

    title: str
    starts_at: Seconds
    duration: Seconds
    spare: Seconds
    """What its items leave of its time; negative: they do not fit."""
    rows: tuple[Row, ...]
    cues: tuple[CueLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCard:
    """For the table of one group."""

    group: int
    """0: for whoever likes to take the open question."""
    size: int
    questions: tuple[str, ...]
    """Empty: the group makes up its own."""
    talk: Seconds
    summary: Seconds


def run_sheet(plan: SessionPlan, words: Catalogue, participants: int) -> tuple[Section, ...]:
    """The whole plan, block by block, as it will be with so many people."""
    sections, starts_at = [], 0.0
    for block in plan.blocks:
        rows = tuple(_rows(plan, block, words, participants, starts_at))
        sections.append(
            Section(
                title=block.title,
                starts_at=starts_at,
                duration=block.duration,
                spare=block.duration - sum(row.seconds for row in rows),
                rows=rows,
                cues=_cues(block_cues(block), words, to_groups=False),
            )
        )
        starts_at += block.duration
    return tuple(sections)


def question_cards(plan: SessionPlan, participants: int) -> tuple[QuestionCard, ...]:
    """One for each group of each discussion, then one for its open question."""
    return tuple(card for block in plan.blocks for item in block.items for card in _cards(item, participants))


def _rows(plan: SessionPlan, block: Block, words: Catalogue, participants: int, starts_at: Seconds) -> Iterator[Row]:
    for item in block.items:
        seconds = planned_item_seconds(plan, item, _groups(plan, item, participants))
        yield Row(
            starts_at=starts_at,
            seconds=seconds,
            kind=item.kind,
            title=_title(block, item, words),
            spoken=tuple(filter(None, _spoken(plan, item, words, participants))),
            cues=_cues(item_cues(item), words, to_groups=True) if isinstance(item, Discussion) else (),
        )
        starts_at += seconds


def _groups(plan: SessionPlan, item: Item, participants: int) -> int:
    discussion = plan.item(item.discussion) if isinstance(item, Harvest) else item
    return len(group_sizes(participants, discussion.group_size)) if isinstance(discussion, Discussion) else 0


def _title(block: Block, item: Item, words: Catalogue) -> str:
    if not isinstance(item, Statement) and item.shown.title:
        return item.shown.title
    alike = [other for other in block.items if other.kind == item.kind]
    number = words.number(alike.index(item) + 1)
    return words.capitalised(words.text(f"item.{item.kind}", number=number, title=block.title))


def _spoken(plan: SessionPlan, item: Item, words: Catalogue, participants: int) -> Iterator[str]:
    groups = _groups(plan, item, participants)
    match item:
        case Discussion():
            yield wording.counting_off(words, groups, item.group_size)
            yield wording.briefing(words, item, hand_out(item, groups))
            yield wording.talk_starts(words, item)
        case Question(summary=summary) if summary:
            yield wording.reading(item)
            yield wording.record_notice(words, summary)
        case _:
            yield wording.reading(item)


def _cues(cues: tuple[Cue, ...], words: Catalogue, *, to_groups: bool) -> tuple[CueLine, ...]:
    return tuple(
        CueLine(
            remaining=cue.remaining,
            text=wording.cue(words, cue, to_groups=to_groups),
            spoken=cue.style == "spoken",
        )
        for cue in cues
    )


def _cards(item: Item, participants: int) -> Iterator[QuestionCard]:
    if not isinstance(item, Discussion):
        return
    texts = {question.id: () if question.open else (question.text,) for question in item.questions}
    sizes = group_sizes(participants, item.group_size)
    handed = hand_out(item, len(sizes))
    for group, (size, questions) in enumerate(zip(sizes, handed, strict=True), start=1):
        asked = tuple(text for question in questions for text in texts[question])
        yield QuestionCard(group=group, size=size, questions=asked, talk=item.talk, summary=item.summary)
    if any(question.open for question in item.questions):
        yield QuestionCard(group=0, size=0, questions=(), talk=item.talk, summary=item.summary)
