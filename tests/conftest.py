"""Fixtures that several parts of the suite share."""

import sys
from collections.abc import Iterator

import pytest

from tests.virtual_audio import VirtualRoom


@pytest.fixture
def room() -> Iterator[VirtualRoom]:
    """A virtual microphone and loudspeaker, fresh for each test."""
    if sys.platform != "linux":
        pytest.skip("the virtual sound card is PulseAudio's")
    with VirtualRoom() as room:
        yield room
