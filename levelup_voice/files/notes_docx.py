"""The notes as a Word document, in the styles that every word processor knows by name."""

from collections.abc import Iterator

import docx as word
from docx.document import Document as Word

from levelup_voice.session.document import Answers, Content, Document, Entry, Links, Listing, Section, Tally, Turn

from .notes_text import said
from .visible import paragraphs, visible

LONGEST_PROPERTY = 255
"""Characters, says python-docx."""


def docx(document: Document) -> Word:
    """The whole document, not yet saved."""
    made = word.Document()
    made.core_properties.title = visible(document.title)[:LONGEST_PROPERTY]
    made.core_properties.language = document.language
    made.add_paragraph(visible(document.title), "Title")
    if document.subtitle:
        made.add_paragraph(visible(document.subtitle), "Subtitle")
    for fact in document.facts:
        paragraph = made.add_paragraph()
        paragraph.add_run(f"{visible(fact.label)}: ").bold = True
        paragraph.add_run(visible(fact.text))
    for section in (*document.blocks, *document.appendices):
        _section(made, section)
    if document.footer:
        made.add_paragraph(visible(document.footer), "Caption")
    return made


def _section(made: Word, section: Section) -> None:
    made.add_heading(visible(section.title), 1)
    if section.timing:
        made.add_paragraph(visible(section.timing), "Caption")
    for entry in section.entries:
        for style, text in _styled(entry):
            if text:
                made.add_paragraph(text, style)


def _styled(entry: Entry) -> Iterator[tuple[str, str]]:
    match entry:
        case Content():
            yield "Heading 2", visible(entry.title)
            yield from (("Normal", text) for text in paragraphs(entry.text))
            yield from (("List Bullet", visible(point)) for point in entry.points)
            for panel in entry.panels:
                yield "Heading 3", visible(panel.title)
                yield from (("Normal", text) for text in paragraphs(panel.text))
                yield from (("List Bullet", visible(point)) for point in panel.points)
            yield from (("List Bullet", f"{visible(link.title)}: {visible(link.url)}") for link in entry.links)
            yield from (("Caption", visible(text)) for text in (entry.source, entry.spoken))
        case Tally(statement=statement, result=result):
            yield "Heading 2", visible(statement)
            yield "Normal", visible(result)
        case Answers():
            yield "Heading 2", visible(entry.question)
            yield "Caption", visible(entry.asked_of)
            for turn in entry.turns:
                yield from _turn(turn)
        case Listing(lines=listed):
            yield from (("List Bullet", visible(line)) for line in listed)
        case Links(links=links):
            yield from (("List Bullet", f"{visible(link.title)}: {visible(link.url)}") for link in links)
        case _:
            yield from (("Normal", text) for text in said(entry))


def _turn(turn: Turn) -> Iterator[tuple[str, str]]:
    for summary in (*turn.kernels, *turn.summaries):
        label = turn.label if summary.label == turn.label else f"{turn.label}, {summary.label}"
        yield "Heading 3", visible(label)
        heard = [visible(sentence.text) for sentence in summary.said]
        yield "Quote", " ".join(paragraphs(summary.correction) or heard) or visible(summary.instead)
