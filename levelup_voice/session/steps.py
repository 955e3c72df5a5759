"""The rules of going on: through stages, items, turns and blocks, and back."""

from . import events as ev
from . import recordings, wording
from .groups import group_sizes, hand_out, turn_order
from .plan import MOST_PEOPLE, Card, Discussion, Harvest, Question, Statement
from .state import Session, Turn
from .timing import spent
from .unfolding import Unfolding


def start(unfolding: Unfolding) -> None:
    _begin_block(unfolding, 0)


def go_on(unfolding: Unfolding) -> None:
    """One step: the next stage, turn, item or block."""
    session = unfolding.session
    unfolding.hush()
    if session.announced is not None:
        # Our voice stops, so what was announced starts, after its tone; not before somebody can have heard what for.
        if session.consent is None and not session.speaking:
            recordings.announce_again(unfolding)
        return
    item, stage = session.item, session.run.stage
    match item:
        case Statement() if stage in ("reading", "thinking"):
            choose(unfolding)
        case Statement() if stage == "choosing":
            count(unfolding)
        case Discussion() if stage == "gathering":
            _brief(unfolding, item)
        case Discussion() if stage == "briefing":
            _talk(unfolding, item)
        case Harvest():
            _next_turn(unfolding)
        case Question(summary=summary) if summary and not recordings.is_answered(session) and session.may_record(0):
            recordings.announce_here(unfolding)
        case _:
            _next_item(unfolding)


def skip(unfolding: Unfolding) -> None:
    """Past this group's turn, or past the whole item."""
    unfolding.hush()
    if unfolding.session.turn is not None:
        unfolding.add(ev.TurnEnded(unfolding.session.turn[0]))
        _next_turn(unfolding)
    else:
        _next_item(unfolding)


def go_back(unfolding: Unfolding) -> None:
    """Undo a step: the statement is read again, the turn before is taken again, the item before is shown again."""
    session = unfolding.session
    unfolding.hush()
    item, run = session.item, session.run
    assert run.item is not None
    if isinstance(item, Harvest) and (earlier := _earlier_turn(session, item)):
        take_turn(unfolding, *earlier)
    elif run.stage not in ("reading", "gathering", "turns"):
        reach(unfolding, run.item)
    elif run.item > 0:
        reach(unfolding, run.item - 1)
    elif run.block > 0:
        _return_to_block(unfolding, run.block - 1)
    else:
        reach(unfolding, 0)


def reach(unfolding: Unfolding, item: int) -> None:
    """Show an item and read it aloud."""
    unfolding.add(ev.ItemReached(item))
    match unfolding.session.item:
        case Discussion() as discussion:
            _gather(unfolding, discussion)
        case Harvest():
            unfolding.add(ev.StageReached("turns"))
        case _:
            pass
    read(unfolding)


def heard(unfolding: Unfolding, text: str) -> None:
    """This was said to its end, or shown where it could not be said. Consent that was clicked away was not asked."""
    item = unfolding.session.item
    asks = isinstance(item, Card) and item.asks_consent and text == item.spoken
    if unfolding.session.consent is None and (asks or text == unfolding.words.text("say.consent")):
        unfolding.add(ev.ConsentAsked(text))


def complete(unfolding: Unfolding) -> None:
    """Finish a step that reached the journal in part: its block, its item or its stage may be missing."""
    run = unfolding.session.run
    if run.ended_at is not None:
        unfolding.add(ev.BlockStarted(run.block, spent=spent(unfolding.session, run.block, unfolding.now)))
    if unfolding.session.run.item is None:
        unfolding.add(ev.ItemReached(run.item or 0))
    item, stage = unfolding.session.item, unfolding.session.run.stage
    if isinstance(item, Discussion) and stage == "reading":
        _gather(unfolding, item)
    elif isinstance(item, Harvest) and stage == "reading":
        unfolding.add(ev.StageReached("turns"))


