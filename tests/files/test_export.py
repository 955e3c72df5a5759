"""A session for other programs: the edited text, in formats that they read back."""

import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from pydantic import TypeAdapter

from levelup_voice.cli.notes import notes
from levelup_voice.files.export import FORMATS, Export, ExportedRecording, export, lines, schema
from levelup_voice.files.folder import open_session
from levelup_voice.session import events as ev
from levelup_voice.session.fold import apply
from levelup_voice.session.state import Session
from tests.web.faces import WORDS
from tests.web.recorded import held

CORRECTED = "Ouders willen graag op school helpen. <b>Echt</b> waar & nu."


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    session = open_session(held(tmp_path_factory.mktemp("held"))).session
    return apply(session, ev.Entry(9e4, ev.SummaryCorrected(1, CORRECTED)))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_the_text_as_it_was_edited(session: Session, form: str) -> None:
    written = export(session, WORDS, form)
    if form == "docx":
        text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(written)).paragraphs)
    else:
        text = written.decode()
    assert "op school helpen" in text
    # The others were not edited, and are still what was heard.
    assert text.count("Ouders willen graag") == len(session.recordings)


def test_subtitles_name_the_group_and_follow_each_other(session: Session) -> None:
    said = list(lines(session, WORDS))
    assert said[1].speaker == "Groep 1"
    assert [line.text for line in said[1:3]] == ["Ouders willen graag op school helpen.", "<b>Echt</b> waar & nu."]
    assert all(line.start < line.end for line in said)
    assert [line.start for line in said] == sorted(line.start for line in said)


def test_of_two_takes_the_one_that_counts_is_subtitled_and_named(tmp_path: Path) -> None:
    session = open_session(held(tmp_path, again=True)).session
    read = TypeAdapter(Export).validate_json(export(session, WORDS, "json"), strict=False)
    takes = [(one.group, one.take, one.counts) for one in read.recordings if one.purpose == "summary"]
    assert takes[:2] == [(1, 1, False), (1, 2, True)]
    said = [line.speaker for line in lines(session, WORDS)]
    assert 0 < said.count("Groep 1") * 2 == sum(len(_sentences(one)) for one in read.recordings if one.group == 1)


def _sentences(one: ExportedRecording) -> list[str]:
    return [part for part in one.text.split(". ") if part]


def test_subtitles_for_the_web_hold_no_markup_of_participants(session: Session) -> None:
    written = export(session, WORDS, "vtt").decode()
    assert written.startswith("WEBVTT\n\n00:")
    assert "<v Groep 1>&lt;b&gt;Echt&lt;/b&gt; waar &amp; nu." in written


def test_the_document_uses_the_styles_that_word_processors_know(session: Session) -> None:
    styles = [
        paragraph.style.name if paragraph.style else None
        for paragraph in docx.Document(io.BytesIO(export(session, WORDS, "docx"))).paragraphs
    ]
    assert {"Title", "Heading 1", "Heading 2", "Quote"} <= set(styles)


def test_a_closing_phrase_is_no_part_of_the_length(session: Session) -> None:
    closed = apply(session, ev.Entry(9e4, ev.RecordingStopped(1, 2.5)))
    read = TypeAdapter(Export).validate_json(export(closed, WORDS, "json"), strict=False)
    assert [one.seconds for one in read.recordings[:2]] == [5.0, 2.5]


def test_the_schema_of_json_is_the_one_that_is_documented() -> None:
    """To accept a change: ACCEPT_GOLDEN=1 .venv/bin/pytest tests/files/test_export.py"""
    documented = Path(__file__).parents[2] / "docs" / "export.schema.json"
    if os.environ.get("ACCEPT_GOLDEN"):
        documented.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
    assert json.loads(documented.read_text(encoding="utf-8")) == schema()


def test_json_follows_its_schema(session: Session) -> None:
    read = TypeAdapter(Export).validate_json(export(session, WORDS, "json"), strict=False)
    assert read.recordings[1].text == CORRECTED
    assert read.recordings[1].corrected
    assert json.loads(export(session, WORDS, "json"))["format"] == 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this computer")
def test_libreoffice_opens_the_document(session: Session, tmp_path: Path) -> None:
    (tmp_path / "notes.docx").write_bytes(export(session, WORDS, "docx"))
    command = [
        "soffice",
        "--headless",
        "--convert-to",
        "txt:Text",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "notes.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert "op school helpen" in (tmp_path / "notes.txt").read_text(encoding="utf-8")


def test_a_copy_is_for_its_owner_and_takes_the_place_of_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = held(tmp_path / "sessions")
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        notes(WORDS, str(path), None, as_json=False, form="md")
    (copy,) = tmp_path.glob("*.md")
    assert copy.stat().st_mode & 0o077 == 0
    copy.write_text("what somebody made of it", encoding="utf-8")
    notes(WORDS, str(path), None, as_json=False, form="md")
    assert copy.read_text(encoding="utf-8") == "what somebody made of it"
    assert (tmp_path / f"{path.name} (2).md").exists()
