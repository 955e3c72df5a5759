"""A whole live session: real speech out of a loudspeaker, real keys, a real microphone, the real recogniser."""

from pathlib import Path

import pytest

from levelup_voice.session import events as ev
from tests.audio.speech import ANSWER, SUMMARY, save, spoken
from tests.processes import comes_true
from tests.virtual_audio import VirtualRoom

from .live import SHORT, LiveSession

pytestmark = pytest.mark.timeout(180)


def test_what_a_participant_says_stands_in_the_notes(room: VirtualRoom, tmp_path: Path) -> None:
    """From opening to notes: read aloud, counted, recorded, transcribed, closed."""
    answer, summary = save(tmp_path / "a.wav", spoken(ANSWER)), save(tmp_path / "s.wav", spoken(SUMMARY))
    with LiveSession(room, tmp_path / "sessions", "run", str(SHORT)) as live:
        live.wait(lambda session: session.situation == "ready")
        with room.listening() as ear:
            live.next()
            live.wait(lambda session: session.consent)
            live.wait_quiet()
        assert ear.onsets(), "nothing came out of the loudspeaker"
        live.next()
        live.wait(lambda session: session.item and session.item.id == "vraag" and not session.speaking)
        live.next()
        live.wait(lambda session: session.situation == "recording")
        room.say(answer)
        live.next()
        live.wait(lambda session: session.recordings[0].transcript and not session.speaking)
        live.next()
        live.wait(lambda session: session.runs[-1].stage == "counting" and not session.speaking)
        live.press("3o")
        live.wait(lambda session: session.tallies == {"stelling": (5, 3)} and not session.speaking)
        live.next()
        live.wait(lambda session: session.groups == (4, 4) and not session.speaking)
        live.next()
        live.wait(lambda session: session.runs[-1].stage == "briefing")
        live.next()
        live.wait(lambda session: any(cue[1] == 5.0 for cue in session.run.cues_given) and not session.speaking)
        live.next()
        live.wait(lambda session: session.runs[-1].stage == "turns" and not session.speaking)
        for group in (1, 2):
            live.next()
            live.wait(lambda session: session.situation == "recording")
            room.say(summary)
            live.next()
            live.wait(lambda session, group=group: session.recordings[group].transcript and not session.speaking)  # type: ignore[misc]
        live.next()
        live.wait(lambda session: session.item and session.item.id == "dank")
        live.next()
        assert live.process.wait(20) == 0
        session, events, path = live.session, live.events, live.path
    assert session.closed_at is not None
    said = [event.text for event in events if isinstance(event, ev.SpeechRequested) and event.text]
    assert said[0].startswith("Ik luister niet naar opdrachten."), "the model that comes along is no ear for people"
    assert not any(isinstance(event, ev.SpeechFailed | ev.RecordingFailed) for event in events)
    assert session.recordings[0].text == ANSWER.lower().rstrip(".")
    notes = (path / "notes.md").read_text(encoding="utf-8")
    assert "De school en de ouders werken samen" in notes
    assert "welbevinden" in notes
    assert "5 eens, 3 oneens" in notes


def test_a_killed_session_loses_less_than_a_second_and_goes_on(room: VirtualRoom, tmp_path: Path) -> None:
    """SIGKILL in the middle of a recording; resume keeps what was said, marked as interrupted."""
    answer = save(tmp_path / "a.wav", spoken(ANSWER))
    folder = tmp_path / "sessions"
    with LiveSession(room, folder, "run", str(SHORT)) as live:
        live.wait(lambda session: session.situation == "ready")
        live.next()
        live.wait_quiet()
        live.next()
        live.wait(lambda session: session.item and session.item.id == "vraag")
        live.wait_quiet()
        live.next()
        live.wait(lambda session: session.situation == "recording")
        room.say(answer)
        live.process.kill()
        live.process.wait()
    with LiveSession(room, folder, "resume") as live:
        session = live.wait(lambda session: session.resumed and session.recordings[0].transcript)
        assert session.situation == "paused"
        saved = session.recordings[0].saved
        assert saved is not None
        assert saved.interrupted
        assert "ouders werken samen" in session.recordings[0].text
        live.wait_quiet()
        live.next()
        live.wait(lambda session: session.situation == "reading")


def test_without_a_terminal_a_session_goes_on_unasked(room: VirtualRoom, tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    with LiveSession(room, folder, "run", str(SHORT), "--no-browser") as live:
        live.wait(lambda session: session.situation == "ready")
        live.next()
        live.wait_quiet()
        live.process.kill()
        live.process.wait()
        with room.start("-m", "levelup_voice", "resume", "--no-browser", "--folder", str(folder)) as resumed:
            try:
                assert comes_true(lambda: any(isinstance(event, ev.ClockContinued) for event in live.events), 40)
            finally:
                resumed.kill()
