"""The phrases that we ship mean what they say, and a file that is wrong says where."""

import itertools
from collections.abc import Collection
from pathlib import Path

import pytest

from levelup_voice.errors import ContentError, SetupError
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.phrases import load_phrases, phrases_in
from levelup_voice.session import commands as do
from levelup_voice.session.allowed import ALLOWED
from levelup_voice.session.phrases import Phrasebook, bare, meaning, pairs_covered, unfinished
from levelup_voice.session.state import Situation

NL = load_phrases("nl")


def asked(words: str, situation: Situation, book: Phrasebook = NL) -> do.Command | None:
    return meaning(words, book.expected(ALLOWED[situation]), book.skip)


@pytest.mark.parametrize(
    ("words", "situation", "command"),
    [
        ("spelleider start", "ready", do.Start()),
        ("spelleider volgende", "reading", do.Next()),
        ("spelleider volgende stelling", "thinking", do.Next()),
        ("spelleider volgende vraag", "reading", do.Next()),
        ("spelleider volgende groep", "harvesting", do.Next()),
        ("spelleider vorige", "reading", do.Back()),
        ("spelleider herhaal", "reading", do.Repeat()),
        ("spelleider pauze", "talking", do.Pause()),
        ("spelleider ga verder", "paused", do.Continue()),
        ("spelleider hoeveel tijd nog", "talking", do.TimeLeft()),
        ("spelleider twee minuten erbij", "talking", do.AddTime(120.0)),
        ("spelleider één minuut eraf", "talking", do.AddTime(-60.0)),
        ("spelleider een minuut erbij", "talking", do.AddTime(60.0)),
        ("spelleider inkorten", "reading", do.MakeRoom("shrink")),
        ("spelleider later eindigen", "reading", do.MakeRoom("shift")),
        ("spelleider opname starten", "reading", do.Record()),
        ("spelleider klaar", "recording", do.StopRecording()),
        ("spelleider einde opname", "recording", do.StopRecording()),
        ("spelleider opnieuw", "recording", do.Again()),
        ("spelleider wis deze opname", "harvesting", do.DeleteRecording()),
        ("spelleider groep drie", "harvesting", do.TakeTurn(3)),
        ("spelleider groep drie is aan de beurt", "harvesting", do.TakeTurn(3)),
        ("spelleider sla over", "harvesting", do.Skip()),
        ("spelleider oneens negen", "voting", do.GiveTally(disagree=9)),
        ("spelleider eens zeventien", "voting", do.GiveTally(agree=17)),
        ("spelleider eens zeventien oneens negen", "voting", do.GiveTally(17, 9)),
        ("spelleider we zijn met zevenentwintig", "reading", do.SetParticipants(27)),
        ("spelleider wie is er nog niet geweest", "harvesting", do.WhoIsLeft()),
        ("spelleider stil", "talking", do.Hush()),
        ("spelleider wat kan ik zeggen", "reading", do.Help()),
        ("spelleider afronden", "reading", do.Finish()),
        ("spelleider klopt", "confirming", do.Confirm()),
        ("spelleider nee laat maar", "confirming", do.Decline()),
        ("spelleider volgende alsjeblieft", "reading", do.Next()),
        ("spelleider graag twee minuten erbij", "talking", do.AddTime(120.0)),
    ],
)
def test_a_whole_phrase_means_its_command(words: str, situation: Situation, command: do.Command) -> None:
    assert asked(words, situation) == command


@pytest.mark.parametrize(
    ("words", "situation"),
    [
        ("volgende", "reading"),
        ("spelleider", "reading"),
        ("spelleider de volgende", "reading"),
        ("volgende spelleider", "reading"),
        ("spelleider minuten erbij", "talking"),
        ("spelleider twee erbij minuten", "talking"),
        ("spelleider groep drie", "talking"),
        ("spelleider klaar", "reading"),
        ("spelleider volgende volgende", "reading"),
        ("stil", "talking"),
    ],
)
def test_a_part_a_reversal_or_a_phrase_of_another_moment_means_nothing(words: str, situation: Situation) -> None:
    assert asked(words, situation) is None


