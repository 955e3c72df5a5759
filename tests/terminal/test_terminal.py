"""On a real terminal: keys become commands, the screen keeps itself up to date, and all is put back in the end."""

import fcntl
import os
import queue
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from levelup_voice.session import commands as do
from levelup_voice.terminal.figures import large

pytestmark = pytest.mark.skipif(shutil.which("setsid") is None, reason="needs setsid to give a program a terminal")

PATIENCE = 30.0

PROGRAM = [sys.executable, "-m", "tests.terminal.at_the_desk"]


class Seat:
    """A terminal with a program on it."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._ours, self._theirs = os.openpty()
        self.resize(80, 24)
        self.found = self.settings()
        self.program = subprocess.Popen(
            ["setsid", "-c", *command],
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", **environment},
        )
        self._reports: queue.Queue[str] = queue.Queue()
        self._shown = b""
        self._threads = [threading.Thread(target=self._look), threading.Thread(target=self._listen)]
        for thread in self._threads:
            thread.start()

    @property
    def shown(self) -> str:
        return self._shown.decode(errors="replace")

    def settings(self) -> list[object]:
        return list(termios.tcgetattr(self._theirs))

    def resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def report(self) -> str:
        return self._reports.get(timeout=PATIENCE)

    def wait_for(self, seen: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not seen():
            assert time.monotonic() < end, self.shown
            time.sleep(0.02)

    def close(self) -> None:
        self.program.kill()
        self.program.wait(PATIENCE)
        os.close(self._theirs)
        for thread in self._threads:
            thread.join(PATIENCE)
        os.close(self._ours)
        assert self.program.stderr is not None
        self.program.stderr.close()

    def _look(self) -> None:
        try:
            while shown := os.read(self._ours, 65536):
                self._shown += shown
        except OSError:
            pass  # Nobody has the terminal open any more.

    def _listen(self) -> None:
        assert self.program.stderr is not None
        for line in self.program.stderr:
            self._reports.put(line.strip())


@contextmanager
def seated(*arguments: str, **environment: str) -> Iterator[Seat]:
    seat = Seat([*PROGRAM, *arguments], environment)
    try:
        yield seat
    finally:
        seat.close()


def test_keys_become_commands_without_enter_and_without_being_shown() -> None:
    with seated() as seat:
        seat.report()
        assert seat.settings() != seat.found
        for keys, command in (
            (b"\x1b[6~", do.Next()),
            (b"\x1b[5~", do.Back()),
            (b"\x1b[15~", do.Repeat()),
            (b".", do.Pause()),
            (b"3g", do.TakeTurn(3)),
            (b"\x1b", do.Hush()),
            (b"2+", do.AddTime(120.0)),
            (b"\x1a", do.Back()),
            (b"f", do.Finish()),
        ):
            seat.type(keys)
            assert seat.report() == str(command)
        assert seat.program.wait(PATIENCE) == 0
        assert seat.settings() == seat.found


def test_the_screen_is_a_page_of_its_own_that_counts_down_by_itself() -> None:
    with seated() as seat:
        seat.report()
        times = [large(f"15:{seconds}")[0] for seconds in range(50, 60)]
        seat.wait_for(lambda: sum(time in seat.shown for time in times) >= 2)
        assert seat.shown.startswith("\x1b[?1049h")
        assert "-18 dB, piek -9 dB" in seat.shown
        first, _, later = seat.shown.partition("\x1b[?2026l")
        assert "Over de streep" in first
        assert "Level Up!" in first
        assert "Level Up!" not in later  # Only what changed is sent again.
        seat.type(b"f")
        seat.program.wait(PATIENCE)
        seat.wait_for(lambda: seat.shown.endswith("\x1b[?25h\x1b[?1049l"))


def test_all_keys_are_listed_until_a_key_is_pressed() -> None:
    with seated() as seat:
        seat.report()
        seat.type(b"?")
        seat.wait_for(lambda: "Toetsen die nu iets doen" in seat.shown)
        before = len(seat.shown)
        seat.type(b"\x1b")
        seat.wait_for(lambda: "Stelling drie" in seat.shown[before:])
        seat.type(b"t")
        assert seat.report() == str(do.TimeLeft())  # Esc closed the list and did nothing else.


def test_a_larger_window_is_filled() -> None:
    with seated() as seat:
        seat.report()
        seat.wait_for(lambda: "Over de streep" in seat.shown)
        seat.resize(120, 40)
        seat.wait_for(lambda: "─" * 120 in seat.shown and "\x1b[40;1H" in seat.shown)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP])
def test_whoever_ends_the_program_gets_the_terminal_back_as_it_was(signum: signal.Signals) -> None:
    with seated() as seat:
        seat.report()
        assert seat.settings() != seat.found
        seat.program.send_signal(signum)
        assert seat.program.wait(PATIENCE) == -signum
        assert seat.settings() == seat.found
        seat.wait_for(lambda: seat.shown.endswith("\x1b[?25h\x1b[?1049l"))


def test_an_error_leaves_the_terminal_as_it_was() -> None:
    with seated("fails") as seat:
        seat.report()
        seat.type(b"f")
        assert seat.program.wait(PATIENCE) == 1
        assert seat.settings() == seat.found
        seat.wait_for(lambda: "\x1b[?1049l" in seat.shown)


def test_control_c_stops_the_program_only_the_second_time() -> None:
    with seated() as seat:
        seat.report()
        seat.type(b"\x03")
        seat.wait_for(lambda: "Nogmaals Ctrl+C" in seat.shown)
        assert seat.program.poll() is None
        seat.type(b"\x03")
        assert seat.report() == "interrupted"
        assert seat.program.wait(PATIENCE) == 0
        assert seat.settings() == seat.found


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
def test_while_it_is_suspended_the_shell_has_the_terminal_as_it_was() -> None:
    desk = " ".join(PROGRAM)
    # Its own messages go to the terminal, as those of a shell do; reports to where we listen.
    script = f"exec 3>&2 2>&0; set -m; stty -g >&3; {desk} 2>&3; stty -g >&3; fg >/dev/null; stty -g >&3"
    seat = Seat(["bash", "-c", script], {})
    try:
        before, number = seat.report(), int(seat.report())
        os.kill(number, signal.SIGTSTP)
        assert seat.report() == before
        seat.wait_for(lambda: seat.settings() != seat.found)
        assert seat.shown.count("\x1b[?1049l") == 1
        seat.wait_for(lambda: seat.shown.count("\x1b[?1049h") >= 2)
        seat.type(b"\x1b[6~")
        assert seat.report() == str(do.Next())
        seat.type(b"f")
        assert seat.report() == str(do.Finish())
        assert seat.report() == before
    finally:
        seat.close()


def test_without_a_shell_to_wake_it_the_program_is_not_put_to_sleep() -> None:
    with seated() as seat:
        seat.report()
        seat.program.send_signal(signal.SIGTSTP)
        seat.wait_for(lambda: seat.shown.count("\x1b[?1049h") >= 2)
        seat.type(b"\x1b[6~")
        assert seat.report() == str(do.Next())


@pytest.mark.parametrize("environment", [{"LEVELUP_VOICE_PLAIN": "1"}, {"TERM": "dumb"}])
def test_line_by_line_there_are_no_escapes_and_the_keys_work(environment: dict[str, str]) -> None:
    with seated(**environment) as seat:
        seat.report()
        seat.type(b"?")
        seat.wait_for(lambda: "f: sluit af" in seat.shown)
        seat.type(b"f")
        assert seat.report() == str(do.Finish())
        seat.program.wait(PATIENCE)
        assert "\x1b" not in seat.shown
        assert "12:16 Stelling drie: Ouders en leraren zijn gelijkwaardig." in seat.shown
