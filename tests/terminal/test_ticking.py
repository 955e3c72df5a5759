"""A screen that counts down by itself shows what the session would have told it."""

from dataclasses import replace

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session.view import View
from levelup_voice.terminal.ticking import brought_up, time_of_day

from .views import NOON, Played

STARTS_AT = {"before a start that is planned": 1200.0, "after a start that was planned": 2.0}
ASKED: dict[str, tuple[do.Command, ...]] = {
    "before the start": (),
    **dict.fromkeys(STARTS_AT, ()),
    "in a card": (do.Start(), do.Next()),
    "in a pause": (do.Start(), do.Next(), do.Pause()),
    "with time added": (do.Start(), do.Next(), do.AddTime(120)),
    "in a statement": (do.Start(), *[do.Skip()] * 9),
    "when closed": (do.Start(), do.Finish(), do.Confirm()),
}


def what_ticks(view: View) -> list[float | None]:
    spent = [block.spent for block in view.blocks]
    return [view.at, view.remaining, view.item_remaining, view.behind, view.ends_of_day, *spent]


@pytest.mark.parametrize("passed", [0.0, 7.5, 899.0, 1500.0])
@pytest.mark.parametrize("moment", ASKED)
def test_counting_down_agrees_with_the_session(moment: str, passed: float) -> None:
    played = Played(starts_at=STARTS_AT.get(moment))
    for command in ASKED[moment]:
        played.now += 3
        played.ask(command)
    early = played.view()
    played.now += passed
    late = brought_up(early, played.now)
    if moment == "when closed":
        assert late == early
    else:
        assert what_ticks(late) == pytest.approx(what_ticks(played.view()))


@pytest.mark.parametrize("moment", ASKED)
def test_the_time_of_day_follows_from_what_is_left(moment: str) -> None:
    played = Played(starts_at=STARTS_AT.get(moment))
    for command in ASKED[moment]:
        played.now += 400
        played.ask(command)
    assert time_of_day(played.view()) == pytest.approx(NOON + played.now)
    closed_at = played.session.closed_at
    played.now += 100
    assert time_of_day(played.view()) == pytest.approx(NOON + (played.now if closed_at is None else closed_at))


def test_a_clock_that_is_behind_the_view_changes_nothing() -> None:
    view = replace(Played().view(), at=50.0)
    assert brought_up(view, 49.0) is view
