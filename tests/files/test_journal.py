"""The journal: written whole, read back equal, torn only at its end, silent about what was deleted."""

import os
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levelup_voice.errors import JournalError
from levelup_voice.files.journal import Journal, from_line, read, to_line
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.fold import replay
from levelup_voice.session.incoming import Correct
from levelup_voice.session.plan import SessionPlan
from tests.plans import ALOUD, LEVEL_UP, OWN_CUES, SMALL
from tests.session.room import Room

st.register_type_strategy(SessionPlan, st.sampled_from([SMALL, ALOUD, OWN_CUES, LEVEL_UP]))
# Moments, durations and confidences are ordinary numbers.
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))

PLAIN = b'{"at": 9.0, "event": "BlockEnded"}\n'


def a_session() -> list[ev.Entry]:
    room = Room().until("open").obey(do.Next(), do.Next())
    room.transcribed("een", "geheim")
    room.take(Correct(0, "Een geheim."))
    room.obey(do.Next()).until("s1", "counting").obey(do.GiveTally(disagree=9), do.Record(), do.Next())
    room.transcribed("iets", "anders")
    return room.journal


ENTRIES = a_session()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.append(ENTRIES)
    journal.close()
    return path


@pytest.mark.parametrize("kind", get_args(ev.Event), ids=lambda kind: kind.__name__)
def test_every_kind_of_event_survives_the_journal(kind: type[Any]) -> None:
    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.floats(0.0, 86_400.0), st.from_type(kind))
    def survives(at: float, event: ev.Event) -> None:
        line = to_line(ev.Entry(at, event))
        assert line.count("\n") == 1
        assert from_line(line.encode()) == ev.Entry(at, event)

    survives()


@pytest.mark.parametrize("plan", [SMALL, ALOUD, OWN_CUES, LEVEL_UP], ids=lambda plan: plan.id)
def test_every_item_of_a_plan_comes_back_as_what_it_is(plan: SessionPlan) -> None:
    opening = ev.SessionOpened(plan=plan, opened_utc="", opened_of_day=0.0)
    entry = from_line(to_line(ev.Entry(0.0, opening)).encode())
    assert entry is not None
    assert isinstance(entry.event, ev.SessionOpened)
    items = [item for block in plan.blocks for item in block.items]
    assert [item for block in entry.event.plan.blocks for item in block.items] == items


def test_to_open_it_changes_nothing_in_it(path: Path) -> None:
    os.utime(path, ns=(0, 1))
    Journal(path).close()
    assert path.stat().st_mtime_ns == 1


def test_reads_back_what_was_written(path: Path) -> None:
    contents = read(path)
    assert list(contents.entries) == ENTRIES
    assert (contents.whole_bytes, contents.newer) == (path.stat().st_size, False)


def test_people_can_read_it(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(ENTRIES)
    assert '"event": "TallyGiven", "statement": "s1", "agree": 17, "disagree": 9' in "\n".join(lines)


def test_a_journal_torn_at_any_byte_reads_up_to_its_last_whole_line(path: Path) -> None:
    data = path.read_bytes()
    opening = data.index(b"\n") + 1
    for kept in range(opening, len(data), 7):
        path.write_bytes(data[:kept])
        contents = read(path)
        assert list(contents.entries) == ENTRIES[: data[:kept].count(b"\n")]
        assert contents.whole_bytes == data.rfind(b"\n", 0, kept) + 1


def test_what_was_torn_off_is_cut_before_anything_is_added(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])
    journal = Journal(path)
    journal.append([ev.Entry(99.0, ev.BlockEnded())])
    journal.close()
    assert list(read(path).entries) == [*ENTRIES[:-1], ev.Entry(99.0, ev.BlockEnded())]


