"""Keeping what C libraries print away from the facilitator's terminal."""

import contextlib
import os
from collections.abc import Iterator


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
