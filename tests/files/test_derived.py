"""The derived files are right, whole, and never cost a person's work or the session."""

import csv
import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.derived import Derived
from levelup_voice.files.disk import Step, watched_by
from levelup_voice.files.own_files import MANIFEST, OwnFiles
from levelup_voice.session import events as ev
from levelup_voice.session.state import Session
from tests.plans import SMALL
from tests.session.told import Telling, heard, level_up_session

DUTCH = load_catalogue("nl")
SECRET = "de drempel moet lager"


def telling() -> Telling:
    """One group has said its secret, and corrected it; another has said something else."""
    told = Telling(SMALL, participants=8)
    told.block(0.0, 1, 2)
    told.groups(20.0, "praten", (4, 4))
    told.at(500.0, ev.ItemReached(3), ev.TurnTaken(1, "q1"))
    told.recording(
        510.0, "oogst", heard("[unk] de drempel? moet lager / zo'n drie en twintig ouders"), question="q1", group=1
    )
    told.at(550.0, ev.TurnTaken(2, "q2"))
    told.recording(560.0, "oogst", heard("bel ook als het goed gaat"), question="q2", group=2)
    return told


def write(folder: Path, session: Session, problems: list[str] | None = None) -> list[str]:
    """One program that opens the folder, writes and closes it. What it told about."""
    told = problems if problems is not None else []
    derived = Derived(folder, DUTCH, told.append)
    derived.refresh(session)
    derived.close()
    return told


def visible_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}


WRITTEN = {
    "notes.md",
    "notes.html",
    "notes-to-share.md",
    "times.csv",
    "transcripts/001-oogst-g1-take1.json",
    "transcripts/002-oogst-g2-take1.json",
}


def test_a_session_folder_gets_its_notes_times_and_transcripts(tmp_path: Path) -> None:
    assert write(tmp_path, telling().session) == []
    assert visible_files(tmp_path) == WRITTEN
    assert "Bel ook als het goed gaat." in (tmp_path / "notes.md").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_only_their_owner_may_read_them(tmp_path: Path) -> None:
    write(tmp_path, telling().session)
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in WRITTEN} == {0o600}


def test_times_are_local_and_in_minutes(tmp_path: Path) -> None:
    write(tmp_path, level_up_session().session)
    with (tmp_path / "times.csv").open(encoding="utf-8", newline="") as file:
        first, *_ = csv.DictReader(file)
    assert first == {
        "block": "Aanleiding en introductie in educatief partnerschap",
        "planned_start": "2026-11-19T10:02:05",
        "planned_end": "2026-11-19T10:17:05",
        "planned_minutes": "15.0",
        "start": "2026-11-19T10:02:05",
        "end": "2026-11-19T10:18:05",
        "minutes": "16.0",
    }


def test_a_transcript_has_the_moment_and_confidence_of_each_word(tmp_path: Path) -> None:
    write(tmp_path, telling().session)
    transcript = json.loads((tmp_path / "transcripts/002-oogst-g2-take1.json").read_text(encoding="utf-8"))
    assert transcript["audio"] == "audio/002-oogst-g2-take1.wav"
    assert transcript["words"][0] == {"word": "bel", "start": 0.6, "end": 0.95, "confidence": 0.97}


def test_a_file_is_not_touched_while_its_content_stays(tmp_path: Path) -> None:
    session = telling().session
    write(tmp_path, session)
    os.utime(tmp_path / "notes.md", (0, 0))
    write(tmp_path, session)
    assert (tmp_path / "notes.md").stat().st_mtime == 0


def test_what_a_person_changed_stays_and_ours_gets_one_other_name(tmp_path: Path) -> None:
    told = telling()
    write(tmp_path, told.session)
    (tmp_path / "notes.md").write_text("Mijn notities", encoding="utf-8")
    for moment in (600.0, 700.0, 800.0):
        told.at(moment, ev.SummaryCorrected(1, f"Verbeterd om {moment}"))
        problems = write(tmp_path, told.session)
        assert len(problems) == (1 if moment == 600.0 else 0)
    assert (tmp_path / "notes.md").read_text(encoding="utf-8") == "Mijn notities"
    assert "Verbeterd om 800.0" in (tmp_path / "notes (2).md").read_text(encoding="utf-8")
    assert visible_files(tmp_path) == WRITTEN | {"notes (2).md"}


