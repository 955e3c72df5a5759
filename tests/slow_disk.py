"""A disk of which some steps take seconds, for tests."""

import os
import time
from pathlib import Path

from levelup_voice.files.disk import Step


class SlowDisk:
    """Of the files whose names end so, the next `times` syncs take so many seconds each.

    `after`: once a file whose name ends so was synced. `written`: once this was written to it.
    """

    def __init__(self, ending: str, seconds: float, times: int, after: str = "", written: bytes = b"") -> None:
        self._ending = ending
        self._after = after
        self._written = written
        self._seconds = seconds
        self._left = times

    def __call__(self, step: Step, file: int | Path, data: bytes) -> None:
        if step == "write" and self._written in data:
            self._written = b""
        if step != "sync" or self._written or not isinstance(file, int):
            return
        name = os.readlink(f"/proc/self/fd/{file}")
        if self._after and name.endswith(self._after):
            self._after = ""
        if name.endswith(self._ending) and self._left and not self._after:
            self._left -= 1
            time.sleep(self._seconds)
