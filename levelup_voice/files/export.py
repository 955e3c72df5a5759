"""A session in the formats of other programs, always from the edited text and fit to be shared.

md, txt, html and docx hold the notes; srt and vtt the spoken words with their moments, the group as speaker; json the
recordings with their words, after the schema of `Export`.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, TypeAdapter, with_config

from levelup_voice.session import prose
from levelup_voice.session.alignment import Placed, align, text_of
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.notes import notes
from levelup_voice.session.plan import Seconds
from levelup_voice.session.recordings import counts
from levelup_voice.session.state import Recording, Session

from .notes_docx import docx
from .notes_html import html
from .notes_markdown import markdown
from .notes_text import plain
from .visible import visible

_SENTENCE_ENDS = (".", "!", "?", "…")

_DESCRIBED = ConfigDict(use_attribute_docstrings=True)
"""What is said of a field here is said in the schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something that was said: a sentence, by whom and when."""

    speaker: str
    start: Seconds
    """Since the session opened."""
    end: Seconds
    text: str


@with_config(_DESCRIBED)
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedWord:
    text: str
    start: Seconds
    """Since the recording began."""
    end: Seconds
    certain: bool
    """Nobody needs to listen: it was heard clearly, or a person wrote it."""


@with_config(_DESCRIBED)
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedRecording:
    """What was said in one go."""

    number: int
    speaker: str
    """The group, or what else it was."""
    purpose: str
    """summary, answer, argument, kernel (the facilitator's own sentence)."""
    item: str
    """Its id in the plan."""
    question: str
    """Its id in the plan; empty: none."""
    group: int
    """0: not of one group."""
    take: int
    counts: bool
    """It is the take that stands in the notes: the one a person chose, else the last one."""
    started_at: Seconds
    """Since the session opened."""
    seconds: Seconds
    """How long it is."""
    text: str
    """As a person left it."""
    corrected: bool
    checked: bool
    """A person listened and agrees."""
    words: tuple[ExportedWord, ...]


@with_config(_DESCRIBED)
@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What `--export json` writes."""

    format: int
    title: str
    language: str
    opened_utc: str
    participants: int
    groups: tuple[int, ...]
    tallies: Mapping[str, tuple[int, int]]
    """Agree and disagree of each statement."""
    recordings: tuple[ExportedRecording, ...]


def export(session: Session, words: Catalogue, form: str) -> bytes:
    """The session in one of FORMATS. KeyError for any other."""
    return FORMATS[form](session, words)


def schema() -> dict[str, Any]:
    """JSON Schema of what `--export json` writes."""
    return TypeAdapter(Export).json_schema()


def lines(session: Session, words: Catalogue) -> Iterator[Line]:
    """Every sentence of every recording that counts, in the order in which they were said."""
    for recording in _kept(session):
        if not counts(session, recording):
            continue  # A take in whose place another one stands.
        text, placed = _placed(recording, words)
        sentence: list[Placed] = []
        for word in placed:
            sentence.append(word)
            if text[word.first : word.last].endswith(_SENTENCE_ENDS) or word is placed[-1]:
                yield Line(
                    speaker=_speaker(recording, words),
                    start=recording.started_at + sentence[0].start,
                    end=recording.started_at + max(sentence[-1].end, sentence[0].start + 0.1),
                    text=visible(text[sentence[0].first : word.last]),
                )
                sentence = []


def _kept(session: Session) -> list[Recording]:
    return [one for one in session.recordings if one.saved is not None and not one.deleted and one.text]


def _placed(recording: Recording, words: Catalogue) -> tuple[str, tuple[Placed, ...]]:
    said: tuple[prose.Sentence, ...] = ()
    if recording.transcript is not None:
        heard = prose.sentences(recording.transcript, prose.spelling(words))
        said = prose.confirmed(heard, recording.confirmed)
    text = text_of(said) if recording.correction is None else recording.correction
    return text, align(said, text)


def _speaker(recording: Recording, words: Catalogue) -> str:
    request = recording.request
    return words.capitalised(words.text(f"screen.purpose.{request.purpose}", group=request.group))


def _srt(session: Session, words: Catalogue) -> bytes:
    blocks = (
        f"{number}\n{_clock(line.start, ',')} --> {_clock(line.end, ',')}\n{line.speaker}: {line.text}\n"
        for number, line in enumerate(lines(session, words), start=1)
    )
    return "\n".join(blocks).encode()


def _vtt(session: Session, words: Catalogue) -> bytes:
    def safe(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    blocks = (
        f"{_clock(line.start, '.')} --> {_clock(line.end, '.')}\n<v {safe(line.speaker)}>{safe(line.text)}\n"
        for line in lines(session, words)
    )
    return "\n".join(["WEBVTT\n", *blocks]).encode()


def _clock(seconds: Seconds, point: str) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"


def _json(session: Session, words: Catalogue) -> bytes:
    return TypeAdapter(Export).dump_json(
        Export(
            format=1,
            title=session.plan.title,
            language=session.plan.language,
            opened_utc=session.opened.opened_utc,
            participants=session.participants,
            groups=session.groups,
            tallies=session.tallies,
            recordings=tuple(_recording(session, one, words) for one in _kept(session)),
        ),
        indent=1,
    )


def _recording(session: Session, recording: Recording, words: Catalogue) -> ExportedRecording:
    text, placed = _placed(recording, words)
    request = recording.request
    return ExportedRecording(
        number=recording.number,
        speaker=_speaker(recording, words),
        purpose=request.purpose,
        item=request.item,
        question=request.question,
        group=request.group,
        take=request.take,
        counts=counts(session, recording),
        started_at=recording.started_at,
        seconds=recording.seconds,
        text=text,
        corrected=recording.correction is not None,
        checked=recording.checked,
        words=tuple(
            ExportedWord(text=text[one.first : one.last], start=one.start, end=one.end, certain=not one.doubtful)
            for one in placed
        ),
    )


def _docx(session: Session, words: Catalogue) -> bytes:
    file = io.BytesIO()
    docx(notes(session, words, shared=True)).save(file)
    return file.getvalue()


FORMATS: Mapping[str, Callable[[Session, Catalogue], bytes]] = {
    "md": lambda session, words: markdown(notes(session, words, shared=True)).encode(),
    "txt": lambda session, words: plain(notes(session, words, shared=True)).encode(),
    "html": lambda session, words: html(notes(session, words, shared=True)).encode(),
    "docx": _docx,
    "srt": _srt,
    "vtt": _vtt,
    "json": _json,
}
