"""What the room check found out is there for the session, and never in its way."""

from pathlib import Path

import pytest

from levelup_voice.files.room import CheckedRoom, checked_room, keep_room

ROOM = CheckedRoom(microphone="USB", threshold=-48.5, understood=True)


def test_what_was_found_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "room.json"
    keep_room(ROOM, file)
    assert checked_room("USB", file) == ROOM
    assert [one.stat().st_mode & 0o077 for one in (file.parent, file)] == [0, 0], "for its owner alone"


def test_another_microphone_was_not_checked(tmp_path: Path) -> None:
    keep_room(ROOM, tmp_path / "room.json")
    assert checked_room("", tmp_path / "room.json") is None


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "{",
        "[" * 3000,
        '{"microphone": "USB", "threshold": "loud"}',
        '{"microphone": "USB", "threshold": NaN, "understood": true}',
        '{"microphone": "USB", "threshold": -' + "9" * 400 + ', "understood": true}',
        '{"microphone": "USB", "threshold": -48.5, "understood": "no"}',
        '{"microphone": "USB", ' + " " * 1_000_000 + '"threshold": -48.5, "understood": true}',
    ],
    ids=["empty", "torn", "deep", "a text", "no number", "400 digits", "no yes or no", "large"],
)
def test_what_cannot_be_read_was_not_checked(tmp_path: Path, kept: str) -> None:
    file = tmp_path / "room.json"
    assert checked_room("USB", file) is None
    file.write_text(kept)
    assert checked_room("USB", file) is None
