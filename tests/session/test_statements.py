"""Over de streep: read, think, choose, count."""

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.allowed import allowed
from levelup_voice.session.listening import answers
from levelup_voice.session.state import Session
from levelup_voice.session.view import view
from tests.session.room import WORDS, Room, texts, without_speech


def counting(participants: int = 26) -> Room:
    return Room(participants=participants).until("s1", "counting")


def tally(session: Session) -> tuple[int, int] | None:
    return session.tallies.get("s1")


def test_a_statement_is_read_exactly_as_it_is_shown() -> None:
    assert texts(Room().until("uitleg").take(do.Next())) == ["Ouders weten het beter."]


def test_thinking_begins_when_the_reading_has_ended() -> None:
    room = Room().until("uitleg")
    room.take(do.Next())
    assert room.session.situation == "reading"
    assert room.hear()[-1] == ev.StageReached("thinking")


def test_after_the_silence_people_are_asked_to_choose_and_then_to_count() -> None:
    room = Room().until("s1", "thinking")
    assert texts(room.wait(4.0)) == []
    assert texts(room.wait(1.0)) == ["Daar gaan we. Kies nu."]
    room.hear()
    assert texts(room.wait(15.0)) == ["Tel even de kleinste kant. Eens of oneens, en hoeveel?"]


def test_a_statement_may_have_its_own_silence_and_walk() -> None:
    room = Room().until("s2", "thinking")
    assert ev.StageReached("choosing") not in room.wait(7.9)
    assert ev.StageReached("choosing") in room.wait(0.2)
    room.hear()
    assert ev.StageReached("counting") not in room.wait(18.0)
    assert ev.StageReached("counting") in room.wait(3.0)


def test_next_skips_the_waiting() -> None:
    room = Room().until("s1", "thinking")
    assert without_speech(room.take(do.Next())) == [ev.StageReached("choosing")]
    room.hear()
    assert without_speech(room.take(do.Next())) == [ev.StageReached("counting")]


def test_a_click_too_early_does_not_count_twice() -> None:
    room = Room().until("uitleg")
    room.take(do.Next())
    assert without_speech(room.take(do.Next())) == [ev.StageReached("choosing")]
    assert ev.StageReached("thinking") not in room.hear()


def test_walking_time_starts_when_our_voice_is_silent() -> None:
    room = Room().until("s1", "thinking")
    room.take(do.Next())
    assert ev.StageReached("counting") not in room.wait(13.0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (do.GiveTally(disagree=9), (17, 9)),
        (do.GiveTally(agree=9), (9, 17)),
        (do.GiveTally(disagree=0), (26, 0)),
        (do.GiveTally(agree=26), (26, 0)),
        (do.GiveTally(agree=10, disagree=12), (10, 12)),
    ],
    ids=str,
)
def test_the_other_side_is_computed_from_the_number_present(given: do.GiveTally, expected: tuple[int, int]) -> None:
    assert tally(counting().obey(given).session) == expected


def test_the_tally_is_read_back() -> None:
    events = counting().take(do.GiveTally(disagree=9))
    assert without_speech(events) == [ev.TallyGiven("s1", 17, 9)]
    assert texts(events) == ["Zeventien eens, negen oneens."]


def test_a_tally_may_be_given_while_people_still_walk() -> None:
    events = Room().until("s1", "choosing").take(do.GiveTally(agree=3))
    assert without_speech(events) == [ev.StageReached("counting"), ev.TallyGiven("s1", 3, 23)]


@pytest.mark.parametrize(
    "given", [do.GiveTally(agree=27), do.GiveTally(agree=20, disagree=7), do.GiveTally(disagree=200)], ids=str
)
def test_more_than_are_present_are_counted_anew(given: do.GiveTally) -> None:
    events = counting().take(given)
    assert texts(events) == ["We zijn met zesentwintig. Tel nog even?"]
    assert without_speech(events) == []


@pytest.mark.parametrize("given", [do.GiveTally(), do.GiveTally(agree=-1), do.GiveTally(agree=2, disagree=-3)], ids=str)
def test_a_tally_of_nothing_is_none(given: do.GiveTally) -> None:
    assert counting().take(given) == ()


def test_with_an_unknown_number_of_people_one_side_asks_for_the_number() -> None:
    assert texts(counting(participants=0).take(do.GiveTally(agree=3))) == ["Met hoeveel zijn we?"]


def test_with_an_unknown_number_of_people_both_sides_are_enough() -> None:
    assert tally(counting(participants=0).obey(do.GiveTally(agree=3, disagree=4)).session) == (3, 4)


