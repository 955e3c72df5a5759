"""A view as it looks some moments later, when nothing but time has passed: what lets a screen count down by itself."""

from dataclasses import replace

from levelup_voice.session.plan import Seconds
from levelup_voice.session.view import View

_DAY = 86400.0


def brought_up(view: View, now: Seconds) -> View:
    """The view at `now`, by the same reckoning as the session's."""
    passed = max(0.0, now - view.at)
    if view.situation == "closed" or not passed:
        return view
    ran = passed if view.clock_runs else 0.0
    remaining = None if view.remaining is None else view.remaining - ran
    item_remaining = None if view.item_remaining is None else view.item_remaining - ran
    starts_in = None if view.starts_in is None else view.starts_in - passed
    # The end moves while no time is being used up: before the start, in a pause, and past the end of a block.
    later = passed - (_left(view.remaining, view.starts_in) - _left(remaining, starts_in))
    return replace(
        view,
        at=view.at + passed,
        remaining=remaining,
        item_remaining=item_remaining,
        behind=view.behind + later if view.remaining is not None or starts_in is not None else 0.0,
        starts_in=starts_in,
        ends_of_day=(view.ends_of_day + later) % _DAY,
        blocks=tuple(replace(block, spent=block.spent + ran) if block.is_now else block for block in view.blocks),
    )


def time_of_day(view: View) -> Seconds:
    """The local time of day at `view.at`: the expected end, less all that is left until then. Of a closed session, when
    it was closed."""
    if view.situation == "closed":
        return view.ends_of_day
    first_later = 0 if view.block_number is None else view.block_number + 1
    left = _left(view.remaining, view.starts_in) + sum(block.allotted for block in view.blocks[first_later:])
    return (view.ends_of_day - left) % _DAY


def _left(remaining: Seconds | None, starts_in: Seconds | None) -> Seconds:
    """What is to pass before the blocks to come: of the block that runs, or until the first is meant to begin."""
    return max(0.0, remaining or 0.0, starts_in or 0.0)
