"""The simulated room: sounds take their time, and a recording holds what was said and the room's noise."""

from math import inf

import numpy as np

from levelup_voice.rehearsal.room import BEFORE_SPEAKING, RATE, Loudspeaker, Microphone
from levelup_voice.rehearsal.scheduler import Scheduler
from levelup_voice.rehearsal.script import Script, Speech
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev

SCRIPT = Script(
    session="x",
    starts="2026-03-12 15:20",
    participants=8,
    noise_dbfs=-55.0,
    speeches=(
        Speech(about="vraag", text="een"),
        Speech(about="vraag", text="van groep twee", group=2),
    ),
)

REQUEST = ev.RecordingStarted(recording=0, file="a.wav", purpose="summary", block=0, item="oogst", question="vraag")


def test_an_utterance_takes_as_long_as_it_sounds_and_the_next_waits_for_it() -> None:
    scheduler = Scheduler()
    loudspeaker = Loudspeaker(scheduler, lambda request: (2.0, None))
    loudspeaker.speak(ev.SpeechRequested(utterance=0, text="een"))
    loudspeaker.speak(ev.SpeechRequested(utterance=1, text="twee"))
    assert (scheduler.get(inf), scheduler.now()) == (ev.SpeechFinished(0), 2.0)
    assert (scheduler.get(inf), scheduler.now()) == (ev.SpeechFinished(1), 4.0)


def test_a_cue_sounds_at_its_moment() -> None:
    scheduler = Scheduler()
    loudspeaker = Loudspeaker(scheduler, lambda request: (1.5, None))
    loudspeaker.speak(ev.SpeechRequested(utterance=0, text="nog twee minuten", due_at=10.0))
    assert (scheduler.get(inf), scheduler.now()) == (ev.SpeechFinished(0), 11.5)


def test_speech_that_is_stopped_is_reported_as_cut_and_once() -> None:
    scheduler = Scheduler()
    loudspeaker = Loudspeaker(scheduler, lambda request: (2.0, None))
    loudspeaker.speak(ev.SpeechRequested(utterance=0, text="een"))
    loudspeaker.stop()
    scheduler.at(9.0, lambda: scheduler.put(do.Next()))
    assert [scheduler.get(inf), scheduler.get(inf)] == [ev.SpeechFinished(0, cut=True), do.Next()]


def test_speech_that_cannot_be_rendered_is_reported_as_failed() -> None:
    scheduler = Scheduler()
    loudspeaker = Loudspeaker(scheduler, lambda request: (0.5, "no engine"))
    loudspeaker.speak(ev.SpeechRequested(utterance=0, text="een"))
    assert scheduler.get(inf) == ev.SpeechFailed(0, "no engine")


class Tape:
    """A recorder that keeps what it hears."""

    def __init__(self) -> None:
        self.pcm = b""
        self.moments: list[float] = []

    def start(self, request: ev.RecordingStarted, late: float = 0.0) -> None:
        pass

    def stop(self, recording: int) -> None:
        pass

    def hear(self, pcm: bytes, moment: float, microphone: ev.Microphone) -> None:
        self.pcm += pcm
        self.moments.append(moment)


def record(seconds: float, speech: np.ndarray[tuple[int], np.dtype[np.int16]], script: Script = SCRIPT) -> Tape:
    scheduler, tape = Scheduler(), Tape()
    microphone = Microphone(scheduler, script, tape, tape.hear, lambda text, voice: speech)
    microphone.start(REQUEST)
    scheduler.get(seconds)
    microphone.stop(0)
    return tape


def test_who_holds_the_microphone_begins_after_a_breath_and_the_room_is_never_silent() -> None:
    heard = np.frombuffer(record(3.0, np.full(RATE, 9000, np.int16)).pcm, np.int16).astype(float)
    began = round(BEFORE_SPEAKING * RATE)
    noise, speech = heard[:began], heard[began : began + RATE]
    assert -57 < 20 * np.log10(np.sqrt(np.mean(noise**2)) / 32768) < -53
    assert abs(float(np.mean(speech)) - 9000) < 10
    assert not np.any(np.all(heard.reshape(-1, 1600) == 0, axis=1))


def test_chunks_follow_each_other_without_a_hole() -> None:
    moments = record(2.0, np.zeros(0, np.int16)).moments
    assert len(moments) == 20
    assert np.allclose(np.diff(moments), 0.1)


def test_the_same_seed_makes_the_same_noise() -> None:
    silence = np.zeros(0, np.int16)
    other = Script(session="x", starts=SCRIPT.starts, participants=8, seed=2)
    assert record(1.0, silence).pcm == record(1.0, silence).pcm
    assert record(1.0, silence, other).pcm != record(1.0, silence).pcm


def test_a_group_says_its_own_words_and_another_what_is_left() -> None:
    second = ev.RecordingStarted(
        recording=1, file="b.wav", purpose="summary", block=0, item="oogst", question="vraag", group=2
    )
    spoken = [SCRIPT.speech(REQUEST), SCRIPT.speech(second)]
    assert [speech.text for speech in spoken if speech] == ["een", "van groep twee"]


def test_where_the_script_is_silent_nobody_speaks_unless_it_says_what_otherwise() -> None:
    elsewhere = ev.RecordingStarted(recording=0, file="a.wav", purpose="answer", block=0, item="andere-vraag")
    assert SCRIPT.speech(elsewhere) is None
    talkative = Script(session="x", starts=SCRIPT.starts, participants=8, otherwise="wij ook")
    spoken = talkative.speech(elsewhere)
    assert spoken is not None
    assert spoken.text == "wij ook"
