"""The harvest: the groups take their turns, by question; each summary is recorded against question and group."""

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from tests.session.room import Room, recorded, texts, tones, without_speech


def harvest(participants: int = 26) -> Room:
    return Room(participants=participants).until("oogst")


def turns(room: Room) -> list[tuple[int, str]]:
    return [
        (recording.request.group, recording.request.question)
        for recording in room.session.recordings
        if recording.request.purpose == "summary"
    ]


def test_it_is_told_beforehand_who_comes_when_and_that_and_how_long_we_record() -> None:
    room = Room().until("praten", "talking")
    assert texts(room.take(do.Next())) == [
        "We gaan oogsten.",
        "Eerst groep één, dan vijf, twee, zes, drie, zeven en vier.",
        "Na de toon neem ik een halve minuut op. Noem geen namen van kinderen of ouders.",
    ]


def test_the_groups_come_by_question() -> None:
    room = harvest()
    while room.session.item is not None and room.session.item.id == "oogst":
        room.obey(do.Next())
    assert turns(room) == [(1, "q1"), (5, "q1"), (2, "q2"), (6, "q2"), (3, "q3"), (7, "q3"), (4, "q4")]


def test_a_turn_is_announced_and_recorded_against_question_and_group() -> None:
    room = harvest()
    events = room.take(do.Next())
    assert without_speech(events) == [
        ev.TurnTaken(1, "q1"),
        ev.RecordingAnnounced(purpose="summary", question="q1", group=1),
    ]
    assert (texts(events), tones(events)) == (["Groep één, vertel. Wat geven jullie ons mee?"], ["record"])
    assert room.hear()[-1] == ev.RecordingStarted(
        recording=1,
        file="audio/002-oogst-g1-take1.wav",
        purpose="summary",
        block=1,
        item="oogst",
        question="q1",
        group=1,
        planned=30.0,
    )


def test_a_turn_ends_when_its_summary_is_safe() -> None:
    room = harvest().obey(do.Next())
    room.take(do.Next())
    assert ev.TurnEnded(1) in room.saved()
    assert room.session.turn is None


def test_after_the_last_turn_next_goes_on() -> None:
    room = harvest(participants=3).obey(do.Next(), do.Next())
    assert ev.ItemReached(0) in room.take(do.Next())


def test_the_facilitator_may_sum_up_in_one_sentence() -> None:
    room = harvest().obey(do.Next(), do.Next())
    assert texts(room.take(do.RecordKernel())) == ["En nu, na de toon, jouw kernzin."]
    request = recorded(room).session.recordings[-1].request
    assert (request.purpose, request.group, request.question, request.microphone, request.planned) == (
        "kernel",
        1,
        "q1",
        "facilitator",
        12.0,
    )
    assert request.file == "audio/003-oogst-g1-kernel-take1.wav"


def test_a_kernel_needs_a_summary() -> None:
    assert without_speech(harvest().take(do.RecordKernel())) == []


def test_a_kernel_does_not_cost_the_group_that_was_announced_its_turn() -> None:
    room = harvest().obey(do.Next(), do.Next())
    room.take(do.Next())
    room.obey(do.RecordKernel(), do.Next())
    assert room.session.recordings[-1].request.purpose == "kernel"
    assert recorded(room.obey(do.Next())).session.recordings[-1].request.group == 5


def test_again_in_a_turn_makes_a_second_take_of_it() -> None:
    room = harvest().obey(do.Next(), do.Next(), do.Again(), do.Next())
    assert turns(room) == [(1, "q1"), (1, "q1")]
    assert [one.request.take for one in room.session.recordings[1:]] == [1, 2]
    assert room.obey(do.Next()).session.turn == (5, "q1")


def test_any_group_may_take_its_turn() -> None:
    room = harvest().obey(do.TakeTurn(4), do.Next())
    assert turns(room) == [(4, "q4")]
    assert room.obey(do.Next()).session.turn == (1, "q1")


@pytest.mark.parametrize("group", [0, -1, 8, 1000])
def test_a_group_that_does_not_exist_has_no_turn(group: int) -> None:
    assert harvest().take(do.TakeTurn(group)) == ()


def test_a_group_may_swap_to_the_open_question() -> None:
    room = harvest().obey(do.SwapQuestion(2, "q5"), do.TakeTurn(2))
    assert turns(room) == [(2, "q5")]


def test_a_swap_changes_the_order_by_question() -> None:
    room = harvest().obey(do.SwapQuestion(1, "q5"))
    for _ in range(14):
        room.obey(do.Next())
    assert turns(room)[0] == (5, "q1")
    assert turns(room)[-1] == (1, "q5")


def test_a_swap_in_its_own_turn_gives_the_group_that_question() -> None:
    room = harvest()
    room.take(do.Next())
    room.obey(do.SwapQuestion(1, "q5"), do.Next())
    assert turns(room) == [(1, "q5")]
    assert room.obey(do.Next()).session.turn == (5, "q1")


@pytest.mark.parametrize("swap", [do.SwapQuestion(2, "q9"), do.SwapQuestion(0, "q5"), do.SwapQuestion(8, "q5")])
def test_a_swap_of_what_does_not_exist_changes_nothing(swap: do.SwapQuestion) -> None:
    assert harvest().take(swap) == ()


def test_a_skipped_turn_is_over() -> None:
    room = harvest()
    room.take(do.Next())
    events = room.take(do.Skip())
    assert ev.TurnEnded(1) in events
    assert ev.TurnTaken(5, "q1") in events


def test_back_takes_the_turn_before_again_and_keeps_its_first_take() -> None:
    room = harvest().obey(do.Next(), do.Next(), do.Back(), do.Next())
    assert turns(room) == [(1, "q1"), (1, "q1")]
    assert not any(one.deleted for one in room.session.recordings)


