"""Real speech into the real listener: what is obeyed, what is not, and what happens when its worker dies."""

import json
import os
import queue
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import vosk

from levelup_voice.audio.chunks import RATE, Chunk
from levelup_voice.audio.listener import Heard, Listener, ListenerError
from levelup_voice.files.phrases import load_phrases
from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.allowed import ALLOWED
from levelup_voice.session.listening import BARGE_IN, Listening
from levelup_voice.session.phrases import Phrase, Phrasebook, weight
from tests.audio import speech
from tests.audio.speech import pieces, spoken
from tests.processes import comes_true

BOOK = load_phrases("nl")
TALKING = Listening(ALLOWED["talking"])


class Room:
    """A listener that hears what it is given, in a time of its own."""

    def __init__(self, book: Phrasebook = BOOK, model: Path | None = None, answer_seconds: float = 5.0) -> None:
        self.now = 0.0
        self.heard: list[Heard] = []
        self.calls = 0
        """How often we were called by our name, so that our voice had better pause."""
        self.reports: queue.SimpleQueue[ev.Report] = queue.SimpleQueue()
        self.listener = Listener(
            model or speech.MODEL,
            book,
            self.heard.append,
            self.reports.put,
            on_called=self._count_call,
            clock=lambda: self.now,
            answer_seconds=answer_seconds,
        )
        self.listener.open()

    def hears(self, pcm: bytes, *, noise_dbfs: float = -70.0) -> list[do.Command]:
        """The commands in this audio."""
        self.heard.clear()
        noise = np.random.default_rng(1).normal(0, 32768 * 10 ** (noise_dbfs / 20), len(pcm) // 2)
        mixed = np.clip(np.frombuffer(pcm, np.int16) + noise, -32768, 32767).astype(np.int16).tobytes()
        for piece in pieces(mixed):
            self.listener.accept(Chunk(piece, 0, self.now))
            self.now += len(piece) / 2 / RATE
            assert comes_true(lambda: not self.listener.busy)
        return [one.command for one in self.heard if one.command is not None]

    def _count_call(self) -> None:
        self.calls += 1

    def says(self, text: str, voice: str = "nl") -> list[do.Command]:
        return self.hears(spoken(text, voice))


@pytest.fixture(scope="module")
def one_room() -> Iterator[Room]:
    room = Room()
    yield room
    room.listener.close()


@pytest.fixture
def room(one_room: Room) -> Room:
    """The same worker for all who do it no harm."""
    one_room.listener.listen_for(Listening())
    one_room.hears(bytes(RATE * 2))
    one_room.listener.listen_for(TALKING)
    return one_room


@pytest.fixture
def frail_room() -> Iterator[Room]:
    room = Room()
    room.listener.listen_for(TALKING)
    yield room
    room.listener.close()


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Spelleider, volgende.", do.Next()),
        ("Spelleider, vorige.", do.Back()),
        ("Spelleider, pauze.", do.Pause()),
        ("Spelleider, hoeveel tijd nog?", do.TimeLeft()),
        ("Spelleider, twee minuten erbij.", do.AddTime(120.0)),
        ("Spelleider, wat kan ik zeggen?", do.Help()),
        ("Spelleider, we zijn met zevenentwintig.", do.SetParticipants(27)),
    ],
)
def test_a_command_is_heard_after_the_wake_name(room: Room, text: str, command: do.Command) -> None:
    assert room.says(text) == [command]
    assert [one.reason for one in room.heard] == ["obeyed"]


@pytest.mark.parametrize(
    "text",
    [
        "Volgende.",
        "Spelleider.",
        "We gaan het volgende keer anders doen.",
        "Spelleider is een mooi beroep voor een vader.",
        "Hoeveel tijd hebben ouders nog voor hun kinderen?",
        "De ouders en de leraren praten samen over het kind.",
        "Stil!",
    ],
)
def test_what_is_said_to_the_room_is_not_obeyed(room: Room, text: str) -> None:
    assert room.says(text) == []


def test_only_what_makes_sense_now_is_heard(room: Room) -> None:
    assert room.says("Spelleider, groep drie.") == []
    room.listener.listen_for(Listening(ALLOWED["harvesting"]))
    assert room.says("Spelleider, groep drie.") == [do.TakeTurn(3)]


def test_an_answer_to_our_question_needs_no_wake_name(room: Room) -> None:
    assert room.says("Oneens negen.") == []
    room.listener.listen_for(Listening(ALLOWED["voting"], frozenset({do.GiveTally})))
    assert room.says("Oneens negen.") == [do.GiveTally(disagree=9)]


def test_a_phrase_that_began_before_its_moment_is_still_heard(room: Room) -> None:
    pcm = spoken("Spelleider, groep drie.")
    half = len(pcm) // 6400 * 3200
    assert room.hears(pcm[:half]) == []
    room.listener.listen_for(Listening(ALLOWED["harvesting"]))
    assert room.hears(pcm[half:]) == [do.TakeTurn(3)]


