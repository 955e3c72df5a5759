"""The loop: what only passes by is shown and kept nowhere."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from levelup_voice.cli.silence import Silence
from levelup_voice.clock import LiveInbox
from levelup_voice.files.folder import SessionFolder, new_folder
from levelup_voice.runner import Runner
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.decide import Hearing
from levelup_voice.session.view import View
from tests.session.room import WORDS, Room
from tests.session.test_recording_rules import recording


class Led:
    """A session in which a recording runs, on disk."""

    def __init__(self, path: Path, room: Room) -> None:
        self.path = path
        self.shown: list[View] = []
        self.closing = ExitStack()
        store = self.closing.enter_context(closing(SessionFolder(path, WORDS, lambda problem: None)))
        store.append(room.journal)
        store.know_session(room.session)
        self.runner = Runner(
            room.session,
            WORDS,
            inbox=LiveInbox(room.now),
            store=store,
            speaker=Silence(),
            recorder=Silence(),
            transcriber=Silence(),
            show=self.shown.append,
        )

    @property
    def hearing(self) -> str | None:
        return self.shown[-1].hearing

    def close(self) -> None:
        """Harmless when done twice."""
        self.closing.close()


@pytest.fixture
def led(tmp_path: Path) -> Iterator[Led]:
    with closing(Led(new_folder(tmp_path, "klein", datetime.now(UTC)), recording())) as led:
        yield led


def test_what_is_heard_is_shown_until_the_recording_stops_and_kept_nowhere(led: Led) -> None:
    led.runner.take(Hearing(0, "mijn geheim"))
    assert led.hearing == "mijn geheim"
    led.runner.take(ev.LevelNoticed(0, "quiet"))
    assert led.hearing == "mijn geheim"
    led.runner.take(do.StopRecording())
    assert led.hearing is None
    led.runner.take(Hearing(0, "mijn geheim"))
    assert led.hearing is None
    led.close()
    assert not [path for path in led.path.rglob("*") if path.is_file() and b"geheim" in path.read_bytes()]


@pytest.mark.parametrize("end", [do.Refuse(None), do.DeleteRecording()], ids=str)
def test_who_does_not_want_to_be_recorded_is_not_shown_either(led: Led, end: do.Command) -> None:
    led.runner.take(Hearing(0, "mijn geheim"))
    led.runner.take(end)
    led.runner.take(Hearing(0, "mijn geheim"))
    assert led.hearing is None


def test_what_belongs_to_another_recording_is_not_shown_with_this_one(led: Led) -> None:
    led.runner.take(Hearing(3, "mijn geheim"))
    assert led.hearing is None
