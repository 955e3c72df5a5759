"""The notes as Markdown, readable as it stands. Every text is escaped: what people said is never markup."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from levelup_voice.session.document import (
    Answers,
    Audio,
    Check,
    CheckList,
    Content,
    Document,
    Entry,
    Links,
    Listing,
    Remark,
    Section,
    Summary,
    Tally,
    Turn,
)
from levelup_voice.session.plan import Link
from levelup_voice.session.prose import Sentence

from .visible import href, paragraphs, safe_url, visible

_ANYWHERE = re.compile(r"([\\`*_\[\]<>|~$])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_START = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=#{1,6}(?:\s|$)|[+-](?:\s|$)|[=-]+\s*$|-[\s-]*-))")
"""Before the character that would make a heading, a list or a rule of a line."""


def markdown(document: Document) -> str:
    """The whole document, ending with a line end."""
    blocks = [block for block in _document(document) if block]
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    """The text on one line, with no character of it taken for markup, wherever it is put."""
    text = _ANYWHERE.sub(r"\\\1", visible(text))
    text = _ENTITY.sub("&amp;", text)
    return _AT_START.sub(r"\1\\", text)


@lru_cache(maxsize=50_000)
def _word(text: str) -> str:
    """A word, escaped: hours of talk hold the same few thousand again and again."""
    return escaped(text)


def _document(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.title)}"
    if document.subtitle:
        yield f"**{escaped(document.subtitle)}**"
    yield "\n".join(f"- **{escaped(fact.label)}**: {escaped(fact.text)}" for fact in document.facts)
    for section in document.blocks:
        yield from _section(section, document.doubtful_mark)
    yield "\n".join(f"- {escaped(line)}" for line in document.legend)
    for section in document.appendices:
        yield from _section(section, document.doubtful_mark)
    if document.footer:
        yield f"---\n\n{escaped(document.footer)}"


def _section(section: Section, mark: str) -> Iterator[str]:
    yield f"## {escaped(section.title)}"
    if section.timing:
        yield f"*{escaped(section.timing)}*"
    for entry in section.entries:
        yield from _entry(entry, mark)


def _entry(entry: Entry, mark: str) -> Iterator[str]:
    match entry:
        case Content():
            yield from _content(entry)
        case Tally(statement=statement, result=result):
            yield f"**{escaped(statement)}**  \n{escaped(result)}"
        case Answers():
            yield from _answers(entry, mark)
        case Remark(text=text):
            yield f"*{escaped(text)}*"
        case CheckList(checks=checks):
            yield "\n".join(map(_check, checks))
        case Listing(lines=entries):
            yield "\n".join(f"- {escaped(line)}" for line in entries)
        case Links(links=links):
            yield _links(links)


def _content(content: Content) -> Iterator[str]:
    if content.title:
        yield f"### {escaped(content.title)}"
    for paragraph in paragraphs(content.text):
        yield escaped(paragraph)
    yield _points(content.points)
    for panel in content.panels:
        yield f"**{escaped(panel.title)}**"
        for paragraph in paragraphs(panel.text):
            yield escaped(paragraph)
        yield _points(panel.points)
    yield _links(content.links)
    if content.source:
        yield f"({escaped(content.source)})"
    if content.spoken:
        yield f"*{escaped(content.spoken)}*"


def _points(points: Sequence[str]) -> str:
    return "\n".join(f"- {escaped(point)}" for point in points)


def _links(links: Sequence[Link]) -> str:
    return "\n".join(f"- {_link(link)}" for link in links)


def _link(link: Link) -> str:
    url = safe_url(link.url)
    return f"[{escaped(link.title)}](<{url}>)" if url else f"{escaped(link.title)}: {escaped(link.url)}"


def _check(check: Check) -> str:
    return " ".join((f"- [ ] **{escaped(check.label)}**: {escaped(check.reason)}", *map(_audio, check.places)))


def _audio(audio: Audio) -> str:
    return f"[{escaped(audio.label)}](<{href(audio)}>)"


def _answers(answers: Answers, mark: str) -> Iterator[str]:
    if answers.question:
        yield f"#### {escaped(answers.question)}"
    if answers.asked_of:
        yield f"*{escaped(answers.asked_of)}*"
    for turn in answers.turns:
        yield from _turn(turn, mark)


def _turn(turn: Turn, mark: str) -> Iterator[str]:
    for summary in (*turn.kernels, *turn.summaries, *turn.earlier):
        yield _summary(summary, turn.label, mark)


def _summary(summary: Summary, whose: str, mark: str) -> str:
    label = whose if summary.label == whose else f"{whose} · {summary.label}"
    marks = f" ({escaped(', '.join(summary.marks))})" if summary.marks else ""
    about = [f"> **{escaped(label)}**{marks}"]
    if summary.audio:
        about.append(_audio(summary.audio))
    said = list(_said(summary, mark))
    heard = [f"*{escaped(summary.heard)}*"] if summary.heard else []
    return "\n>\n> ".join([" · ".join(about), *said, *heard])


def _said(summary: Summary, mark: str) -> Iterator[str]:
    if summary.correction:
        yield from (escaped(line) for line in paragraphs(summary.correction))
    if summary.said:
        yield " ".join(_sentence(sentence, mark) for sentence in summary.said)
    if summary.instead:
        yield f"*{escaped(summary.instead)}*"


def _sentence(sentence: Sentence, mark: str) -> str:
    written = " ".join(
        f"*{_word(word.text)}* {_word(mark)}" if word.doubtful else _word(word.text) for word in sentence.words
    )
    return f"{written}."
