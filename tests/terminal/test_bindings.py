"""Every command can be asked for by key in every situation in which it makes sense, and a clicker is enough."""

from collections import Counter
from dataclasses import replace
from typing import get_args

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session.allowed import ALLOWED
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.state import Situation
from levelup_voice.session.view import ChoiceView, View
from levelup_voice.terminal.bindings import BINDINGS, Press, is_possible, keys_of, press, useful_keys

from .views import EN, NL, QUESTIONS, RECORDING, Played, a_summary, a_view

SITUATIONS: tuple[Situation, ...] = get_args(Situation)

CHOICES = (
    ChoiceView(device="microphone", which="group", used="ingebouwd", names=("ingebouwd", "USB"), is_lost=False),
    ChoiceView(device="microphone", which="facilitator", used="Headset", names=("Headset",), is_lost=False),
    ChoiceView(device="loudspeaker", which="", used="HDMI", names=("HDMI",), is_lost=False),
)

FULL = {"questions": QUESTIONS, "summaries": (a_summary("ja", 0), a_summary("nee", 1)), "choices": CHOICES}

ASKED: dict[Situation, dict[str, str]] = {"confirming": {"confirming": "finish"}, "closed": {"confirming": "delete"}}
"""A session that is closed may still ask whether a recording is to be deleted."""

EXAMPLES: dict[type[do.Command], list[tuple[str, str, do.Command]]] = {
    do.Start: [("", "start", do.Start())],
    do.Next: [("", "right", do.Next())],
    do.Back: [("", "left", do.Back())],
    do.Repeat: [("", "repeat", do.Repeat())],
    do.Skip: [("", "skip", do.Skip())],
    do.Pause: [("", "pause", do.Pause())],
    do.Continue: [("", "resume", do.Continue()), ("", "count_pause", do.Continue(counting=True))],
    do.TimeLeft: [("", "time_left", do.TimeLeft())],
    do.AddTime: [
        ("", "more_time", do.AddTime(60)),
        ("2", "more_time", do.AddTime(120)),
        ("3", "less_time", do.AddTime(-180)),
    ],
    do.MakeRoom: [("", "later", do.MakeRoom("shift")), ("", "shorter", do.MakeRoom("shrink"))],
    do.StartedEarlier: [("2", "started_earlier", do.StartedEarlier(120))],
    do.SetParticipants: [("27", "participants", do.SetParticipants(27))],
    do.FormGroups: [("", "form_groups", do.FormGroups())],
    do.GiveTally: [("17", "agree", do.GiveTally(agree=17)), ("0", "disagree", do.GiveTally(disagree=0))],
    do.TakeTurn: [("3", "take_turn", do.TakeTurn(3))],
    do.SwapQuestion: [
        ("3", "swap_question", do.SwapQuestion(3, "open")),
        ("3,1", "swap_question", do.SwapQuestion(3, "huiswerk")),
    ],
    do.WhoIsLeft: [("", "who_is_left", do.WhoIsLeft())],
    do.Record: [("", "record", do.Record())],
    do.RecordKernel: [("", "kernel", do.RecordKernel())],
    do.StopRecording: [("", "stop", do.StopRecording())],
    do.Again: [("", "again", do.Again())],
    do.DeleteRecording: [("", "delete", do.DeleteRecording()), ("2", "delete", do.DeleteRecording(1))],
    do.Refuse: [("3", "refuse", do.Refuse(3)), ("0", "refuse", do.Refuse(None))],
    do.Hush: [("", "hush", do.Hush())],
    do.Help: [("", "say_help", do.Help())],
    do.Confirm: [("", "confirm", do.Confirm())],
    do.Decline: [("", "decline", do.Decline())],
    do.Finish: [("", "finish", do.Finish())],
    do.ChooseMicrophone: [("", "microphone", do.ChooseMicrophone("USB", "group"))],
    do.ChooseLoudspeaker: [("", "loudspeaker", do.ChooseLoudspeaker(""))],
}


def pressed(keys: str, view: View, words: Catalogue = NL) -> Press:
    """What the last of these keys, separated by spaces, comes down to."""
    result = Press()
    for key in keys.split():
        result = press(key, result.typed, view, words)
    return result


@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_command_that_makes_sense_now_has_a_key(situation: Situation, words: Catalogue) -> None:
    view = a_view(situation, **FULL, **ASKED.get(situation, {}))
    for kind in ALLOWED[situation]:
        for number, name, command in EXAMPLES[kind]:
            key = name if name in ("left", "right") else words.text(f"keys.letter.{name}")
            assert pressed(" ".join([*number, key]), view, words).command == command


@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_key_could_mean_two_things_at_once(situation: Situation, words: Catalogue) -> None:
    view = a_view(situation)
    ours = [binding for binding in BINDINGS if is_possible(binding, view)]
    counted = Counter((key, binding.number == "must") for binding in ours for key in keys_of(binding, words))
    twice = {key for (key, _), count in counted.items() if count > 1}
    # Esc says no to a question; that also silences it.
    assert twice <= ({"escape"} if situation == "confirming" else set())


@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
def test_letters_are_single_small_and_never_those_of_a_clicker_or_a_number(words: Catalogue) -> None:
    letters = [words.text(f"keys.letter.{binding.name}") for binding in BINDINGS if binding.name not in ("next", "")]
    assert all(len(letter) == 1 and letter == letter.lower() for letter in letters)
    assert not set(letters) & {"b", ".", ",", *"0123456789"}


