"""Sessions that people write: found by name, and everything that is wrong in them told at once."""

import re
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import pytest

from levelup_voice.errors import ContentError, Problem, SetupError
from levelup_voice.files.content import known_plans, load_plan, own_sessions_folder
from levelup_voice.files.data import content_folder
from levelup_voice.files.document import Tree, read_document
from levelup_voice.files.outline import KINDS, fields_of, inner
from levelup_voice.session.plan import Card, Cue, Discussion, Question, SessionPlan

SESSION = """\
id: evening
title: An evening
language: en
participants: 12
places: {agree: the windows, disagree: the door}
blocks:
  - id: opening
    title: Opening
    duration: 10 min
    minimum: 2 min
    cues:
      - remaining: 1 min 30 s
    items:
      - kind: card
        id: welcome
        seconds: 40 s
        spoken: Welcome.
        asks_consent: true
        shown:
          title: Welcome
          points: [One, Two]
          links:
            - title: More
              url: https://example.org/
      - kind: question
        id: hope
        seconds: 2 min
        summary: 30 s
      - kind: statement
        id: time
        text: Agree? Then to {agree}.
        seconds: 60 s
      - kind: discussion
        id: talk
        talk: 6 min
        group_size: 4
        questions_per_group: 1
        questions:
          - id: listening
            text: What helps?
          - id: own
            text: …
            open: true
      - kind: harvest
        id: summaries
        discussion: talk
        turn: 45 s
      - kind: closing
        id: thanks
        seconds: 30 s
links:
  - title: More
    url: http://example.org/
"""


def problems(folder: Path, text: str) -> list[Problem]:
    file = folder / "session.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_plan(file)
    return list(caught.value.problems)


def test_a_session_becomes_a_plan(tmp_path: Path) -> None:
    file = tmp_path / "session.yaml"
    file.write_text(SESSION, encoding="utf-8")
    plan = load_plan(file)
    welcome, hope, time, talk = plan.blocks[0].items[:4]
    assert (plan.blocks[0].duration, plan.blocks[0].minimum) == (600, 120)
    assert plan.blocks[0].cues == (Cue(remaining=90.0),)
    assert isinstance(welcome, Card)
    assert welcome.shown.points == ("One", "Two")
    assert isinstance(hope, Question)
    assert (hope.seconds, hope.summary, hope.optional) == (120, 30, False)
    assert getattr(time, "text", "") == "Agree? Then to the windows."
    assert isinstance(talk, Discussion)
    assert (talk.talk, talk.counting_off, talk.cues) == (360, 75, None)


