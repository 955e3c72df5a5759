"""What the facilitator sees, and the buttons that make sense now: a function of the view."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from levelup_voice.session import wording
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.view import ChoiceView, View
from levelup_voice.session.wording import overheard, worth_saying

from .pages import render, time_of_day

_REGIONS = (
    *("asking", "where", "now", "actions", "tally", "hearing", "troubles", "devices"),
    *("turns", "agenda", "cues", "said", "keys"),
)

_MAIN = {"ready": "Start", "paused": "Continue", "recording": "StopRecording"}
"""The large button; everywhere else it is Next."""

_MINUTES = (1, 2, 5, -1)

_MORE = frozenset({"SetParticipants", "FormGroups", "StartedEarlier", "MakeRoom", "Refuse", "Finish", "Help"})
"""Needed now and then: behind one more click."""


class KeyHelp(Protocol):
    @property
    def keys(self) -> str: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Button:
    kind: str
    label: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def json(self) -> str:
        return json.dumps(dict(self.values))

    @property
    def key(self) -> str:
        """Names it on the page, so that focus finds it again."""
        return "-".join([self.kind, *(str(value) for value in self.values.values())])


def regions(view: View, words: Catalogue, helps: Sequence[KeyHelp]) -> tuple[Mapping[str, str], Mapping[str, Any]]:
    """HTML by region, and the numbers that the page counts with; moments are those of the view."""
    values = {
        "view": view,
        "text": words.text,
        "main": main_button(view, words),
        "others": list(others(view, words)),
        "times": list(times(view, words)),
        "can": view.commands,
        "more": view.commands & _MORE,
        "troubles": [wording.trouble(words, device, problem) for device, problem in view.troubles],
        "choices": list(choices(view, words)),
        "lost": any(choice.is_lost for choice in view.choices),
        "used": lambda name: wording.device_used(words, name),
        "helps": helps,
        "now": now(view, words),
        "heard": overheard(words, *view.heard) if view.heard else "",
        "say": worth_saying(words, view.phrases, view.answers, view.wake) if view.listens and view.phrases else "",
        "groups": [(group, size, _question(view, group)) for group, size in enumerate(view.groups, start=1)],
        "own_question": words.text("notes.own_question"),
    }
    html = {name: render("remote_regions.html", region=name, **values).strip() for name in _REGIONS}
    return html, _numbers(view)


def now(view: View, words: Catalogue) -> str:
    """Where we are, in a few words, for the eye and for a screen reader."""
    if view.situation == "closed":
        return words.text("screen.closed")
    if view.block_number is None:
        if view.starts_of_day is None:
            return words.text("web.remote.ready")
        return words.text("web.remote.ready_at", time=time_of_day(view.starts_of_day))
    if view.situation == "paused":
        return words.text("screen.paused")
    name = words.capitalised(view.item_name)
    return f"{name} · {words.text(f'screen.stage.{view.stage}')}" if name else words.text(f"screen.stage.{view.stage}")


def choices(view: View, words: Catalogue) -> Iterator[tuple[str, str, str, ChoiceView]]:
    """The microphones and loudspeakers in whose place another can be chosen: id on the page, command, label."""
    kinds = {"microphone": "ChooseMicrophone", "loudspeaker": "ChooseLoudspeaker"}
    for choice in view.choices:
        if (kind := kinds[choice.device]) in view.commands:
            label = words.capitalised(wording.device_name(words, choice.device, choice.which))
            yield f"choose-{choice.which or choice.device}", kind, label, choice


def main_button(view: View, words: Catalogue) -> Button | None:
    kind = _MAIN.get(view.situation, "Next")
    return _button(kind, words) if kind in view.commands else None


def others(view: View, words: Catalogue) -> Iterator[Button]:
    """The buttons without values, most used first."""
    if view.situation == "recording" and "Next" in view.commands:
        yield _button("Next", words)  # The large one stops; this one goes on at once.
    for kind in ("Back", "Record", "RecordKernel", "Again", "Repeat", "Hush", "Skip", "Pause", "TimeLeft"):
        if kind in view.commands:
            yield _button(kind, words)


def times(view: View, words: Catalogue) -> Iterator[Button]:
    if "AddTime" in view.commands:
        for minutes in _MINUTES:
            key = "web.remote.more" if minutes > 0 else "web.remote.less"
            yield Button("AddTime", words.text(key, count=abs(minutes)), {"seconds": 60 * minutes})


def _button(kind: str, words: Catalogue) -> Button:
    return Button(kind, words.capitalised(words.text(f"command.{kind}")))


def _question(view: View, group: int) -> str:
    return next((question.id for question in view.questions if group in question.groups), "")


def _clocks(view: View) -> dict[str, Any]:
    clocks: dict[str, Any] = {}
    if view.situation == "closed":
        return clocks
    if view.remaining is not None and view.block_number is not None:
        total = view.blocks[view.block_number].allotted
        clocks["block"] = {"remaining": view.remaining, "total": total, "runs": view.clock_runs}
    if view.item_remaining is not None:
        total = view.item_allotted or 1.0
        clocks["item"] = {"remaining": view.item_remaining, "total": total, "runs": view.clock_runs}
    if view.recording is not None:
        recording = view.recording
        passed = view.at - recording.started_at
        left = recording.planned - passed
        clocks["recording"] = {"remaining": left, "total": recording.planned, "runs": not recording.stopping}
    return clocks


def _numbers(view: View) -> dict[str, Any]:
    return {
        "clocks": _clocks(view),
        "behind": view.behind,
        "ends": view.ends_of_day,
        "over": view.situation == "closed",
        "startsIn": view.starts_in,
        "started": view.remaining is not None,
    }
