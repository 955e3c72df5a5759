"""The real recogniser on real speech: words with their times, and a process that may die."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soxr

from levelup_voice.audio.chunks import RATE
from levelup_voice.audio.recognise_worker import LATEST
from levelup_voice.audio.recogniser import MOST_FAILURES, RecogniserError, VoskRecogniser, transcribe_file
from levelup_voice.session.transcript import Transcript
from tests.audio.speech import ANSWER, MODEL, SUMMARY, pieces, save, spoken

posix_only = pytest.mark.skipif(os.name != "posix", reason="needs the signals of POSIX")


@pytest.fixture
def recogniser() -> Iterator[VoskRecogniser]:
    recogniser = VoskRecogniser(MODEL, trial=True, answer_seconds=5.0)
    yield recogniser
    recogniser.close()


def transcribed(recogniser: VoskRecogniser, pcm: bytes, seconds: float = 0.1, stream: int = 0) -> Transcript:
    recogniser.begin(stream, RATE)
    for piece in pieces(pcm, seconds):
        recogniser.feed(stream, piece)
    return recogniser.finish(stream)


def test_speech_becomes_words_with_times_and_confidences(recogniser: VoskRecogniser) -> None:
    pcm = spoken(SUMMARY)
    transcript = transcribed(recogniser, pcm)
    assert "met ouders over het welbevinden van het kind" in transcript.text
    assert (transcript.model, transcript.trial) == ("levelup-nl-synth", True)
    assert transcript.audio_seconds == len(pcm) / 2 / RATE
    starts = [word.start for word in transcript.words]
    assert starts == sorted(starts)
    loud = np.flatnonzero(np.abs(np.frombuffer(pcm, np.int16).astype(np.int32)) > 300)
    assert transcript.words[-1].end == pytest.approx(loud[-1] / RATE, abs=0.2)
    assert transcript.words[0].start == pytest.approx(loud[0] / RATE, abs=0.2)
    assert all(word.start < word.end and 0 < word.confidence <= 1 for word in transcript.words)


def test_to_ask_what_is_heard_so_far_changes_nothing_in_what_is_heard(recogniser: VoskRecogniser) -> None:
    looks = []
    for stream in (1, 2):
        recogniser.begin(stream, RATE)
    for piece in pieces(spoken(SUMMARY)):
        for stream in (1, 2):
            recogniser.feed(stream, piece)
        looks.append(recogniser.so_far(2))
    asked, unasked = recogniser.finish(2), recogniser.finish(1)
    assert asked.words == unasked.words
    assert looks[0] == ""
    assert len({*looks[-1].split()} & {word.text for word in asked.words}) >= 8
    with pytest.raises(RecogniserError):
        recogniser.so_far(2)


def test_of_long_talk_the_latest_words_are_told(recogniser: VoskRecogniser) -> None:
    recogniser.begin(1, RATE)
    for piece in pieces(spoken(SUMMARY) * 8, 1.0):
        recogniser.feed(1, piece)
    told = recogniser.so_far(1)
    recogniser.drop(1)
    assert 40 < len(told.split()) <= LATEST


def test_times_run_on_over_pauses(recogniser: VoskRecogniser) -> None:
    pause = bytes(RATE * 3 * 2)
    first, second = spoken(ANSWER), spoken(SUMMARY)
    transcript = transcribed(recogniser, first + pause + second)
    after = [word.text for word in transcript.words if word.start > len(first + pause) / 2 / RATE]
    before = [word.text for word in transcript.words if word.end < len(first) / 2 / RATE]
    assert "ouders werken samen" in " ".join(before)
    assert "welbevinden van het kind" in " ".join(after)
    assert len(before) + len(after) == len(transcript.words)


def test_the_words_do_not_depend_on_how_the_audio_came_in(recogniser: VoskRecogniser, tmp_path: Path) -> None:
    pcm = spoken(SUMMARY, "nl+f2")
    live = transcribed(recogniser, pcm, 0.1).words
    assert live
    assert transcribed(recogniser, pcm, 0.037).words == live
    assert transcribe_file(recogniser, save(tmp_path / "a.wav", pcm)).words == live


def test_several_recordings_are_recognised_side_by_side(recogniser: VoskRecogniser) -> None:
    speech = [spoken(SUMMARY), spoken(ANSWER, "nl+f2"), spoken(SUMMARY, "nl+m3")]
    alone = [transcribed(recogniser, pcm).words for pcm in speech]
    for stream in range(3):
        recogniser.begin(stream, RATE)
    for round_of_pieces in zip(*(pieces(pcm) for pcm in speech), strict=False):
        for stream, piece in enumerate(round_of_pieces):
            recogniser.feed(stream, piece)
    shortest = min(len(pieces(pcm)) for pcm in speech)
    for stream, pcm in enumerate(speech):
        for piece in pieces(pcm)[shortest:]:
            recogniser.feed(stream, piece)
    assert [recogniser.finish(stream).words for stream in range(3)] == alone


def test_a_file_of_another_rate_is_understood_too(recogniser: VoskRecogniser, tmp_path: Path) -> None:
    resampled: bytes = soxr.resample(np.frombuffer(spoken(SUMMARY), np.int16), RATE, 48000).tobytes()
    assert "welbevinden van het kind" in transcribe_file(recogniser, save(tmp_path / "a.wav", resampled, 48000)).text


def test_silence_has_no_words(recogniser: VoskRecogniser) -> None:
    assert transcribed(recogniser, bytes(RATE * 5 * 2)).words == ()
    assert transcribed(recogniser, b"").words == ()


@posix_only
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_a_dead_or_hanging_process_costs_the_stream_and_is_replaced(blow: signal.Signals) -> None:
    recogniser = VoskRecogniser(MODEL, answer_seconds=1.0)
    try:
        recogniser.begin(1, RATE)
        recogniser.begin(2, RATE)
        first = recogniser.pid
        assert first is not None
        os.kill(first, blow)
        with pytest.raises(RecogniserError) as caught:
            recogniser.feed(1, spoken(SUMMARY))
        assert caught.value.problem == "recogniser-failed"
        with pytest.raises(RecogniserError):
            recogniser.finish(2)
        assert "welbevinden" in transcribed(recogniser, spoken(SUMMARY)).text
        assert recogniser.pid not in (None, first)
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
        assert not recogniser.broken
    finally:
        recogniser.close()


@posix_only
def test_a_process_that_keeps_dying_is_not_replaced_for_ever(recogniser: VoskRecogniser) -> None:
    for _ in range(MOST_FAILURES):
        assert not recogniser.broken
        recogniser.begin(1, RATE)
        assert recogniser.pid is not None
        os.kill(recogniser.pid, signal.SIGKILL)
        with pytest.raises(RecogniserError):
            recogniser.finish(1)
    assert recogniser.broken
    with pytest.raises(RecogniserError):
        recogniser.begin(1, RATE)
    assert recogniser.pid is None


@pytest.mark.parametrize("damage", ["no folder", "empty", "am/final.mdl", "graph/Gr.fst", "conf/model.conf"])
def test_what_is_no_speech_model_is_refused(damage: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "model"
    if damage == "empty":
        folder.mkdir()
    elif damage != "no folder":
        shutil.copytree(MODEL, folder)
        file = folder / damage
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    recogniser = VoskRecogniser(folder)
    with pytest.raises(RecogniserError) as caught:
        recogniser.begin(0, RATE)
    assert caught.value.problem == "bad-model"
    assert recogniser.broken
    assert recogniser.pid is None
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_no_recording_is_refused(recogniser: VoskRecogniser, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("geen geluid")
    for path in (tmp_path / "a.wav", tmp_path / "nowhere.wav"):
        with pytest.raises(RecogniserError) as caught:
            transcribe_file(recogniser, path)
        assert caught.value.problem == "no-audio"