def test_the_number_present_can_change_during_the_session() -> None:
    room = counting()
    assert texts(room.take(do.SetParticipants(27))) == ["We zijn met zevenentwintig."]
    assert tally(room.obey(do.GiveTally(disagree=9)).session) == (18, 9)


@pytest.mark.parametrize("count", [0, -3, 201])
def test_a_number_that_cannot_be_is_not_taken(count: int) -> None:
    assert counting().take(do.SetParticipants(count)) == ()


def test_a_tally_may_stay_empty() -> None:
    room = counting()
    assert without_speech(room.take(do.Next())) == [ev.ItemReached(1)]
    assert tally(room.session) is None


def test_again_withdraws_the_tally_and_asks_for_it() -> None:
    room = counting().obey(do.GiveTally(agree=3))
    events = room.take(do.Again())
    assert without_speech(events) == [ev.TallyWithdrawn("s1")]
    assert texts(events) == ["Tel even de kleinste kant. Eens of oneens, en hoeveel?"]
    assert tally(room.session) is None


def test_a_tally_stands_three_seconds_after_it_was_read_back() -> None:
    room = counting()
    room.take(do.GiveTally(disagree=9))
    room.hear()
    assert not view(room.session, room.now, WORDS).tally_stands
    assert room.wait(2.9) == []
    assert room.wait(0.2) == [ev.AnswerLapsed()]
    assert view(room.session, room.now, WORDS).tally_stands
    assert answers(room.session) == frozenset()
    assert tally(room.session) == (17, 9)


def test_a_tally_that_stands_can_still_be_put_right() -> None:
    room = counting().obey(do.GiveTally(disagree=9))
    room.wait(10.0)
    assert do.GiveTally in allowed(room.session)
    room.obey(do.GiveTally(disagree=8))
    assert tally(room.session) == (18, 8)
    assert answers(room.session) == {do.GiveTally, do.Again}


def test_next_does_not_wait_for_a_tally_to_stand() -> None:
    room = counting()
    room.take(do.GiveTally(disagree=9))
    assert ev.ItemReached(1) in room.take(do.Next())
    assert tally(room.session) == (17, 9)


def test_who_gives_no_tally_for_long_has_to_call_first_until_it_is_asked_for_again() -> None:
    room = counting()
    assert room.wait(29.0) == []
    assert room.wait(2.0) == [ev.AnswerLapsed()]
    assert answers(room.session) == frozenset()
    room.obey(do.Repeat())
    assert answers(room.session) == {do.GiveTally}


@pytest.mark.parametrize(("present", "given"), [(26, do.GiveTally(agree=27)), (0, do.GiveTally(agree=3))])
def test_a_tally_that_cannot_be_is_asked_for_again(present: int, given: do.GiveTally) -> None:
    room = counting(present)
    room.wait(40.0)
    assert room.take(given)[0] == ev.AnswerAwaited()


def test_an_argument_may_be_recorded() -> None:
    room = counting().obey(do.Record())
    recording = room.session.open_recording
    assert recording is not None
    assert (recording.request.purpose, recording.request.item, recording.request.group) == ("argument", "s1", 0)


def test_counting_waits_for_an_argument() -> None:
    room = Room().until("s1", "choosing").obey(do.Record())
    assert ev.StageReached("counting") not in room.wait(19.0)
    room.obey(do.StopRecording())
    assert room.session.run.stage == "counting"


def test_what_is_voted_on_anew_is_counted_anew() -> None:
    """For as long as at first; what was counted then is not shown while people walk."""
    room = counting().obey(do.GiveTally(disagree=9))
    room.wait(5.0)
    room.obey(do.Back())
    room.until("s1", "choosing")
    assert view(room.session, room.now, WORDS).tally is None
    room.until("s1", "counting")
    room.wait(12.0)
    assert do.GiveTally in answers(room.session)
    assert view(room.session, room.now, WORDS).tally is None
    room.obey(do.GiveTally(disagree=4))
    assert view(room.session, room.now, WORDS).tally == (22, 4)


def test_whoever_asks_again_after_a_tally_listens_as_long_as_at_first() -> None:
    room = counting().obey(do.GiveTally(disagree=9), do.Repeat())
    room.wait(12.0)
    assert do.GiveTally in answers(room.session)
    room.wait(20.0)
    assert view(room.session, room.now, WORDS).tally == (17, 9), "nobody gave another"


def test_a_word_misheard_takes_no_tally_off_the_wall() -> None:
    room = counting().obey(do.GiveTally(disagree=9))
    room.wait(10.0)
    room.obey(do.GiveTally(agree=40))
    assert view(room.session, room.now, WORDS).tally == (17, 9)
