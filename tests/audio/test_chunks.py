"""Blocks of any device become chunks of 100 ms that know when they were heard."""

import numpy as np
import pytest

from levelup_voice.audio.chunks import CHUNK_BYTES, RATE, Chunk, Chunker


def tone(rate: int, seconds: float) -> bytes:
    moments = np.arange(int(rate * seconds)) / rate
    return (10000 * np.sin(2 * np.pi * 300 * moments)).astype(np.int16).tobytes()


def delivered(chunker: Chunker, pcm: bytes, rate: int, *, late: float = 0.0, jitter: float = 0.0) -> list[Chunk]:
    """20 ms blocks, each of which seems to begin later than it did."""
    size = rate // 50 * 2
    rng = np.random.default_rng(3)
    return [
        chunk
        for number, at in enumerate(range(0, len(pcm), size))
        for chunk in chunker.cut(pcm[at : at + size], 5.0 + late + number / 50 + jitter * float(rng.random()))
    ]


def test_sixteen_kilohertz_passes_unchanged() -> None:
    pcm = tone(RATE, 2.0)
    chunks = delivered(Chunker(RATE), pcm, RATE)
    assert b"".join(chunk.pcm for chunk in chunks) == pcm
    assert [chunk.number for chunk in chunks] == list(range(20))
    assert [chunk.moment for chunk in chunks] == pytest.approx([5.0 + number / 10 for number in range(20)], abs=1e-3)


@pytest.mark.parametrize("rate", [22050, 44100, 48000])
def test_other_rates_are_resampled_without_shifting(rate: int) -> None:
    chunks = delivered(Chunker(rate), tone(rate, 2.0), rate)
    heard = np.frombuffer(b"".join(chunk.pcm for chunk in chunks), np.int16).astype(float)
    wanted = np.frombuffer(tone(RATE, 2.0), np.int16).astype(float)[: heard.size]
    assert {len(chunk.pcm) for chunk in chunks} == {CHUNK_BYTES}
    assert heard.size > 1.8 * RATE
    assert float(np.corrcoef(heard[1600:], wanted[1600:])[0, 1]) > 0.999


def test_blocks_that_come_late_do_not_move_the_audio() -> None:
    chunks = delivered(Chunker(RATE), tone(RATE, 10.0), RATE, jitter=0.15)
    assert [chunk.moment for chunk in chunks[20:]] == pytest.approx(
        [5.0 + number / 10 for number in range(20, 100)], abs=0.02
    )


def test_what_a_device_lost_moves_what_comes_after_it() -> None:
    chunker = Chunker(RATE)
    delivered(chunker, tone(RATE, 1.0), RATE)
    after = delivered(chunker, tone(RATE, 1.0), RATE, late=4.0)
    assert [chunk.moment for chunk in after] == pytest.approx([9.0 + number / 10 for number in range(10)])
    (chunk,) = chunker.cut(tone(RATE, 0.1), 10.3, torn=True)
    assert chunk.moment == pytest.approx(10.3)


@pytest.mark.parametrize(("waiting", "missing"), [(6.0, 0.0), (2.0, 4.0)])
def test_what_waited_while_the_computer_stood_still_was_not_lost(waiting: float, missing: float) -> None:
    """Six seconds: what was heard meanwhile comes at once, as far as it was kept."""
    chunker = Chunker(RATE)
    before = delivered(chunker, tone(RATE, 1.0), RATE)
    burst = tone(RATE, waiting)
    chunks = [chunk for at in range(0, len(burst), 640) for chunk in chunker.cut(burst[at : at + 640], 12.0 - 0.02)]
    chunks += delivered(chunker, tone(RATE, 1.0), RATE, late=7.0)
    assert [chunk.number for chunk in [*before, *chunks]] == list(range(round(10 * (2.0 + waiting))))
    expected = [6.0 + missing + number / 10 for number in range(len(chunks))]
    assert [chunk.moment for chunk in chunks] == pytest.approx(expected, abs=0.03)


def test_nothing_is_held_back_for_ever() -> None:
    chunker = Chunker(RATE)
    delivered(chunker, tone(RATE, 1.0), RATE)
    assert delivered(chunker, tone(RATE, 0.2), RATE, late=4.0) == []
    assert [chunk.moment for chunk in chunker.rest()] == pytest.approx([9.0, 9.1])
