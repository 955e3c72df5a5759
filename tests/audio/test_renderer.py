"""Texts become speech through the real engine, also when it hangs, dies or lies."""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from levelup_voice.audio.cache import Cache
from levelup_voice.audio.playout import RATE
from levelup_voice.audio.renderer import REST, Renderer
from levelup_voice.audio.voices import VoiceError
from levelup_voice.audio.worker import Worker, WorkerError
from tests.processes import children_of, comes_true, hanging_children, is_running

SENTENCE = "Goed educatief partnerschap start altijd bij de leraar."


@pytest.fixture
def renderer(tmp_path: Path) -> Iterator[Renderer]:
    renderer = Renderer(Cache(tmp_path), "nl", patience=1.0)
    yield renderer
    renderer.close()


def worker_of(renderer: Renderer) -> int:
    """The process that renders for it: the only one of our children that does."""
    renderer.open()
    children = children_of(os.getpid())
    (pid,) = [child for child in children if b"render_worker" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return pid


def test_a_sentence_becomes_speech_for_the_loudspeaker(renderer: Renderer) -> None:
    samples = renderer.render(SENTENCE)
    assert samples.dtype == np.int16
    assert 2.5 < len(samples) / RATE < 6
    assert 20000 < int(np.abs(samples.astype(int)).max()) < 24000
    assert renderer.open().id.endswith("nl")


def test_a_long_text_may_be_the_first_that_a_process_says(renderer: Renderer) -> None:
    assert len(renderer.render(" ".join([SENTENCE] * 8))) / RATE > 20


def test_nothing_to_say_is_no_sound(renderer: Renderer) -> None:
    assert [len(renderer.render(text)) for text in ("", "…", " (-) ")] == [0, 0, 0]


def test_the_rate_is_the_one_asked_for(tmp_path: Path) -> None:
    lengths = []
    for rate in (120, 150, 200, 250):
        renderer = Renderer(Cache(tmp_path), "nl", rate=rate)
        lengths.append(len(renderer.render(SENTENCE)))
        renderer.close()
    assert all(slow > 1.1 * fast for slow, fast in itertools.pairwise(lengths))


def test_what_was_rendered_is_said_without_the_engine(renderer: Renderer) -> None:
    first = renderer.render(SENTENCE)
    renderer.close()
    assert np.array_equal(renderer.render(SENTENCE), first)
    with pytest.raises(WorkerError):
        renderer.render("Dit is nog nooit gezegd.")


def test_a_damaged_sound_in_the_cache_is_rendered_again(renderer: Renderer, tmp_path: Path) -> None:
    first = renderer.render(SENTENCE)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:5000])
    again = renderer.render(SENTENCE)
    assert len(again) == pytest.approx(len(first), rel=0.02)
    assert file.stat().st_size == again.nbytes + 32


def test_respelling_changes_what_is_said_and_what_is_kept(tmp_path: Path) -> None:
    plain = Renderer(Cache(tmp_path), "nl")
    respelled = Renderer(Cache(tmp_path), "nl", rules=(("EP", "educatief partnerschap"),))
    short, long = plain.render("Goed EP"), respelled.render("Goed EP")
    spelled_out = respelled.render("Goed educatief partnerschap")
    plain.close()
    respelled.close()
    assert len(long) > 1.3 * len(short)
    assert np.array_equal(long, spelled_out)


def test_all_that_will_be_said_is_rendered_once(renderer: Renderer, tmp_path: Path) -> None:
    texts = ["Eens of oneens?", "Nog één minuut.", "Eens of oneens?", "De tijd is om."]
    steps: list[tuple[int, int]] = []
    renderer.prepare(texts, lambda done, of: steps.append((done, of)))
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    files = {file.name: file.stat().st_ino for file in tmp_path.iterdir()}
    assert len(files) == 3
    renderer.prepare(texts)
    assert {file.name: file.stat().st_ino for file in tmp_path.iterdir()} == files


def test_nothing_stays_in_the_temporary_folder(
    renderer: Renderer, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(temporary))
    renderer.render(SENTENCE)
    renderer.close()
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("blow", [signal.SIGSTOP, signal.SIGKILL, signal.SIGSEGV])
def test_an_engine_that_hangs_or_dies_costs_a_restart_of_its_worker(renderer: Renderer, blow: signal.Signals) -> None:
    worker = worker_of(renderer)
    os.kill(worker, blow)
    assert len(renderer.render("Eens?")) > RATE / 4
    assert not renderer.failing
    assert worker_of(renderer) != worker
    assert not is_running(worker)