@pytest.mark.parametrize("number", range(61))
def test_every_number_up_to_sixty_can_be_said(number: int) -> None:
    word = load_catalogue("nl").number(number)
    assert asked(f"spelleider oneens {word}", "voting") == do.GiveTally(disagree=number)


def test_an_answer_needs_no_wake_name_and_a_command_does() -> None:
    expected = NL.expected({do.Next}, {do.Confirm})
    assert meaning("klopt", expected) == do.Confirm()
    assert meaning("spelleider klopt", expected) == do.Confirm()
    assert meaning("volgende", expected) is None


def test_with_another_wake_name_only_that_one_is_heard() -> None:
    book = load_phrases("nl", "begeleider")
    assert asked("begeleider volgende", "reading", book) == do.Next()
    assert asked("spelleider volgende", "reading", book) is None


def test_without_a_wake_name_phrases_stand_alone() -> None:
    assert asked("volgende", "reading", load_phrases("nl", "")) == do.Next()


def test_who_says_a_phrase_that_begins_another_may_still_go_on() -> None:
    waiting = unfinished(NL.expected({do.Next, do.GiveTally, do.TakeTurn}))
    assert "spelleider eens negen" in waiting
    assert "spelleider oneens negen" not in waiting
    assert "spelleider volgende" not in waiting, "what may follow means the same"


def test_few_phrases_hold_all_pairs_of_words() -> None:
    def pairs(phrases: Collection[str]) -> set[tuple[str, str]]:
        split = [["", *phrase.split(), ""] for phrase in phrases]
        return {pair for words in split for pair in itertools.pairwise(words)}

    everything = NL.expected(ALLOWED["voting"])
    few = pairs_covered(everything)
    assert pairs(few) == pairs(everything)
    assert len(few) < len(everything) / 4
    assert set(few) <= set(everything)


def test_a_phrase_with_an_unknown_word_is_off_and_the_rest_works() -> None:
    book = NL.without({"eraf"})
    assert asked("spelleider twee minuten eraf", "talking", book) is None
    assert asked("spelleider twee minuten korter", "talking", book) == do.AddTime(-120.0)
    assert book.kinds() == NL.kinds(), "there is another way to say it"
    assert NL.kinds() - NL.without({"stil"}).kinds() == {do.Hush}


def test_a_name_that_the_model_writes_in_two_words_is_still_the_name() -> None:
    book = NL.without({"spelleider"})
    assert asked("spel leider volgende", "talking", book) == do.Next()
    assert NL.lost({"spelleider"}) == frozenset()
    assert NL.without({"spelleider", "leider"}).phrases == ()
    assert NL.lost({"spelleider", "leider", "eraf"}) == {"spelleider", "eraf"}


def test_both_sides_can_be_given_as_the_program_says_them() -> None:
    for words in ("eens zeventien oneens negen", "zeventien eens negen oneens"):
        assert asked(f"spelleider {words}", "voting") == do.GiveTally(17, 9)


def test_polite_words_are_left_out() -> None:
    assert bare("graag volgende stelling alsjeblieft", NL.skip) == "volgende stelling"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_command_of_the_table_that_a_voice_can_ask_for_has_a_phrase(language: str) -> None:
    by_hand = {do.SwapQuestion, do.Refuse, do.StartedEarlier, do.ChooseMicrophone, do.ChooseLoudspeaker}
    spoken = {type(phrase.command) for phrase in load_phrases(language).phrases}
    assert {kind for kinds in ALLOWED.values() for kind in kinds} - spoken == by_hand


FILE = """\
language: nl
wake: spelleider
skip: [graag]
spellings: {}
decoys: [maar]
phrases:
  next:
    - volgende
    - "(verder|door)"
  more_time:
    - "{minutes} minuten erbij"
"""


