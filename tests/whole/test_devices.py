"""A device that goes during a live session is noticed, and another one takes its place when somebody says which."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from levelup_voice.session import events as ev
from levelup_voice.session.state import Session
from tests.audio.speech import ANSWER, save, spoken
from tests.virtual_audio import VirtualRoom

from .live import SHORT, LiveSession, lasting, lead_into_recording

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def room() -> Iterator[VirtualRoom]:
    """A virtual room with two microphones on one server."""
    with VirtualRoom(second=True) as room:
        yield room


def choose(live: LiveSession, key: str, device: ev.Device, name: str) -> None:
    """Press the key until this device is the one in use."""
    while (before := live.session.devices[device, ""].used) != name:
        live.press(key)
        live.wait(lambda session, before=before: session.devices[device, ""].used != before)  # type: ignore[misc]


def test_another_microphone_is_chosen_in_the_middle_of_a_recording_and_known_by_name_after_a_restart(
    room: VirtualRoom, tmp_path: Path
) -> None:
    """The server silently gives us another one; that is said. The one chosen then was plugged in later."""
    answer = save(tmp_path / "a.wav", spoken(ANSWER))
    folder = tmp_path / "sessions"
    with LiveSession(room, folder, "run", str(SHORT), "--microphone", "virtmic") as live:
        lead_into_recording(live)
        room.say(answer)
        room.take("first")
        session = live.wait(lambda session: lasting("microphone", session))
        assert lasting("microphone", session) == ["rerouted"]
        assert any("andere microfoon" in said.text for said in session.said)
        room.plug_new("usb")
        live.wait(lambda session: "usb" in session.devices["microphone", ""].names)
        choose(live, "c", "microphone", "usb")
        live.wait(lambda session: not lasting("microphone", session))
        room.say(answer, into="second")
        live.next()
        session = live.wait(lambda session: session.recordings[0].transcript and not session.speaking)
        assert session.recordings[0].text.count("ouders werken samen") == 2
        live.wait_shown("Microfoon: usb")
        live.quit()
        assert "geluid ontbreekt" in (live.path / "notes.md").read_text(encoding="utf-8")
    with LiveSession(room, folder, "resume") as live:
        session = live.wait(lambda session: session.resumed)
        assert session.devices["microphone", ""].used == "usb"
        live.wait_quiet()
        assert lasting("microphone", live.session) == []


def test_cues_sound_from_another_loudspeaker_once_it_is_chosen(room: VirtualRoom, tmp_path: Path) -> None:
    def fails(session: Session) -> bool:
        return bool(session.said and session.said[-1].failed)

    with LiveSession(room, tmp_path / "sessions", "run", str(SHORT)) as live:
        live.wait(lambda session: session.situation == "ready" and session.devices)
        room.unplug("spk")
        live.wait(lambda session: lasting("loudspeaker", session))
        live.next()
        live.wait(fails)
        choose(live, "*", "loudspeaker", "virtother")
        live.wait(lambda session: not lasting("loudspeaker", session))
        live.press("h")
        live.wait(lambda session: not fails(session) and not session.speaking)
