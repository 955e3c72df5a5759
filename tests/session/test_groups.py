"""Counting off and handing out questions."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.groups import group_sizes, hand_out
from levelup_voice.session.plan import MOST_PEOPLE, Discussion, GroupQuestion
from tests.plans import LEVEL_UP, QUESTIONS
from tests.session.room import Room, texts

people = st.integers(1, MOST_PEOPLE)
sizes = st.integers(1, 8)


@given(people, sizes)
def test_everyone_is_in_one_group(present: int, largest: int) -> None:
    assert sum(group_sizes(present, largest)) == present


@given(people, sizes)
def test_no_group_is_too_large_nor_empty(present: int, largest: int) -> None:
    assert all(1 <= size <= largest for size in group_sizes(present, largest))


@given(people, sizes)
def test_there_are_no_more_groups_than_needed(present: int, largest: int) -> None:
    assert (len(group_sizes(present, largest)) - 1) * largest < present


@given(people, sizes)
def test_groups_differ_by_one_at_most_and_the_larger_come_first(present: int, largest: int) -> None:
    made = group_sizes(present, largest)
    assert max(made) - min(made) <= 1
    assert list(made) == sorted(made, reverse=True)


@given(people, sizes)
def test_counting_off_makes_these_groups(present: int, largest: int) -> None:
    """Everyone says the next number, and after the last group's it begins again at one."""
    made = group_sizes(present, largest)
    counted = [0] * len(made)
    for nth in range(present):
        counted[nth % len(made)] += 1
    assert tuple(counted) == made


@given(st.integers(6, MOST_PEOPLE))
def test_nobody_is_left_with_only_one_other(present: int) -> None:
    assert min(group_sizes(present)) >= 3


@pytest.mark.parametrize(
    ("present", "made"),
    [
        (0, ()),
        (-2, ()),
        (1, (1,)),
        (2, (2,)),
        (3, (3,)),
        (4, (4,)),
        (5, (3, 2)),
        (9, (3, 3, 3)),
        (26, (4, 4, 4, 4, 4, 3, 3)),
    ],
)
def test_groups_of_a_few_people(present: int, made: tuple[int, ...]) -> None:
    assert group_sizes(present) == made


def discussion(*questions: GroupQuestion, each: int = 1) -> Discussion:
    return Discussion(id="d", questions=questions, talk=60.0, questions_per_group=each)


def test_questions_go_round() -> None:
    assert hand_out(discussion(*QUESTIONS), 6) == (("q1",), ("q2",), ("q3",), ("q4",), ("q1",), ("q2",))


@given(st.integers(0, 60), st.integers(1, 6))
def test_the_open_question_is_never_handed_out(groups: int, each: int) -> None:
    handed = hand_out(discussion(*QUESTIONS, each=each), groups)
    assert len(handed) == groups
    assert all("q5" not in questions and len(set(questions)) == len(questions) == min(each, 4) for questions in handed)


def test_only_open_questions_are_handed_out_when_there_are_no_others() -> None:
    assert hand_out(discussion(replace(QUESTIONS[0], open=True)), 2) == (("q1",), ("q1",))


def test_a_group_may_have_more_than_one_question() -> None:
    assert hand_out(discussion(*QUESTIONS, each=2), 3) == (("q1", "q2"), ("q3", "q4"), ("q1", "q2"))


@pytest.mark.parametrize(
    ("participants", "said"),
    [
        (26, "Tel af van één tot en met zeven. Jouw nummer is jouw groep."),
        (5, "Tel af van één tot en met twee. Jouw nummer is jouw groep."),
        (4, "We blijven bij elkaar, als één groep."),
        (1, "We blijven bij elkaar, als één groep."),
        (0, "Maak groepjes van drie of vier."),
    ],
)
def test_people_are_told_how_to_make_groups(participants: int, said: str) -> None:
    room = Room(participants=participants).until("s2", "counting")
    assert said in texts(room.take(do.Next()))


def test_groups_are_made_when_the_discussion_is_reached() -> None:
    room = Room().until("praten", "gathering")
    assert room.session.groups == (4, 4, 4, 4, 4, 3, 3)
    assert [room.session.assigned["praten", group] for group in range(1, 8)] == [
        ("q1",), ("q2",), ("q3",), ("q4",), ("q1",), ("q2",), ("q3",),
    ]  # fmt: skip


def test_each_question_is_read_once_with_the_groups_that_take_it() -> None:
    (said,) = texts(Room().until("praten", "gathering").take(do.Next()))
    assert said == (
        "Praat met elkaar. Groep één en vijf: Wat gaat goed? Groep twee en zes: Wat kan beter? "
        "Groep drie en zeven: Wie doet mee? Groep vier: Wat is de eerste stap? "
        "De laatste vraag is open. Wie liever zelf een vraag bedenkt, kiest die."
    )


def test_groups_are_made_anew_on_request_only() -> None:
    room = Room().until("praten", "briefing").obey(do.SetParticipants(13))
    before = room.session.groups
    room.obey(do.FormGroups())
    assert (len(before), room.session.groups) == (7, (4, 3, 3, 3))


def test_groups_can_be_made_before_the_session_starts() -> None:
    events = Room().take(do.FormGroups())
    assert events[0] == ev.GroupsFormed((4, 4, 4, 4, 4, 3, 3))


def test_the_session_that_we_ship_makes_seven_groups_of_four_questions() -> None:
    room = Room(LEVEL_UP).until("gesprek", "talking")
    handed = [questions for (_, _), questions in sorted(room.session.assigned.items())]
    assert (len(handed), len(set(handed))) == (7, 4)
