"""Time announcements: when one is said, shown, owed or let go."""

from dataclasses import replace

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session import wording
from levelup_voice.session.plan import Cue, Discussion, Seconds
from levelup_voice.session.timing import block_cues, default_cues, ends_at, item_cues, item_ends_at
from tests.plans import ALOUD, OWN_CUES, QUESTIONS, SMALL
from tests.session.room import WORDS, Room, cues, texts, tones


def at_block_end(room: Room, before: Seconds) -> Room:
    """Nothing is being said, and the block has so much time left."""
    room.wait(ends_at(room.session) - before - room.now)
    room.hear(0.01)
    return room


def talking(plan_aloud: bool = False) -> Room:
    return Room(ALOUD if plan_aloud else SMALL).until("praten", "talking")


def at_talk_end(room: Room, before: Seconds) -> Room:
    end = item_ends_at(room.session)
    assert end is not None
    room.wait(end - before - room.now)
    return room


@pytest.mark.parametrize(
    ("duration", "moments"),
    [
        (1200.0, [300.0, 60.0, 0.0]),
        (900.0, [300.0, 60.0, 0.0]),
        (899.0, [120.0, 60.0, 0.0]),
        (300.0, [120.0, 60.0, 0.0]),
        (120.0, [60.0, 0.0]),
        (60.0, [0.0]),
        (45.0, [0.0]),
    ],
)
def test_what_has_a_time_has_cues_by_its_length(duration: Seconds, moments: list[Seconds]) -> None:
    assert [cue.remaining for cue in default_cues(duration, "screen")] == moments


def test_a_block_may_have_cues_of_its_own_or_none() -> None:
    assert [(cue.remaining, cue.style) for cue in block_cues(OWN_CUES.blocks[0])] == [
        (200.0, "spoken"),
        (90.0, "screen"),
        (45.0, "spoken"),
    ]
    assert block_cues(OWN_CUES.blocks[1]) == ()


def test_a_talk_has_its_cues_spoken_and_a_harvest_and_a_statement_have_none() -> None:
    talk = Discussion(id="d", questions=QUESTIONS, talk=360.0)
    assert [(cue.remaining, cue.style) for cue in item_cues(talk)] == [
        (120.0, "spoken"),
        (60.0, "spoken"),
        (0.0, "spoken"),
    ]
    assert item_cues(replace(talk, cue_style="none")) == ()
    assert item_cues(replace(talk, cues=())) == ()
    assert item_cues(SMALL.item("oogst")) == item_cues(SMALL.item("s1")) == item_cues(None) == ()


def test_while_the_facilitator_talks_cues_are_on_the_screen() -> None:
    room = Room().until("uitleg")
    happened = room.wait(900.0)
    assert [cue for cue in cues(happened) if cue[0] == "block"] == [
        ("block", 300.0, "screen"),
        ("block", 60.0, "screen"),
        ("block", 0.0, "screen"),
    ]
    assert texts(happened) == tones(happened) == []


def test_a_spoken_cue_comes_with_a_chime_and_is_handed_over_just_before_its_moment() -> None:
    room = Room(ALOUD).until("uitleg")
    due_at = ends_at(room.session) - 300.0
    happened = room.wait(due_at - room.now)
    (request,) = [event for event in happened if isinstance(event, ev.SpeechRequested)]
    assert (request.tone, request.text, request.due_at) == ("chime", "Nog vijf minuten.", due_at)
    asked_at = next(entry.at for entry in room.journal if entry.event == request)
    assert due_at - 1.0 < asked_at < due_at


def test_the_groups_hear_how_much_time_they_have_left() -> None:
    room = talking()
    assert texts(at_talk_end(room, 119.0).wait(0.0)) == []
    said = [entry.event for entry in room.journal]
    assert texts(said)[-1] == "Nog twee minuten."
    room.hear()
    at_talk_end(room, 59.0).hear()
    at_talk_end(room, -1.0).hear()
    assert texts(entry.event for entry in room.journal)[-2:] == [
        "Nog één minuut. Wat willen jullie straks delen?",
        "De tijd is om. Maak je zin rustig af.",
    ]


