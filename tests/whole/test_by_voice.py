"""A whole live session led by voice alone: the facilitator's words go into a microphone, and nobody touches a key."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from levelup_voice.audio.chunks import RATE
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.state import Session
from tests.audio import speech
from tests.audio.speech import SUMMARY, save, spoken
from tests.virtual_audio import VirtualRoom

from .live import SHORT, LiveSession

pytestmark = [
    pytest.mark.timeout(280),
    pytest.mark.skipif(not speech.knows_commands(), reason="the embedded model lacks words of the commands"),
]

FACILITATOR = "nl+m4"
"""Another voice than that of the program."""


class ByVoice(LiveSession):
    """Commands are spoken, and once more when they were missed."""

    def __init__(self, room: VirtualRoom, folder: Path) -> None:
        super().__init__(
            room,
            folder,
            *("run", str(SHORT), "--participants", "12", "--test-model", "--no-browser"),
            *("--rate", "280"),  # It waits for itself in every step.
        )
        self._room = room
        self._wavs = folder.parent

    def __enter__(self) -> "ByVoice":
        return self

    def ask(self, text: str, until: Callable[[Session], object]) -> Session:
        """Say this until it has its effect; it waits for the program to be silent."""
        for _ in range(3):
            self.wait(lambda session: not session.speaking)
            time.sleep(0.4)  # The echo of its own voice.
            self.say(text)
            try:
                return self.wait(until, 6.0)
            except AssertionError:
                continue
        raise AssertionError(f"{text} was not understood")

    def interrupt(self, text: str) -> None:
        """Have something read once more and say this into it, until it is obeyed."""
        for _ in range(3):
            self.ask("Spelleider, herhaal.", lambda session: session.speaking)
            self.say(text)
            if any(isinstance(event, ev.SpeechFinished) and event.cut for event in self.events):
                return
        raise AssertionError(f"{text} was not understood")

    def say(self, text: str, voice: str = FACILITATOR) -> None:
        quick = spoken(text, voice)[int(0.2 * RATE) * 2 : -int(0.6 * RATE) * 2]
        self._room.say(save(self._wavs / "said.wav", quick))


def test_a_session_is_led_from_start_to_end_by_voice_alone(room: VirtualRoom, tmp_path: Path) -> None:
    """The microphone hears the loudspeaker all the time."""
    with room.leaking(-12.0), ByVoice(room, tmp_path / "sessions") as live:
        live.wait_shown("Toetsen:")  # The microphone is open by then.
        live.ask("Spelleider, start.", lambda session: session.runs)
        live.say("Dit is gewoon een zin voor de zaal, en niet voor de computer.")
        live.interrupt("Spelleider, stil.")
        live.ask("Spelleider, volgende.", lambda session: session.item and session.item.id == "vraag")
        live.ask("Spelleider, volgende vraag.", lambda session: session.situation == "recording")
        live.say(SUMMARY, "nl+f3")
        live.ask("Spelleider, klaar.", lambda session: session.recordings[0].stopped_at)
        live.wait(lambda session: session.recordings[0].transcript)
        live.ask("Spelleider, twee minuten erbij.", lambda session: session.adjusted)
        live.ask("Spelleider, volgende.", lambda session: session.runs[-1].stage == "counting")
        live.ask("Oneens drie.", lambda session: session.tallies)
        live.ask("Spelleider, volgende.", lambda session: session.runs[-1].stage == "gathering")
        live.next()  # Who says it and presses the key wants one step.
        live.ask("Spelleider, volgende.", lambda session: session.runs[-1].stage == "briefing")
        live.ask("Spelleider, volgende.", lambda session: session.runs[-1].stage == "talking")
        live.ask("Spelleider, volgende.", lambda session: session.runs[-1].stage == "turns")
        for group in (1, 2, 3):
            live.ask("Spelleider, volgende groep.", lambda session: session.situation == "recording")
            live.say(SUMMARY, "nl+f3")
            live.ask("Spelleider, klaar.", lambda session, n=group: session.recordings[n].stopped_at)  # type: ignore[misc]
            live.wait(lambda session, n=group: session.recordings[n].transcript)  # type: ignore[misc]
        live.ask("Spelleider, afronden.", lambda session: session.confirming)
        live.ask("Klopt.", lambda session: session.closed_at)
        assert live.process.wait(30) == 0
        session, events, path = live.session, live.events, live.path
    assert session.listening == ev.ListeningChanged(True, name="spelleider"), "it listened all the time"
    assert session.tallies == {"stelling": (9, 3)}
    assert session.turns_taken == {"oogst": ((1, "huiswerk"), (2, "huiswerk"), (3, "huiswerk"))}
    stopped = [event for event in events if isinstance(event, ev.RecordingStopped)]
    assert all(event.closing_at is not None for event in stopped)
    for recording in session.recordings:
        assert "ouders" in recording.text
        assert "spelleider" not in recording.text
        assert "klaar" not in recording.text
    heard = [json.loads(line) for line in (path / "listening.jsonl").read_text().splitlines()]
    obeyed = {line["command"] for line in heard if line["reason"] == "obeyed"}
    expected = (do.Start, do.Repeat, do.Hush, do.Next, do.StopRecording, do.GiveTally, do.Confirm)
    assert {kind.__name__ for kind in expected} <= obeyed
    notes = (path / "notes.md").read_text(encoding="utf-8")
    assert "9 eens, 3 oneens" in notes
    assert notes.count("welbevinden") >= 3
