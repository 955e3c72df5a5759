"""The session notes as a document: everything that is known, in agenda order; or only what others may have.

What is shared holds no audio, no takes, no confidence, no words that were rejected and no troubles.
"""

import re
from collections.abc import Iterator

from . import wording_of_notes as write
from .block_times import BlockTimes, block_times
from .catalogue import Catalogue
from .document import (
    Answers,
    CheckList,
    Content,
    Document,
    Entry,
    Fact,
    Links,
    Listing,
    Remark,
    Section,
    Tally,
)
from .notes_of_recordings import Writer
from .plan import Discussion, Harvest, Item, Statement
from .sentences import Sentences
from .state import Session
from .wording import listed

_SENTENCE_END = re.compile(r"(?<=[.?!…”])\s+")
_SHORT = 10
"""Letters: "Eens?", "Oneens?"."""


def notes(session: Session, words: Catalogue, *, shared: bool = False, sentences: Sentences | None = None) -> Document:
    """The notes as they stand; they can be written at any moment, also before the start.

    `sentences`: those of before, for who writes them again and again.
    """
    return _Notes(session, words, shared, sentences or Sentences(words)).document()


class _Notes:
    def __init__(self, session: Session, words: Catalogue, shared: bool, sentences: Sentences) -> None:
        self.session = session
        self.plan = session.plan
        self.words = words
        self.shared = shared
        self.recordings = Writer(session, words, shared, sentences)

    def document(self) -> Document:
        blocks = tuple(self._block(number, times) for number, times in enumerate(block_times(self.session)))
        return Document(
            language=self.plan.language,
            title=self.plan.title,
            subtitle=self.plan.subtitle,
            facts=tuple(self._facts()),
            blocks=blocks,
            appendices=tuple(section for section in self._appendices() if section.entries),
            doubtful_mark=self.words.text("notes.doubtful_mark"),
            legend=() if self.shared else self.recordings.legend(),
            footer=self.words.text("notes.footer_shared" if self.shared else "notes.footer"),
        )

    def _facts(self) -> Iterator[Fact]:
        session, words = self.session, self.words
        if session.opened.rehearsal:
            yield self._fact("rehearsal", words.text("notes.rehearsal"))
        if day := write.date(words, session):
            yield self._fact("date", day)
        if session.runs:
            yield self._fact("time", self._time())
        if session.participants:
            yield self._fact("present", self._present())
        if self.plan.authors:
            people = listed(words, self.plan.authors)
            organisation = self.plan.organisation
            known = words.text("notes.made_by", people=people, organisation=organisation) if organisation else people
            yield self._fact("made_by", known)
        if not self.shared and session.recordings:
            count = len(self.recordings.checks())
            text = words.text("notes.check_count", count=count) if count else words.text("notes.check_none")
            yield self._fact("check", text)

    def _fact(self, name: str, text: str) -> Fact:
        return Fact(label=self.words.text(f"notes.{name}_label"), text=text)

    def _time(self) -> str:
        session, words = self.session, self.words
        start = session.runs[0].started_at
        planned = write.minutes(words, sum(block.duration for block in self.plan.blocks))
        end = session.runs[-1].ended_at
        if end is None or session.closed_at is None:
            return words.text("notes.time_running", start=write.clock(words, session, start), planned=planned)
        return words.text(
            "notes.time_done",
            period=write.period(words, session, start, end),
            minutes=write.minutes(words, end - start),
            planned=planned,
        )

    def _present(self) -> str:
        groups = len(self.session.groups)
        key = {0: "notes.present", 1: "notes.present_one_group"}.get(groups, "notes.present_groups")
        return self.words.text(key, count=self.session.participants, groups=groups)

    def _block(self, number: int, times: BlockTimes) -> Section:
        entries: list[Entry] = []
        reached = self._reached(number)
        for item in times.block.items[:reached]:
            entries += self._item(item)
        unreached = times.block.items[reached:]
        if times.started_at is not None and self._is_over(times) and unreached:
            entries.append(self._unreached(unreached))
        if not self.shared:
            entries += self._not_heard(number)
        return Section(title=times.block.title, timing=self._timing(times), entries=tuple(entries))

    def _reached(self, number: int) -> int:
        """How many items of a block came up: those before the furthest one did, or were skipped."""
        runs = [run for run in self.session.runs if run.block == number]
        return max((run.item + 1 for run in runs if run.item is not None), default=0)

    def _is_over(self, times: BlockTimes) -> bool:
        return self.session.closed_at is not None or times.ended_at is not None

    def _timing(self, times: BlockTimes) -> str:
        session, words = self.session, self.words
        planned = write.minutes(words, times.block.duration)
        parts = []
        if times.planned_start is None or times.planned_end is None:
            parts.append(words.text("notes.timing_unplaced", minutes=planned))
        else:
            period = write.period(words, session, times.planned_start, times.planned_end)
            parts.append(words.text("notes.timing_planned", period=period, minutes=planned))
        if times.started_at is None:
            parts += [words.text("notes.timing_not_held")] if session.closed_at is not None else []
        elif times.ended_at is None or times.spent is None:
            start = write.clock(words, session, times.started_at)
            parts.append(words.text("notes.timing_running", start=start))
        else:
            period = write.period(words, session, times.started_at, times.ended_at)
            parts.append(words.text("notes.timing_done", period=period, minutes=write.minutes(words, times.spent)))
        if changed := times.allotted - times.block.duration:
            key = "notes.timing_added" if changed > 0 else "notes.timing_removed"
            parts.append(words.text(key, minutes=write.minutes(words, abs(changed))))
        return " ".join(parts)

    def _item(self, item: Item) -> Iterator[Entry]:
        if isinstance(item, Statement):
            yield self._tally(item)
        else:
            yield from self._content(item)
        if isinstance(item, Harvest):
            discussion = self.plan.item(item.discussion)
            assert isinstance(discussion, Discussion)
            yield from self.recordings.answers(discussion, item)
            yield from self._groups_left(discussion, item)
        elif isinstance(item, Discussion):
            if not self._is_harvested(item):
                yield from self.recordings.answers(item, None)
        elif turns := self.recordings.plenary(item):
            yield Answers(turns=turns)

    def _is_harvested(self, discussion: Discussion) -> bool:
        """Then its questions stand with the answers to them."""
        return any(
            isinstance(item, Harvest) and item.discussion == discussion.id
            for number, block in enumerate(self.plan.blocks)
            for item in block.items[: self._reached(number)]
        )

    def _tally(self, statement: Statement) -> Tally:
        tally = self.session.tallies.get(statement.id)
        if tally is None:
            return Tally(statement=statement.text, result=self.words.text("notes.not_counted"))
        agree, disagree = tally
        result = self.words.text("notes.tally", agree=agree, disagree=disagree)
        return Tally(statement=statement.text, result=result, agree=agree, disagree=disagree)

    def _content(self, item: Item) -> Iterator[Content]:
        assert not isinstance(item, Statement)
        shown = item.shown
        content = Content(
            title=shown.title,
            text=shown.text,
            points=shown.points,
            panels=shown.panels,
            links=tuple(link for link in shown.links if link not in self.plan.links),
            source=shown.source,
            spoken=self._spoken(item),
        )
        if content != Content():
            yield content

    def _spoken(self, item: Item) -> str:
        """The sentences that were read aloud and not from the screen."""
        if isinstance(item, Statement):
            return ""
        shown = item.shown
        panels = [text for panel in shown.panels for text in (panel.title, panel.text, *panel.points)]
        seen = _letters(" ".join((shown.title, shown.text, *shown.points, *panels)))
        said = _SENTENCE_END.split(item.spoken)
        if all(_letters(sentence) in seen for sentence in said) or (self.shared and seen):
            return ""
        # A short one, left out of what it belongs to, would leave nonsense behind.
        kept = [one for one in said if len(_letters(one)) < _SHORT or _letters(one) not in seen]
        return self.words.text("notes.spoken", text=" ".join(kept))

    def _unreached(self, items: tuple[Item, ...]) -> Remark:
        names = [_name(item) for item in items]
        return Remark(text=self.words.text("notes.not_reached", items="; ".join(name for name in names if name)))

    def _groups_left(self, discussion: Discussion, harvest: Harvest) -> Iterator[Remark]:
        """Said only once the harvest is over: until then their turn may come."""
        session = self.session
        taken = {group for group, _ in session.turns_taken.get(harvest.id, ())}
        assigned = {group for name, group in session.assigned if name == discussion.id}
        left = assigned - taken - session.refused
        if left and (session.closed_at is not None or session.item != harvest) and not self.shared:
            yield Remark(text=self.words.text("notes.groups_left", groups=write.listed(self.words, left)))

    def _not_heard(self, number: int) -> Iterator[Remark]:
        for said in self.session.said:
            if said.failed and said.block == number:
                yield Remark(text=self.words.text("notes.not_heard", text=said.text), is_trouble=True)

    def _appendices(self) -> Iterator[Section]:
        plan = self.plan
        if not self.shared:
            checks = self.recordings.checks()
            yield self._section("check", *([CheckList(checks=checks)] if checks else []))
            yield self._section("troubles", *self._listing(*self._troubles()))
            yield self._section("consent", *self._listing(*self._consent()))
        yield self._section("links", *([Links(links=plan.links)] if plan.links else []))
        yield self._section("literature", *self._listing(*plan.literature))
        yield self._section("contact", *self._listing(*plan.contact))
        reading = (Content(title=panel.title, text=panel.text, points=panel.points) for panel in plan.background)
        yield self._section("background", *reading)

    def _section(self, name: str, *entries: Entry) -> Section:
        return Section(title=self.words.text(f"notes.{name}_title"), entries=entries)

    def _listing(self, *lines: str) -> tuple[Listing, ...]:
        return (Listing(lines=lines),) if lines else ()

    def _troubles(self) -> Iterator[str]:
        session, words = self.session, self.words
        for trouble in session.troubles:
            device = write.lost(words, trouble)
            start = write.clock(words, session, trouble.at)
            if trouble.over_at is None:
                yield words.text("notes.trouble", start=start, device=device)
            else:
                end = write.clock(words, session, trouble.over_at)
                yield words.text("notes.trouble_over", start=start, device=device, end=end)
        if session.resumed:
            yield words.text("notes.restarted", count=session.resumed)

    def _consent(self) -> Iterator[str]:
        session, words = self.session, self.words
        if session.consent is not None:
            yield words.text("notes.consent_asked", text=session.consent.basis)
        elif session.recordings:
            yield words.text("notes.consent_not_asked")
        if session.refused:
            yield words.text("notes.consent_refused", groups=write.listed(words, session.refused))
        if session.nobody_recorded:
            yield words.text("notes.consent_nobody")
        if deleted := sum(recording.deleted for recording in session.recordings):
            yield words.text("notes.consent_deleted", count=deleted)


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _name(item: Item) -> str:
    """An item by the words that people saw."""
    return item.text if isinstance(item, Statement) else item.shown.text or item.shown.title
