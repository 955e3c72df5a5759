"""What devices do to a live session: they go, another one takes their place, the disk is slow, the laptop sleeps."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from levelup_voice.clock import SLEPT
from levelup_voice.session import events as ev
from levelup_voice.session.state import Session
from tests.audio.speech import ANSWER, save, spoken
from tests.processes import standing_still
from tests.virtual_audio import VirtualRoom

from .live import SHORT, LiveSession, lasting, lead_into_recording

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def room_of_two() -> Iterator[VirtualRoom]:
    """A virtual room with two microphones on one server."""
    with VirtualRoom(second=True) as room:
        yield room


def known_troubles(session: Session) -> set[tuple[str, bool]]:
    """Each device that was in trouble, and whether that is over."""
    return {(trouble.device, trouble.over_at is not None) for trouble in session.troubles}


def choose(live: LiveSession, key: str, device: ev.Choosable, name: str) -> None:
    """Press the key until this device is the one in use. It means the next after the one that is shown, and the journal
    knows of a change before that: pressed too soon it changes nothing."""
    limit = time.monotonic() + 30
    while (before := live.session.devices[device, ""].used) != name:
        live.press(key)
        with suppress(AssertionError):
            live.wait(lambda session, before=before: session.devices[device, ""].used != before, 2.0)  # type: ignore[misc]
        assert time.monotonic() < limit, f"{name} cannot be chosen, only {before}"


def test_another_microphone_is_chosen_in_the_middle_of_a_recording_and_known_by_name_after_a_restart(
    room_of_two: VirtualRoom, tmp_path: Path
) -> None:
    """The server silently gives us another one; that is said. The one chosen then was plugged in later."""
    room = room_of_two
    answer = save(tmp_path / "a.wav", spoken(ANSWER))
    folder = tmp_path / "sessions"
    with LiveSession(room, folder, "run", str(SHORT), "--microphone", "virtmic") as live:
        lead_into_recording(live)
        room.say(answer)
        room.plug_new("usb")
        room.take("first")
        session = live.wait(lambda session: lasting("microphone", session))
        assert lasting("microphone", session) == ["rerouted"]
        assert any("andere microfoon" in said.text for said in session.said)
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


def test_a_microphone_that_is_plugged_in_after_the_start_is_found(room_of_two: VirtualRoom, tmp_path: Path) -> None:
    """PortAudio sees it only when it starts anew, for which the loudspeaker stops for a moment."""
    with LiveSession(room_of_two, tmp_path / "sessions", "run", str(SHORT), "--microphone", "usb") as live:
        live.wait_shown("generale repetitie zien?")
        live.answer("n")
        live.wait(lambda session: lasting("microphone", session) == ["missing"])
        room_of_two.plug_new("usb")
        live.wait(lambda session: not lasting("microphone", session))
        assert lasting("loudspeaker", live.session) == []


def test_cues_sound_from_another_loudspeaker_once_it_is_chosen(room_of_two: VirtualRoom, tmp_path: Path) -> None:
    def fails(session: Session) -> bool:
        return bool(session.said and session.said[-1].failed)

    with LiveSession(room_of_two, tmp_path / "sessions", "run", str(SHORT)) as live:
        live.wait(lambda session: session.situation == "ready" and session.devices)
        room_of_two.unplug("spk")
        live.wait(lambda session: lasting("loudspeaker", session))
        live.next()
        live.wait(fails)
        choose(live, "*", "loudspeaker", "virtother")
        live.wait(lambda session: not lasting("loudspeaker", session))
        live.press("h")
        live.wait(lambda session: not fails(session) and not session.speaking)


def test_a_laptop_that_sleeps_in_the_middle_of_a_recording_goes_on_with_it_and_tells(
    room: VirtualRoom, tmp_path: Path
) -> None:
    """The microphone comes back with it, as those on a cable do."""
    answer = save(tmp_path / "a.wav", spoken(ANSWER))
    with LiveSession(room, tmp_path / "sessions", "run", str(SHORT)) as live:
        lead_into_recording(live)
        room.say(answer)
        with standing_still(live.process.pid):
            room.unplug("mic")
            time.sleep(SLEPT + 1.0)
            room.plug("mic")
        live.wait(lambda session: {("computer", True), ("microphone", True)} <= known_troubles(session))
        room.say(answer)
        live.next()
        session = live.wait(lambda session: session.recordings[0].transcript and not session.speaking)
        live.wait_shown("computer: stond even stil")
        live.quit()
        saved = session.recordings[0].saved
        assert saved is not None
        ((_, length),) = saved.gaps
        assert length > SLEPT
        assert session.recordings[0].text.count("ouders werken samen") == 2
        notes = (live.path / "notes.md").read_text(encoding="utf-8")
        assert "de computer sliep" in notes
        assert "geluid ontbreekt" in notes


def test_a_slow_disk_is_told_and_costs_no_audio(room: VirtualRoom, tmp_path: Path) -> None:
    """Of the recording nothing is missing; what happens meanwhile is decided as soon as it is written."""
    answer = save(tmp_path / "a.wav", spoken(ANSWER))
    folder = tmp_path / "sessions"
    with LiveSession(room, folder, "run", str(SHORT), program="tests.whole.on_a_slow_disk") as live:
        lead_into_recording(live)
        room.say(answer)
        live.press("9d")
        live.wait(lambda session: session.participants == 9)
        room.say(answer)
        live.next()
        session = live.wait(lambda session: session.recordings[0].transcript and not session.speaking)
        saved = session.recordings[0].saved
        assert saved is not None
        assert (saved.gaps, saved.problem) == ((), "")
        assert session.recordings[0].text.count("ouders werken samen") == 2
        assert lasting("disk", session) == ["slow"]
        live.wait(lambda session: any("schijf is traag" in said.text for said in session.said))
