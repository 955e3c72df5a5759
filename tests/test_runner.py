"""The loop: one wish is one step, however many ways it came in by; what only passes by is shown and kept nowhere."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from levelup_voice.cli.silence import Silence
from levelup_voice.clock import LiveInbox
from levelup_voice.files.disk import watched_by
from levelup_voice.files.folder import SessionFolder, new_folder
from levelup_voice.runner import Runner
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.incoming import Hearing, Incoming, Overheard, Spoken
from levelup_voice.session.view import View
from levelup_voice.session.wording import overheard
from tests.session.room import WORDS, Room
from tests.session.test_recording_rules import recording
from tests.slow_disk import SlowDisk
from tests.torture.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with closing(Stage(tmp_path)) as stage:
        yield stage


def steps(stage: Stage, *asked: tuple[float, Incoming]) -> int:
    """How many items further these take the session, each after so many seconds."""
    stage.take(do.Start())
    stage.settle()
    before = stage.session.run.item or 0
    for seconds, incoming in asked:
        stage.now += seconds
        stage.take(incoming)
        stage.settle()
    return (stage.session.run.item or 0) - before


def test_who_says_it_and_presses_the_key_takes_one_step(stage: Stage) -> None:
    assert steps(stage, (5.0, Spoken(do.Skip(), 1.5)), (1.0, do.Skip())) == 1


def test_who_presses_the_key_while_speaking_takes_one_step(stage: Stage) -> None:
    assert steps(stage, (5.0, do.Skip()), (2.6, Spoken(do.Skip(), 2.5))) == 1


def test_a_wish_that_came_in_twice_does_not_swallow_the_next(stage: Stage) -> None:
    said, pressed = (5.0, Spoken(do.Skip(), 1.5)), (1.0, do.Skip())
    assert steps(stage, said, pressed, (1.9, Spoken(do.Skip(), 0.5))) == 2


def test_two_presses_are_two_steps(stage: Stage) -> None:
    assert steps(stage, (5.0, do.Skip()), (0.5, do.Skip())) == 2


def test_what_came_to_nothing_by_voice_can_be_done_by_hand(stage: Stage) -> None:
    stage.take(Spoken(do.Continue()))
    assert steps(stage) == 0
    assert stage.session.runs, "the key began the session"


class Led:
    """A session under way, on disk."""

    def __init__(self, path: Path, room: Room, recorder: Silence | None = None) -> None:
        self.path = path
        self.shown: list[View] = []
        self.closing = ExitStack()
        store = self.closing.enter_context(closing(SessionFolder(path, WORDS, lambda problem: None)))
        store.append(room.journal)
        store.know_session(room.session)
        self.inbox = LiveInbox(room.now)
        self.runner = Runner(
            room.session,
            WORDS,
            inbox=self.inbox,
            store=store,
            speaker=Silence(),
            recorder=recorder or Silence(),
            transcriber=Silence(),
            show=self.shown.append,
        )

    @property
    def hearing(self) -> str | None:
        return self.shown[-1].hearing

    @property
    def heard(self) -> tuple[str, str] | None:
        return self.shown[-1].heard

    def close(self) -> None:
        """Harmless when done twice."""
        self.closing.close()


@pytest.fixture
def led(tmp_path: Path) -> Iterator[Led]:
    """A recording runs."""
    with closing(Led(new_folder(tmp_path, "klein", datetime.now(UTC)), recording())) as led:
        yield led


@pytest.fixture
def harvest(tmp_path: Path) -> Iterator[Led]:
    """Nobody speaks; seven groups are to come."""
    with closing(Led(new_folder(tmp_path, "klein", datetime.now(UTC)), Room().until("oogst"))) as led:
        yield led


def test_what_was_said_is_shown_with_what_came_of_it(harvest: Led) -> None:
    harvest.runner.take(Spoken(do.TakeTurn(12), 1.5, "spelleider groep twaalf"))
    assert harvest.heard == ("spelleider groep twaalf", "in-vain")
    assert overheard(WORDS, *harvest.heard).endswith("groep twaalf (hier valt dat niet te doen)")
    harvest.runner.take(Spoken(do.TimeLeft(), 1.5, "spelleider hoeveel tijd nog"))
    assert harvest.heard == ("spelleider hoeveel tijd nog", "obeyed")
    harvest.runner.take(Overheard("spelleider … vraag", "no-phrase"))
    assert harvest.heard == ("spelleider … vraag", "no-phrase")


def test_what_is_said_while_its_key_is_pressed_is_shown_too(harvest: Led) -> None:
    harvest.runner.take(do.WhoIsLeft())
    harvest.runner.take(Spoken(do.WhoIsLeft(), 0.5, "spelleider wie is er nog niet geweest"))
    assert harvest.heard == ("spelleider wie is er nog niet geweest", "obeyed")


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


def test_a_deletion_wished_for_after_the_close_is_asked_about_and_done(tmp_path: Path) -> None:
    room = Room().until("dank").obey(do.Next())
    assert room.session.closed_at is not None
    with closing(Led(new_folder(tmp_path, "klein", datetime.now(UTC)), room)) as led:
        runner = led.runner
        for recording in runner.session.recordings:
            runner.take(ev.TranscriptionFailed(recording.number, "no-model"))
        assert runner.is_over
        runner.take(do.DeleteRecording(0))
        for answer in (None, do.Confirm()):
            if answer is not None:
                runner.take(answer)
            for utterance in runner.session.speaking:
                runner.take(ev.SpeechFinished(utterance.number))
            assert runner.is_over == (answer is not None)
        assert runner.session.recordings[0].deleted


class Listening(Silence):
    """A recorder that keeps how late it was told to begin."""

    late = 0.0

    def start(self, request: ev.RecordingStarted, late: float = 0.0) -> None:
        self.late = late


def test_a_recording_begins_with_the_end_of_its_tone_also_while_the_disk_held_us_up(tmp_path: Path) -> None:
    """All else counts from when it is considered: no time that has passed is told, no device is given up early."""
    room = Room().until("open")
    room.take(do.Record())
    *before, tone = room.session.speaking
    for utterance in before:
        room.take(ev.SpeechFinished(utterance.number))
    recorder = Listening()
    with closing(Led(new_folder(tmp_path, "klein", datetime.now(UTC)), room, recorder)) as led:
        inbox, came = led.inbox, list[float]()

        def hear_tone() -> None:
            came.append(inbox.now())
            inbox.put(ev.SpeechFinished(tone.number))
            came.append(inbox.now())

        inbox.put(ev.DeviceLost("loudspeaker", "unplugged"))
        with watched_by(SlowDisk("journal.jsonl", 1.0, 1)):
            ending = threading.Timer(0.3, hear_tone)
            ending.start()
            led.runner.step()
            ending.join()
        assert led.runner.session.troubles
        resumed_at = inbox.now()
        led.runner.step()
        recording = led.runner.session.open_recording
        assert recording is not None
        assert came[0] - 0.001 <= recording.started_at <= came[1] + 0.001
        assert recorder.late >= resumed_at - came[1]