def test_a_whole_session_can_be_led_with_the_forward_key_of_a_clicker() -> None:
    played = Played(participants=6)
    seen = set()
    for _ in range(300):
        if played.session.situation == "closed":
            break
        seen.add(played.session.item.kind if played.session.item else "")
        command = press("page_down", "", played.view(), NL).command
        assert command is not None
        played.now += 2
        played.ask(command)
        played.settle()
    assert played.session.situation == "closed"
    assert {"card", "question", "statement", "discussion", "harvest", "closing"} <= seen
    assert any(recording.request.purpose == "summary" for recording in played.session.recordings)


@pytest.mark.parametrize(
    ("situation", "key", "command"),
    [
        ("closed", "escape", do.Hush()),
        ("ready", "f5", do.Start()),
        ("reading", "f5", do.Repeat()),
        ("reading", "shift+f5", do.Repeat()),
        ("paused", "f5", do.Continue()),
        ("reading", "escape", do.Hush()),
        ("confirming", "escape", do.Decline()),
        ("reading", ".", do.Pause()),
        ("reading", "b", do.Pause()),
        ("reading", "B", do.Pause()),
        ("paused", ".", do.Continue()),
        ("paused", "b", do.Continue()),
        ("recording", "page_down", do.Next()),
        ("confirming", "page_up", do.Back()),
        ("harvesting", "right", do.Next()),
        ("reading", "ctrl+z", do.Back()),
    ],
)
def test_the_keys_of_clickers(situation: Situation, key: str, command: do.Command) -> None:
    assert press(key, "", a_view(situation), NL).command == command


def test_a_number_is_shown_while_it_is_typed_and_can_be_corrected() -> None:
    view = a_view("voting")
    assert pressed("1 7", view).typed == "17"
    assert pressed("1 7 backspace 8 e", view).command == do.GiveTally(agree=18)
    assert pressed("1 7 escape", view) == Press()
    assert pressed("1 2 3 4", view).typed == "123"
    assert press("1234", "", view, NL).typed == "", "there is no such key, whatever a page says"


def test_enter_after_a_number_does_not_go_on() -> None:
    assert pressed("1 7 enter", a_view("voting")) == Press(typed="17")
    assert pressed("3 enter", a_view("harvesting")).command == do.TakeTurn(3)
    assert pressed("enter", a_view("harvesting")).command == do.Next()


def test_a_clicker_goes_on_whatever_was_typed() -> None:
    assert pressed("1 7 page_down", a_view("voting")) == Press(command=do.Next())


def test_a_key_that_needs_a_number_says_so() -> None:
    assert pressed("e", a_view("voting")).hint == "Typ eerst het getal, dan e (eens)."
    assert pressed("e", a_view("voting")).command is None


def test_a_key_that_makes_no_sense_now_says_so() -> None:
    assert pressed("9 o", a_view("reading")).hint == "oneens: dat kan nu niet."
    assert pressed("p", a_view("recording")).hint == "pauze: dat kan nu niet."


@pytest.mark.parametrize(
    ("keys", "situation"),
    [("8 g", "harvesting"), ("0 g", "harvesting"), ("9 9 +", "talking"), ("0 +", "talking"), ("0 d", "ready")],
)
def test_a_number_that_cannot_be_is_refused(keys: str, situation: Situation) -> None:
    result = pressed(keys, a_view(situation))
    assert result.command is None
    assert "kan hier niet" in result.hint


def test_only_a_recording_that_is_there_can_be_deleted() -> None:
    view = a_view(summaries=(a_summary("", 0, "deleted"), a_summary("ja", 1)))
    assert pressed("2 w", view).command == do.DeleteRecording(1)
    assert pressed("1 w", view).command is None
    assert pressed("3 w", view).command is None


def test_who_speaks_is_refused_without_typing_a_number() -> None:
    assert pressed("u", a_view("recording")).command == do.Refuse(3)
    assert pressed("u", a_view("recording", recording=replace(RECORDING, group=0))).command is None
    assert pressed("u", a_view("reading")).hint == "Typ eerst het getal, dan u (groep niet opnemen)."


def test_nobody_recorded_is_never_the_slip_of_one_finger() -> None:
    for situation in SITUATIONS:
        for binding in BINDINGS:
            for key in keys_of(binding, NL):
                assert press(key, "", a_view(situation), NL).command != do.Refuse(None)


def test_control_c_asks_once_more() -> None:
    result = press("ctrl+c", "", a_view(), NL)
    assert (result.action, result.command) == ("quit", None)
    assert "Ctrl+C" in result.hint


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_list_of_keys_holds_what_is_allowed_and_nothing_else(situation: Situation) -> None:
    view = a_view(situation, **ASKED.get(situation, {}))
    listed = {one.label for one in useful_keys(view, NL)}
    for binding in BINDINGS:
        allowed = binding.kind is None or binding.kind in ALLOWED[situation]
        assert allowed or NL.text(binding.label) not in listed - {NL.text("command.Continue")}
        assert not allowed or NL.text(binding.label) in listed


def test_with_a_number_typed_the_list_holds_what_takes_it() -> None:
    assert [one.keys for one in useful_keys(a_view("voting"), NL, "17")][:2] == ["e", "o"]
    assert "→" not in [one.keys for one in useful_keys(a_view("voting"), NL, "17")]