def read(unfolding: Unfolding) -> None:
    """Say what belongs to where we are: once when it is reached, again when asked for."""
    session, words = unfolding.session, unfolding.words
    item, stage = session.item, session.run.stage
    match item:
        case Statement() if stage == "choosing":
            unfolding.say(wording.choose_now(words))
        case Statement() if stage == "counting":
            ask_for_tally(unfolding)
        case Discussion() if stage == "gathering":
            unfolding.say(wording.counting_off(words, len(session.groups), item.group_size))
        case Discussion() if stage == "briefing":
            unfolding.say(wording.briefing(words, item, questions_handed_out(session, item)))
        case Discussion():
            unfolding.say(wording.talk_starts(words, item))
        case Harvest() if session.turn is not None:
            unfolding.say(wording.turn(words, session.turn[0]))
        case Harvest(spoken=spoken):
            unfolding.say(spoken)
            unfolding.say(wording.turn_order(words, [group for group, _ in turns_left(session)]))
            if session.discussion is not None and not session.nobody_recorded:
                unfolding.say(wording.record_notice(words, session.discussion.summary))
        case None:
            pass
        case _:
            unfolding.say(wording.reading(item))


def fall_silent(unfolding: Unfolding) -> None:
    """What waited for our voice, and for a recording, to end."""
    session = unfolding.session
    if session.speaking or session.situation in ("ready", "recording", "paused", "confirming", "closed"):
        return
    if session.announced is not None and session.consent is None:
        return  # It waits for the next step.
    if session.announced is not None and session.record_tone_heard:
        recordings.begin(unfolding)
    elif session.announced is not None:
        unfolding.say(tone="record")  # Ours was stopped with our voice, or something else was said after it.
    elif isinstance(session.item, Statement) and session.run.stage == "reading":
        unfolding.add(ev.StageReached("thinking"))


def close(unfolding: Unfolding) -> None:
    """The end of the session, and our last words."""
    unfolding.add(ev.SessionClosed())
    if unfolding.may_speak():
        unfolding.say(unfolding.words.text("say.goodbye"))


def choose(unfolding: Unfolding) -> None:
    unfolding.add(ev.StageReached("choosing"))
    read(unfolding)


def count(unfolding: Unfolding) -> None:
    unfolding.add(ev.StageReached("counting"))
    read(unfolding)


def ask_for_tally(unfolding: Unfolding) -> None:
    session = unfolding.session
    if session.run.stage == "counting" and (session.tally_given or not session.answer_awaited):
        unfolding.add(ev.AnswerAwaited())
    unfolding.say(wording.count_smaller_side(unfolding.words))


def await_answer(unfolding: Unfolding) -> None:
    """A tally may be given without calling us first, if it may not yet; not once one stands."""
    session = unfolding.session
    if session.run.stage == "counting" and not (session.tally_given or session.answer_awaited):
        unfolding.add(ev.AnswerAwaited())


def form_groups(unfolding: Unfolding, discussion: Discussion | None) -> None:
    """Make groups of the people present, and hand out the questions of the discussion that runs, if one does."""
    sizes = group_sizes(unfolding.session.participants, discussion.group_size if discussion else 4)
    unfolding.add(ev.GroupsFormed(sizes))
    if discussion is not None:
        for number, questions in enumerate(hand_out(discussion, len(sizes)), start=1):
            unfolding.add(ev.QuestionsAssigned(discussion.id, number, questions))


def take_turn(unfolding: Unfolding, group: int, question: str) -> None:
    """This group summarises now; it is recorded unless it refused."""
    unfolding.add(ev.TurnTaken(group, question))
    if unfolding.session.may_record(group):
        recordings.announce(unfolding, "summary", group, question)
    else:
        unfolding.say(wording.turn(unfolding.words, group))
        unfolding.answer("say.turn_not_recorded")


def question_of(session: Session, group: int) -> str | None:
    """The question that a group answers next: the first of its own not answered yet, else its first."""
    discussion, item = session.discussion, session.item
    if discussion is None or not isinstance(item, Harvest) or group < 1:
        return None
    own = _questions_of(session, discussion, group)
    taken = session.turns_taken.get(item.id, ())
    return next((question for question in own if (group, question) not in taken), own[0])


def next_group(session: Session, harvest: Harvest) -> int:
    """Which group has its turn next when nobody knows how many there are: they come by number."""
    return 1 + max((group for group, _ in session.turns_taken.get(harvest.id, ())), default=0)


def turns_left(session: Session) -> tuple[Turn, ...]:
    """The turns of the harvest not taken yet, by question and then by group."""
    discussion, item = session.discussion, session.item
    if discussion is None or not isinstance(item, Harvest):
        return ()
    taken = session.turns_taken.get(item.id, ())
    return tuple(
        turn for turn in turn_order(discussion, questions_handed_out(session, discussion)) if turn not in taken
    )


