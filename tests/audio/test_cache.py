import os
from pathlib import Path

import numpy as np
import pytest

from levelup_voice.audio.cache import Cache, key_of

SOUND = np.arange(-500, 500, dtype=np.int16)


def test_a_sound_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "new" / "folder")
    cache.write("a", SOUND)
    kept = cache.read("a")
    assert kept is not None
    assert np.array_equal(kept, SOUND)
    assert cache.read("b") is None


@pytest.mark.parametrize("damage", ["short", "empty", "bit", "gone"])
def test_a_damaged_sound_counts_as_missing(tmp_path: Path, damage: str) -> None:
    cache = Cache(tmp_path)
    cache.write("a", SOUND)
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        broken = {"short": content[:-100], "empty": b"", "bit": content[:-1] + bytes([content[-1] ^ 1])}
        file.write_bytes(broken[damage])
    assert cache.read("a") is None
    cache.write("a", SOUND)
    assert cache.read("a") is not None


def test_what_was_heard_longest_ago_makes_room(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=3 * (SOUND.nbytes + 32))
    for number, key in enumerate(("first", "second", "third")):
        cache.write(key, SOUND)
        os.utime(tmp_path / f"{key}.pcm", (number, number))
    assert cache.read("first") is not None
    cache.write("fourth", SOUND)
    assert {key for key in ("first", "second", "third", "fourth") if cache.read(key) is not None} == {
        "first",
        "third",
        "fourth",
    }


def test_a_disk_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    cache = Cache(tmp_path / "taken")
    cache.write("a", SOUND)
    assert cache.read("a") is None


def test_everything_that_changes_the_sound_changes_its_key() -> None:
    ways = [("espeak", 150, "Ja"), ("espeak", 151, "Ja"), ("nsss", 150, "Ja"), ("espeak", 150, "Ja!"), ("espeak1", 50)]
    assert len({key_of(*way) for way in ways}) == len(ways)
    assert key_of(*ways[0]) == key_of(*ways[0])
