"""A journal is believed only where it can be true."""

from dataclasses import replace

import pytest

from levelup_voice.files.replaying import begin, follow
from levelup_voice.session import events as ev
from levelup_voice.session.plan import Block, Harvest, SessionPlan
from tests.plans import SMALL
from tests.session.room import Room, transcript

STARTED = ev.RecordingStarted(recording=0, file="audio/001-a-take1.wav", purpose="answer", block=0, item="open")


def entry(event: ev.Event) -> ev.Entry:
    return ev.Entry(100.0, event)


@pytest.mark.parametrize(
    "event",
    [
        ev.BlockStarted(99),
        ev.BlockStarted(-1),
        ev.ItemReached(0),
        ev.ParticipantsCounted(10**9),
        ev.GroupsFormed((10**9,)),
        ev.TranscriptionRequested(0),
        ev.RecordingStopped(-1),
        ev.TimeAdded(0, float("nan")),
        ev.SpeechRequested(utterance=10**12),
        ev.TurnTaken(1000, "q1"),
        ev.QuestionsAssigned("praten", 1000, ("q1",)),
        replace(STARTED, file="audio/../../etc/passwd"),
        replace(STARTED, file="/etc/passwd"),
        replace(STARTED, file="notes.md"),
        replace(STARTED, file="audio/\x1b[2J.wav"),
        replace(STARTED, recording=7),
        replace(STARTED, item="nowhere"),
        replace(STARTED, rate=0),
    ],
)
def test_what_cannot_follow_is_refused(event: ev.Event) -> None:
    session = begin(Room().journal[0])
    with pytest.raises(ValueError, match=r"."):
        follow(session, entry(event))


@pytest.mark.parametrize("end", [1e308, -1.0])
def test_words_that_were_heard_at_no_moment_are_refused(end: float) -> None:
    session = follow(begin(Room().journal[0]), entry(STARTED))
    heard = transcript("een")
    said = replace(heard, words=(replace(heard.words[0], end=end),))
    with pytest.raises(ValueError, match="such a moment"):
        follow(session, entry(ev.TranscriptReady(0, said)))


@pytest.mark.parametrize(
    "plan",
    [
        replace(SMALL, blocks=()),
        replace(SMALL, id="x/../../elsewhere"),
        replace(SMALL, id='"\r\nX: y'),
        replace(SMALL, language="a\nb"),
        replace(SMALL, blocks=(SMALL.blocks[0], SMALL.blocks[0])),
        replace(SMALL, blocks=(replace(SMALL.blocks[1], items=SMALL.blocks[1].items[3:]),)),
        replace(SMALL, blocks=(Block(id="a", title="", duration=1.0, items=(Harvest(id="b", discussion="b"),)),)),
    ],
    ids=["no blocks", "elsewhere", "a header", "line ends", "ids twice", "no discussion", "of itself"],
)
def test_a_plan_that_no_file_can_hold_is_refused(plan: SessionPlan) -> None:
    opening = ev.SessionOpened(plan=plan, opened_utc="", opened_of_day=0.0)
    with pytest.raises(ValueError, match=r"."):
        begin(entry(opening))


def test_a_real_session_is_believed() -> None:
    first, *rest = Room().until("s1", "counting").journal
    session = begin(first)
    for one in rest:
        session = follow(session, one)
    assert session.item is not None


@pytest.mark.parametrize(
    ("item", "stage"),
    [("s1", "gathering"), ("praten", "counting"), ("oogst", "talking"), ("uitleg", "thinking"), ("", "counting")],
)
def test_an_item_does_not_reach_a_stage_of_another_kind(item: str, stage: ev.Stage) -> None:
    room = Room().until(item) if item else Room()
    with pytest.raises(ValueError, match="such a stage"):
        follow(room.session, entry(ev.StageReached(stage)))


def test_a_session_does_not_open_twice() -> None:
    first = Room().journal[0]
    with pytest.raises(ValueError, match="SessionOpened"):
        follow(begin(first), first)