# Each case changes one thing (the first of its kind) in the session above; `#!` marks the line that the problem is on.
WRONG = [
    # What a field is.
    ("duration: 10 min", "duration: 10 #!", "blocks[0].duration", "a duration such as 15 min", "10"),
    ("duration: 10 min", "duration: 10:00 #!", "blocks[0].duration", "a duration such as 15 min", "10:00"),
    ("duration: 10 min", "duration: 13 h #!", "blocks[0].duration", "at most 12 h", "13 h"),
    ("title: An evening", "title: 7 #!", "title", "a text", "the number 7"),
    ("title: An evening", "title: #!", "title", "a text", "nothing"),
    ("title: An evening", "title: ' ' #!", "title", "a text", "nothing"),
    ("participants: 12", "participants: '12' #!", "participants", "a whole number", "the text 12"),
    ("participants: 12", "participants: 12.5 #!", "participants", "a whole number", "the number 12.5"),
    ("asks_consent: true", "asks_consent: yes #!", "blocks[0].items[0].asks_consent", "true or false", "the text yes"),
    ("points: [One, Two]", "points: One #!", "blocks[0].items[0].shown.points", "a list", "the text One"),
    ("points: [One, Two]", "points: [One, ''] #!", "blocks[0].items[0].shown.points[1]", "a text", "nothing"),
    ("minimum: 2 min", "cue_style: loud #!", "blocks[0].cue_style", "one of: spoken, screen", "the text loud"),
    ("- id: own\n            text: …\n            open: true", "- own #!", "blocks[0].items[3].questions[1]",
     "named fields: id, text, open", "the text own"),
    ("kind: card", "kind: poem #!", "blocks[0].items[0].kind", "one of: card, question, statement, disc", "poem"),
    ("- kind: card\n        id", "- id", "blocks[0].items[0].kind", "one of: card, question", "nothing"),
    ("- kind: harvest", "- some text #!\n      - kind: harvest", "blocks[0].items[4]", "an item", "some text"),
    # Which fields there are.
    ("title: An evening", "titel: An evening #!\ntitle: x", "titel", "the field title", "the unknown field titel"),
    ("talk: 6 min", "talk: 6 min\n        zzz: 1 #!", "blocks[0].items[3].zzz", "one of the fields: id, quest", "zzz"),
    ("      - kind: question\n        id: hope\n        seconds: 2 min", "      - kind: question #!\n        id: hope",
     "blocks[0].items[1].seconds", "a duration such as 15 min", "nothing"),
    ("    title: Opening\n", "", "blocks[0].title", "a text", "nothing"),
    # What a session can be run with.
    ("language: en", "language: xx #!", "language", "one of: en, nl", "xx"),
    ("participants: 12", "participants: 201 #!", "participants", "0 to 200", "201"),
    ("participants: 12", "participants: -1 #!", "participants", "0 to 200", "-1"),
    ("id: evening", "id: An Evening #!", "id", "small letters, digits and hyphens", "An Evening"),
    ("id: hope", "id: ../hope #!", "blocks[0].items[1].id", "small letters, digits and hyphens", "../hope"),
    ("id: hope", f"id: {'x' * 41} #!", "blocks[0].items[1].id", "at most 40", "x" * 41),
    ("id: hope", "id: welcome #!", "blocks[0].items[1].id", "blocks[0].items[0].id is the same", "welcome"),
    ("id: own", "id: opening #!", "blocks[0].items[3].questions[1].id", "blocks[0].id is the same", "opening"),
    ("minimum: 2 min", "minimum: 11 min #!", "blocks[0].minimum", "no more than the block's duration", "660 s"),
    ("remaining: 1 min 30 s", "remaining: 10 min #!", "blocks[0].cues[0].remaining", "less than 600 s", "600 s"),
    ("remaining: 1 min 30 s", "remaining: 90 s\n      - remaining: 1.5 min #!", "blocks[0].cues[1].remaining",
     "a moment of its own", "90 s"),
    ("seconds: 40 s", "seconds: 0 s #!", "blocks[0].items[0].seconds", "more than 0 s", "0 s"),
    ("turn: 45 s", "turn: 20 s #!", "blocks[0].items[4].turn", "at least the summary of the discussion", "20 s"),
    ("summary: 30 s", "summary: 3 min #!", "blocks[0].items[1].summary", "no more than the question", "180 s"),
    ("seconds: 60 s", "seconds: 19 s #!", "blocks[0].items[2].seconds", "room for think and walk", "19 s"),
    ("spoken: Welcome.", "spoken: '' #!", "blocks[0].items[0].spoken", "the words that ask for consent", "nothing"),
    ("discussion: talk", "discussion: tale #!", "blocks[0].items[4].discussion", "that comes earlier", "tale"),
    ("discussion: talk", "discussion: hope #!", "blocks[0].items[4].discussion", "that comes earlier", "hope"),
    ("group_size: 4", "group_size: 1 #!", "blocks[0].items[3].group_size", "2 to 12", "1"),
    ("questions_per_group: 1", "questions_per_group: 2 #!", "blocks[0].items[3].questions_per_group", "1 to 1", "2"),
    ("questions:\n          - id: listening\n            text: What helps?", "questions: #!",
     "blocks[0].items[3].questions", "at least one question that is not open", "open ones only"),
    ("kind: harvest", "kind: closing #!\n        seconds: 5 s\n        id: early\n      - kind: harvest",
     "blocks[0].items[4].kind", "closing only as the very last item", "closing"),
    ("places: {agree: the windows, disagree: the door}\n", "", "blocks[0].items[2].text", "places.agree", "nothing"),
    ("url: https://example.org/", "url: javascript:alert(1) #!", "blocks[0].items[0].shown.links[0].url", "//", "java"),
    ("url: http://example.org/", "url: www.example.org #!", "links[0].url", "https://", "www.example.org"),
    ("url: http://example.org/", f"url: https://example.org/{'x' * 500} #!", "links[0].url", "at most 500", "520 char"),
    ("url: http://example.org/", "url: 'https://' #!", "links[0].url", "https://", "https://"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "expected", "found"), WRONG)
def test_each_mistake_is_told_with_its_line_and_place(
    tmp_path: Path, old: str, new: str, place: str, expected: str, found: str
) -> None:
    assert old in SESSION
    text = SESSION.replace(old, new, 1)
    (problem,) = problems(tmp_path, text)
    assert problem.place == place
    assert expected in problem.expected
    assert found in problem.found
    if "#!" in text:
        assert problem.line == text[: text.index("#!")].count("\n") + 1


def test_empty_lists_of_blocks_items_and_questions_are_told(tmp_path: Path) -> None:
    text = re.sub(r"questions:\n( {10}.*\n)+", "questions: []\n", SESSION)
    text = text.replace("\nlinks:\n", "\n  - {id: more, title: More, duration: 1 min, items: []}\nlinks:\n")
    found = {problem.place: problem.expected for problem in problems(tmp_path, text)}
    assert found == {"blocks[0].items[3].questions": "1 to 30 questions", "blocks[1].items": "1 to 100 items"}
    (problem,) = problems(tmp_path, "id: a\ntitle: A\nlanguage: en\nblocks: []")
    assert (problem.place, problem.expected) == ("blocks", "1 to 30 blocks")


