"""What the room sees: a function of the view. Never what was said or heard, never who leads or what fails.

What our voice was to say to all and could not is read here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from markupsafe import escape

from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.plan import Seconds
from levelup_voice.session.view import View

from .pages import render

Scene: TypeAlias = Literal["opening", "pause", "statement", "groups", "talk", "turn", "card"]

_STEP = re.compile(r"^(?P<name>.*\S)\s+(?P<number>\d+\.\d+): (?P<text>.+)$")
_TERM = re.compile(r"^(?P<name>[^:]{1,24}): (?P<text>.+)$")
_ARROW = re.compile(r"\s*(<\s*>|>|<)\s*")
_ARROWS = {">": "to", "<": "from", "<>": "both"}


@dataclass(frozen=True, slots=True)
class Step:
    """A point such as "Ouderbetrokkenheid 2.0: school < > ouders (reactie op)", taken apart to be drawn."""

    name: str
    number: str
    ends: tuple[str, ...]
    """What stands on either side of the arrow; without an arrow, the whole."""
    arrow: str
    remark: str


@dataclass(frozen=True, slots=True)
class Term:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Clock:
    """What counts down: where it stands at the moment of the view, and whether it runs."""

    remaining: Seconds
    total: Seconds
    runs: bool
    of: Literal["block", "item", "recording"]


def regions(view: View, words: Catalogue) -> tuple[Mapping[str, str], Mapping[str, Any]]:
    """HTML by region, and the numbers that the page counts with; moments are those of the view."""
    scene, ticking = scene_of(view), clock_of(view)
    values: dict[str, Any] = {"view": view, "text": words.text, "scene": scene, "ticking": ticking}
    values["block"] = view.blocks[view.block_number] if view.block_number is not None else None
    stage = render(
        "projector_stage.html",
        **values,
        steps=steps(view.shown.points),
        terms=terms(view.shown.points),
        turn_question=next((one.text for one in view.questions if one.id == view.turn_question), ""),
        groups=range(1, len(view.groups) + 1),
        own_question=words.text("notes.own_question"),
    )
    html = {
        "band": render("projector_band.html", **values),
        "stage": stage,
        "foot": render("projector_foot.html", **values),
        "unheard": str(escape(view.unheard_by_room)),
    }
    numbers: dict[str, Any] = {
        "scene": scene,
        "item": f"{scene} {view.item_id} {view.turn}",
        "clocks": {},
        "over": view.situation == "closed",
        "unheard_for": view.unheard_for,
    }
    if ticking is not None:
        numbers["clocks"] = {
            "main": {"remaining": ticking.remaining, "total": ticking.total, "runs": ticking.runs},
        }
    return html, numbers


def scene_of(view: View) -> Scene:
    if view.situation == "ready" or (view.block_number is None):
        return "opening"
    if view.situation == "paused":
        return "pause"
    if view.text:
        return "statement"
    if view.item_kind == "discussion" and view.stage in ("reading", "gathering"):
        return "groups"
    if view.questions and view.item_kind == "harvest":
        return "turn"
    return "talk" if view.questions else "card"


def clock_of(view: View) -> Clock | None:
    """The one clock that matters to the room."""
    if view.remaining is None or view.block_number is None or view.situation == "closed":
        return None
    if view.recording is not None:
        recording = view.recording
        passed = view.at - recording.started_at
        return Clock(recording.planned - passed, recording.planned, not recording.stopping, "recording")
    timed = view.item_kind in ("discussion", "question") and view.item_remaining is not None
    if timed and view.item_allotted and view.item_remaining is not None:
        return Clock(view.item_remaining, view.item_allotted, view.clock_runs, "item")
    return Clock(view.remaining, view.blocks[view.block_number].allotted, view.clock_runs, "block")


def steps(points: tuple[str, ...]) -> tuple[Step, ...]:
    """The points as steps of a comparison, if all of them are."""
    found = [_STEP.match(point) for point in points]
    if len(found) < 2 or not all(found):
        return ()
    return tuple(_step(match) for match in found if match)


def terms(points: tuple[str, ...]) -> tuple[Term, ...]:
    """The points as names with what they stand for, if all of them are."""
    found = [_TERM.match(point) for point in points]
    if len(found) < 2 or not all(found):
        return ()
    return tuple(Term(match["name"], match["text"]) for match in found if match)


def _step(match: re.Match[str]) -> Step:
    text, remark = match["text"], ""
    if text.endswith(")") and "(" in text:
        text, _, remark = text[:-1].rpartition("(")
    arrow = _ARROW.search(text)
    ends = (text.strip(),) if arrow is None else (text[: arrow.start()].strip(), text[arrow.end() :].strip())
    kind = "" if arrow is None else _ARROWS[arrow[1].replace(" ", "")]
    return Step(match["name"], match["number"], ends, kind, remark.strip())
