"""A worker: a child process that does one kind of work and can be killed without harm.

Speech engines and recognisers hang, abort and print to stdout. So each lives in a child process of ours, with
private pipes in a process group of its own, and leaves within a second once its input ends (also when we were
killed). A message is four bytes (length of the header, little-endian), a header in JSON, and the `bytes` bytes
that the header announces.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, TypeAlias

Header: TypeAlias = Mapping[str, Any]

LARGEST_HEADER = 64 * 1024 * 1024
"""A longer one is not ours: the child wrote nonsense."""


class WorkerError(Exception):
    """The worker died, did not answer in time or answered nonsense. It has been killed."""


class Worker:
    """A running child. One thread asks; any thread may kill."""

    def __init__(
        self, module: str, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        self._answers: queue.Queue[tuple[Header, bytes] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, name=f"answers of {module}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, header: Header, payload: bytes = b"") -> None:
        """Hand over a request. Blocks while the pipe is full. Raises WorkerError when the child is gone."""
        assert self._process.stdin is not None
        try:
            write_message(self._process.stdin, header, payload)
        except (OSError, ValueError) as error:
            self.kill()
            raise WorkerError(f"the worker is gone: {error}") from error

    def receive(self, timeout: float) -> tuple[Header, bytes]:
        """The next answer. Raises WorkerError, and kills the child, when none came within `timeout` seconds."""
        try:
            answer = self._answers.get(timeout=timeout)
        except queue.Empty:
            self.kill()
            raise WorkerError(f"no answer within {timeout:g} s") from None
        if answer is None:
            self.kill()
            raise WorkerError("the worker stopped")
        return answer

    def ask(self, header: Header, payload: bytes = b"", *, timeout: float) -> tuple[Header, bytes]:
        """Send one request and wait for its one answer. Raises WorkerError when either takes longer than `timeout`."""
        hung = threading.Timer(timeout, self._process.kill)  # A child that does not read fills the pipe.
        hung.daemon = True
        hung.start()
        try:
            self.send(header, payload)
        finally:
            hung.cancel()
        return self.receive(timeout)

    def kill(self) -> None:
        """End the child at once. Harmless when it has ended."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            for message in messages(self._process.stdout):
                self._answers.put(message)
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            pass  # Cut short or nonsense: either way there are no more answers.
        self._answers.put(None)


def write_message(pipe: IO[bytes], header: Header, payload: bytes = b"") -> None:
    """Write one message and flush it."""
    head = json.dumps({**header, "bytes": len(payload)}).encode()
    pipe.write(len(head).to_bytes(4, "little") + head + payload)
    pipe.flush()


def messages(pipe: IO[bytes]) -> Iterator[tuple[Header, bytes]]:
    """The messages on a pipe until it ends; one cut short by that end is dropped. Raises ValueError on nonsense."""
    while len(length := pipe.read(4)) == 4:
        size = int.from_bytes(length, "little")
        if size > LARGEST_HEADER:
            raise ValueError(f"a header of {size} bytes")
        head = pipe.read(size)
        if len(head) < size:
            return
        header = json.loads(head)
        payload = pipe.read(header["bytes"])
        if len(payload) < header["bytes"]:
            return
        yield header, payload


class Requests:
    """The child's side: what it is asked, and the pipe for its answers.

    Whatever a library prints from now on goes to stderr, not among the answers. When the requests end, the child
    has a second to leave by itself; then it is ended, however deep in an engine it hangs.
    """

    GRACE = 1.0

    def __init__(self) -> None:
        self._pipe, self._answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        os.close(nothing)
        self._waiting: queue.Queue[tuple[Header, bytes] | None] = queue.Queue()
        threading.Thread(target=self._read, name="requests", daemon=True).start()

    def __iter__(self) -> Iterator[tuple[Header, bytes]]:
        while (request := self._waiting.get()) is not None:
            yield request

    def answer(self, header: Header, payload: bytes = b"") -> None:
        with contextlib.suppress(BrokenPipeError):  # Nobody waits any more: the requests have ended as well.
            write_message(self._answers, header, payload)

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            for message in messages(self._pipe):
                self._waiting.put(message)
        self._waiting.put(None)
        time.sleep(self.GRACE)
        os._exit(1)
