import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from levelup_voice.audio.playout import FADE_FRAMES, RATE, Playout

BLOCK = 480


def heard(playout: Playout, blocks: int, first: int = 0) -> NDArray[np.int16]:
    """What the loudspeaker gets in so many blocks; time begins at 0 and is counted in frames."""
    sound = bytearray()
    for number in range(first, first + blocks):
        block = bytearray(b"\x55" * BLOCK * 2)
        playout.fill(memoryview(block), number * BLOCK / RATE)
        sound += block
    return np.frombuffer(bytes(sound), dtype=np.int16)


def steady(frames: int, level: int = 1000) -> bytes:
    return np.full(frames, level, np.int16).tobytes()


def test_without_sounds_there_is_silence() -> None:
    assert not heard(Playout(lambda: 0.0), 2).any()


@given(st.lists(st.tuples(st.integers(1, 2000), st.none() | st.integers(0, 3000)), max_size=5))
def test_sounds_follow_each_other_whole_and_never_before_they_are_due(asked: list[tuple[int, int | None]]) -> None:
    playout = Playout(lambda: 0.0)
    sounds = [
        playout.add(steady(frames, level), None if due is None else due / RATE)
        for level, (frames, due) in enumerate(asked, start=1)
    ]
    room = heard(playout, 50)
    end = 0
    for level, ((frames, due), sound) in enumerate(zip(asked, sounds, strict=True), start=1):
        begin = max(end, due or 0)
        end = begin + frames
        assert np.array_equal(np.flatnonzero(room == level), np.arange(begin, end))
        assert sound.outcome == "played"
        assert sound.heard_from is not None
        assert (round(sound.heard_from * RATE), round(sound.heard_until * RATE)) == (begin, end)
    assert np.count_nonzero(room) == sum(frames for frames, _ in asked)


def test_stopping_fades_out_in_five_milliseconds_and_drops_what_waits() -> None:
    playout = Playout(lambda: 1e9)
    sounds = [playout.add(steady(10 * BLOCK)), playout.add(steady(BLOCK)), playout.add(steady(BLOCK), due=1.0)]
    before = heard(playout, 2)
    playout.stop()
    after = heard(playout, 3, first=2)
    assert (before == 1000).all()
    assert (np.diff(after[:FADE_FRAMES].astype(int)) <= 0).all()
    assert not after[FADE_FRAMES:].any()
    assert [sound.outcome for sound in sounds] == ["cut"] * 3
    assert all(sound.wait(0) for sound in sounds)


def test_a_pause_fades_out_and_in_and_loses_nothing() -> None:
    playout = Playout(lambda: 2 * BLOCK / RATE)
    sound = playout.add(steady(5 * BLOCK))
    before = heard(playout, 2)
    playout.pause(3 * BLOCK / RATE)
    during, after = heard(playout, 3, first=2), heard(playout, 4, first=5)
    assert (before == 1000).all()
    assert (np.diff(during[:FADE_FRAMES].astype(int)) <= 0).all()
    assert not during[FADE_FRAMES:].any()
    assert (np.diff(after[:FADE_FRAMES].astype(int)) >= 0).all()
    assert np.array_equal(np.flatnonzero(after[FADE_FRAMES:] == 1000), np.arange(3 * BLOCK - FADE_FRAMES))
    assert sound.outcome == "played"


def test_a_stop_ends_a_pause_in_silence_and_what_comes_next_does_not_wait() -> None:
    playout = Playout(lambda: BLOCK / RATE)
    paused = playout.add(steady(10 * BLOCK))
    heard(playout, 1)
    playout.pause(1.0)
    heard(playout, 2, first=1)
    playout.stop()
    playout.add(steady(BLOCK, 7))
    assert (heard(playout, 1, first=3) == 7).all()
    assert paused.outcome == "cut"


def test_after_a_stop_the_next_sound_is_played() -> None:
    playout = Playout(lambda: 1e9)
    playout.add(steady(10 * BLOCK))
    playout.stop()
    following = playout.add(steady(BLOCK, 7))
    assert np.count_nonzero(heard(playout, 3) == 7) == BLOCK
    assert following.outcome == "played"


def test_when_the_loudspeaker_goes_nobody_waits_for_ever_and_it_wakes_up_silent() -> None:
    playout = Playout(lambda: 1e9)
    begun, waiting = playout.add(steady(10 * BLOCK)), playout.add(steady(BLOCK))
    heard(playout, 1)
    playout.lose()
    assert begun.wait(0)
    assert waiting.wait(0)
    assert (begun.outcome, waiting.outcome) == ("lost", "lost")
    assert not heard(playout, 5)[FADE_FRAMES:].any()


def test_a_sound_that_is_empty_is_over_at_once() -> None:
    sound = Playout(lambda: 0.0).add(b"")
    assert sound.wait(0)
    assert sound.outcome == "played"
