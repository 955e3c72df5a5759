"""Every recording gets its words or a reason, whatever happens to the recogniser meanwhile."""

import os
import queue
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from levelup_voice.audio.recogniser import Recogniser, VoskRecogniser
from levelup_voice.audio.transcriber import Transcriber
from levelup_voice.session import events as ev
from levelup_voice.session.transcript import Transcript, Word
from tests.audio.speech import ANSWER, MODEL, SUMMARY, pieces, save, spoken

posix_only = pytest.mark.skipif(os.name != "posix", reason="needs the signals of POSIX")


class Counting(VoskRecogniser):
    """The real one, telling how often it began anew."""

    begun = 0

    def begin(self, stream: int, rate: int) -> None:
        super().begin(stream, rate)
        self.begun += 1


class Desk:
    """A transcriber, its recordings on disk and its reports."""

    def __init__(self, folder: Path, recogniser: Recogniser | None, waiting_seconds: float = 60.0) -> None:
        self.folder = folder
        self.reports: queue.SimpleQueue[ev.Report] = queue.SimpleQueue()
        self.overheard: list[tuple[float, int, str]] = []
        self.transcriber = Transcriber(
            self.reports.put, recogniser, self.path, waiting_seconds=waiting_seconds, overhear=self.overhear
        )

    def overhear(self, recording: int, text: str) -> None:
        self.overheard.append((time.monotonic(), recording, text))

    def path(self, recording: int) -> Path:
        return self.folder / f"{recording}.wav"

    def record(self, recording: int, pcm: bytes, meanwhile: Callable[[], None] = lambda: None) -> None:
        """All of it is heard live; something happens in the middle."""
        self.transcriber.begin(recording)
        heard = pieces(pcm)
        for number, piece in enumerate(heard):
            self.transcriber.feed(recording, piece)
            if number == len(heard) // 2:
                self.rest()
                meanwhile()
        save(self.path(recording), pcm)

    def rest(self) -> None:
        while self.transcriber.busy:
            time.sleep(0.005)

    def report(self) -> ev.Report:
        return self.reports.get(timeout=60)

    def words(self, recording: int) -> tuple[Word, ...]:
        report = self.report()
        assert isinstance(report, ev.TranscriptReady)
        assert report.recording == recording
        assert isinstance(report.transcript, Transcript)
        return report.transcript.words


@pytest.fixture
def recogniser() -> Counting:
    return Counting(MODEL, answer_seconds=1.0)


@pytest.fixture
def desk(tmp_path: Path, recogniser: Counting) -> Iterator[Desk]:
    desk = Desk(tmp_path, recogniser)
    yield desk
    desk.transcriber.close()


def said(text: str) -> set[str]:
    return set(text.lower().rstrip(".").split())


def test_what_was_heard_live_needs_no_second_listening(desk: Desk, recogniser: Counting) -> None:
    desk.record(3, spoken(SUMMARY))
    desk.transcriber.transcribe(3)
    words = desk.words(3)
    assert len(said(SUMMARY) & {word.text for word in words}) >= 9
    desk.rest()
    assert recogniser.begun == 1


def test_a_recording_that_was_not_heard_live_is_read_from_its_file(desk: Desk) -> None:
    save(desk.path(1), spoken(ANSWER))
    desk.transcriber.transcribe(1)
    assert len(said(ANSWER) & {word.text for word in desk.words(1)}) >= 5


def test_a_recording_that_was_heard_in_part_is_read_from_its_file(desk: Desk, recogniser: Counting) -> None:
    desk.record(1, spoken(ANSWER))
    save(desk.path(1), spoken(ANSWER) + spoken(SUMMARY))
    desk.transcriber.transcribe(1)
    assert "kind" in {word.text for word in desk.words(1)}
    desk.rest()
    assert recogniser.begun == 2


def test_audio_that_piles_up_is_left_to_the_file(tmp_path: Path, recogniser: Counting) -> None:
    desk = Desk(tmp_path, recogniser, waiting_seconds=0.5)
    try:
        desk.transcriber.begin(1)
        for piece in pieces(spoken(SUMMARY)):
            desk.transcriber.feed(1, piece)
        save(desk.path(1), spoken(SUMMARY))
        desk.transcriber.transcribe(1)
        assert "welbevinden" in {word.text for word in desk.words(1)}
        desk.rest()
        assert recogniser.begun == 2
    finally:
        desk.transcriber.close()