def test_a_harvest_before_its_discussion_is_told(tmp_path: Path) -> None:
    harvest = "      - kind: harvest\n        id: summaries\n        discussion: talk\n        turn: 45 s\n"
    text = SESSION.replace(harvest, "").replace("      - kind: discussion\n", harvest + "      - kind: discussion\n")
    (problem,) = problems(tmp_path, text)
    assert (problem.place, problem.found) == ("blocks[0].items[3].discussion", "talk")


def test_all_problems_of_all_sorts_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = SESSION
    changes = [
        ("language: en", "language: xx"),  # a rule
        ("participants: 12", "participants: many"),  # a type
        ("duration: 10 min", "duration: ten"),  # a duration
        ("kind: card", "kind: poem"),  # a kind
        ("text: What helps?", "text: ''"),  # an empty text
        ("turn: 45 s", "turns: 45 s"),  # a field
    ]
    for old, new in changes:
        text = text.replace(old, new, 1)
    assert [problem.place for problem in problems(tmp_path, text)] == [
        "language",
        "participants",
        "blocks[0].duration",
        "blocks[0].items[0].kind",
        "blocks[0].items[3].questions[0].text",
        "blocks[0].items[4].turns",
    ]


@pytest.mark.parametrize("text", ["", "just text", "- a list", "7", "blocks: 7", "blocks: [7]", "blocks: [{items: 7}]"])
def test_a_file_that_is_something_else_is_told_and_never_breaks_the_checks(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


def test_a_problem_reads_as_one_line_with_file_place_expectation_and_finding(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, SESSION.replace("seconds: 40 s", "seconds: 40"))
    assert str(problem) == (
        f"{tmp_path / 'session.yaml'}:16: blocks[0].items[0].seconds: "
        "expected a duration such as 15 min, 45 s or 1 min 30 s, found 40"
    )


def test_sessions_are_found_by_name_with_or_without_their_language() -> None:
    file = content_folder() / "sessions/level-up.nl.yaml"
    assert load_plan("level-up.nl") == load_plan("level-up") == load_plan(file)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(SetupError, match="evening") as refused:
        load_plan("evening")
    assert "level-up.nl" in str(refused.value.values["known"])


def test_a_persons_own_session_comes_before_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    if not own_sessions_folder().is_relative_to(tmp_path):
        pytest.skip("this platform keeps user data elsewhere")
    own_sessions_folder().mkdir(parents=True)
    (own_sessions_folder() / "level-up.nl.yaml").write_text(SESSION, encoding="utf-8")
    (own_sessions_folder() / "level-up.en.yaml").write_text(SESSION, encoding="utf-8")
    assert load_plan("level-up.nl").title == "An evening"
    with pytest.raises(SetupError, match="level-up") as refused:
        load_plan("level-up")
    assert refused.value.values["known"] == "level-up.nl, level-up.en"


@pytest.mark.parametrize("name", sorted(known_plans()))
def test_every_session_that_comes_with_the_program_loads(name: str) -> None:
    assert load_plan(name).blocks


def test_the_example_shows_every_field_there_is() -> None:
    written: set[tuple[str, str]] = set()

    def collect(tree: Tree, hint: Any) -> None:
        if isinstance(tree, list):
            for number, part in enumerate(tree):
                collect(part, inner(hint, tree, number))
        elif isinstance(tree, dict):
            kind = tree.get("kind")
            owner = hint if is_dataclass(hint) else KINDS[str(kind)]
            written.update((getattr(owner, "__name__", ""), name) for name in tree)
            for name, part in tree.items():
                collect(part, inner(hint, tree, name))

    collect(read_document(content_folder() / "sessions/example.en.yaml").tree, SessionPlan)
    # What all items have in common is shown in one of them.
    kinds = {kind.__name__ for kind in KINDS.values()}
    common = {(kind, name) for kind in kinds for name in ("shown", "optional", "spoken")}
    assert {("Card", "shown"), ("Card", "spoken"), ("Question", "optional")} <= written
    assert {(owner.__name__, name) for owner in _types_of(SessionPlan) for name in fields_of(owner)} - common <= written


def _types_of(hint: Any) -> set[Any]:
    """The dataclasses that a plan is made of."""
    found: set[Any] = {hint} if is_dataclass(hint) else set()
    parts = [each.hint for each in fields_of(hint).values()] if found else getattr(hint, "__args__", ())
    return found.union(*(_types_of(part) for part in parts))
