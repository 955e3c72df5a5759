"""The part of the room check that asks for three commands, in a virtual room."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from levelup_voice.audio.levels import Level
from levelup_voice.cli.listening import VoiceOffError, model_for_commands
from levelup_voice.cli.spoken_check import threshold_for
from levelup_voice.files.models import SpeechModel
from levelup_voice.files.room import CheckedRoom, checked_room
from tests.audio.speech import ANSWER, save, spoken
from tests.virtual_audio import VirtualRoom

EMBEDDED = SpeechModel("levelup-nl-synth", Path("somewhere"), embedded=True, language="nl")
INSTALLED = SpeechModel("vosk-model-small-nl-0.22", Path("somewhere"), embedded=False, language="nl")


def test_somebody_speaks_who_is_louder_than_the_room() -> None:
    assert threshold_for(Level(-50.0, -55.0)) == -45.0
    assert threshold_for(Level(-90.0, -100.0)) == -60.0, "never so low that a whisper next door counts"
    assert threshold_for(Level(-10.0, -20.0)) == -35.0, "never so high that nobody is heard"


@pytest.mark.parametrize(
    ("model", "trial", "understood", "why"),
    [
        (None, True, True, "no_model"),
        (EMBEDDED, False, True, "trial_model"),
        (INSTALLED, False, False, "room_check"),
    ],
)
def test_nobody_is_asked_to_rely_on_what_will_not_work(
    model: SpeechModel | None, trial: bool, understood: bool, why: str
) -> None:
    room = CheckedRoom(microphone="", threshold=-50.0, understood=understood)
    with pytest.raises(VoiceOffError) as off:
        model_for_commands(model, trial=trial, room=room)
    assert off.value.why == why


def test_the_embedded_model_serves_only_who_asks_for_it() -> None:
    assert model_for_commands(EMBEDDED, trial=True, room=None) is EMBEDDED
    assert model_for_commands(INSTALLED, trial=False, room=None) is INSTALLED


def test_a_name_that_the_model_does_not_know_is_told_with_a_remedy() -> None:
    command = [sys.executable, "-m", "tests.whole.commands_checked", "xylofoniste"]
    (finding,) = map(json.loads, subprocess.run(command, check=True, capture_output=True).stdout.splitlines())
    assert (finding["subject"], finding["well"]) == ("commands", False)
    assert "--wake-name" in finding["text"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("understood", [True, False], ids=["understood", "not understood"])
def test_three_commands_decide_whether_the_voice_serves_today(
    room: VirtualRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, understood: bool
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    said, findings = list[str](), dict[str, bool]()
    with room.start("-m", "tests.whole.commands_checked") as process:
        assert process.stdout is not None
        for line in map(json.loads, process.stdout):
            if "subject" in line:
                findings[line["subject"]] = line["well"]
            elif line["said"].startswith("Zeg nu"):
                said.append(line["said"])
                phrase = line["said"].rpartition(": ")[2] if understood else ANSWER
                time.sleep(0.5)  # The tail of its own voice.
                room.say(save(tmp_path / "said.wav", spoken(phrase, "nl+m4")))
    assert len(said) == 3
    assert findings == ({"commands": True} if understood else {"commands": False, "clicker": False})
    kept = checked_room("virtmic", tmp_path / "levelup-voice" / "room.json")
    assert kept == CheckedRoom(microphone="virtmic", threshold=-60.0, understood=understood)