@posix_only
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_a_recogniser_that_dies_or_hangs_while_people_speak_costs_nothing(
    desk: Desk, recogniser: Counting, blow: signal.Signals
) -> None:
    desk.record(1, spoken(SUMMARY))
    desk.transcriber.transcribe(1)
    undisturbed = desk.words(1)

    def strike() -> None:
        assert recogniser.pid is not None
        os.kill(recogniser.pid, blow)

    desk.record(2, spoken(SUMMARY), meanwhile=strike)
    desk.transcriber.transcribe(2)
    assert desk.words(2) == undisturbed
    desk.rest()
    assert desk.reports.empty()


class Allergic(VoskRecogniser):
    """The real one, whose process dies of one of the recordings."""

    def feed(self, stream: int, pcm: bytes) -> None:
        if stream == 1 and self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
        super().feed(stream, pcm)


@posix_only
def test_one_recording_that_no_recogniser_survives_costs_no_other(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Allergic(MODEL))
    try:
        for recording in (1, 2):
            desk.record(recording, spoken(ANSWER))
            desk.transcriber.transcribe(recording)
        assert desk.report() == ev.TranscriptionFailed(1, "recogniser-failed")
        assert desk.words(2)
    finally:
        desk.transcriber.close()


def test_recordings_wait_for_each_other_and_each_gets_one_answer(desk: Desk) -> None:
    for recording in range(5):
        save(desk.path(recording), spoken(ANSWER))
        desk.transcriber.transcribe(recording)
    desk.record(9, spoken(SUMMARY))
    desk.transcriber.transcribe(9)
    answered = [desk.report() for _ in range(6)]
    assert all(isinstance(answer, ev.TranscriptReady) for answer in answered)
    assert {answer.recording for answer in answered if isinstance(answer, ev.TranscriptReady)} == {0, 1, 2, 3, 4, 9}
    desk.rest()
    assert desk.reports.empty()


def test_without_a_model_the_reason_is_given_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, None)
    desk.record(1, spoken(ANSWER))
    desk.transcriber.transcribe(1)
    assert desk.reports.get_nowait() == ev.TranscriptionFailed(1, "no-model")
    assert not desk.transcriber.busy
    desk.transcriber.close()


def test_with_a_model_that_is_none_every_recording_gets_the_reason(tmp_path: Path) -> None:
    desk = Desk(tmp_path, VoskRecogniser(tmp_path))
    try:
        for recording in (1, 2):
            desk.record(recording, spoken(ANSWER))
            desk.transcriber.transcribe(recording)
        assert desk.report() == ev.DeviceLost("recogniser", "bad-model")
        assert [desk.report(), desk.report()] == [
            ev.TranscriptionFailed(1, "bad-model"),
            ev.TranscriptionFailed(2, "bad-model"),
        ]
    finally:
        desk.transcriber.close()


def test_a_recording_without_a_file_gets_the_reason(desk: Desk) -> None:
    desk.transcriber.transcribe(1)
    assert desk.report() == ev.TranscriptionFailed(1, "no-audio")


def test_the_words_of_a_deleted_recording_are_not_told(desk: Desk) -> None:
    desk.record(1, spoken(ANSWER))
    desk.transcriber.transcribe(1)
    desk.transcriber.forget(1)
    report = desk.report()
    if isinstance(report, ev.TranscriptReady):  # It was told before the deletion.
        desk.transcriber.transcribe(1)
        report = desk.report()
    assert report == ev.TranscriptionFailed(1, "forgotten")


def speak(desk: Desk, recording: int, pcm: bytes, meanwhile: Callable[[], None] = lambda: None) -> None:
    """As fast as people do."""
    desk.transcriber.begin(recording)
    desk.rest()  # The model has been loaded.
    for number, piece in enumerate(pieces(pcm)):
        desk.transcriber.feed(recording, piece)
        time.sleep(0.1)
        if number == 20:
            meanwhile()
    desk.rest()


def test_what_is_heard_so_far_is_told_while_people_speak(desk: Desk) -> None:
    speak(desk, 4, spoken(SUMMARY))
    moments, recordings, texts = zip(*desk.overheard, strict=True)
    assert set(recordings) == {4}
    assert len(said(SUMMARY) & set(texts[-1].split())) >= 7
    assert len(set(texts)) >= 4
    assert moments[-1] - moments[0] >= 0.45 * (len(moments) - 1)


def test_nothing_is_told_of_a_recording_that_was_deleted(desk: Desk) -> None:
    told: list[int] = []

    def withdraw() -> None:
        desk.transcriber.forget(4)
        desk.rest()
        told.append(len(desk.overheard))

    speak(desk, 4, spoken(SUMMARY), meanwhile=withdraw)
    assert told[0] > 0
    assert len(desk.overheard) == told[0]


def test_nothing_is_told_of_what_is_read_from_a_file(desk: Desk) -> None:
    save(desk.path(1), spoken(ANSWER))
    desk.transcriber.transcribe(1)
    desk.words(1)
    assert desk.overheard == []
