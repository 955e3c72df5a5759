"""A program for the tests of the terminal: a desk at which somebody sits, without a session behind it.

It reports on standard error: its process id once the terminal is its own, then each command. Finish ends it.
"""

import os
import signal
import sys
import threading
import time

from levelup_voice.session import commands as do
from levelup_voice.terminal.desk import Desk

from .views import NL, a_view


def report(said: object) -> None:
    sys.stderr.write(f"{said}\n")
    sys.stderr.flush()


def main(fails: bool) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # Where the tests run under nohup it would be ignored.
    finished, started = threading.Event(), time.monotonic()

    def ask(command: do.Command) -> None:
        report(command)
        if isinstance(command, do.Finish):
            finished.set()

    view = a_view("harvesting", item_remaining=2400.0)
    with Desk(NL, ask, clock=lambda: view.at + time.monotonic() - started, level=lambda: (-9.0, -18.0)) as desk:
        desk.show(view)
        report(os.getpid())
        while not finished.wait(0.05):
            pass
        if fails:
            raise RuntimeError("something went wrong")


if __name__ == "__main__":
    try:
        main(fails="fails" in sys.argv)
    except KeyboardInterrupt:
        report("interrupted")
