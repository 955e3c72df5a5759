"""Going on, going back, skipping, repeating, pausing."""

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.timing import remaining, spent
from tests.session.room import Room, texts, without_speech


def test_the_first_item_is_read_when_the_session_starts() -> None:
    events = Room().take(do.Start())
    assert without_speech(events) == [ev.BlockStarted(0), ev.ItemReached(0)]
    assert texts(events) == ["Welkom. Mogen we straks opnemen?"]


def test_next_goes_to_the_next_item_and_stops_our_voice() -> None:
    room = Room()
    room.take(do.Start())
    events = room.take(do.Next())
    assert isinstance(events[0], ev.SpeechStopped)
    assert without_speech(events) == [ev.ItemReached(1)]


def test_an_item_without_spoken_text_is_only_shown() -> None:
    assert Room().until("open").take(do.Skip()) == (ev.ItemReached(2),)


def test_after_the_last_item_the_next_block_starts() -> None:
    assert without_speech(Room().until("uitleg").take(do.Next())) == [
        ev.BlockEnded(),
        ev.BlockStarted(1),
        ev.ItemReached(0),
    ]


def test_after_the_last_item_of_the_last_block_the_session_closes() -> None:
    assert without_speech(Room().until("dank").take(do.Next())) == [ev.SessionClosed()]


def test_skipping_leaves_the_whole_item() -> None:
    assert without_speech(Room().until("s1", "choosing").take(do.Skip())) == [ev.ItemReached(1)]


def test_skipping_a_question_records_nothing() -> None:
    room = Room().until("open").obey(do.Skip())
    assert room.session.item is not None
    assert room.session.item.id == "uitleg"
    assert room.session.recordings == ()


def test_back_goes_to_the_item_before() -> None:
    assert without_speech(Room().until("uitleg").take(do.Back())) == [ev.ItemReached(1)]


def test_back_at_the_very_beginning_reads_it_again() -> None:
    events = Room().obey(do.Start()).take(do.Back())
    assert texts(events) == ["Welkom. Mogen we straks opnemen?"]


def test_back_during_a_statement_reads_it_again() -> None:
    events = Room().until("s2", "counting").take(do.Back())
    assert without_speech(events) == [ev.ItemReached(1)]
    assert texts(events) == ["School begint thuis."]


def test_back_twice_goes_to_the_item_before_the_statement() -> None:
    room = Room().until("s2", "thinking")
    room.take(do.Back())
    assert without_speech(room.take(do.Back())) == [ev.ItemReached(0)]


def test_back_returns_to_the_block_before_and_its_clock_goes_on_where_it_stopped() -> None:
    room = Room().until("welkom")
    room.wait(200.0)
    room.until("s1", "thinking")
    room.take(do.Back())
    room.obey(do.Back())
    assert (room.session.run.block, room.session.run.item) == (0, 2)
    used = spent(room.session, 0, room.now)
    assert used >= 200.0
    assert remaining(room.session, room.now) == 900.0 - used


def test_the_block_that_was_left_starts_anew() -> None:
    room = Room().until("s1", "thinking")
    room.take(do.Back())
    room.obey(do.Back()).until("s1", "thinking")
    assert remaining(room.session, room.session.run.started_at) == 1200.0


def test_back_from_the_groups_talk_goes_to_its_beginning() -> None:
    room = Room().until("praten", "talking").obey(do.Back())
    assert (room.session.run.stage, room.session.groups) == ("gathering", (4, 4, 4, 4, 4, 3, 3))


def test_groups_stay_as_they_are_when_the_facilitator_comes_back() -> None:
    room = Room().until("praten", "talking")
    room.obey(do.SwapQuestion(2, "q5"))
    events = room.take(do.Back())
    assert not any(isinstance(event, ev.GroupsFormed) for event in events)
    assert room.session.assigned["praten", 2] == ("q5",)


def test_repeat_reads_what_belongs_here_again() -> None:
    room = Room().until("s1", "choosing")
    assert texts(room.take(do.Repeat())) == ["Daar gaan we. Kies nu."]
    assert texts(Room().until("open").take(do.Repeat())) == ["Waar denk jij aan?"]


def test_repeat_during_the_talk_tells_what_is_left_of_it() -> None:
    room = Room().until("praten", "talking")
    room.settle()
    room.wait(130.0)
    assert texts(room.take(do.Repeat())) == ["We hebben nog vier minuten."]


def test_a_pause_stops_the_clocks() -> None:
    room = Room().until("welkom")
    left = remaining(room.session, room.now)
    room.obey(do.Pause())
    assert room.session.situation == "paused"
    room.wait(300.0)
    assert remaining(room.session, room.now) == left - (room.session.paused_at or 0.0) + 1.0


def test_no_cue_is_given_while_the_clocks_stand_still() -> None:
    room = Room().until("welkom").obey(do.Pause())
    assert not [event for event in room.wait(3600.0) if isinstance(event, ev.CueGiven)]


def test_a_pause_is_not_spent() -> None:
    room = Room().until("welkom").obey(do.Pause())
    before = spent(room.session, 0, room.now)
    room.wait(300.0)
    room.take(do.Continue())
    assert spent(room.session, 0, room.now) == before


def test_a_pause_may_count_as_spent() -> None:
    room = Room().until("welkom").obey(do.Pause())
    before = spent(room.session, 0, room.now)
    room.wait(300.0)
    assert ev.ClockContinued(counted=True) in room.take(do.Continue(counting=True))
    assert spent(room.session, 0, room.now) >= before + 300.0


def test_next_ends_a_pause_and_nothing_more() -> None:
    room = Room().until("welkom").obey(do.Pause())
    assert without_speech(room.take(do.Next())) == [ev.ClockContinued()]


def test_a_statement_that_a_pause_interrupted_is_read_again() -> None:
    room = Room().until("uitleg")
    room.take(do.Next())
    room.take(do.Pause())
    room.hear()
    assert texts(room.take(do.Continue())) == ["We gaan verder.", "Ouders weten het beter."]
    room.hear()
    assert room.session.situation == "thinking"


def test_thinking_time_stands_still_in_a_pause() -> None:
    room = Room().until("s1", "thinking")
    room.wait(2.0)
    room.obey(do.Pause())
    room.wait(60.0)
    room.obey(do.Continue())
    assert room.session.situation == "thinking"
    assert ev.StageReached("choosing") in room.wait(4.0)


def test_a_pause_ends_with_its_block() -> None:
    room = Room().until("welkom").obey(do.Pause(), do.Finish(), do.Confirm())
    assert room.session.paused_at is None
    assert room.session.situation == "closed"