def test_what_a_person_puts_in_the_place_of_our_other_file_stays_too(tmp_path: Path) -> None:
    told = telling()
    write(tmp_path, told.session)
    for name in ("notes.md", "notes (2).md"):
        (tmp_path / name).write_text("Mijn notities", encoding="utf-8")
        told.at(600.0, ev.SummaryCorrected(1, f"Na {name}"))
        write(tmp_path, told.session)
    assert (tmp_path / "notes (2).md").read_text(encoding="utf-8") == "Mijn notities"
    assert "Na notes (2).md" in (tmp_path / "notes (3).md").read_text(encoding="utf-8").replace("\\", "")


def test_a_file_that_was_there_before_us_is_a_persons(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("Van gisteren", encoding="utf-8")
    derived = Derived(tmp_path, DUTCH, lambda _: None)
    derived.refresh(telling().session)
    derived.close()
    assert (tmp_path / "notes.md").read_text(encoding="utf-8") == "Van gisteren"
    assert derived.path("notes.md") == tmp_path / "notes (2).md"
    assert derived.path("notes.html") == tmp_path / "notes.html"
    assert "Bel ook" in derived.path("notes.md").read_text(encoding="utf-8")


def test_a_lost_manifest_multiplies_nothing(tmp_path: Path) -> None:
    write(tmp_path, telling().session)
    (tmp_path / MANIFEST).unlink()
    write(tmp_path, telling().session)
    (tmp_path / MANIFEST).write_text("[not a manifest", encoding="utf-8")
    write(tmp_path, telling().session)
    assert visible_files(tmp_path) == WRITTEN


@pytest.mark.parametrize(
    "named",
    [
        {"own": [{"file": "../planted.md", "sha256": []}], "kept": []},
        {"own": [], "kept": ["../theirs.docx"]},
        {"own": [], "kept": ["/etc/hostname"]},
        {"own": [], "kept": ["."]},
    ],
    ids=str,
)
def test_a_manifest_that_names_what_is_elsewhere_is_believed_in_nothing(tmp_path: Path, named: object) -> None:
    """A session folder may come from anybody."""
    folder, theirs = tmp_path / "session", tmp_path / "theirs.docx"
    folder.mkdir()
    theirs.write_bytes(b"a thesis")
    (folder / MANIFEST).write_text(json.dumps({"notes.md": named}), encoding="utf-8")
    own = OwnFiles(folder)
    own.put({"notes.md": b"one"})
    own.remove("notes.md")
    assert theirs.read_bytes() == b"a thesis"
    assert {path.name for path in tmp_path.iterdir()} == {"session", "theirs.docx"}
    assert Path("/etc/hostname").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from levelup_voice.files.disk import watched_by
from levelup_voice.files.own_files import OwnFiles

folder, when = Path(sys.argv[1]), sys.argv[2]
renamed = []

def kill(step, file, data):
    if step == "sync-folder" and renamed[-1:] == [folder / "notes.md"] and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    if step == "rename":
        renamed.append(file)
        if renamed[-1] == folder / "notes.md" and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)

with watched_by(kill):
    OwnFiles(folder).put({"notes.md": b"the second version"})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(("when", "left"), [("before", b"the first version"), ("after", b"the second version")])
def test_a_kill_leaves_a_whole_file_that_is_still_ours(tmp_path: Path, when: str, left: bytes) -> None:
    OwnFiles(tmp_path).put({"notes.md": b"the first version"})
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), when], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (tmp_path / "notes.md").read_bytes() == left
    assert OwnFiles(tmp_path).put({"notes.md": b"the third version"}) == []
    assert (tmp_path / "notes.md").read_bytes() == b"the third version"
    assert visible_files(tmp_path) == {"notes.md"}


