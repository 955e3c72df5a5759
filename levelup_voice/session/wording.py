"""What the program says, in the words of a catalogue: one function for each thing that can be said.

`everything_said` lists what a session is going to say as far as it can be known before, so that it can be rendered.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from .allowed import Kind, most_useful
from .catalogue import Catalogue
from .events import Scope
from .groups import group_sizes, hand_out
from .groups import turn_order as groups_in_order
from .phrases import plain
from .plan import (
    Card,
    Closing,
    Cue,
    Discussion,
    Harvest,
    Item,
    Question,
    Seconds,
    SessionPlan,
    Statement,
)
from .state import Session
from .timing import block_cues, item_cues


def reading(item: Item) -> str:
    """What is read aloud when an item is reached."""
    return item.text if isinstance(item, Statement) else item.spoken


def cue(words: Catalogue, cue: Cue, *, to_groups: bool) -> str:
    """The announcement of a cue, in its own words or those of the catalogue.

    Groups that talk are asked to round off; the end of anything else is the facilitator's business.
    """
    if cue.text:
        return cue.text
    of = "" if to_groups else "_of_block"
    if cue.remaining == 0:
        return words.text(f"say.time_is_up{of}")
    if cue.remaining == 60:
        return words.text(f"say.last_minute{of}")
    if cue.remaining < 60:
        return words.text("say.seconds_left", seconds=words.seconds(round(cue.remaining)))
    return words.text("say.minutes_left", minutes=words.length(cue.remaining))


def cue_here(words: Catalogue, session: Session, one: Cue, scope: Scope) -> str:
    """The announcement of a cue where the session now stands."""
    return cue(words, one, to_groups=scope == "item" and isinstance(session.item, Discussion))


def choose_now(words: Catalogue) -> str:
    return words.text("say.choose_now")


def count_smaller_side(words: Catalogue) -> str:
    return words.text("say.count_smaller_side")


def tally(words: Catalogue, agree: int, disagree: int) -> str:
    text = words.text("say.tally", agree=words.number(agree), disagree=words.number(disagree))
    return words.capitalised(text)


def counting_off(words: Catalogue, groups: int, group_size: int) -> str:
    """How to make groups; with an unknown number of people, or only one group, without counting."""
    if groups == 0:
        return words.text(
            "say.make_groups", fewest=words.number(max(2, group_size - 1)), most=words.number(max(2, group_size))
        )
    if groups == 1:
        return words.text("say.one_group")
    return words.text("say.count_off", groups=words.number(groups))


def briefing(words: Catalogue, discussion: Discussion, assigned: Sequence[Sequence[str]]) -> str:
    """The task, each question once, and which groups take it: `assigned` has the questions of each."""
    parts = [discussion.spoken] if discussion.spoken else []
    for question in discussion.questions:
        takers = [number for number, questions in enumerate(assigned, start=1) if question.id in questions]
        if question.open:
            parts.append(words.text("say.open_question"))
        elif takers:
            who = words.text(
                "say.groups" if len(takers) > 1 else "say.group",
                groups=listed(words, [words.number(taker) for taker in takers]),
            )
            parts.append(f"{words.capitalised(who)}: {question.text}")
        else:
            parts.append(question.text)
    return " ".join(parts)


def talk_starts(words: Catalogue, discussion: Discussion) -> str:
    spoken = [cue.remaining for cue in item_cues(discussion) if cue.style == "spoken" and cue.remaining > 0]
    minutes = words.length(discussion.talk)
    if not spoken or max(spoken) % 60:
        return words.text("say.talk_starts", minutes=minutes)
    return words.text("say.talk_starts_silent", minutes=minutes, silent_until=words.number(round(max(spoken) / 60)))


def turn_order(words: Catalogue, groups: Iterable[int]) -> str:
    """Which groups come after each other; nothing where there is no order."""
    names = [words.number(group) for group in dict.fromkeys(groups)]
    return words.text("say.turn_order", first=names[0], others=listed(words, names[1:])) if len(names) > 1 else ""


def turn(words: Catalogue, group: int) -> str:
    return words.text("say.turn", group=words.number(group))


def record_notice(words: Catalogue, seconds: Seconds) -> str:
    return words.text("say.record_notice", length=words.length(seconds))


def item_name(words: Catalogue, session: Session) -> str:
    """ "stelling drie": the item as one refers to it, by its number among its kind in the block or by its title."""
    item = session.item
    if item is None:
        return ""
    alike = [other for other in session.block.items if other.kind == item.kind]
    title = "" if isinstance(item, Statement) else item.shown.title
    return words.text(
        f"item.{item.kind}",
        number=words.number(alike.index(item) + 1),
        title=title or session.block.title,
    )


def where(words: Catalogue, session: Session, remaining: Seconds) -> str:
    """ "Over de streep, stelling drie, nog elf minuten": where a session stands, with the time left in its block."""
    title, item = session.block.title, item_name(words, session)
    place = title if item in ("", title) else words.text("say.where", block=title, item=item)
    minutes = round(remaining / 60)
    if minutes < 1:
        return place
    return words.text("say.where_with_time", where=place, minutes=words.duration(60.0 * minutes))


def everything_said(plan: SessionPlan, words: Catalogue, participants: int) -> Iterator[str]:
    """Every text that is known before the session starts: read aloud, announced, answered."""
    for key in _FIXED:
        yield words.text(key)
    for block in plan.blocks:
        yield from (cue(words, one, to_groups=False) for one in block_cues(block) if one.style == "spoken")
        for item in block.items:
            yield from _said_of(plan, item, words, participants)


_FIXED = (
    "say.choose_now",
    "say.count_smaller_side",
    "say.again",
    "say.thanks",
    "say.goodbye",
    "say.confirm_finish",
    "say.confirm_delete",
    "say.continued",
    "say.declined",
    "say.deleted",
    "say.consent",
    "say.nobody_recorded",
    "say.turn_not_recorded",
    "say.recording_failed",
    "say.recording_not_yet",
    "say.recording_cut_short",
    "say.microphone_lost",
    "say.microphone_lost_commands",
    "say.microphone_rerouted",
    "say.not_listening",
    "say.listening_again",
    "say.microphone_silent",
    "say.disk_low",
    "say.disk_slow",
    "say.disk_full",
    "say.journal_failed",
    "say.no_groups_left",
    "say.kernel",
)


def _said_of(plan: SessionPlan, item: Item, words: Catalogue, participants: int) -> Iterator[str]:
    if reading(item):
        yield reading(item)
    match item:
        case Question(summary=summary) if summary:
            yield record_notice(words, summary)
        case Statement():
            for agree in range(participants + 1):
                yield tally(words, agree, participants - agree)
        case Discussion():
            groups = len(group_sizes(participants, item.group_size))
            yield counting_off(words, groups, item.group_size)
            yield briefing(words, item, hand_out(item, groups))
            yield talk_starts(words, item)
            yield record_notice(words, item.summary)
            yield from (cue(words, one, to_groups=True) for one in item_cues(item) if one.style == "spoken")
        case Harvest():
            discussion = plan.item(item.discussion)
            assert isinstance(discussion, Discussion)
            groups = len(group_sizes(participants, discussion.group_size))
            order = groups_in_order(discussion, hand_out(discussion, groups))
            yield turn_order(words, (group for group, _ in order))
            for group in range(1, groups + 1):
                yield turn(words, group)
        case Card() | Closing() | Question():
            pass


def trouble(words: Catalogue, device: str, problem: str) -> str:
    """What is wrong with a device, in our words where we have them, else in its own."""
    known = f"screen.problem.{problem.replace('-', '_')}"
    said = words.text(known) if known in words.texts else problem
    return words.text("screen.trouble", device=device_name(words, device), problem=said)


def device_name(words: Catalogue, device: str, which: str = "") -> str:
    """ "luidspreker", "microfoon van de groep"."""
    return words.text(f"screen.device.{which or device.replace('-', '_')}")


def device_used(words: Catalogue, name: str) -> str:
    """The name of the device that is used, or that it is the computer's choice."""
    return name or words.text("screen.any_device")


