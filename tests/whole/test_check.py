"""The check of the room, in a virtual room: it speaks, listens, and says how it hears."""

import json
import time
from pathlib import Path

import numpy as np
import pytest

from levelup_voice.audio.levels import Level
from levelup_voice.cli.check import judge, noisiness
from tests.audio.speech import ANSWER, save, spoken
from tests.virtual_audio import VirtualRoom

NOISE = Level(peak_dbfs=-60.0, rms_dbfs=-70.0)


def speech(rms: float, peak: float) -> list[Level]:
    """Half a second of talk, half a second of pause."""
    return [Level(peak, rms)] * 5 + [NOISE] * 5


def test_clear_speech_is_heard_well() -> None:
    assert judge(NOISE, speech(-25.0, -10.0)) == ("well", -25.0)


def test_soft_speech_is_too_soft_and_so_is_speech_that_drowns_in_noise() -> None:
    assert judge(NOISE, speech(-50.0, -40.0))[0] == "quietly"
    assert judge(Level(-30.0, -33.0), speech(-25.0, -10.0))[0] == "quietly"


def test_speech_at_the_limit_of_the_microphone_is_too_loud() -> None:
    assert judge(NOISE, speech(-12.0, -0.2))[0] == "loudly"


@pytest.mark.parametrize("heard", [[], [Level()] * 10, [NOISE] * 10])
def test_silence_is_nothing_heard(heard: list[Level]) -> None:
    assert judge(NOISE, heard)[0] == "nothing"


def test_the_room_is_described_in_words() -> None:
    rooms = [Level(-50.0, rms) for rms in (-70.0, -45.0, -35.0)]
    assert [noisiness(noise) for noise in rooms] == ["quiet", "some", "loud"]


@pytest.mark.timeout(120)
def test_the_program_tells_aloud_and_on_paper_that_it_hears_well(
    room: VirtualRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEVELUP_VOICE_LANGUAGE", "nl")
    voice = (np.frombuffer(spoken(f"{ANSWER} {ANSWER}"), np.int16) // 4).tobytes()
    saying = save(tmp_path / "voice.wav", voice)
    with room.listening() as ear, room.start("-m", "levelup_voice", "check", "--json") as process:
        limit = time.monotonic() + 60
        # It speaks once, listens to the silence, and asks; the pauses within its sentences are shorter.
        while len(ear.onsets(quiet=1.2)) < 2 and time.monotonic() < limit:
            time.sleep(0.1)
        asked = ear.onsets(quiet=1.2)[1]
        while ear.last_sound() > time.monotonic() - 0.6 or time.monotonic() < asked + 1.0:
            time.sleep(0.1)
        room.say(saying)
        output, _ = process.communicate(timeout=60)
        answers = len(ear.onsets(quiet=1.2))
    findings = {finding["subject"]: finding for finding in json.loads(output)["findings"]}
    assert findings["microphone"]["well"], findings
    assert findings["microphone"]["text"].endswith("Ik hoor je goed. Het is hier stil.")
    assert findings["loudspeaker"]["well"]
    assert findings["voice"]["well"]
    assert answers >= 3, "the verdict was not said aloud"