def test_a_cue_may_have_words_of_its_own_or_count_in_seconds() -> None:
    room = Room(OWN_CUES).obey(do.Start())
    happened = at_block_end(room, 199.0).wait(0.0)
    room.hear()
    at_block_end(room, 44.0)
    said = texts(entry.event for entry in room.journal)
    assert happened == []
    assert said[-2:] == ["Nog even.", "Nog vijfenveertig seconden."]


def test_a_cue_is_not_said_over_another_utterance_but_shown_and_said_afterwards() -> None:
    room = at_block_end(Room(ALOUD).until("uitleg"), 302.0)
    room.take(do.TimeLeft())
    happened = room.wait(2.0)
    assert (cues(happened), texts(happened)) == ([("block", 300.0, "owed")], [])
    after = room.hear()
    assert ev.OwedCueSettled(said=True) in after
    assert texts(after) == ["Nog vijf minuten."]


def test_a_cue_is_not_said_into_a_recording_but_shown_and_said_afterwards() -> None:
    room = Room(ALOUD).until("open")
    at_block_end(room, 305.0).obey(do.Next())
    happened = at_block_end(room, 299.0).wait(0.0)
    assert texts(happened) == []
    assert [outcome for entry in room.journal for _, _, outcome in cues([entry.event])][-1] == "owed"
    room.take(do.StopRecording())
    thanks = room.saved()
    assert texts(thanks) == ["Dank jullie wel."]
    assert texts(room.hear()) == ["Nog vijf minuten."]


def test_a_cue_that_waited_until_it_was_no_longer_true_is_let_go() -> None:
    room = Room(ALOUD).until("open")
    at_block_end(room, 302.0).obey(do.Next())
    room.wait(60.0)
    room.obey(do.StopRecording())
    events = [entry.event for entry in room.journal]
    assert ev.OwedCueSettled(said=False) in events
    assert "Nog vijf minuten." not in texts(events)


def test_that_the_time_is_up_stays_true() -> None:
    room = Room(ALOUD).until("open")
    at_block_end(room, 1.0).obey(do.Next())
    room.wait(60.0)
    room.obey(do.StopRecording())
    assert texts(entry.event for entry in room.journal)[-1] == "De tijd van dit onderdeel is om."


def test_a_cue_that_waited_is_let_go_when_time_was_added_meanwhile() -> None:
    room = at_block_end(Room(ALOUD).until("uitleg"), 0.9)
    room.take(do.TimeLeft())
    room.wait(1.0)
    room.take(do.AddTime(120.0))
    after = room.hear()
    assert ev.OwedCueSettled(said=False) in after
    assert "De tijd van dit onderdeel is om." not in texts(after)


def test_a_cue_of_the_talk_is_not_said_into_what_comes_after_it() -> None:
    room = at_talk_end(talking(), 120.9)
    room.take(do.TimeLeft())
    assert ("item", 120.0, "owed") in cues(room.wait(1.0))
    room.take(do.Next())
    assert "Nog twee minuten." not in texts(room.hear())


def test_a_cue_that_waited_is_not_said_during_the_harvest() -> None:
    room = talking(plan_aloud=True)
    at_block_end(room, 300.9)
    room.take(do.TimeLeft())
    assert ("block", 300.0, "owed") in cues(room.wait(1.0))
    room.take(do.Next())
    after = room.hear()
    assert ev.OwedCueSettled(said=False) in after
    assert "Nog vijf minuten." not in texts(after)


def test_no_cue_is_given_during_the_harvest() -> None:
    room = Room(ALOUD).until("oogst")
    assert cues(room.wait(2 * 3600.0)) == []


def test_of_several_missed_cues_only_the_latest_is_said() -> None:
    room = at_block_end(Room(ALOUD).until("uitleg"), 600.0)
    happened = room.stall(601.0)
    assert [cue for cue in cues(happened) if cue[0] == "block"] == [
        ("block", 300.0, "missed"),
        ("block", 60.0, "missed"),
        ("block", 0.0, "spoken"),
    ]
    assert texts(happened) == ["De tijd van dit onderdeel is om."]


