"""Keeping what C libraries print away from the facilitator's terminal."""

import contextlib
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def libraries_silenced() -> Iterator[None]:
    """Meanwhile only what Python writes reaches stderr: when a device goes, ALSA and PortAudio write across the screen
    of whoever leads the session, from threads of their own."""
    kept, before = os.dup(2), sys.stderr
    with without_stderr(), os.fdopen(kept, "w", 1, getattr(before, "encoding", None), "replace") as ours:
        sys.stderr = ours
        try:
            yield
        finally:
            sys.stderr = before


@contextlib.contextmanager
def without_stderr() -> Iterator[None]:
    """Nothing reaches stderr meanwhile; neither does what another thread of this process writes there."""
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)
