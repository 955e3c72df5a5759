"""Whether a plan fits the people present: what is too tight, and what would help. Judged before the session."""

from dataclasses import dataclass
from math import ceil

from .catalogue import Catalogue
from .groups import group_sizes
from .plan import Block, Discussion, Harvest, Seconds, SessionPlan
from .timing import planned_seconds

SHORTEST_SUMMARY: Seconds = 15.0
"""In less nobody says anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A block that needs more time than it has."""

    block: str
    """Its title."""
    over: Seconds
    groups: int
    harvest: Seconds = 0.0
    """How long the harvest takes with so many groups; 0: the block has none."""
    shorter_summary: Seconds = 0.0
    """Summaries of this length would make it fit; 0: no length would."""


def misfits(plan: SessionPlan, participants: int) -> tuple[Misfit, ...]:
    """Every block whose items do not fit, with so many people."""
    found = (_misfit(plan, block, participants) for block in plan.blocks)
    return tuple(misfit for misfit in found if misfit is not None)


def sentence(words: Catalogue, misfit: Misfit) -> str:
    """The misfit with its remedy, as it is said before the session."""
    earlier = words.minutes(ceil(misfit.over / 60))
    if not misfit.harvest:
        return words.text("fit.block", block=misfit.block, over=words.duration(misfit.over), earlier=earlier)
    key = "fit.harvest" if misfit.shorter_summary else "fit.harvest_start_earlier"
    return words.text(
        key,
        groups=words.number(misfit.groups),
        harvest=f"{misfit.harvest // 60:.0f}:{misfit.harvest % 60:02.0f}",
        summary=words.seconds(round(misfit.shorter_summary)),
        earlier=earlier,
    )


def _misfit(plan: SessionPlan, block: Block, participants: int) -> Misfit | None:
    harvests = [item for item in block.items if isinstance(item, Harvest)]
    groups = _groups(plan, harvests, participants)
    over = planned_seconds(plan, block, groups) - block.duration
    if over <= 0:
        return None
    if not harvests:
        return Misfit(block=block.title, over=over, groups=groups)
    harvest = harvests[0]
    discussion = _discussion(plan, harvest)
    turns = max(1, groups * discussion.questions_per_group)
    shorter = (discussion.summary - over / turns) // 5 * 5
    return Misfit(
        block=block.title,
        over=over,
        groups=groups,
        harvest=harvest.turn * turns,
        shorter_summary=shorter if shorter >= SHORTEST_SUMMARY else 0.0,
    )


def _groups(plan: SessionPlan, harvests: list[Harvest], participants: int) -> int:
    size = _discussion(plan, harvests[0]).group_size if harvests else 4
    return max(1, len(group_sizes(participants, size)))


def _discussion(plan: SessionPlan, harvest: Harvest) -> Discussion:
    discussion = plan.item(harvest.discussion)
    assert isinstance(discussion, Discussion)
    return discussion