def test_of_two_missed_cues_that_are_both_still_true_only_the_latest_is_said() -> None:
    close = (Cue(remaining=8.0, style="spoken"), Cue(remaining=5.0, style="spoken"))
    room = Room(replace(OWN_CUES, blocks=(replace(OWN_CUES.blocks[0], cues=close),))).obey(do.Start())
    happened = at_block_end(room, 20.0).stall(16.0)
    assert [cue for cue in cues(happened) if cue[0] == "block"] == [("block", 8.0, "missed"), ("block", 5.0, "spoken")]
    assert texts([*happened, *room.hear()]) == ["Nog vijf seconden."]


def test_a_missed_cue_that_is_no_longer_true_is_not_said() -> None:
    room = at_block_end(Room(ALOUD).until("uitleg"), 600.0)
    happened = room.stall(400.0)
    assert ("block", 300.0, "missed") in cues(happened)
    assert texts(happened) == []


def test_a_cue_that_is_a_little_late_is_said() -> None:
    room = at_block_end(Room(ALOUD).until("uitleg"), 310.0)
    assert texts(room.stall(20.0)) == ["Nog vijf minuten."]


def test_a_cue_is_given_once() -> None:
    room = at_block_end(Room(ALOUD).until("uitleg"), 299.0)
    room.hear()
    room.take(do.Back())
    room.hear()
    given = [cue for entry in room.journal for cue in cues([entry.event]) if cue[:2] == ("block", 300.0)]
    assert len(given) == 1


def test_a_cue_counts_anew_when_the_planned_end_has_moved() -> None:
    room = at_talk_end(talking(), 119.0)
    room.hear()
    room.obey(do.AddTime(120.0))
    at_talk_end(room, 118.0).hear()
    said = texts(entry.event for entry in room.journal)
    assert said.count("Nog twee minuten.") == 2


def test_a_new_run_of_a_block_has_its_cues_again() -> None:
    room = at_block_end(Room(ALOUD).until("uitleg"), 299.0)
    room.hear()
    room.until("s1", "thinking")
    room.take(do.Back())
    room.obey(do.Back())
    assert ("block", 60.0, "spoken") in cues(at_block_end(room, 70.0).wait(15.0))


def test_two_cues_at_one_moment_are_not_said_over_each_other() -> None:
    """The groups' time and the block's are up together."""
    plan = replace(ALOUD, blocks=(replace(ALOUD.blocks[1], duration=360.0), ALOUD.blocks[2]))
    room = Room(plan)
    room.take(do.Start())
    while room.session.run.stage != "talking":
        room.take(do.Next())
    room.hear(0.0)
    happened = room.wait(240.0)
    assert cues(happened) == [("block", 120.0, "spoken"), ("item", 120.0, "owed")]
    assert texts(happened) == ["Nog twee minuten."]


def test_a_cue_is_not_said_over_a_question_of_ours() -> None:
    room = at_block_end(Room(ALOUD).until("uitleg"), 304.0).obey(do.Finish())
    happened = room.wait(5.0)
    assert ("block", 300.0, "owed") in cues(happened)
    assert texts(happened) == []
    room.take(do.Decline())
    assert texts(room.hear())[-1:] == ["Nog vijf minuten."]


def test_how_long_we_are_silent_is_told_only_where_it_can_be_told_in_minutes() -> None:
    talk = next(item for item in SMALL.blocks[1].items if isinstance(item, Discussion))
    told = {
        seconds: wording.talk_starts(WORDS, replace(talk, talk=150.0, cues=(Cue(remaining=seconds, style="spoken"),)))
        for seconds in (20.0, 45.0, 60.0, 90.0, 120.0)
    }
    minutes = "Jullie hebben twee en een halve minuut."
    assert {seconds: text.removeprefix(minutes) for seconds, text in told.items()} == {
        20.0: "",
        45.0: "",
        60.0: " Ik ben stil tot er nog één over zijn.",
        90.0: "",
        120.0: " Ik ben stil tot er nog twee over zijn.",
    }