def test_back_in_a_turn_goes_to_the_turn_before() -> None:
    room = harvest().obey(do.Next(), do.Next())
    room.take(do.Next())
    assert ev.TurnTaken(1, "q1") in room.take(do.Back())


def test_back_before_the_first_turn_goes_to_the_item_before() -> None:
    assert ev.ItemReached(2) in harvest().take(do.Back())


def test_who_has_not_had_a_turn_is_told() -> None:
    room = harvest()
    assert texts(room.take(do.WhoIsLeft())) == [
        "Groep één, twee, drie, vier, vijf, zes en zeven zijn nog niet geweest."
    ]
    room = harvest(participants=5).obey(do.Next(), do.Next())
    assert texts(room.take(do.WhoIsLeft())) == ["Groep twee is nog niet geweest."]
    room.obey(do.Next(), do.Next())
    assert texts(room.take(do.WhoIsLeft())) == ["Alle groepen zijn geweest."]


def test_with_an_unknown_number_of_people_groups_come_by_number() -> None:
    room = harvest(participants=0)
    for _ in range(5):
        room.obey(do.Record(), do.Next())
    assert turns(room) == [(1, "q1"), (2, "q2"), (3, "q3"), (4, "q4"), (5, "q1")]


def test_with_an_unknown_number_of_people_a_group_says_its_number() -> None:
    assert turns(harvest(participants=0).obey(do.TakeTurn(6), do.Next())) == [(6, "q2")]


def test_record_takes_the_turn_that_is_due() -> None:
    assert turns(harvest().obey(do.Record())) == [(1, "q1")]


def test_when_everyone_has_been_record_is_nothing() -> None:
    room = harvest(participants=4).obey(do.Next(), do.Next())
    assert without_speech(room.take(do.Record())) == []


def test_a_turn_whose_recording_failed_can_be_taken_again_or_passed_by() -> None:
    room = harvest().obey(do.Next())
    room.take(ev.RecordingFailed(1, "unplugged"))
    room.settle()
    assert room.session.turn == (1, "q1")
    again = Room().until("oogst").obey(do.Next())
    again.take(ev.RecordingFailed(1, "unplugged"))
    again.settle()
    assert turns(again.obey(do.Record())) == [(1, "q1"), (1, "q1")]
    assert room.obey(do.Next()).session.turn == (5, "q1")


def test_groups_can_be_made_anew_during_the_harvest() -> None:
    room = harvest().obey(do.SetParticipants(9), do.FormGroups())
    while room.session.item is not None and room.session.item.id == "oogst":
        room.obey(do.Next())
    assert turns(room) == [(1, "q1"), (2, "q2"), (3, "q3")]


def who_comes(room: Room) -> list[int]:
    """The groups that are still to come, in their order, when Next is all that is pressed."""
    before = len(turns(room))
    while room.session.item is not None and room.session.item.id == "oogst":
        room.obey(do.Next())
    return [group for group, _ in turns(room)[before:]]


def test_a_group_that_was_announced_and_passed_over_for_a_moment_still_comes() -> None:
    room = harvest().obey(do.Next(), do.Next())
    room.take(do.Next())  # Group five is announced.
    room.take(do.Back())
    room.settle()
    room.obey(do.Next())  # A better take of group one.
    assert who_comes(room) == [5, 2, 6, 3, 7, 4]
    room = harvest()
    room.take(do.Next())
    room.obey(do.TakeTurn(4), do.Next())
    assert who_comes(room) == [1, 5, 2, 6, 3, 7]


def test_a_group_that_refused_and_has_spoken_does_not_come_again() -> None:
    room = harvest().obey(do.Refuse(1), do.Next(), do.TakeTurn(4), do.Next())
    assert who_comes(room) == [5, 2, 6, 3, 7]


def test_what_a_group_says_that_refused_is_not_summed_up_under_the_name_of_another() -> None:
    room = harvest().obey(do.Refuse(5), do.Next(), do.Next(), do.Next())
    assert room.session.turn == (5, "q1")
    assert texts(room.take(do.RecordKernel())) == ["Dit nemen we niet op."]
    room.hear()
    assert room.session.situation == "harvesting"


def test_with_an_unknown_number_of_people_next_begins_the_harvest_too() -> None:
    room = harvest(0)
    room.obey(do.Next())
    assert room.session.turn == (1, "q1")


def test_a_number_of_people_that_becomes_known_in_the_harvest_makes_groups_of_them() -> None:
    room = harvest(0).obey(do.SetParticipants(26))
    assert who_comes(room) == [1, 5, 2, 6, 3, 7, 4]


@pytest.mark.parametrize("where", ["open", "praten", "dank"])
def test_nobody_is_said_to_have_been_where_nobody_has_a_turn(where: str) -> None:
    assert Room().until(where).take(do.WhoIsLeft()) == ()
    assert harvest(0).take(do.WhoIsLeft()) == ()


def test_the_task_is_given_with_the_question_that_a_group_swapped_to() -> None:
    room = Room().until("praten", "gathering").obey(do.SwapQuestion(2, "q3"))
    (said,) = texts(room.take(do.Next()))
    assert "Groep zes: Wat kan beter?" in said
    assert "Groep twee, drie en zeven: Wie doet mee?" in said


def test_a_question_swapped_before_the_groups_were_known_stays_swapped() -> None:
    room = harvest(0).obey(do.SwapQuestion(3, "q1"), do.TakeTurn(3), do.Next(), do.SetParticipants(26))
    assert who_comes(room) == [1, 5, 2, 6, 7, 4]
