"""Hours of talk: they go on where they were interrupted, and what is left out of the work changes nothing."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench import soak
from bench.listening import Careful, chunks, ears, upper_bound
from bench.soak import Hour, Later, known, results
from bench.talk import pcm, say, talk
from levelup_voice.audio.chunks import RATE
from levelup_voice.audio.listen_worker import Free
from levelup_voice.files.phrases import load_phrases
from levelup_voice.session.allowed import ALLOWED
from levelup_voice.session.listening import Listening


def hour(kind: soak.Kind, number: int, *heard: str, made_of: str = "today") -> Hour:
    return Hour(made_of=made_of, kind=kind, number=number, seconds=3600.0, careful=heard, plain=())


def test_what_is_heard_later_is_heard_the_same() -> None:
    """Each verdict, with all its scores."""
    commands = [
        say(f"spelleider, {words}", "nl+m4").sound for words in ("volgende", "twee minuten erbij", "eens zeven")
    ]
    silence = np.zeros(RATE, np.float32)
    audio = b"".join(talk(20.0, 1)) + pcm(
        np.concatenate([part for one in commands for part in (silence, one, silence)])
    )
    heard = {}
    for free in (Free, Later):
        careful = Careful(load_phrases("nl"), ears(free))
        careful.expect(Listening(ALLOWED["voting"]))
        answers = [careful._ears.answer({"do": "hear"}, chunk) for _, chunk in chunks(audio)]
        heard[free] = [answer["verdict"] for answer in answers if "verdict" in answer]
    ears.cache_clear()  # vosk complains of a model that outlives it.
    assert heard[Free] == heard[Later]
    assert {"obeyed", "no-phrase"} <= {verdict["reason"] for verdict in heard[Free]}


def test_only_whole_hours_of_the_model_and_the_rules_of_today_count(tmp_path: Path) -> None:
    file = tmp_path / "soak.jsonl"
    hours = [hour("open", 0), hour("wake", 0, "spelleider volgende"), hour("wake", 1, made_of="yesterday")]
    lines = [json.dumps(asdict(one)) for one in hours]
    file.write_text("\n".join([*lines, lines[0][:40]]))
    assert [(one.kind, one.number) for one in known(file, "today")] == [("open", 0), ("wake", 0)]
    assert known(tmp_path / "none.jsonl", "today") == []


def test_the_bound_is_that_of_all_hours_together() -> None:
    by_name = {
        one.benchmark.name: one for one in results([*(hour("wake", n) for n in range(60)), hour("open", 0, "x")])
    }
    wake, opened = by_name["false_commands_per_hour_wake"], by_name["false_commands_per_hour_open"]
    assert wake.runs[0] == pytest.approx(-math.log(0.05) / 60, abs=1e-6)
    assert wake.runs[1:] == (0, 60.0)
    assert wake.is_met
    assert opened.runs[1:] == (1, 1.0)
    assert 4.7 < opened.value < 4.8, "one in an hour may well have been five"
    assert 400 < upper_bound(400) < 440


def test_a_soak_that_was_interrupted_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "HOURS", {"open": 1, "wake": 2})
    done, figures = tmp_path / "soak.jsonl", tmp_path / "results.json"
    arguments = ["--done", str(done), "--results", str(figures), "--seconds", "3", "--processes", "2"]
    assert soak.main(arguments) == 0
    whole = set(done.read_text().splitlines())
    assert len(whole) == 3
    done.write_text("\n".join(sorted(whole)[:2]) + "\n")
    assert soak.main(arguments) == 0
    assert set(done.read_text().splitlines()) == whole, "the same talk, heard the same"
    figure: dict[str, Any] = json.loads(figures.read_text())
    assert figure["false_commands_per_hour_wake"]["runs"][1:] == [0.0, pytest.approx(6 / 3600, rel=0.9)]
