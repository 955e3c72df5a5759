"""Line by line: whoever cannot see the screen is told each change in words, once."""

from dataclasses import replace
from typing import Any

import pytest

from levelup_voice.session import commands as do
from levelup_voice.session import events as ev
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.plan import Shown
from levelup_voice.terminal.lines import changes, key_lines

from .views import BLOCKS, EN, NL, NOON, RECORDING, Played, a_summary, a_view

BEFORE = a_view()


def test_nothing_is_told_twice() -> None:
    assert changes(BEFORE, BEFORE, NL) == []
    later = replace(BEFORE, at=1030.0, remaining=930.0, item_remaining=15.0)
    assert changes(BEFORE, later, NL) == []


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"cue": "Nog vijf minuten."}, "12:16 Tijdsein: Nog vijf minuten."),
        ({"speaking": "Daar gaan we. Kies nu."}, "12:16 Spreekt: Daar gaan we. Kies nu."),
        ({"stage": "choosing"}, "12:16 Nu: kiezen en lopen."),
        ({"tally": (17, 9)}, "12:16 Telling: 17 eens, 9 oneens."),
        ({"turn": 3}, "12:16 Aan de beurt: groep 3."),
        ({"participants": 27}, "12:16 Aanwezig: 27."),
        ({"groups": (4, 3)}, "12:16 Groepen van 4, 3."),
        ({"recording": RECORDING}, "12:16 Opname 2 begint: groep 3, 30 seconden."),
        ({"summaries": (a_summary("meer overleg", 1),)}, "12:16 Opname 2, groep 2: meer overleg"),
        (
            {"summaries": (a_summary("", 1, "failed"),)},
            "12:16 Opname 2, groep 2: bewaard, maar niet uitgeschreven",
        ),
        ({"summaries": (a_summary("", 1, "deleted"),)}, "12:16 Opname 2, groep 2: gewist"),
        ({"troubles": (("microphone", "missing"),)}, "12:16 Let op, microfoon: niet gevonden"),
        ({"troubles": (("voice", "espeak: oops\x1b[2J"),)}, "12:16 Let op, stem: espeak: oops"),
        ({"situation": "paused", "clock_runs": False}, "12:16 Pauze, de klokken staan stil."),
        ({"situation": "closed", "ends_of_day": NOON + 1000}, "12:16 De sessie is afgesloten."),
    ],
)
def test_a_change_is_told_in_words(change: dict[str, Any], line: str) -> None:
    assert line in changes(BEFORE, replace(BEFORE, **change), NL)


def test_a_question_to_the_facilitator_comes_with_its_keys() -> None:
    told = changes(BEFORE, a_view("confirming", confirming="delete"), NL)
    assert told == ["12:16 Opname wissen? j ja, n nee"]


def test_where_numbers_are_expected_the_keys_are_told() -> None:
    (told,) = changes(BEFORE, a_view("voting"), NL)
    assert told.startswith("12:16 Toetsen: getal+e eens, getal+o oneens, → volgende")


def test_a_finding_during_a_recording_is_told_once() -> None:
    before = replace(BEFORE, recording=RECORDING)
    after = replace(BEFORE, recording=replace(RECORDING, findings=("silent",)))
    assert changes(before, after, NL) == ["12:16 Let op, microfoon: de microfoon hoort niets, staat hij aan?"]
    assert changes(after, after, NL) == []


def test_the_end_of_a_recording_is_told_and_its_words_when_they_are_there() -> None:
    recording = replace(BEFORE, recording=RECORDING, summaries=(a_summary("", 1, "transcribing"),))
    stopped = replace(BEFORE, summaries=(a_summary("", 1, "transcribing"),))
    heard = replace(BEFORE, summaries=(a_summary("ja", 1),))
    assert changes(recording, stopped, NL) == ["12:16 Opname 2 stopt."]
    assert changes(stopped, heard, NL) == ["12:16 Opname 2, groep 2: ja"]


def test_what_is_read_aloud_and_shown_is_told_once() -> None:
    item = replace(BEFORE, item_id="stelling-4", item_name="stelling vier", text="Kinderen eerst.")
    assert changes(BEFORE, replace(item, speaking="Kinderen eerst."), NL) == ["12:16 Stelling vier: Kinderen eerst."]


def test_what_is_shown_is_told_as_sentences_and_its_title_once() -> None:
    shown = Shown(title="Wat gaan we doen?", text="Tijd", points=("15 minuten", "Klaar!"))
    item = replace(BEFORE, item_id="welkom", item_name="Wat gaan we doen?", text="", shown=shown)
    assert changes(BEFORE, item, NL) == ["12:16 Wat gaan we doen?: Tijd. 15 minuten. Klaar!"]


def test_a_device_that_works_again_is_told() -> None:
    before = replace(BEFORE, troubles=(("keep-awake", "missing"),))
    assert changes(before, BEFORE, NL) == ["12:16 Wakker houden: werkt weer."]


def test_time_added_is_told_with_its_consequence() -> None:
    blocks = (BLOCKS[0], replace(BLOCKS[1], allotted=1320), BLOCKS[2])
    after = replace(BEFORE, blocks=blocks, remaining=1080.0, ends_of_day=BEFORE.ends_of_day + 120)
    assert changes(BEFORE, after, NL) == ["12:16 Over de streep duurt nu 22:00; klaar om 12:39."]


def test_a_new_block_is_told_with_how_late_we_are() -> None:
    before = replace(BEFORE, block_number=0)
    told = changes(before, replace(BEFORE, behind=130.0), NL)
    assert told[:2] == ["12:16 Onderdeel 2 van 3: Over de streep, 20:00.", "12:16 2:10 achter op schema."]


def test_the_first_lines_tell_where_the_session_stands() -> None:
    told = changes(None, Played().view(), NL)
    opening = "12:00 Level Up! · Zet een stap in educatief partnerschap. 3 onderdelen, 40 minuten, klaar om 12:40."
    assert told[0] == opening
    assert told[-1].startswith("12:00 Toetsen: s begin")


@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
def test_a_session_is_told_whole(words: Catalogue) -> None:
    played = Played(participants=6)
    view, told = played.view(), changes(None, played.view(), words)

    def look() -> None:
        nonlocal view
        told.extend(changes(view, played.view(), words))
        view = played.view()

    for step in range(150):
        played.now += 4
        if played.session.situation == "voting":
            played.ask(do.GiveTally(disagree=2))
            look()
        if step in (20, 25):
            played.take(ev.DeviceLost("microphone", "missing") if step == 20 else ev.DeviceFound("microphone"))
            look()
        played.ask(do.Next())
        played.settle()
        look()
    text = "\n".join(told)
    assert "dat ouders mee mogen denken" in text
    assert words.text("screen.closed") in text
    assert words.text("lines.tally", agree=4, disagree=2) in text
    assert words.text("screen.problem.missing") in text
    assert [line[:6] for line in told] == sorted(line[:6] for line in told)
    assert all(line[2] == ":" and len(line) > 7 and line.isprintable() for line in told)


def test_all_keys_are_told_one_a_line() -> None:
    assert key_lines(a_view("paused"), NL)[:2] == ["p: ga verder", "→: volgende"]
