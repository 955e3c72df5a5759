"""A script is read as strictly as a plan, and asks for nothing that a room cannot hold."""

from pathlib import Path

import pytest

from levelup_voice.cli.scripts import find_script
from levelup_voice.errors import ContentError

SCRIPT = "session: level-up\nstarts: 2026-03-12 15:20\nparticipants: 8\n"


def test_a_script_says_who_is_there(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text(SCRIPT)
    assert find_script(str(path), None).script.participants == 8


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("participants: 100000", "participants"),
        ("participants: -1", "participants"),
        ("noise_dbfs: 1000.0", "noise_dbfs"),
        ("seed: -1", "seed"),
        ("starts: tomorrow", "starts"),
        ("mood: good", "mood"),
    ],
)
def test_what_no_room_can_hold_is_told(tmp_path: Path, line: str, place: str) -> None:
    path = tmp_path / "script.yaml"
    kept = [one for one in SCRIPT.splitlines() if not one.startswith(line.partition(":")[0])]
    path.write_text("\n".join([*kept, line]))
    with pytest.raises(ContentError) as caught:
        find_script(str(path), None)
    assert [problem.place for problem in caught.value.problems] == [place]
