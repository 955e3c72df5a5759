"""The notes, as a facilitator and a school read them. Golden files: see tests/golden/README.md."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.exports import times_csv
from levelup_voice.files.notes_html import html
from levelup_voice.files.notes_markdown import markdown
from levelup_voice.session import events as ev
from levelup_voice.session.document import Answers, Check, CheckList, Document, Remark, Summary, Tally
from levelup_voice.session.fold import replay
from levelup_voice.session.local_date import LocalDate, local_date
from levelup_voice.session.notes import notes
from levelup_voice.session.state import Session
from tests.plans import SMALL
from tests.session.told import Telling, heard, level_up_session, small_session

GOLDEN = Path(__file__).parent.parent / "golden"
DUTCH = load_catalogue("nl")

RENDERED: dict[str, Callable[[Session], str]] = {
    "notes.md": lambda session: markdown(notes(session, DUTCH)),
    "notes.html": lambda session: html(notes(session, DUTCH)),
    "notes-to-share.md": lambda session: markdown(notes(session, DUTCH, shared=True)),
    "times.csv": times_csv,
}


def summaries(document: Document) -> list[Summary]:
    return [
        summary
        for block in document.blocks
        for entry in block.entries
        if isinstance(entry, Answers)
        for turn in entry.turns
        for summary in (*turn.kernels, *turn.summaries, *turn.earlier)
    ]


def checks(document: Document) -> list[Check]:
    found = [entry for section in document.appendices for entry in section.entries if isinstance(entry, CheckList)]
    return [check for entry in found for check in entry.checks]


def harvested(said: str, *, trial: bool = False, confidence: float = 0.97) -> Telling:
    """A session in which group 1 has said this about the first question."""
    told = Telling(SMALL, participants=4)
    told.block(0.0, 1, 2)
    told.groups(20.0, "praten", (4,))
    told.at(500.0, ev.ItemReached(3), ev.TurnTaken(1, "q1"))
    transcript = heard(said, trial=trial, confidence=confidence)
    told.recording(510.0, "oogst", transcript, question="q1", group=1)
    return told


@pytest.mark.parametrize("name", RENDERED)
@pytest.mark.parametrize(("told", "plan"), [(level_up_session, "level-up"), (small_session, "small")])
def test_the_notes_read_as_they_were_found_good(name: str, told: Callable[[], Telling], plan: str) -> None:
    golden, text = GOLDEN / f"{plan}.{name}", RENDERED[name](told().session)
    if os.environ.get("ACCEPT_GOLDEN"):
        golden.write_bytes(text.encode())
    assert text == golden.read_bytes().decode()


@pytest.mark.parametrize("told", [level_up_session, small_session])
def test_notes_can_be_written_after_every_event(told: Callable[[], Telling]) -> None:
    entries = told().entries
    for length in range(1, len(entries) + 1):
        session = replay(entries[:length])
        for shared in (False, True):
            document = notes(session, DUTCH, shared=shared)
            assert document.title in markdown(document)


def test_what_is_shared_has_no_audio_no_takes_no_troubles_and_no_doubt() -> None:
    for told in (level_up_session(), small_session()):
        document = notes(told.session, DUTCH, shared=True)
        text = markdown(document)
        for trace in (
            "audio/",
            ".wav",
            "Luister (",
            "poging",
            "(?)",
            "misging",
            "opgenomen",
            "gewist",
            "Verstaan werd",
        ):
            assert trace not in text
        assert all(summary.audio is None for summary in summaries(document))


def test_a_doubtful_word_is_marked_for_the_facilitator_and_left_out_for_others() -> None:
    session = harvested("de drempel? moet lager").session
    [own], [others] = summaries(notes(session, DUTCH)), summaries(notes(session, DUTCH, shared=True))
    assert [(word.text, word.doubtful) for word in own.said[0].words][1] == ("drempel", True)
    assert others.said[0].text == "De (…) moet lager."


def test_what_was_not_understood_is_listened_to_and_not_read() -> None:
    session = harvested("appel peer boom", confidence=0.3).session
    document = notes(session, DUTCH)
    [summary], [check] = summaries(document), checks(document)
    assert (summary.said, summary.instead) == ((), "Niet goed verstaan, luister.")
    assert check.reason == "Niet goed verstaan, luister."
    assert [place.file for place in check.places] == ["audio/001-oogst-g1-take1.wav"]
    assert "appel" not in markdown(document).lower()


def test_a_correction_stands_in_the_place_of_what_was_heard() -> None:
    told = harvested("de drempel? moet lager")
    told.at(600.0, ev.SummaryCorrected(0, "De drempel moet écht lager."))
    [own] = summaries(notes(told.session, DUTCH))
    [others] = summaries(notes(told.session, DUTCH, shared=True))
    assert (own.correction, own.heard) == ("De drempel moet écht lager.", "Verstaan werd: De drempel moet lager.")
    assert (others.correction, others.heard, others.marks) == ("De drempel moet écht lager.", "", ())
    assert checks(notes(told.session, DUTCH)) == []


def test_words_of_the_trial_model_are_marked_as_such_everywhere() -> None:
    session = harvested("ouders willen meer", trial=True).session
    for shared in (False, True):
        [summary] = summaries(notes(session, DUTCH, shared=shared))
        assert "proefmodel, nog niet betrouwbaar" in summary.marks
    assert checks(notes(session, DUTCH))[0].label == "Alle teksten"


def test_the_kernel_comes_first_and_the_last_take_counts() -> None:
    told = harvested("eerste poging")
    told.recording(560.0, "oogst", heard("dit is de kern"), purpose="kernel", question="q1", group=1)
    told.recording(600.0, "oogst", heard("tweede poging"), question="q1", group=1, take=2)
    texts = [summary.said[0].text for summary in summaries(notes(told.session, DUTCH))]
    assert texts == ["Dit is de kern.", "Tweede poging.", "Eerste poging."]
    shared = [summary.said[0].text for summary in summaries(notes(told.session, DUTCH, shared=True))]
    assert shared == ["Dit is de kern.", "Tweede poging."]


def test_a_second_take_that_failed_leaves_the_first_to_be_read() -> None:
    told = harvested("eerste poging")
    second = told.recording(600.0, "oogst", None, question="q1", group=1, take=2)
    told.at(640.0, ev.RecordingDeleted(second))
    [shared] = summaries(notes(told.session, DUTCH, shared=True))
    assert shared.said[0].text == "Eerste poging."


def test_after_a_deletion_no_word_of_it_is_left() -> None:
    told = harvested("de drempel moet lager")
    told.at(600.0, ev.RecordingDeleted(0))
    for shared in (False, True):
        assert "drempel" not in markdown(notes(told.session, DUTCH, shared=shared))
    [summary] = summaries(notes(told.session, DUTCH))
    assert summary.instead == "Op verzoek gewist, met geluid en tekst."


def test_a_tally_is_read_as_people_say_it() -> None:
    told = Telling(SMALL, participants=26)
    told.block(0.0, 1, 0)
    told.at(20.0, ev.TallyGiven("s1", 17, 9))
    block = notes(told.session, DUTCH).blocks[1]
    assert [entry.result for entry in block.entries if isinstance(entry, Tally)] == ["17 eens, 9 oneens"]


def test_block_times_are_told_in_clock_times_and_minutes() -> None:
    timing = [block.timing for block in notes(level_up_session().session, DUTCH).blocks]
    assert timing[0] == "Gepland 10:02–10:17 (15 min). Werkelijk 10:02–10:18 (16 min)."


def test_what_was_not_reached_is_named_once_the_block_is_over() -> None:
    told = Telling(SMALL, participants=4)
    told.block(0.0, 0, 0, 1)
    running = notes(told.session, DUTCH).blocks[0]
    told.at(100.0, ev.SessionClosed())
    closed = notes(told.session, DUTCH).blocks[0]
    assert not [entry for entry in running.entries if isinstance(entry, Remark)]
    assert Remark(text="Niet aan bod gekomen: Uitleg.") in closed.entries


def test_a_rehearsal_says_that_it_was_one() -> None:
    told = Telling(SMALL, participants=4, rehearsal="script")
    for shared in (False, True):
        assert "Dit was een oefening" in markdown(notes(told.session, DUTCH, shared=shared))


@pytest.mark.parametrize(
    ("utc", "of_day", "expected"),
    [
        ("2026-11-19T09:00:00+00:00", 10 * 3600, LocalDate(2026, 11, 19)),
        ("2026-12-31T23:30:00+00:00", 30 * 60, LocalDate(2027, 1, 1)),
        ("2028-02-28T23:30:00+00:00", 30 * 60, LocalDate(2028, 2, 29)),
        ("2026-03-01T02:00:00+00:00", 21 * 3600, LocalDate(2026, 2, 28)),
        ("", 0.0, None),
        ("2026-13-41T09:00:00Z", 0.0, None),
        ("9999-12-31T23:30:00+00:00", 0.0, None),
        ("0001-01-01T00:00:00+00:00", 80000.0, None),
    ],
)
def test_the_date_is_that_of_the_room(utc: str, of_day: float, expected: LocalDate | None) -> None:
    opening = replace(Telling(SMALL, participants=4).session.opened, opened_utc=utc, opened_of_day=of_day)
    assert local_date(opening) == expected