def test_a_file_held_by_another_program_costs_a_name_until_it_is_let_go(tmp_path: Path) -> None:
    def hold(step: Step, file: int | Path, data: bytes) -> None:
        if step == "rename" and file == tmp_path / "notes.md":
            raise PermissionError(errno.EACCES, "held by another program", str(file))

    own = OwnFiles(tmp_path)
    own.put({"notes.md": b"one"})
    with watched_by(hold):
        own.put({"notes.md": b"two"})
    assert (tmp_path / "notes.md").read_bytes() == b"one"
    assert (tmp_path / "notes (2).md").read_bytes() == b"two"
    own.put({"notes.md": b"three"})
    assert visible_files(tmp_path) == {"notes (2).md"}
    assert (tmp_path / "notes (2).md").read_bytes() == b"three"


@pytest.mark.parametrize("nth", [1, 2], ids=["while the manifest is written", "while the file is"])
def test_what_a_person_saves_while_we_write_is_not_overwritten(tmp_path: Path, nth: int) -> None:
    own = OwnFiles(tmp_path)
    own.put({"notes.md": b"one", "times.csv": b"1"})
    syncs = iter(range(1, 100))

    def save_meanwhile(step: Step, file: int | Path, data: bytes) -> None:
        if step == "sync" and next(syncs) == nth:
            (tmp_path / "notes.md").write_bytes(b"theirs")

    with watched_by(save_meanwhile):
        kept = own.put({"notes.md": b"two", "times.csv": b"2"})
    assert [(one.file, one.fresh) for one in kept] == [("notes.md", "notes (2).md")]
    assert (tmp_path / "notes.md").read_bytes() == b"theirs"
    assert (tmp_path / "notes (2).md").read_bytes() == b"two"
    assert OwnFiles(tmp_path).put({"notes.md": b"three", "times.csv": b"2"}) == []
    assert (tmp_path / "notes (2).md").read_bytes() == b"three"
    assert visible_files(tmp_path) == {"notes.md", "notes (2).md", "times.csv"}


def test_a_folder_in_the_way_costs_a_name_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "notes.md").mkdir()
    write(tmp_path, telling().session)
    assert "Bel ook" in (tmp_path / "notes (2).md").read_text(encoding="utf-8")
    assert (tmp_path / "times.csv").exists()


def test_a_full_disk_is_told_once_and_made_good_later(tmp_path: Path) -> None:
    problems = list[str]()

    def refuse(step: Step, file: int | Path, data: bytes) -> None:
        if step == "write":
            raise OSError(errno.ENOSPC, "No space left on device")

    derived = Derived(tmp_path, DUTCH, problems.append)
    with watched_by(refuse):
        for _ in range(3):
            derived.refresh(telling().session)
            derived.flush()
    assert len(problems) == 1
    assert "No space left on device" in problems[0]
    derived.close()
    assert visible_files(tmp_path) == WRITTEN


def words_left(folder: Path) -> list[str]:
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(word in path.read_text(encoding="utf-8").lower() for word in ("drempel", "23 ouders"))
    ]


def test_after_a_deletion_no_derived_file_holds_the_words(tmp_path: Path) -> None:
    told = telling()
    derived = Derived(tmp_path, DUTCH, lambda _: None)
    derived.refresh(told.session)
    derived.flush()
    assert set(words_left(tmp_path)) == {"notes.md", "notes.html", "notes-to-share.md", "001-oogst-g1-take1.json"}
    derived.forget(0)
    derived.flush()
    assert words_left(tmp_path) == []
    derived.close()
    assert "Bel ook als het goed gaat." in (tmp_path / "notes.md").read_text(encoding="utf-8")


def test_what_was_deleted_does_not_come_back_with_an_older_session(tmp_path: Path) -> None:
    told = telling()
    derived = Derived(tmp_path, DUTCH, lambda _: None)
    derived.refresh(told.session)
    derived.forget(0)
    derived.refresh(told.session)
    derived.close()
    assert words_left(tmp_path) == []


