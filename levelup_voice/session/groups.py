"""Making groups by counting off, handing out questions, and the order in which groups answer them."""

from collections.abc import Iterator, Sequence

from .plan import Discussion


def group_sizes(people: int, largest: int = 4) -> tuple[int, ...]:
    """The sizes of the fewest groups of at most `largest`, as counting off makes them.

    Sizes differ by at most one, larger groups first. Nobody present: no groups. One to five people are one group of
    their own, or three and two: a group of two still talks, a group of five already has listeners.
    """
    if people <= 0:
        return ()
    groups = -(-people // largest)
    size, more = divmod(people, groups)
    return tuple(size + 1 if group < more else size for group in range(groups))


def hand_out(discussion: Discussion, groups: int) -> tuple[tuple[str, ...], ...]:
    """The question ids of each group: groups 1 and 5 of four questions get the first, 2 and 6 the second, …

    The open question is never handed out; a group may swap to it.
    """
    questions = [question.id for question in discussion.questions if not question.open]
    questions = questions or [question.id for question in discussion.questions]
    each = min(discussion.questions_per_group, len(questions))
    return tuple(
        tuple(questions[(group * each + nth) % len(questions)] for nth in range(each)) for group in range(groups)
    )


def turn_order(discussion: Discussion, handed_out: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Each group with a question of its own, by question and then by group."""
    for question in discussion.questions:
        for group, questions in enumerate(handed_out, start=1):
            if question.id in questions:
                yield group, question.id
