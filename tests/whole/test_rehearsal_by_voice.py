"""Rehearsals in which the facilitator speaks: the real listener hears a synthesised voice, in a time that jumps."""

import json
from pathlib import Path
from typing import Any

import pytest

from levelup_voice.files.data import content_folder
from levelup_voice.session import events as ev
from levelup_voice.session.fold import replay

from .live import SHORT
from .program import facts, journal, rehearsed

SCRIPT = f"""\
session: {SHORT}
starts: 2026-03-12 15:20
participants: 12
seed: 3
by: voice
counts:
  - {{statement: stelling, disagree: 3}}
speeches:
  - {{about: vraag, voice: 3, text: De school en de ouders werken samen.}}
  - {{about: huiswerk, voice: 0, text: Wij praten vaker met ouders over het kind.}}
actions:
  - {{at: 13 s, do: time-left}}
"""


def heard(session: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (session / "listening.jsonl").read_text(encoding="utf-8").splitlines()]


def test_two_rehearsals_by_voice_are_the_same(tmp_path: Path) -> None:
    script = tmp_path / "kort.yaml"
    script.write_text(SCRIPT, encoding="utf-8")
    one, other = (rehearsed(tmp_path / name, str(script)) for name in ("one", "other"))
    assert list(facts(one)) == list(facts(other))
    assert heard(one) == heard(other)
    obeyed = [line["command"] for line in heard(one) if line["command"]]
    assert obeyed[0] == "Start"
    assert "TimeLeft" in obeyed
    assert obeyed[-1] == "Next", "the last step as well"
    assert not {"words", "text"} & {key for line in heard(one) for key in line}, "a log keeps no words"


@pytest.mark.timeout(240)
def test_the_whole_session_is_led_by_voice(tmp_path: Path) -> None:
    """Level Up! in full: five tallies, seven summaries, and nobody touches a key."""
    by_keys = (content_folder() / "rehearsals" / "level-up.nl.yaml").read_text(encoding="utf-8")
    script = tmp_path / "level-up.yaml"
    script.write_text(by_keys.replace("\nparticipants:", "\nby: voice\nparticipants:"), encoding="utf-8")
    path = rehearsed(tmp_path / "sessions", str(script))
    entries = journal(path)
    session = replay(entries)
    obeyed = [line["command"] for line in heard(path) if line["command"]]
    assert session.closed_at is not None
    assert obeyed[0] == "Start"
    assert obeyed.count("GiveTally") == len(session.tallies) == 5
    assert obeyed.count("StopRecording") == len(session.recordings) == 9
    stopped = [entry.event for entry in entries if isinstance(entry.event, ev.RecordingStopped)]
    assert all(event.closing_at is not None for event in stopped), "each was closed by voice"
    assert all(recording.text for recording in session.recordings)
    assert not any("spelleider" in recording.text for recording in session.recordings)
    notes = (path / "notes.md").read_text(encoding="utf-8")
    assert "17 eens, 9 oneens" in notes
    assert all(f"Groep {group}" in notes for group in range(1, 8))
