"""What other programs may want of a session: its times as a table, the words of a recording with their moments."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from levelup_voice.session.block_times import block_times
from levelup_voice.session.local_date import local_date
from levelup_voice.session.plan import Seconds
from levelup_voice.session.state import Recording, Session

from .visible import visible

_on_a_line = json.JSONEncoder(ensure_ascii=False).encode

COLUMNS = ("block", "planned_start", "planned_end", "planned_minutes", "start", "end", "minutes")


def times_csv(session: Session) -> str:
    """A line for each block: planned and actual start and end (local time, ISO 8601), and minutes without pauses."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for times in block_times(session):
        planned = (_moment(session, times.planned_start), _moment(session, times.planned_end))
        actual = (_moment(session, times.started_at), _moment(session, times.ended_at))
        title = _harmless(visible(times.block.title))
        writer.writerow((title, *planned, _minutes(times.block.duration), *actual, _minutes(times.spent)))
    return table.getvalue()


def transcript_name(recording: Recording) -> str:
    """Relative to the session folder: named after its audio."""
    return f"transcripts/{PurePosixPath(recording.request.file).stem}.json"


def transcript_json(recording: Recording) -> str:
    """The words of a recording as they were heard. Only of one that has a transcript."""
    transcript, request, saved = recording.transcript, recording.request, recording.saved
    assert transcript is not None
    about = json.dumps(
        {
            "recording": recording.number,
            "audio": request.file,
            "seconds": recording.seconds,
            "purpose": request.purpose,
            "item": request.item,
            "question": request.question,
            "group": request.group,
            "take": request.take,
            "model": transcript.model,
            "trial": transcript.trial,
            "confidence": round(transcript.confidence, 3),
            "text": transcript.text,
            "correction": recording.correction,
            "interrupted": saved is not None and (saved.interrupted or bool(saved.problem)),
            "gaps": [{"at": at, "seconds": length} for at, length in (saved.gaps if saved else ())],
            "words": [],
        },
        ensure_ascii=False,
        indent=1,
    )
    # A word a line, to be read and compared; `indent` would give each six, and takes ten times as long.
    words = (
        _on_a_line({"word": word.text, "start": word.start, "end": word.end, "confidence": word.confidence})
        for word in transcript.words
    )
    return about.removesuffix("]\n}") + ",".join(f"\n  {word}" for word in words) + "\n ]\n}"


def _moment(session: Session, at: Seconds | None) -> str:
    """Local time; without a date when the journal does not tell it."""
    if at is None:
        return ""
    date = local_date(session.opened)
    # The zone is left out, as spreadsheets want it: UTC only stands for "no daylight saving in between".
    midnight = datetime(date.year, date.month, date.day, tzinfo=UTC) if date else datetime(2000, 1, 1, tzinfo=UTC)
    moment = midnight + timedelta(seconds=round(session.opened.opened_of_day + at))
    return moment.strftime("%Y-%m-%dT%H:%M:%S" if date else "%H:%M:%S")


def _minutes(seconds: Seconds | None) -> str:
    return "" if seconds is None else f"{seconds / 60:.1f}"


def _harmless(text: str) -> str:
    """Spreadsheets calculate what begins like a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text
