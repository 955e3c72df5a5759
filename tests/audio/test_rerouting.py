"""A sound server that silently gives our stream another microphone is found out, where it can be asked."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from levelup_voice.audio.routes import Routes
from levelup_voice.files.wav import read_pcm
from tests.audio.recording_program import likeness, recording_program
from tests.audio.speech import ANSWER, save, spoken
from tests.virtual_audio import VirtualRoom


@pytest.fixture
def room() -> Iterator[VirtualRoom]:
    """A virtual room with two microphones on one server."""
    with VirtualRoom(second=True) as room:
        yield room


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    return save(tmp_path / "spoken.wav", spoken(ANSWER))


def both_halves_are_like(heard: bytes) -> bool:
    """What was said stands in it twice, unharmed."""
    half = len(heard) // 4 * 2
    return all(likeness(part, spoken(ANSWER)) > 0.98 for part in (heard[:half], heard[half:]))


def test_a_microphone_whose_place_another_took_is_lost_until_it_is_back(
    room: VirtualRoom, tmp_path: Path, wav: Path
) -> None:
    """Nothing of the other one is recorded: nobody chose it."""
    with recording_program(room, "virtmic", tmp_path) as program:
        program.record("heard.wav")
        room.take("first")
        assert program.says() == "lost rerouted"
        room.say(wav, into="second")
        room.bring("first")
        assert program.says() == "found"
        room.say(wav)
        program.tell("stop")
        (gap,) = re.findall(r"gaps=\(\(([\d.]+), ([\d.]+)\),\)", program.says())
    heard = read_pcm(tmp_path / "heard.wav")
    cut = round(float(gap[0]) * 16000) * 2
    assert float(gap[1]) > 2.0
    assert likeness(heard[:cut], spoken(ANSWER)) < 0.3
    assert likeness(heard[cut:], spoken(ANSWER)) > 0.98


def test_another_microphone_that_is_chosen_is_recorded_from(room: VirtualRoom, tmp_path: Path, wav: Path) -> None:
    with recording_program(room, "virtmic", tmp_path) as program:
        program.record("heard.wav")
        room.say(wav)
        room.take("first")
        assert program.says() == "lost rerouted"
        program.tell("choose virtother")
        assert program.says() == "found"
        room.say(wav, into="second")
        program.tell("stop")
        program.says()
    assert both_halves_are_like(read_pcm(tmp_path / "heard.wav"))


def test_who_leaves_the_choice_to_the_computer_is_told_that_it_changed_and_goes_on_with_it(
    room: VirtualRoom, tmp_path: Path, wav: Path
) -> None:
    with recording_program(room, "default", tmp_path) as program:
        program.record("heard.wav")
        room.say(wav)
        room.take("first")
        assert [program.says(), program.says()] == ["lost rerouted", "found"]
        room.say(wav, into="second")
        program.tell("stop")
        program.says()
    assert both_halves_are_like(read_pcm(tmp_path / "heard.wav"))


def test_what_the_loudspeaker_plays_is_no_microphone(room: VirtualRoom, tmp_path: Path) -> None:
    """What a server without any microphone gives to who asks for its choice."""
    room.take("second")
    with recording_program(room, "default", tmp_path) as program:
        program.record("heard.wav")
        room.take("first")
        assert program.says() == "lost rerouted"
        room.bring("second")
        assert program.says() == "found"


def test_where_no_server_can_be_asked_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(tmp_path))
    routes, stream = Routes(), object()
    routes.follow(stream)
    assert routes.of(stream) is None
    assert not routes.is_looking(stream)