@pytest.mark.parametrize(
    "damage",
    [
        b"nonsense\n",
        b"\n",
        b"[]\n",
        b'{"at": 1.0}\n',
        b'{"at": "soon", "event": "BlockEnded"}\n',
        b'{"at": 1.0, "event": "BlockStarted", "block": "zero"}\n',
        b'{"at": 1.0, "event": "BlockStarted"}\n',
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b'{"at": NaN, "event": "BlockEnded"}\n',
        b'{"at": ' + b"9" * 400 + b', "event": "BlockEnded"}\n',
        b'{"at": 1.0, "event": "TimeAdded", "block": 0, "seconds": 1e999}\n',
        b'{"at": 1.0, "event": "TimeAdded", "block": 0, "seconds": "inf"}\n',
        b'{"at": 1.0, "event": "ConsentAsked", "basis": "\\ud800"}\n',
        b'{"at": 1.0, "event": "ConsentAsked", "basis": "\xed\xa0\x80"}\n',
    ],
    ids=[
        *("no JSON", "empty", "a list", "no event", "no moment", "no number", "no field", "no UTF-8", "too deep"),
        *("NaN", "400 digits", "infinity", "infinity as a text", "half a character", "half a character in bytes"),
    ],
)
def test_damage_elsewhere_is_named_with_its_line(path: Path, damage: bytes) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:4], damage, *lines[4:]]))
    with pytest.raises(JournalError, match=r"journal\.jsonl, line 5: ."):
        read(path)


@pytest.mark.parametrize("data", [b"", b'{"at": 0.0, "event"', PLAIN], ids=["empty", "torn", "no opening"])
def test_a_journal_without_an_opening_is_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(data)
    with pytest.raises(JournalError, match="line 1: expected the opening of a session"):
        read(path)


def test_events_of_a_later_version_are_passed_over_and_noticed(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b'{"at": 99.0, "event": "CoffeeServed", "cups": 26}\n')
    contents = read(path)
    assert contents.newer
    assert list(contents.entries) == ENTRIES


def test_fields_of_a_later_version_are_passed_over() -> None:
    line = b'{"at": 1.0, "event": "BlockStarted", "block": 2, "mood": "good"}\n'
    assert from_line(line) == ev.Entry(1.0, ev.BlockStarted(2))


def test_fields_that_an_earlier_version_did_not_write_have_their_defaults() -> None:
    assert from_line(b'{"at": 1, "event": "ClockContinued"}\n') == ev.Entry(1.0, ev.ClockContinued(counted=False))


def test_forgetting_a_recording_leaves_no_word_of_it_and_every_fact(path: Path) -> None:
    journal = Journal(path)
    journal.forget([0])
    journal.append([ev.Entry(99.0, ev.RecordingDeleted(0))])
    journal.close()
    data = path.read_bytes()
    assert b"geheim" not in data
    assert b"Een geheim" not in data
    assert b"anders" in data
    entries = read(path).entries
    assert [type(entry.event) for entry in entries[:-1]] == [type(entry.event) for entry in ENTRIES]
    session = replay(entries)
    assert session.recordings[0].deleted
    assert session.recordings[1].text == "iets anders"


def test_forgetting_leaves_every_other_line_as_it_is(path: Path) -> None:
    later = b'{"at": 98.0, "event": "OfALaterVersion", "mood": "good"}\n'
    with path.open("ab") as file:
        file.write(later)
    before = path.read_bytes().splitlines()
    journal = Journal(path)
    journal.forget([0])
    after = path.read_bytes().splitlines()
    assert len(after) == len(before)
    assert [new for old, new in zip(before, after, strict=True) if b"geheim" not in old] == [
        old for old in before if b"geheim" not in old
    ]
    written = path.stat().st_mtime_ns
    journal.forget([0])
    journal.close()
    assert path.stat().st_mtime_ns == written


def test_forgetting_leaves_no_copy_behind(path: Path) -> None:
    journal = Journal(path)
    journal.forget([0])
    journal.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_only_its_owner_may_read_a_journal(path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0
