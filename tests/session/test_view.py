"""What pages and terminal show follows from the session alone."""

from dataclasses import replace

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.plan import Discussion
from levelup_voice.session.view import View, view
from tests.plans import OWN_CUES, SMALL
from tests.session.room import ELEVEN, WORDS, Room


def seen(room: Room) -> View:
    return view(room.session, room.now, WORDS)


def test_before_the_start_there_is_a_plan_and_no_clock() -> None:
    shown = seen(Room())
    assert (shown.situation, shown.clock_runs, shown.remaining, shown.block_number) == ("ready", False, None, None)
    assert [block.title for block in shown.blocks] == ["Begin", "In gesprek", "Einde"]
    assert shown.ends_of_day == ELEVEN + 2400.0
    assert {"Start", "Next"} <= shown.commands


def test_the_item_on_show_and_its_time() -> None:
    shown = seen(Room().until("open"))
    assert (shown.item_id, shown.item_kind, shown.block_number, shown.clock_runs) == ("open", "question", 0, True)
    assert shown.item_remaining is not None
    assert 110.0 < shown.item_remaining <= 120.0


def test_a_statement_shows_its_text_and_the_tally() -> None:
    room = Room().until("s1", "counting")
    assert (seen(room).text, seen(room).tally) == ("Ouders weten het beter.", None)
    assert seen(room.obey(do.GiveTally(disagree=9))).tally == (17, 9)


def test_a_discussion_shows_who_takes_which_question() -> None:
    room = Room().until("praten", "talking").obey(do.SwapQuestion(7, "q5"))
    assert [(question.id, question.groups, question.open) for question in seen(room).questions] == [
        ("q1", (1, 5), False),
        ("q2", (2, 6), False),
        ("q3", (3,), False),
        ("q4", (4,), False),
        ("q5", (7,), True),
    ]


def test_a_harvest_shows_whose_turn_it_is_and_who_is_left() -> None:
    shown = seen(Room().until("oogst").obey(do.Next()))
    assert (shown.turn, shown.groups_left, shown.situation) == (1, (2, 3, 4, 5, 6, 7), "recording")
    assert shown.recording is not None
    assert (shown.recording.group, shown.recording.question, shown.recording.stopping) == (1, "q1", False)


def test_a_recording_shows_how_it_sounds_and_that_it_is_being_closed() -> None:
    room = Room().until("open").obey(do.Next())
    room.take(ev.LevelNoticed(0, "quiet"))
    room.take(do.Next())
    shown = seen(room).recording
    assert shown is not None
    assert (shown.findings, shown.stopping) == (("quiet",), True)


def test_a_summary_shows_how_far_its_words_are() -> None:
    room = Room().until("open").obey(do.Next(), do.Next())
    assert [summary.state for summary in seen(room).summaries] == ["transcribing"]
    room.transcribed("samen", "sterk")
    assert [(summary.state, summary.text) for summary in seen(room).summaries] == [("ready", "samen sterk")]
    room.obey(do.DeleteRecording(), do.Confirm())
    assert [(summary.state, summary.text) for summary in seen(room).summaries] == [("deleted", "")]


def test_a_failed_recording_shows_as_such() -> None:
    room = Room().until("open").obey(do.Next())
    room.take(ev.RecordingFailed(0, "unplugged"))
    assert [summary.state for summary in seen(room).summaries] == ["failed"]


def test_a_pause_shows_that_the_clock_stands_still() -> None:
    room = Room().until("welkom").obey(do.Pause())
    before = seen(room)
    room.wait(60.0)
    assert not before.clock_runs
    assert seen(room).remaining == before.remaining


def test_overrun_is_shown() -> None:
    room = Room().until("uitleg")
    room.wait(1000.0)
    shown = seen(room)
    assert shown.remaining is not None
    assert shown.remaining < -100.0
    assert shown.behind == pytest.approx(-shown.remaining)


def test_the_last_cue_stays_on_show_until_it_is_overtaken() -> None:
    room = Room(OWN_CUES).obey(do.Start())
    room.wait(390.0 - room.now)
    assert seen(room).cue == "Nog twee minuten."
    room.wait(55.0)
    room.hear()
    assert seen(room).cue == "Nog één minuut."


def test_a_cue_leaves_the_screen_when_time_is_added() -> None:
    room = Room().until("uitleg")
    room.wait(650.0)
    assert seen(room).cue
    room.obey(do.Next())
    assert seen(room).cue == ""


def test_trouble_shows_as_long_as_it_lasts() -> None:
    room = Room().until("welkom")
    room.take(ev.DeviceLost("microphone", "unplugged"))
    assert seen(room).troubles == (("microphone", "unplugged"),)
    room.take(ev.DeviceFound("microphone"))
    assert seen(room).troubles == ()


def test_what_waits_for_a_yes_is_shown() -> None:
    assert seen(Room().until("welkom").obey(do.Finish())).confirming == "finish"


def test_after_the_close_all_blocks_that_ran_are_over() -> None:
    shown = seen(Room().until("dank").obey(do.Next()))
    assert [block.is_over for block in shown.blocks] == [True, True, True]
    assert not any(block.is_now for block in shown.blocks)
    assert not shown.clock_runs


def test_blocks_show_the_time_they_have_and_used() -> None:
    room = Room().until("welkom")
    room.take(do.AddTime(60.0))
    block = seen(room).blocks[0]
    assert (block.planned, block.allotted, block.is_now, block.is_over) == (900.0, 960.0, True, False)
    assert block.spent == room.now


def test_of_a_group_with_two_questions_the_one_that_it_answers_now_is_known() -> None:
    blocks = [
        replace(
            block,
            items=tuple(
                replace(item, questions_per_group=2) if isinstance(item, Discussion) else item for item in block.items
            ),
        )
        for block in SMALL.blocks
    ]
    room = Room(replace(SMALL, blocks=tuple(blocks)), participants=8).until("oogst")
    answered = []
    while room.session.item is not None and room.session.item.id == "oogst":
        room.obey(do.Next())
        if room.session.turn:
            answered.append((room.session.turn[0], view(room.session, room.now, WORDS).turn_question))
    assert (1, "q1") in answered
    assert (1, "q2") in answered
