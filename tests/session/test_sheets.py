"""What is printed before a session says what the session will do."""

from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.session.plan import Discussion, GroupQuestion
from levelup_voice.session.sheets import question_cards, run_sheet
from levelup_voice.session.wording import everything_said
from tests.plans import LEVEL_UP, SMALL

WORDS = load_catalogue("nl")


def test_the_run_sheet_has_every_item_at_its_moment() -> None:
    sections = run_sheet(LEVEL_UP, WORDS, 26)
    assert [section.starts_at for section in sections] == [0, 900, 2100]
    assert [len(section.rows) for section in sections] == [len(block.items) for block in LEVEL_UP.blocks]
    for section in sections:
        moment = section.starts_at
        for row in section.rows:
            assert row.starts_at == moment
            moment += row.seconds
        assert section.spare == section.starts_at + section.duration - moment


def test_with_many_groups_it_shows_what_does_not_fit() -> None:
    assert all(section.spare >= 0 for section in run_sheet(LEVEL_UP, WORDS, 26))
    assert [section.spare < 0 for section in run_sheet(LEVEL_UP, WORDS, 40)] == [False, True, False]


def test_it_says_what_the_session_will_say() -> None:
    printed = {text for section in run_sheet(LEVEL_UP, WORDS, 26) for row in section.rows for text in row.spoken}
    said = set(everything_said(LEVEL_UP, WORDS, 26))
    assert printed <= said
    assert {statement for statement in said if statement.startswith("Goed EP")} <= printed


def test_an_item_without_a_title_is_called_as_it_is_spoken_of() -> None:
    titles = [
        row.title for section in run_sheet(LEVEL_UP, WORDS, 26) for row in section.rows if row.kind == "statement"
    ]
    assert titles == ["Stelling één", "Stelling twee", "Stelling drie", "Stelling vier", "Stelling vijf"]


def test_every_group_has_its_question_on_a_card_and_the_open_one_is_free() -> None:
    cards = question_cards(LEVEL_UP, 26)
    assert [card.group for card in cards] == [1, 2, 3, 4, 5, 6, 7, 0]
    assert sum(card.size for card in cards) == 26
    assert cards[0].questions == cards[4].questions != cards[1].questions
    assert cards[-1].questions == ()
    assert {card.talk for card in cards} == {360.0}


def test_a_group_that_takes_the_only_question_an_open_one_makes_up_its_own() -> None:
    block = SMALL.blocks[0]
    discussion = Discussion(id="eigen", questions=(GroupQuestion(id="eigen", text="…", open=True),), talk=300.0)
    plan = type(SMALL)(
        id="x", title="x", language="nl", blocks=(type(block)(id="b", title="b", duration=600.0, items=(discussion,)),)
    )
    assert [card.questions for card in question_cards(plan, 4)] == [(), ()]


def test_without_a_number_of_people_the_sheet_can_still_be_printed() -> None:
    assert run_sheet(LEVEL_UP, WORDS, 0)
    assert [card.group for card in question_cards(LEVEL_UP, 0)] == [0]
