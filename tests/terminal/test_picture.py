"""The facilitator's screen shows what matters, whole, on a terminal of 80 by 24 as on a large one."""

import io
from dataclasses import replace

import pytest
from rich.console import Console
from rich.text import Text

from levelup_voice.session import commands as do
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.view import View
from levelup_voice.terminal.figures import Level, large
from levelup_voice.terminal.picture import LOWEST, NARROWEST, Picture

from .views import BLOCKS, EN, NL, QUESTIONS, RECORDING, Played, a_summary, a_view

SIZES = [(80, 24), (120, 40)]


def exported(lines: list[Text], width: int, height: int) -> str:
    """What a terminal of this size shows of them."""
    console = Console(record=True, width=width, height=height, file=io.StringIO())
    for line in lines:
        console.print(line)
    return console.export_text()


def shown(
    view: View,
    size: tuple[int, int] = (80, 24),
    *,
    words: Catalogue = NL,
    level: Level | None = None,
    typed: str = "",
    hint: str = "",
) -> str:
    lines = Picture(view, words, *size, level).lines(typed, hint)
    text = exported(lines, *size)
    assert len(text.splitlines()) == len(lines) == size[1]
    assert all(line.cell_len <= size[0] for line in lines)
    return text


@pytest.mark.parametrize("size", SIZES)
def test_the_plan_the_clock_and_the_end_are_always_there(size: tuple[int, int]) -> None:
    text = shown(a_view(behind=130.0), size)
    assert "Level Up! · Zet een stap" in text
    assert "12:16" in text.splitlines()[0]
    assert "✓ 1 Introductie" in text
    assert "15:12 van 15:00" in text
    assert "▶ 2 Over de streep" in text
    assert "4:00 van 20:00" in text
    assert all(row in text for row in large("16:00"))
    assert "nog in dit onderdeel" in text
    assert "2:10 achter op schema, klaar om 12:37" in text
    assert "Stelling drie · voorlezen en toelichten" in text
    assert "nog 0:45" in text


def test_overrun_is_said_in_words_and_not_by_colour_alone() -> None:
    text = shown(a_view(remaining=-72.0, item_remaining=-5.0))
    assert all(row in text for row in large("+1:12"))
    assert "OVER DE TIJD" in text
    assert "0:05 over de tijd" in text


@pytest.mark.parametrize("size", SIZES)
def test_a_statement_stands_whole_in_a_frame_with_its_tally(size: tuple[int, int]) -> None:
    asked = shown(a_view("voting", stage="counting"), size)
    assert "│  Ouders en leraren zijn gelijkwaardig.  │" in asked
    assert "Nog geen telling. Typ de kleinste kant: 9 en dan e (eens) of o (oneens)." in asked
    counted = shown(a_view("voting", stage="counting", tally=(17, 9)), size)
    assert "17 eens, 9 oneens" in counted
    assert "Nog geen telling" not in counted


@pytest.mark.parametrize("size", SIZES)
def test_in_a_harvest_all_questions_and_whose_turn_it_is_fit(size: tuple[int, int]) -> None:
    played = Played()
    played.reach("harvest")
    played.ask(do.Next(), do.Next())
    view = replace(
        played.view(),
        summaries=tuple(a_summary("wat de groep zei", number) for number in range(4)),
        cue="De tijd is om.",
        troubles=(("microphone", "missing"), ("voice", "hangs")),
        recording=replace(RECORDING, number=9, findings=("quiet",)),
    )
    text = shown(view, size, level=(-9.0, -18.0))
    assert "Groepen van 4, 4, 4, 4, 4, 3, 3" in text
    assert f"aan de beurt: groep {view.turn}" in text
    for number, question in enumerate(view.questions, start=1):
        assert f"{number}. {question.text[:20]}" in text
    assert "Tijdsein: De tijd is om." in text
    assert "Let op, stem: antwoordt niet" in text
    assert "Let op, microfoon: heel zacht, houd de microfoon dichterbij" in text
    assert "● OPNAME groep 3" in text


def test_what_the_last_groups_said_is_shown_and_what_is_still_awaited() -> None:
    made = (a_summary("nee", 0, "deleted"), a_summary("wat de groep zei", 1), a_summary("", 2, "transcribing"))
    text = shown(a_view(summaries=made))
    assert "2. groep 2: wat de groep zei" in text
    assert "3. groep 3: wordt uitgeschreven" in text
    assert "1. groep 1: gewist" in shown(a_view(summaries=made), (120, 40))


def test_the_question_now_answered_is_told_from_the_others() -> None:
    text = shown(a_view("harvesting", item_kind="harvest", text="", questions=QUESTIONS, turn=5, groups_left=(6, 7)))
    assert "▶ 1. Hebben ouders behoefte aan ondersteuning?  (groep 1, 5)" in text
    assert "  2. Wat kunnen we creëren?  (groep 2, 3, 4)" in text
    assert "  3. …  (open vraag)" in text
    assert "nog niet geweest: 6, 7" in text