def test_it_is_deaf_for_commands_while_we_speak_and_a_moment_longer(room: Room) -> None:
    room.listener.listen_for(Listening(BARGE_IN, speaking=("Nog vijf minuten.",), aloud=True))
    assert room.says("Spelleider, volgende.") == []
    room.listener.listen_for(TALKING)
    assert room.hears(spoken("Spelleider, volgende.")[int(0.3 * RATE) * 2 :]) == [], "it began in the tail of our voice"
    assert room.says("Spelleider, volgende.") == [do.Next()]


def test_our_voice_can_be_silenced_unless_it_says_so_itself(room: Room) -> None:
    room.listener.listen_for(Listening(BARGE_IN, speaking=("Nog vijf minuten.",), aloud=True))
    assert room.says("Spelleider, stil.") == [do.Hush()]
    assert [one.words for one in room.heard] == ["spelleider stil"]
    room.listener.listen_for(Listening(BARGE_IN, speaking=("Ik ben stil tot er nog twee over zijn.",), aloud=True))
    assert room.says("Spelleider, stil.") == []
    assert [one.reason for one in room.heard] == ["own-voice"]


def test_who_calls_it_by_its_name_while_it_speaks_is_listened_to_for_a_moment(room: Room) -> None:
    room.listener.listen_for(Listening(BARGE_IN, speaking=("Nog vijf minuten.",), aloud=True))
    before = room.calls
    assert room.says("Nog vijf minuten.") == []
    assert room.says("Stil!") == []
    assert room.calls == before
    assert room.says("Spelleider, volgende.") == []
    assert room.calls == before + 1
    assert room.hears(bytes(RATE * 2 * 2)) == room.says("Stil!") == [], "it had called long ago"


def test_a_voice_that_says_the_name_itself_does_not_wait_for_it(room: Room) -> None:
    room.listener.listen_for(Listening(BARGE_IN, speaking=("De spelleider begint zo.",), aloud=True))
    before = room.calls
    assert room.says("De spelleider begint zo.") == []
    assert room.calls == before
    assert room.says("Spelleider, stil.") == [do.Hush()]


def test_a_phrase_after_ten_seconds_of_talk_without_a_pause_is_heard(room: Room) -> None:
    talk = spoken(
        "De ouders en de leraren praten samen over het kind en over de school en over het huiswerk en over de"
        " taal thuis en over lezen en rekenen en over de regels in de klas"
    )[: -int(0.7 * RATE) * 2]
    command = spoken("Spelleider, volgende.")[int(0.3 * RATE) * 2 :]
    before = talk[-int(9.3 * RATE) * 2 :]
    assert len(before) / 2 / RATE == 9.3
    assert room.hears(before + command) == [do.Next()]


def test_how_long_ago_a_phrase_began_is_told(room: Room) -> None:
    pcm = spoken("Spelleider, volgende.")
    room.hears(pcm)
    assert len(pcm) / 2 / RATE - 1.0 - 0.5 < room.heard[0].ago < len(pcm) / 2 / RATE


def noise(seconds: float, dbfs: float) -> bytes:
    frames = np.random.default_rng(2).normal(0, 32768 * 10 ** (dbfs / 20), int(seconds * RATE))
    return np.clip(frames, -32768, 32767).astype(np.int16).tobytes()


def applause(seconds: float) -> bytes:
    """Claps: short bursts of noise, thirty a second, each with its own loudness."""
    draw = np.random.default_rng(3)
    sound = np.zeros(int(seconds * RATE))
    for at in draw.integers(0, len(sound) - 800, int(30 * seconds)):
        sound[at : at + 800] += draw.normal(0, draw.uniform(500, 5000), 800) * np.exp(-np.arange(800) / 120)
    return np.clip(sound, -32768, 32767).astype(np.int16).tobytes()


def music(seconds: float) -> bytes:
    """Three voices of a chorale in sixths and octaves, a note each 0.4 s."""
    time = np.arange(int(seconds * RATE)) / RATE
    notes = np.random.default_rng(4).choice([220.0, 247.0, 262.0, 294.0, 330.0, 349.0], int(seconds / 0.4) + 1)
    pitch = notes[(time / 0.4).astype(int)]
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    sound = 3000 * sum(np.sin(k * phase) / k for k in (1, 1.667, 2, 3))
    return np.asarray(sound, np.float64).clip(-32768, 32767).astype(np.int16).tobytes()


def slam() -> bytes:
    decay = np.exp(-np.arange(RATE) / 1500)
    return (np.random.default_rng(5).normal(0, 12000, RATE) * decay).clip(-32768, 32767).astype(np.int16).tobytes()


@pytest.mark.parametrize(
    "sound", [noise(10, -30), applause(10), music(10), slam() * 5], ids=["noise", "applause", "music", "slammed doors"]
)
def test_what_is_no_speech_is_no_command(room: Room, sound: bytes) -> None:
    room.listener.listen_for(Listening(ALLOWED["voting"], ALLOWED["voting"]))
    assert room.hears(sound) == []


