"""A whole live session led by voice alone: the facilitator's words go into a microphone, and nobody touches a key."""

from pathlib import Path

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from tests.audio.speech import SUMMARY
from tests.virtual_audio import VirtualRoom

from .by_voice import PARTICIPANT, ByVoice
from .live import SHORT

pytestmark = pytest.mark.timeout(280)

QUICK = ("--participants", "12", "--rate", "280")
"""It waits for itself in every step."""


def test_a_session_is_led_from_start_to_end_by_voice_alone(room: VirtualRoom, tmp_path: Path) -> None:
    """The microphone hears the loudspeaker all the time."""
    with room.leaking(-12.0), ByVoice(room, tmp_path / "sessions", str(SHORT), *QUICK) as live:
        live.ask("Spelleider, start.", lambda session: session.runs)
        live.say("Dit is gewoon een zin voor de zaal, en niet voor de computer.")
        for _ in range(3):
            live.ask("Spelleider, herhaal.", lambda session: session.speaking)
            if live.interrupt():
                break
        live.ask("Spelleider, volgende.", lambda session: session.item and session.item.id == "vraag")
        live.ask("Spelleider, volgende vraag.", lambda session: session.situation == "recording")
        live.say(SUMMARY, PARTICIPANT)
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
            live.say(SUMMARY, PARTICIPANT)
            live.ask("Spelleider, klaar.", lambda session, n=group: session.recordings[n].stopped_at)  # type: ignore[misc]
            live.wait(lambda session, n=group: session.recordings[n].transcript)  # type: ignore[misc]
        live.ask("Spelleider, afronden.", lambda session: session.confirming)
        live.ask("Klopt.", lambda session: session.closed_at)
        assert live.process.wait(30) == 0
        session, events, path, obeyed = live.session, live.events, live.path, live.obeyed
    assert session.listening == ev.ListeningChanged(True, name="spelleider"), "it listened all the time"
    assert session.tallies == {"stelling": (9, 3)}
    assert session.turns_taken == {"oogst": ((1, "huiswerk"), (2, "huiswerk"), (3, "huiswerk"))}
    stopped = [event for event in events if isinstance(event, ev.RecordingStopped)]
    assert all(event.closing_at is not None for event in stopped)
    for recording in session.recordings:
        assert "ouders" in recording.text
        assert "spelleider" not in recording.text
        assert "klaar" not in recording.text
        assert recording.saved is not None
        assert recording.seconds < recording.saved.seconds - 1.0, "the phrase is no part of it"
    expected = (do.Start, do.Repeat, do.Hush, do.Next, do.StopRecording, do.GiveTally, do.Confirm)
    assert {kind.__name__ for kind in expected} <= set(obeyed)
    assert len(obeyed) <= len(live.asked), "it obeyed nobody else"
    assert "Verstaan:spelleider" in "".join(live.shown.split())
    notes = (path / "notes.md").read_text(encoding="utf-8")
    assert "9 eens, 3 oneens" in notes
    assert notes.count("welbevinden") >= 3
