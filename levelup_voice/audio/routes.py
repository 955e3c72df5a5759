"""Where the microphones of this program really come from, as the sound server of Linux tells it (`pactl`, which
PulseAudio and PipeWire both answer).

A sound server that loses a microphone gives its stream another source without a word: another microphone, or what the
loudspeaker plays. PortAudio cannot see that. So the server is asked, about once a second while a microphone is open,
on a thread of its own. Where there is no such server, or a stream goes around it, nothing is known.

Comparing what is heard with what we play would not tell there either: a near microphone hears us nearly as well as a
copy does (a likeness of 0.96 to 0.99, simulated), and the dropouts of a busy computer leave a copy less alike (0.4 to
0.99, measured). What a loudspeaker plays into a silent room is exact silence, which is noticed everywhere.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOOK_SECONDS = 1.0

MOST_LOOKS = 3
"""A stream that the server does not know by then goes around it."""

ANSWER_SECONDS = 2.0
"""pactl takes 5 ms; a server that hangs is noticed by others."""


@dataclass(frozen=True, slots=True)
class Route:
    source: str
    """The name by which the server knows it."""
    is_monitor: bool
    """It is no microphone but what a loudspeaker plays."""


class Routes:
    """Knows the routes of the input streams that it follows. Thread-safe; nothing waits for the server.

    The server numbers streams in the order of their opening, and knows our process, not which stream is which: what is
    new to it belongs to what is new to us, if there are as many of both.
    """

    def __init__(self) -> None:
        self._followed: list[_Followed] = []
        """In the order of their opening."""
        self._left: set[int] = set()
        """Numbers of streams that were closed; a driver that hangs closes them late."""
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def follow(self, stream: object) -> None:
        """From now on know where this stream comes from; the server is asked at once."""
        with self._changed:
            self._followed.append(_Followed(stream))
            self._changed.notify()
            if self._thread is None and _can_ask():
                self._thread = threading.Thread(target=self._look, name="routes of microphones", daemon=True)
                self._thread.start()

    def leave(self, stream: object) -> None:
        """The stream is being closed."""
        with self._changed:
            self._left.update(one.number for one in self._followed if one.stream is stream and one.number is not None)
            self._followed = [one for one in self._followed if one.stream is not stream]

    def of(self, stream: object) -> Route | None:
        """As of the last look; None while nothing is known."""
        with self._changed:
            return next((one.route for one in self._followed if one.stream is stream), None)

    def is_looking(self, stream: object) -> bool:
        """Something may still become known of a stream that was opened just now."""
        with self._changed:
            return self._thread is not None and any(
                one.stream is stream and one.number is None and one.looks < MOST_LOOKS for one in self._followed
            )

    def _look(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._followed)
                looked_for = tuple(self._followed)
            routes = ask()
            with self._changed:
                self._match(routes, looked_for)
                self._changed.wait_for(lambda: any(one.looks == 0 for one in self._followed), timeout=LOOK_SECONDS)

    def _match(self, routes: Mapping[int, Route], looked_for: "tuple[_Followed, ...]") -> None:
        new_to_us = [one for one in looked_for if one.number is None]
        known = {one.number for one in self._followed} | self._left
        new_to_it = sorted(number for number in routes if number not in known)
        if len(new_to_us) == len(new_to_it):
            for one, number in zip(new_to_us, new_to_it, strict=True):
                one.number = number
        for one in looked_for:
            one.looks += 1
            if one.number is not None:
                one.route = routes.get(one.number, one.route)


@dataclass(slots=True)
class _Followed:
    stream: object
    number: int | None = None
    """The server's."""
    route: Route | None = None
    looks: int = 0


def ask() -> Mapping[int, Route]:
    """The route of each input stream of this process, by the server's number; none when it does not answer."""
    process = str(os.getpid())
    try:
        sources = {one["index"]: one for one in _listed("sources")}
        return {
            one["index"]: Route(source["name"], _is_monitor(source))
            for one in _listed("source-outputs")
            if one["properties"].get("application.process.id") == process
            and (source := sources.get(one["source"])) is not None
        }
    except (OSError, subprocess.SubprocessError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def _is_monitor(source: Mapping[str, Any]) -> bool:
    return bool(source.get("monitor_source")) or source["properties"].get("device.class") == "monitor"


def _listed(what: str) -> Any:
    # In another locale pactl writes numbers that are no JSON.
    done = subprocess.run(
        ["pactl", "--format=json", "list", what],
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=ANSWER_SECONDS,
        check=True,
    )
    return json.loads(done.stdout)


def _can_ask() -> bool:
    """pactl itself would start a server where none runs."""
    if not sys.platform.startswith("linux") or shutil.which("pactl") is None:
        return False
    runtime = os.environ.get("PULSE_RUNTIME_PATH") or os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), "pulse")
    return "PULSE_SERVER" in os.environ or Path(runtime, "native").exists()
