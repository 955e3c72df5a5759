"""The program of microphone_in_use.py, for tests: started in a virtual room, told what to do, heard out."""

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from levelup_voice.audio.microphone import MOST_WAITING
from tests.virtual_audio import VirtualRoom


class Program:
    """The program that records, in its own process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout

    def tell(self, command: str) -> None:
        self._in.write(command + "\n")
        self._in.flush()

    def says(self) -> str:
        return self._out.readline().strip()

    def wait_for_sound(self) -> None:
        self.tell("level")
        while self.says() == "0":
            time.sleep(0.05)
            self.tell("level")

    def record(self, file: str) -> None:
        self.wait_for_sound()
        self.tell(f"start {file}")
        assert self.says() == "started"


@contextlib.contextmanager
def recording_program(
    room: VirtualRoom, name: str, folder: Path, most_waiting: float = MOST_WAITING
) -> Iterator[Program]:
    with room.start("-m", "tests.audio.microphone_in_use", name, str(folder), str(most_waiting)) as process:
        try:
            yield Program(process)
        finally:
            if process.stdin is not None:
                process.stdin.close()


def likeness(heard: bytes, said: bytes) -> float:
    """Correlation at the best shift: 1 when the one is in the other, unharmed."""
    a, b = (np.frombuffer(pcm, np.int16).astype(float) for pcm in (heard, said))
    size = 1 << (a.size + b.size).bit_length()
    products = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    shifted = np.roll(np.pad(a, (0, size - a.size)), -int(products.argmax()))[: b.size]
    return float(np.corrcoef(shifted, b)[0, 1])
