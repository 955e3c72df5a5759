"""A live session in a virtual room, led by voice: a synthesised facilitator speaks into the microphone."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from levelup_voice.audio.chunks import RATE
from levelup_voice.session import events as ev
from levelup_voice.session.state import Session
from tests.audio.speech import save, spoken
from tests.processes import children_of
from tests.virtual_audio import VirtualRoom

from .live import LiveSession

FACILITATOR, PARTICIPANT = "nl+m4", "nl+f3"
"""Other voices than that of the program, and than those its model has learned from."""

PATIENCE = 6.0
"""Seconds for a command to have its effect; then it is said again."""

ATTEMPTS = 4


class ByVoice(LiveSession):
    """Commands are spoken, and once more when they were missed. Nobody touches a key."""

    def __init__(self, room: VirtualRoom, folder: Path, *arguments: str) -> None:
        super().__init__(room, folder, "run", *arguments, "--test-model", "--no-browser")
        self.asked: list[str] = []
        """Every attempt at a command."""
        self._room = room
        self._wavs = folder.parent

    def __enter__(self) -> "ByVoice":
        self.wait_shown("Toetsen:")  # The microphone is open by then.
        return self

    def ask(self, text: str, until: Callable[[Session], object]) -> Session:
        """Say this until it has its effect; it waits for the program to be silent."""
        for _ in range(ATTEMPTS):
            self.wait(lambda session: not session.speaking, 60.0)
            time.sleep(0.4)  # The echo of its own voice.
            if until(self.session):
                return self.session  # Late, but obeyed.
            self.command(text)
            try:
                return self.wait(until, PATIENCE)
            except AssertionError:
                continue
        raise AssertionError(f"{text} was not understood")

    def interrupt(self, text: str = "Spelleider, stil.") -> bool:
        """Say this into what is being said, until it is obeyed (or, False, all has been said)."""
        while (speaking := self.session.speaking) and speaking[0].text:
            number = speaking[0].number
            self.command(text)
            with contextlib.suppress(AssertionError):
                self.wait(lambda session: number not in [one.number for one in session.speaking], 1.5)  # noqa: B023
            if ev.SpeechFinished(number, cut=True) in self.events:
                return True
        return False

    def command(self, text: str) -> None:
        self.asked.append(text)
        self.say(text)

    def say(self, text: str, voice: str = FACILITATOR) -> None:
        quick = spoken(text, voice)[int(0.2 * RATE) * 2 : -int(0.6 * RATE) * 2]
        self._room.say(save(self._wavs / "said.wav", quick))

    def lose_recogniser(self) -> None:
        """The process that listens for commands crashes."""
        for child in children_of(self.process.pid):
            if b"listen_worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)

    @property
    def obeyed(self) -> list[str]:
        """The kinds of command that were understood, in their order."""
        lines = (self.path / "listening.jsonl").read_text(encoding="utf-8").splitlines()
        return [line["command"] for line in map(json.loads, lines) if line["reason"] == "obeyed"]