def problems(tmp_path: Path, text: str) -> list[tuple[int, str, str]]:
    path = tmp_path / "nl.yaml"
    path.write_text(text)
    with pytest.raises(ContentError) as wrong:
        phrases_in(path, load_catalogue("nl"))
    return [(problem.line, problem.place, problem.found) for problem in wrong.value.problems]


@pytest.mark.parametrize("ballast", ["volgende", "heel gewoon", "minuten"])
def test_ballast_is_one_word_that_is_in_no_phrase(tmp_path: Path, ballast: str) -> None:
    wrong = problems(tmp_path, FILE.replace("phrases:", f"ballast: {ballast}\nphrases:"))
    assert wrong == [(6, "ballast", repr(ballast))]


def test_a_small_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "nl.yaml"
    path.write_text(FILE)
    book = phrases_in(path, load_catalogue("nl"))
    assert book.words_for(do.Next()) == "volgende"
    assert book.words_for(do.AddTime(300.0)) == "vijf minuten erbij"
    assert book.words_for(do.Pause()) is None


def test_commands_that_can_be_asked_for_together_cannot_share_a_phrase(tmp_path: Path) -> None:
    wrong = problems(tmp_path, FILE + "  continue:\n    - verder\n")
    assert wrong == [(13, "phrases.continue[0]", "'verder', which means both next and continue")]


def test_commands_of_different_moments_may_share_a_phrase(tmp_path: Path) -> None:
    path = tmp_path / "nl.yaml"
    path.write_text(FILE + "  start:\n    - spreken\n  confirm:\n    - spreken\n")
    book = phrases_in(path, load_catalogue("nl"))
    assert asked("spelleider spreken", "ready", book) == do.Start()
    assert asked("spelleider spreken", "confirming", book) == do.Confirm()


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('    - "volgende (stelling"\n', "phrases.more_time[1]"),
        ('    - "minuten erbij"\n', "phrases.more_time[1]"),
        ('    - "{group} minuten erbij"\n', "phrases.more_time[1]"),
        ("    - 12\n", "phrases.more_time[1]"),
        ("  fly:\n    - vlieg\n", "phrases.fly"),
        ("surprise: yes\n", "surprise"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(tmp_path: Path, line: str, place: str) -> None:
    assert [where for _, where, _ in problems(tmp_path, FILE + line)] == [place]


LETTERS = "abcdefghijklmnopqrstuvwxy"


@pytest.mark.parametrize(
    "template",
    [
        " ".join(f"[{letter}]" for letter in LETTERS),
        "(" + " ".join(f"[{letter}]" for letter in LETTERS) + ") volgende",
        "(" + ";".join(LETTERS[:11]) + ")",
        "(" * 2000,
    ],
    ids=["options", "options in a group", "orders", "brackets"],
)
def test_a_template_that_stands_for_more_than_anyone_says_is_refused_unexpanded(tmp_path: Path, template: str) -> None:
    assert [where for _, where, _ in problems(tmp_path, f'{FILE}    - "{template}"\n')] == ["phrases.more_time[1]"]


def test_spellings_that_multiply_beyond_measure_are_refused(tmp_path: Path) -> None:
    spelled = ", ".join(f"e{number}" for number in range(1500))
    text = FILE.replace("spellings: {}", f"spellings: {{één: [{spelled}], twee: [{spelled}]}}")
    wrong = problems(tmp_path, f'{text}  tally:\n    - "{{agree}} eens {{disagree}} oneens"\n')
    assert ("phrases.tally[0]", "more") in [(where, found) for _, where, found in wrong]


def test_a_language_without_phrases_is_a_wrong_setup() -> None:
    with pytest.raises(SetupError, match="fy"):
        load_phrases("fy")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_the_program_offers_to_say_is_a_phrase_of_that_command(language: str) -> None:
    book, texts = load_phrases(language), load_catalogue(language).texts
    offered = {key.removeprefix("phrase."): text for key, text in texts.items() if key.startswith("phrase.")}
    assert len(offered) >= 14
    for kind, text in offered.items():
        assert kind in {type(phrase.command).__name__ for phrase in book.phrases if phrase.words == text}, text
