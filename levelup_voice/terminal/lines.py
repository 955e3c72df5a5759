"""The session as lines of plain text, one for each change: for a screen reader, a pipe or a terminal without layout."""

from collections.abc import Iterator

from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.view import RecordingView, View
from levelup_voice.session.wording import worth_saying

from . import bindings, figures, ticking
from .figures import clean, minutes_seconds
from .telling import chosen_line, lateness, purpose, summary_line, trouble_line

_ANSWERS = 5
"""Keys named where the session waits for the facilitator; more would be read out too long."""


def changes(before: View | None, after: View, words: Catalogue) -> list[str]:
    """What is new since `before`, each with the time of day before it. Without `before`: where the session stands."""
    time = figures.time_of_day(ticking.time_of_day(after))
    return [f"{time} {line}" for line in _changes(before, after, words)]


def key_lines(view: View, words: Catalogue) -> list[str]:
    """All keys that do something now, one a line."""
    return [f"{one.keys}: {one.label}" for one in bindings.useful_keys(view, words)]


def _changes(before: View | None, after: View, words: Catalogue) -> Iterator[str]:
    if before is None:
        yield from _opening(after, words)
    yield from _troubles(before, after, words)
    yield from _plan(before, after, words)
    yield from _people(before, after, words)
    yield from _item(before, after, words)
    if after.cue and (before is None or after.cue != before.cue):
        yield words.text("screen.cue", text=clean(after.cue))
    if after.speaking and after.speaking != after.text and (before is None or after.speaking != before.speaking):
        yield words.text("screen.speaking", text=clean(after.speaking))
    yield from _recordings(before, after, words)
    yield from _situation(before, after, words)


def _opening(view: View, words: Catalogue) -> Iterator[str]:
    title = " · ".join(clean(text) for text in (view.title, view.subtitle) if text)
    minutes = round(sum(block.allotted for block in view.blocks) / 60)
    end = figures.time_of_day(view.ends_of_day)
    yield words.text("lines.session", title=title, count=len(view.blocks), minutes=minutes, time=end)


def _troubles(before: View | None, after: View, words: Catalogue) -> Iterator[str]:
    known = before.troubles if before else ()
    for device, problem in after.troubles:
        if (device, problem) not in known:
            yield trouble_line(device, problem, words)
    for device in dict.fromkeys(device for device, _ in known):
        if device not in [one for one, _ in after.troubles]:
            name = words.text(f"screen.device.{device.replace('-', '_')}")
            yield words.capitalised(words.text("lines.trouble_over", device=name))
    used = {(one.device, one.which): one.used for one in before.choices} if before else {}
    for choice in after.choices:
        if used.get((choice.device, choice.which), choice.used) != choice.used:
            yield chosen_line(choice, words)


def _plan(before: View | None, after: View, words: Catalogue) -> Iterator[str]:
    number = after.block_number
    if number is not None and (before is None or before.block_number != number):
        block = after.blocks[number]
        time = minutes_seconds(block.allotted)
        title, count = clean(block.title), len(after.blocks)
        yield words.text("lines.block", number=number + 1, count=count, title=title, time=time)
        if before is not None and before.block_number is not None:
            yield words.capitalised(lateness(after.behind, words)) + "."
    end = figures.time_of_day(after.ends_of_day)
    for old, new in zip(before.blocks if before else (), after.blocks, strict=False):
        if old.allotted != new.allotted:
            time = minutes_seconds(new.allotted)
            yield words.text("lines.changed_time", title=clean(new.title), time=time, end=end)


def _people(before: View | None, after: View, words: Catalogue) -> Iterator[str]:
    if after.participants and (before is None or before.participants != after.participants):
        yield words.text("lines.participants", count=after.participants)
    if after.groups and (before is None or before.groups != after.groups):
        yield words.text("lines.groups", sizes=", ".join(map(str, after.groups)))


def _item(before: View | None, after: View, words: Catalogue) -> Iterator[str]:
    is_new = before is None or (before.item_id, before.block_number) != (after.item_id, after.block_number)
    if after.item_id and is_new:
        name = words.capitalised(clean(after.item_name))
        text = _sentences(after.text, after.shown.title, after.shown.text, *after.shown.points, besides=name)
        yield words.text("lines.item_shown", name=name, text=text) if text else f"{name}."
    if after.stage and after.stage != "reading" and (is_new or before is None or before.stage != after.stage):
        yield words.text("lines.stage", stage=words.text(f"screen.stage.{after.stage}"))
    if after.turn and (before is None or before.turn != after.turn):
        yield words.text("lines.turn", group=after.turn)
    tally = before.tally if before is not None and not is_new else None
    if after.tally and after.tally != tally:
        yield words.text("lines.tally", agree=after.tally[0], disagree=after.tally[1])
    elif tally and not after.tally:
        yield words.text("lines.no_tally")


def _sentences(*parts: str, besides: str) -> str:
    """The parts as a voice can read them out, without what was said already."""
    cleaned = [clean(part) for part in parts if clean(part) not in ("", besides)]
    return " ".join(part if part[-1] in ".!?…:" else f"{part}." for part in cleaned)


def _recordings(before: View | None, after: View, words: Catalogue) -> Iterator[str]:
    old, new = before.recording if before else None, after.recording
    if old is not None and not old.stopping and (new is None or new.stopping or new.number != old.number):
        yield words.text("lines.recording_stops", number=old.number + 1)
    if new is not None:
        yield from _recording(old if old is not None and old.number == new.number else None, new, words)
    known = {summary.number: summary for summary in before.summaries} if before else {}
    for summary in after.summaries:
        is_open = new is not None and new.number == summary.number
        if not is_open and summary.state != "transcribing" and known.get(summary.number) != summary:
            yield summary_line(summary, words, "lines.heard")


def _recording(old: RecordingView | None, new: RecordingView, words: Catalogue) -> Iterator[str]:
    if old is None:
        what = purpose(new.purpose, new.group, words)
        yield words.text("lines.recording", number=new.number + 1, what=what, seconds=round(new.planned))
    for finding in new.findings:
        if old is None or finding not in old.findings:
            problem = words.text(f"screen.finding.{finding}")
            yield words.text("screen.trouble", device=words.text("screen.device.microphone"), problem=problem)


def _situation(before: View | None, after: View, words: Catalogue) -> Iterator[str]:
    """Whether the clocks run, and which keys answer where something is waited for."""
    if before is not None and before.situation == after.situation:
        return
    keys = ", ".join(f"{one.keys} {one.label}" for one in bindings.useful_keys(after, words)[:_ANSWERS])
    if before is not None and before.situation == "paused" and after.clock_runs:
        yield words.text("lines.continued")
    match after.situation:
        case "closed":
            yield words.text("screen.closed")
        case "confirming":
            answers = ", ".join(f"{one.keys} {one.label}" for one in bindings.useful_keys(after, words)[:2])
            yield words.text(f"lines.confirm_{after.confirming}", keys=answers)
        case "paused":
            yield words.text("lines.paused")
            yield words.text("lines.keys", keys=keys)
        case "ready" | "voting" | "harvesting" | "recording":
            yield words.text("lines.keys", keys=keys)
            if after.listens and after.phrases:
                yield worth_saying(words, after.phrases, after.answers, after.wake)
        case _:
            pass