def test_a_deletion_found_in_the_journal_removes_its_transcript(tmp_path: Path) -> None:
    told = telling()
    write(tmp_path, told.session)
    leftover = tmp_path / "transcripts/.001-oogst-g1-take1.json.fresh"
    leftover.write_text(SECRET, encoding="utf-8")
    told.at(600.0, ev.RecordingDeleted(0))
    write(tmp_path, told.session)
    assert words_left(tmp_path) == []


@pytest.mark.parametrize("name", ["notes.md", "notes.html", "notes-to-share.md"])
@pytest.mark.parametrize("corrected", [False, True])
def test_a_deletion_reaches_into_what_a_person_changed(tmp_path: Path, name: str, corrected: bool) -> None:
    told, problems = telling(), list[str]()
    derived = Derived(tmp_path, DUTCH, problems.append)
    if corrected:
        told.at(600.0, ev.SummaryCorrected(0, "Anders gezegd dan dat\nen nog iets"))
    derived.refresh(told.session)
    derived.flush()
    own = tmp_path / name
    own.write_text(own.read_text(encoding="utf-8") + "\nMijn eigen regel", encoding="utf-8")
    derived.forget(0)
    derived.close()
    changed = own.read_text(encoding="utf-8")
    assert changed.endswith("Mijn eigen regel")
    assert not [word for word in ("drempel", "moet lager", "23 ouders", "Anders gezegd") if word in changed]
    assert any(name in problem and "gewiste woorden" in problem for problem in problems)


def test_many_changes_cost_few_writings_and_the_last_state_is_written(tmp_path: Path) -> None:
    told, named = telling(), list[int | Path]()

    def count(step: Step, file: int | Path, data: bytes) -> None:
        if step == "rename":
            named.append(file)

    with watched_by(count):
        derived = Derived(tmp_path, DUTCH, lambda _: None, every=3600.0)
        for nth in range(50):
            told.at(600.0 + nth, ev.SummaryCorrected(1, f"Versie {nth}"))
            derived.refresh(told.session)
        derived.close()
    assert "Versie 49" in (tmp_path / "notes.md").read_text(encoding="utf-8")
    assert 1 <= named.count(tmp_path / "notes.md") <= 2


def test_what_is_kept_up_to_date_is_what_would_be_made_anew(tmp_path: Path) -> None:
    """Whatever changes: what was worked out before is taken over only where it still holds."""
    told = telling()
    (tmp_path / "kept").mkdir()
    kept = Derived(tmp_path / "kept", DUTCH, lambda _: None)
    changes: tuple[ev.Event, ...] = (
        ev.WordsConfirmed(0, ("drempel",)),
        ev.SummaryCorrected(1, "Bel ook als het\ngoed gaat!"),
        ev.TakeChosen(1),
        ev.TranscriptReady(0, heard("[unk] de stempel? moet lager")),
        ev.SummaryCorrected(0, "De drempel moet lager."),
        ev.RecordingDeleted(1),
    )
    for number, event in enumerate(changes):
        told.at(600.0 + number, event)
        kept.refresh(told.session)
        kept.flush()
        (tmp_path / f"anew-{number}").mkdir()
        write(tmp_path / f"anew-{number}", told.session)
        for path in (tmp_path / f"anew-{number}").rglob("*.*"):
            if path.name != MANIFEST:
                same = tmp_path / "kept" / path.relative_to(tmp_path / f"anew-{number}")
                assert same.read_bytes() == path.read_bytes(), f"{path.name} after {event}"
    kept.close()


def test_closing_twice_or_without_a_session_is_harmless(tmp_path: Path) -> None:
    derived = Derived(tmp_path, DUTCH, lambda _: None)
    derived.forget(3)
    derived.flush()
    derived.close()
    derived.close()
    derived.refresh(telling().session)
    derived.flush()
    assert visible_files(tmp_path) == set()
