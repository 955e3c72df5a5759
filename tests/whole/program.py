"""The program as people start it: a command of its own process, in a folder of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from levelup_voice.files.journal import read
from levelup_voice.session import events as ev


def levelup(
    *arguments: str, environment: Mapping[str, str] | None = None, seconds: float = 120.0
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without a terminal. In Dutch, whatever the computer's language."""
    return subprocess.run(
        [sys.executable, "-m", "levelup_voice", *arguments],
        env={**os.environ, "LEVELUP_VOICE_LANGUAGE": "nl", **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def without_sound(folder: Path) -> dict[str, str]:
    """The environment of a computer with no sound device that works."""
    configuration = folder / "asound.conf"
    configuration.write_text('pcm.gone { type pulse server "unix:/nowhere" }\n')
    return {"ALSA_CONFIG_PATH": str(configuration)}


def rehearsed(folder: Path, *arguments: str) -> Path:
    """Rehearse, and tell where the session is."""
    done = levelup("rehearse", *arguments, "--folder", str(folder), "--json")
    assert done.returncode == 0, done.stderr
    return Path(json.loads(done.stdout)["session"])


def journal(session: Path) -> tuple[ev.Entry, ...]:
    return read(session / "journal.jsonl").entries


def facts(session: Path) -> Iterator[dict[str, Any]]:
    """The lines of the journal without what differs from run to run: how long the recogniser worked."""
    for line in (session / "journal.jsonl").read_text(encoding="utf-8").splitlines():
        fact = json.loads(line)
        if "transcript" in fact:
            del fact["transcript"]["work_seconds"]
        yield fact
