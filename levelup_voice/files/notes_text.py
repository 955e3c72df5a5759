"""The notes as plain text, for a mail or for a program that knows no markup."""

from collections.abc import Iterator

from levelup_voice.session.document import (
    Answers,
    CheckList,
    Content,
    Document,
    Entry,
    Links,
    Listing,
    Remark,
    Section,
    Tally,
    Turn,
)

from .visible import paragraphs, visible


def plain(document: Document) -> str:
    """The whole document, ending with a line end."""
    return "\n\n".join(block for block in _document(document) if block) + "\n"


def _document(document: Document) -> Iterator[str]:
    yield "\n".join(visible(line) for line in (document.title, document.subtitle) if line)
    yield "\n".join(f"{visible(fact.label)}: {visible(fact.text)}" for fact in document.facts)
    for section in (*document.blocks, *document.appendices):
        yield from _section(section)
    yield visible(document.footer)


def _section(section: Section) -> Iterator[str]:
    title = visible(section.title)
    yield f"{title}\n{'=' * len(title)}"
    yield visible(section.timing)
    for entry in section.entries:
        yield from said(entry)


def said(entry: Entry) -> Iterator[str]:
    """An entry as paragraphs."""
    match entry:
        case Content():
            yield visible(entry.title)
            yield from paragraphs(entry.text)
            yield "\n".join(f"- {visible(point)}" for point in entry.points)
            for panel in entry.panels:
                yield "\n".join(
                    [visible(panel.title), *paragraphs(panel.text), *(f"- {visible(p)}" for p in panel.points)]
                )
            yield "\n".join(f"- {visible(link.title)}: {visible(link.url)}" for link in entry.links)
            yield from (visible(text) for text in (entry.source, entry.spoken))
        case Tally(statement=statement, result=result):
            yield f"{visible(statement)}\n{visible(result)}"
        case Answers():
            yield visible(entry.question)
            yield visible(entry.asked_of)
            for turn in entry.turns:
                yield from _turn(turn)
        case Remark(text=text):
            yield visible(text)
        case CheckList(checks=checks):
            yield "\n".join(f"- {visible(check.label)}: {visible(check.reason)}" for check in checks)
        case Listing(lines=listed):
            yield "\n".join(f"- {visible(line)}" for line in listed)
        case Links(links=links):
            yield "\n".join(f"- {visible(link.title)}: {visible(link.url)}" for link in links)


def _turn(turn: Turn) -> Iterator[str]:
    for summary in (*turn.kernels, *turn.summaries):
        label = turn.label if summary.label == turn.label else f"{turn.label}, {summary.label}"
        words = paragraphs(summary.correction) or [visible(sentence.text) for sentence in summary.said]
        yield f"{visible(label)}: {' '.join(words) or visible(summary.instead)}"