@pytest.mark.parametrize("size", SIZES)
def test_a_recording_shows_its_time_its_take_and_its_level(size: tuple[int, int]) -> None:
    text = shown(a_view("recording"), size, level=(-9.4, -18.2))
    assert "● OPNAME groep 3, poging 2  0:12 van 0:30" in text
    assert "█" in text.splitlines()[-1 - size[1] // 10]
    assert "-18 dB, piek -9 dB" in text
    assert "s stop de opname" in text


def test_a_recording_that_is_being_closed_says_so() -> None:
    assert "wordt bewaard" in shown(a_view("recording", recording=replace(RECORDING, stopping=True)))


def test_the_latest_words_of_a_recording_are_shown_where_there_is_room() -> None:
    hearing = "ouders willen graag helpen " * 10 + "met huiswerk\x1b[2J"
    text = shown(a_view("recording", hearing=hearing), (120, 40))
    (line,) = [line for line in text.splitlines() if "graag helpen" in line]
    assert line.rstrip().endswith("ouders willen graag helpen met huiswerk")
    assert "met huiswerk" in shown(a_view("recording", hearing=hearing), (60, 16))
    crowded = a_view("recording", hearing=hearing, text="Ouders en leraren zijn gelijkwaardig. " * 9)
    assert "huiswerk" not in shown(crowded, (60, 16))


def test_without_a_microphone_the_screen_says_so() -> None:
    assert "microfoon uit" in shown(a_view("recording"))
    assert "microfoon uit" in shown(a_view())


def test_what_we_say_is_shown_as_far_as_there_is_room() -> None:
    long = "Welkom allemaal. " * 30
    text = shown(a_view(speaking=long))
    assert "♪ Spreekt: Welkom allemaal." in text
    assert "…" in text
    assert "♪ Leest voor" in shown(a_view(speaking=a_view().text))


@pytest.mark.parametrize(("about", "asked"), [("finish", "Sessie afsluiten?"), ("delete", "Opname wissen?")])
def test_a_question_to_the_facilitator_shows_the_keys_that_answer(about: str, asked: str) -> None:
    assert f"? {asked}  j ja  n nee" in shown(a_view("confirming", confirming=about))


def test_a_pause_is_said_in_words() -> None:
    assert "PAUZE, de klokken staan stil" in shown(a_view("paused"))


def test_before_the_start_the_screen_says_how_to_start_and_how_long_it_takes() -> None:
    text = shown(Played().view())
    assert "Vooruit (→) start de klok." in text
    assert all(row in text for row in large("40:00"))
    assert "klaar om 12:40, 26 mensen" in text


def test_after_the_end_no_clock_goes_on() -> None:
    text = shown(a_view("closed", ends_of_day=12 * 3600 + 2400.0))
    assert "De sessie is afgesloten." in text
    assert "afgesloten om 12:40" in text
    assert not any(row in text for row in large("16:00"))


def test_a_number_being_typed_is_shown_with_the_keys_that_take_it() -> None:
    text = shown(a_view("voting"), typed="17")
    assert "Getal: 17  e eens  o oneens" in text
    assert "→ volgende" not in text


def test_a_hint_is_shown_above_the_keys() -> None:
    assert "Nogmaals Ctrl+C" in shown(a_view(), hint=NL.text("keys.quit_again"))


@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
def test_no_fixed_text_is_cut_on_80_columns(words: Catalogue) -> None:
    fixed = ("keys.quit_again", "keys.title", "keys.close", "screen.paused", "screen.closed", "screen.ready")
    assert all(len(words.text(key, letter="→")) <= 70 for key in fixed)
    played = Played()
    for situation in ("reading", "voting", "harvesting", "recording", "paused", "confirming"):
        view = replace(a_view(), commands=a_view(situation).commands)
        keys = shown(view, words=words).splitlines()[-2:]
        assert "…" not in "".join(keys)
        assert words.text("keys.all_keys") in keys[-1]
    assert "…" not in exported(Picture(played.view(), words, 80, 24).key_lines(), 80, 24)


@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
def test_the_list_of_all_keys_fits_the_smallest_usual_terminal(words: Catalogue) -> None:
    for kind in ("harvesting", "voting", "paused"):
        lines = Picture(a_view(kind), words, 80, 24).key_lines()
        text = exported(lines, 80, 24)
        assert len(lines) == 24
        assert "…" not in text
        assert words.text("keys.close") in text
        assert words.text("command.Finish") in text


def test_foreign_text_cannot_move_the_cursor_nor_set_colours() -> None:
    nasty = "\x1b[2Jleeg [red]rood[/red] :smile:\r\n\x07"
    view = a_view(text=nasty, title=nasty, summaries=(a_summary(nasty),), troubles=(("voice", nasty),), cue=nasty)
    text = shown(view)
    assert "\x1b" not in text
    assert "leeg [red]rood[/red] :smile:" in text


@pytest.mark.parametrize("size", [(NARROWEST, LOWEST), (40, 10), (1, 1), (200, 60), (80, 16), (60, 50)])
def test_no_size_of_terminal_is_too_much_or_too_little(size: tuple[int, int]) -> None:
    played = Played()
    for kind in ("card", "statement", "discussion", "harvest"):
        played.reach(kind)
        for view in (played.view(), a_view("recording")):
            lines = Picture(view, NL, *size, (-10.0, -20.0)).lines("17", "een aanwijzing")
            assert len(lines) == size[1]
            assert all(line.cell_len <= size[0] for line in lines)


def test_of_many_blocks_those_around_the_running_one_are_shown() -> None:
    blocks = tuple(replace(BLOCKS[2], title=f"Deel {number}", is_now=number == 8) for number in range(1, 13))
    text = shown(a_view(blocks=blocks, block_number=7))
    assert "▶ 8 Deel 8" in text
    assert "7 Deel 7" in text
    assert "9 Deel 9" in text


def test_every_view_of_a_session_can_be_shown() -> None:
    played = Played(participants=9)
    pictures = set()
    for _ in range(200):
        played.now += 3
        played.ask(do.Next())
        pictures.add(shown(played.view(), words=EN))
        played.settle()
    assert played.session.situation == "closed"
    assert len(pictures) > 40


@pytest.mark.parametrize("width", range(1, 25))
def test_no_terminal_is_too_narrow(width: int) -> None:
    for view in (a_view(), a_view("paused"), a_view("reading")):
        assert len(Picture(view, NL, width, 24, None).lines("", "")) == 24