def test_an_engine_that_always_hangs_fails_the_utterance_and_may_recover(renderer: Renderer) -> None:
    worker_of(renderer)
    with hanging_children(os.getpid()):
        with pytest.raises(WorkerError, match="no answer"):
            renderer.render("Eens?")
        assert renderer.failing
    assert len(renderer.render("Eens?")) > RATE / 4
    assert not renderer.failing


def test_an_engine_that_cannot_be_started_fails_its_text_alone(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when no memory is left."""
    os.kill(worker_of(renderer), signal.SIGKILL)
    with monkeypatch.context() as without:
        without.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(WorkerError, match="cannot be started"):
            renderer.render("Eens?")
    assert len(renderer.render("Eens?")) > RATE / 4


def test_an_engine_that_hangs_at_its_start_is_left_alone_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each text would wait for it anew."""
    with contextlib.closing(Renderer(Cache(tmp_path), "nl")) as renderer:
        with monkeypatch.context() as impatient, hanging_children(os.getpid()):
            impatient.setattr("levelup_voice.audio.renderer.START_SECONDS", 0.5)
            with pytest.raises(WorkerError, match="no answer"):
                renderer.open()
        with pytest.raises(WorkerError, match="cannot be started"):
            renderer.render("Eens?")
        time.sleep(0.5 * REST + 0.5)
        assert len(renderer.render("Eens?")) > RATE / 4


def test_a_language_or_a_voice_that_is_not_there_is_a_wrong_set_up(tmp_path: Path) -> None:
    for renderer in (Renderer(Cache(tmp_path), "tlh"), Renderer(Cache(tmp_path), "nl", voice="Xander")):
        with pytest.raises(VoiceError) as raised:
            renderer.open()
        renderer.close()
        assert raised.value.offered


def ask(worker: Worker, voice: str, rate: int = 150) -> dict[str, object]:
    header, pcm = worker.ask({"do": "render", "text": "Ja.", "voice": voice, "rate": rate}, timeout=20)
    return {**header, "pcm": len(pcm)}


@pytest.mark.parametrize("voice", ["nope", "gmw/nl+nope", "Dutch"])
def test_the_worker_never_speaks_in_another_voice_than_it_was_asked_to(voice: str) -> None:
    worker = Worker("levelup_voice.audio.render_worker")
    try:
        assert voice in str(ask(worker, voice)["error"])
    finally:
        worker.kill()


def test_the_worker_speaks_in_one_way_only_because_engines_take_over_a_second_one_too_late() -> None:
    worker = Worker("levelup_voice.audio.render_worker")
    try:
        header, _ = worker.ask({"do": "voices"}, timeout=20)
        dutch = next(voice["id"] for voice in header["voices"] if voice["languages"] == ["nl"])
        assert ask(worker, dutch)["rate"] == 22050
        assert "start another" in str(ask(worker, dutch, rate=200)["error"])
        assert ask(worker, dutch)["rate"] == 22050
    finally:
        worker.kill()


def test_when_we_are_killed_no_worker_stays_behind(tmp_path: Path) -> None:
    program = (
        "import sys, time, pathlib; from levelup_voice.audio.cache import Cache; "
        "from levelup_voice.audio.renderer import REST, Renderer; "
        "r = Renderer(Cache(pathlib.Path(sys.argv[1])), 'nl'); r.open(); print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        (worker,) = children_of(parent.pid)
        parent.kill()
    assert comes_true(lambda: not is_running(worker))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system has an engine")
def test_without_a_system_package_the_engine_comes_from_a_wheel(tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader", reason="the optional extra 'espeak' is not installed")
    program = (
        "import sys, pathlib; from levelup_voice.audio.render_worker import *; "
        "assert load_espeak_wheel(); e = Engine(); d = e.describe(); "
        "dutch = [v['id'] for v in d['voices'] if v['languages'] == ['nl']][0]; "
        "s = e.render('Welkom allemaal.', dutch, 150, None, pathlib.Path(sys.argv[1])); "
        "print(d['version'], round(s.seconds, 1), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(tmp_path / "x.wav")], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "espeak-ng 1.52" in ran.stderr