def phrases_to_say(words: Catalogue, session: Session, kinds: Collection[Kind] | None = None) -> tuple[str, ...]:
    """The few things worth saying now, as one says them, or those of them that are of these kinds; the same for the
    ear, the terminal and the pages. What the listener could not hear is not among them."""
    unheard = session.listening.unknown if session.listening is not None else ()
    useful = (kind for kind in most_useful(session) if kinds is None or kind in kinds)
    phrases = (words.text(f"phrase.{kind.__name__}") for kind in useful)
    return tuple(phrase for phrase in phrases if not set(plain(phrase).split()) & set(unheard))


def worth_saying(words: Catalogue, phrases: Sequence[str], answers: Collection[str], name: str) -> str:
    """These phrases in a line for the facilitator's eyes: the answers as they are, the others after the wake name."""
    called = [phrase for phrase in phrases if phrase not in answers] if name else []
    bare = ", ".join(phrase for phrase in phrases if phrase not in called)
    if not called:
        return words.text("heard.say_answer", phrases=bare)
    key = "heard.say_either" if bare else "heard.say"
    return words.text(key, answers=bare, name=name, phrases=", ".join(called))


def overheard(words: Catalogue, said: str, reason: str) -> str:
    """What was heard and, when it was not obeyed, why: for the facilitator's eyes."""
    if reason == "obeyed":
        return words.text("heard.obeyed", words=said)
    return words.text("heard.rejected", words=said, why=words.text(f"heard.why.{reason.replace('-', '_')}"))


def listed(words: Catalogue, names: Sequence[str]) -> str:
    """ "één en vijf", "één, vijf en negen"."""
    if len(names) == 1:
        return names[0]
    return words.text("say.and", first=", ".join(names[:-1]), last=names[-1])
