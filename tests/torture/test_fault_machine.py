"""Devices that fail, hang, lie, report twice and report late, under the real runner and on real files."""

import os
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from levelup_voice.files import wav
from levelup_voice.files.folder import open_session
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.allowed import allowed
from levelup_voice.session.timing import next_wakeup
from tests.session.anything import of_kind, reports
from tests.session.room import transcript

from .stage import Stage

REACHED: Counter[str] = Counter()
"""How often each kind of fault was tried."""

ATTEMPTS = 5
"""At reaching each of them: what happens is drawn, and few examples may happen to leave one out."""


class FaultMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="faults-")
        self.stage = Stage(Path(self._folder.name))
        self.late: list[ev.Report] = []

    def teardown(self) -> None:
        self.stage.settle()
        self.stage.wait(0.2)
        self.stage.crash()
        self.stage.settle()
        for recording in self.stage.session.recordings:
            assert not recording.is_open
            if recording.saved is not None and not recording.deleted:
                assert (self.stage.path / recording.request.file).exists()
        self.stage.close()
        assert self.stage.problems == []
        assert (self.stage.path / "notes.md").exists()
        self._folder.cleanup()

    @rule(data=st.data())
    def someone_asks_for_something(self, data: st.DataObject) -> None:
        kinds = sorted(allowed(self.stage.session) - {do.Finish, do.Hush}, key=lambda kind: kind.__name__)
        self.stage.take(data.draw(st.sampled_from(kinds).flatmap(of_kind)))

    @rule(clicks=st.integers(1, 4))
    def someone_clicks_on(self, clicks: int) -> None:
        for _ in range(clicks):
            self.stage.take(do.Next())
            self.stage.settle()

    @rule(seconds=st.floats(0.1, 5.0))
    def time_passes(self, seconds: float) -> None:
        self.stage.wait(seconds)

    @rule()
    def a_device_reports(self) -> None:
        self.stage.deliver()

    # One rule, as whole examples go without some of the rules.
    @precondition(lambda self: self.stage.reports)
    @rule(fault=st.sampled_from(["twice", "hang", "late", "fail"]))
    def a_device_does_not_report_as_it_should(self, fault: str) -> None:
        REACHED[fault] += 1
        match fault:
            case "twice":
                self.stage.deliver(lambda report: [report, report])
            case "hang":
                # Nothing is ever heard of it; the session goes on after its deadline.
                self.stage.deliver(lambda report: [])
                self.stage.now = max(self.stage.now, min(next_wakeup(self.stage.session), self.stage.now + 120.0))
                self.stage.wait(0.1)
            case "late":
                self.late.append(self.stage.reports.pop(0))
            case "fail":
                self.stage.deliver(lambda report: [_failed(report)])

    @precondition(lambda self: self.late)
    @rule()
    def what_was_late_comes(self) -> None:
        self.stage.take(self.late.pop(0))

    @rule(report=reports)
    def a_device_lies(self, report: ev.Report) -> None:
        """Of audio it may only say what is there: the recorder is ours, and its word is its bond."""
        if not isinstance(report, ev.RecordingSaved):
            REACHED["lie"] += 1
            self.stage.take(report)

    @rule(lost=st.booleans(), which=st.sampled_from(["", "group", "facilitator"]))
    def a_microphone_goes_or_comes(self, lost: bool, which: str) -> None:
        REACHED["gone"] += 1
        for role in ("group", "facilitator"):
            if which in ("", role):
                change = self.stage.recorder.microphone_lost if lost else self.stage.recorder.microphone_found
                change(role)
        self.stage.take(ev.DeviceLost("microphone", "hangs", which) if lost else ev.DeviceFound("microphone", which))

    @rule(problem=st.sampled_from(["low", "full", ""]))
    def the_disk_fills_up_or_empties(self, problem: str) -> None:
        self.stage.take(ev.DeviceLost("disk", problem) if problem else ev.DeviceFound("disk"))

    @rule(down=st.floats(0.0, 600.0))
    def the_program_is_killed_and_started_again(self, down: float) -> None:
        REACHED["kill"] += 1
        self.late.clear()
        self.stage.crash(down)
        assert self.stage.session.open_recording is None

    @invariant()
    def all_that_was_acknowledged_is_on_the_disk(self) -> None:
        found = open_session(self.stage.path).session
        assert found == self.stage.session or _texts_deleted(self.stage)
        deleted = {one.request.file for one in found.recordings if one.deleted}
        for file, size in self.stage.kept.items():
            if file not in deleted:
                assert len(wav.read_pcm(self.stage.path / file)) >= size

    @invariant()
    def nobody_is_waited_for_without_a_deadline(self) -> None:
        session = self.stage.session
        stopped = session.open_recording is None or session.open_recording.stopped_at is not None
        if session.speaking or (session.open_recording and stopped) or any(map(_awaited, session.recordings)):
            assert next_wakeup(session) < self.stage.now + 600.0


def _awaited(recording: object) -> bool:
    return bool(getattr(recording, "awaits_transcript", False))


def _texts_deleted(stage: Stage) -> bool:
    """The journal forgets the words of what was deleted; the session that runs never had them again."""
    return any(one.deleted for one in stage.session.recordings)


def _failed(report: ev.Report) -> ev.Report:
    match report:
        case ev.SpeechFinished(number):
            return ev.SpeechFailed(number, "hung")
        case ev.TranscriptReady(number):
            return ev.TranscriptionFailed(number, "recogniser-failed")
        case ev.LevelNoticed(number):
            return ev.TranscriptReady(number, transcript("nonsense"))
        case _:
            return report


def test_whatever_devices_do_nothing_that_was_said_is_lost() -> None:
    machine = settings(
        max_examples=int(os.environ.get("TORTURE_EXAMPLES", "12")),
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    faults = {"twice", "hang", "late", "fail", "lie", "gone", "kill"}
    for _attempt in range(ATTEMPTS):
        run_state_machine_as_test(FaultMachine, settings=machine)
        if faults <= REACHED.keys():
            break
    assert faults <= REACHED.keys(), f"never tried: {faults - REACHED.keys()}"


def test_audio_of_a_recorder_that_was_given_up_is_found_when_the_program_starts_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    for command in (do.Start(), do.Next(), do.Next(), do.Next(), do.Record()):
        if stage.session.open_recording is None:
            stage.take(command)
            stage.settle()
    stage.wait(1.0)
    stage.take(do.StopRecording())
    stage.reports.clear()
    stage.wait(30.0)
    assert stage.session.recordings[0].problem == "no-answer"
    stage.crash()
    stage.settle()
    assert stage.session.recordings[0].saved is not None
    assert stage.session.recordings[0].text
    stage.close()