def swap(unfolding: Unfolding, group: int, question: str) -> None:
    """The group answers this question instead; if it has its turn, from its start."""
    session, discussion = unfolding.session, unfolding.session.discussion
    known = discussion is not None and question in [one.id for one in discussion.questions]
    if discussion is None or not known or not 1 <= group <= (len(session.groups) or MOST_PEOPLE):
        return
    unfolding.add(ev.QuestionsAssigned(discussion.id, group, (question,)))
    if session.turn is not None and session.turn[0] == group and session.turn[1] != question:
        unfolding.hush()
        take_turn(unfolding, group, question)


def questions_handed_out(session: Session, discussion: Discussion) -> list[tuple[str, ...]]:
    """The questions of each group, swaps included."""
    return [_questions_of(session, discussion, group) for group in range(1, len(session.groups) + 1)]


def _questions_of(session: Session, discussion: Discussion, group: int) -> tuple[str, ...]:
    return session.assigned.get((discussion.id, group)) or hand_out(discussion, group)[group - 1]


def _begin_block(unfolding: Unfolding, block: int) -> None:
    unfolding.add(ev.BlockStarted(block))
    reach(unfolding, 0)


def _return_to_block(unfolding: Unfolding, block: int) -> None:
    """Its clock goes on where it stopped; the one we leave will start anew."""
    used = spent(unfolding.session, block, unfolding.now)
    unfolding.add(ev.BlockEnded())
    unfolding.add(ev.BlockStarted(block, spent=used))
    reach(unfolding, len(unfolding.session.block.items) - 1)


def _next_item(unfolding: Unfolding) -> None:
    session = unfolding.session
    following = 0 if session.run.item is None else session.run.item + 1
    if following < len(session.block.items):
        reach(unfolding, following)
    elif session.run.block + 1 < len(session.plan.blocks):
        unfolding.add(ev.BlockEnded())
        _begin_block(unfolding, session.run.block + 1)
    else:
        close(unfolding)


def _gather(unfolding: Unfolding, discussion: Discussion) -> None:
    """Groups once made stay as they are, also when the facilitator comes back here."""
    if (discussion.id, 1) not in unfolding.session.assigned:
        form_groups(unfolding, discussion)
    unfolding.add(ev.StageReached("gathering"))


def _brief(unfolding: Unfolding, discussion: Discussion) -> None:
    unfolding.add(ev.StageReached("briefing"))
    read(unfolding)


def _talk(unfolding: Unfolding, discussion: Discussion) -> None:
    unfolding.add(ev.StageReached("talking"))
    read(unfolding)


def _next_turn(unfolding: Unfolding) -> None:
    session = unfolding.session
    turn = session.turn
    if turn is not None and session.may_record(turn[0]) and not recordings.is_summarised(session, turn):
        take_turn(unfolding, *turn)  # The program was restarted, or a kernel came in between.
        return
    if turn is not None:
        unfolding.add(ev.TurnEnded(turn[0]))
    session = unfolding.session
    if not session.groups and session.discussion is not None and session.participants:
        _form_groups_now(unfolding, session.discussion)
    if left := turns_left(unfolding.session):
        take_turn(unfolding, *left[0])
    elif (first := _first_unnumbered(unfolding.session)) is not None:
        take_turn(unfolding, *first)
    else:
        _next_item(unfolding)


def _form_groups_now(unfolding: Unfolding, discussion: Discussion) -> None:
    """The number of people became known only now: who swapped its question keeps the other one."""
    swapped = unfolding.session.assigned
    form_groups(unfolding, discussion)
    for (name, group), questions in swapped.items():
        if name == discussion.id and group <= len(unfolding.session.groups):
            unfolding.add(ev.QuestionsAssigned(name, group, questions))


def _first_unnumbered(session: Session) -> Turn | None:
    """Group one, where nobody knows how many there are; the next ones are called by their number."""
    if session.groups or not isinstance(session.item, Harvest) or session.turns_taken.get(session.item.id):
        return None
    question = question_of(session, 1)
    return None if question is None else (1, question)


def _earlier_turn(session: Session, harvest: Harvest) -> Turn | None:
    """The turn before the one that runs; between two turns, the last one."""
    taken = session.turns_taken.get(harvest.id, ())
    if session.turn in taken:
        taken = taken[: taken.index(session.turn)]
    return taken[-1] if taken else None