def test_ballast_makes_words_dear_that_follow_each_other_in_no_phrase() -> None:
    """What a whole phrase loses by it, two pieces of phrases lose twice."""
    model = vosk.Model(str(speech.MODEL))

    def score(words: str, ballast: str) -> float:
        lines = ["volgende vraag", "pauze", *weight(ballast), "[unk]"]
        recogniser = vosk.KaldiRecognizer(model, RATE, json.dumps(lines))
        recogniser.SetMaxAlternatives(1)
        recogniser.AcceptWaveform(spoken(words))
        best = json.loads(recogniser.FinalResult())["alternatives"][0]
        assert best["text"] == words
        return float(best["confidence"])

    phrase, others = (score(words, "") - score(words, BOOK.ballast) for words in ("volgende vraag", "volgende pauze"))
    assert phrase > 1
    assert others == pytest.approx(2 * phrase, rel=0.1)


def test_babble_is_no_command(room: Room) -> None:
    """Four people talk through each other, and nobody needs the wake name."""
    room.listener.listen_for(Listening(ALLOWED["voting"], ALLOWED["voting"]))
    talk = [
        spoken("We gaan nog een keer terug naar de volgende vraag over de ouders.", "nl+m4"),
        spoken("Dat is een start, maar het is nog niet klaar voor de school.", "nl+f3"),
        spoken("Hoeveel tijd hebben we daar nog voor en wie gaat dat doen?", "nl+Annie"),
        spoken("De groep is stil, dan gaan we verder met het gesprek van vorige week.", "nl+adam"),
    ]
    length = max(len(pcm) for pcm in talk)
    mixed = sum(np.frombuffer(pcm.ljust(length, b"\0"), np.int16).astype(np.int32) // 2 for pcm in talk)
    assert room.hears(np.asarray(mixed).clip(-32768, 32767).astype(np.int16).tobytes()) == []


def test_a_worker_that_dies_is_replaced_and_said(frail_room: Room) -> None:
    pid = frail_room.listener.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    frail_room.says("Spelleider, volgende.")
    assert frail_room.reports.get(timeout=10) == ev.ListeningChanged(True, "restarted", BOOK.wake)
    assert frail_room.says("Spelleider, volgende.") == [do.Next()]


def test_a_worker_that_keeps_dying_is_given_up_and_said(frail_room: Room) -> None:
    for _ in range(3):
        pid = frail_room.listener.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        frail_room.says("Spelleider, volgende.")
    reports = [frail_room.reports.get(timeout=10) for _ in range(3)]
    assert reports[-1] == ev.ListeningChanged(False, "recogniser-failed")
    assert frail_room.says("Spelleider, volgende.") == []


def test_a_worker_that_hangs_is_replaced_and_what_came_meanwhile_is_dropped() -> None:
    room = Room(answer_seconds=1.0)
    room.listener.listen_for(TALKING)
    pid = room.listener.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    for piece in pieces(bytes(RATE * 2 * 10)):
        room.listener.accept(Chunk(piece, 0, room.now))
    assert room.listener.dropped_seconds > 6.0
    assert room.reports.get(timeout=20) == ev.ListeningChanged(True, "restarted", BOOK.wake)
    room.listener.close()


def test_words_that_the_model_does_not_know_are_named_and_their_phrases_off() -> None:
    room = Room(replace(BOOK, phrases=(*BOOK.phrases, Phrase("xylofoon spelen", do.Pause()))))
    room.listener.listen_for(TALKING)
    assert room.listener.listens() == ev.ListeningChanged(True, name=BOOK.wake, unknown=("xylofoon",))
    assert room.says("Spelleider, pauze.") == [do.Pause()], "the rest works"
    room.listener.close()


def test_a_name_that_the_model_does_not_know_leaves_nothing_to_say() -> None:
    room = Room(load_phrases("nl", "xylofoniste"))
    assert room.listener.unknown == {"xylofoniste"}
    assert room.listener.phrasebook.phrases == ()
    room.listener.close()


def test_a_name_that_the_model_knows_as_two_words_is_heard() -> None:
    room = Room(replace(BOOK, wake="speelleider", wake_spellings=("spel leider",)))
    room.listener.listen_for(TALKING)
    assert room.listener.unknown == frozenset()
    assert room.says("Spelleider, volgende.") == [do.Next()]
    room.listener.close()


def test_a_model_with_a_fixed_graph_is_refused(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(speech.MODEL, model)
    (model / "graph" / "HCLr.fst").rename(model / "graph" / "HCLG.fst")
    with pytest.raises(ListenerError) as refused:
        Room(model=model)
    assert refused.value.problem == "fixed-graph"


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListenerError) as refused:
        Room(model=tmp_path / "none")
    assert refused.value.problem == "no-model"
