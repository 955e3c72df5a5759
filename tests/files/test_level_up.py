"""The Level Up! session: everything of its two sources, with the timing of a real room.

seeds/slides.txt and seeds/article.txt are those sources as they came out of a PDF: lines broken anywhere, words
hyphenated at the end of a line, some spaces lost.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from levelup_voice.audio.respelling import respell
from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.content import load_plan
from levelup_voice.session import wording
from levelup_voice.session.groups import group_sizes, hand_out
from levelup_voice.session.plan import Card, Cue, Discussion, Harvest, Item, Question, SessionPlan, Statement
from levelup_voice.session.timing import planned_seconds

SEEDS = Path(__file__).parent / "seeds"
WORDS_A_MINUTE = 150

LOST_SPACES = {
    "Bovendienkan": "Bovendien kan",
    "pakken.Een": "pakken. Een",
    "SchaartIn gesprek": "Schaart\n\nIn gesprek",
}

NO_SENTENCES = {"MEER LEZEN", "LITERATUUR", "15"}
"""Headings of what a plan keeps in fields of their own (links, literature), and the number of a page."""


@pytest.fixture(scope="module")
def plan() -> SessionPlan:
    return load_plan("level-up.nl")


def sentences(seed: str) -> Iterator[str]:
    """What a seed says, cut into sentences, headings, citations and the items of lists."""
    text = (SEEDS / seed).read_text(encoding="utf-8")
    for lost, found in LOST_SPACES.items():
        text = text.replace(lost, found)
    text = re.sub(r"(?m)^ *(?:[•o]|\d\.) ", "\n\n", text)
    text = re.sub(r"(?m)^(?= [A-Z]|https?:)", "\n\n", text)  # a slide begins with a space
    text = re.sub(r"(?m)^([A-Z ?]{6,})$", r"\n\n\1\n\n", text)
    text = re.sub(r"\([^()]*\b(?:19|20)\d\d\)", r"\n\n\g<0>\n\n", text)
    for piece in re.split(r"\n\s*\n|(?<=[.?!:])\s", text):
        if re.search(r"\w", piece) and piece.strip() not in NO_SENTENCES:
            yield piece.strip()


def pattern(sentence: str) -> str:
    """Word for word; only where a line was broken, words may belong together or not."""
    parts = re.findall(r"\w+|\W+", sentence)
    return "".join(re.escape(part) if part[0].isalnum() else r"\W*" if "\n" in part else r"\W+" for part in parts)


def shown(part: object) -> Iterator[str]:
    """All text of a plan in its order, but for what is spoken."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from shown(each)
    elif is_dataclass(part):
        for each in fields(part):
            if each.name not in ("spoken", "id", "kind"):
                yield from shown(getattr(part, each.name))


SENTENCES = [(seed, sentence) for seed in ("slides.txt", "article.txt") for sentence in sentences(seed)]


def test_the_seeds_are_cut_into_many_sentences() -> None:
    assert len(SENTENCES) > 200
    assert ("slides.txt", "Goed EP start altijd bij de leraar.") in SENTENCES
    assert ("article.txt", "En wat is daarvoor \nnodig?") in SENTENCES


def test_every_sentence_of_the_seeds_is_shown_word_for_word(plan: SessionPlan) -> None:
    text = "\n".join(shown(plan))
    assert [each for each in SENTENCES if not re.search(rf"(?i)\b{pattern(each[1])}", text)] == []


def test_spaces_that_the_seeds_lost_are_there(plan: SessionPlan) -> None:
    text = "\n".join(shown(plan))
    assert "Bovendien kan het" in text
    assert "aan te pakken. Een leraar" in text
    assert "contactmomenten" in text
    assert "leerprestaties" in text
    assert "buurt- en geloofsgenoten" in text


def test_links_are_those_of_the_seeds_unbroken(plan: SessionPlan) -> None:
    whole = set(re.findall(r"https?://\S+", (SEEDS / "slides.txt").read_text(encoding="utf-8")))
    whole = {url for url in whole if not url.endswith("-")}  # the others are broken there, and come again in one piece
    assert {link.url for link in plan.links} >= whole
    assert "https://www.nji.nl/sites/default/files/2022-12/Factsheet%20pedagogische%20basis.pdf" in shown(plan.links)
    assert all(" " not in link.url for link in plan.links)


def test_the_fifth_question_is_open_and_the_four_others_are_asked(plan: SessionPlan) -> None:
    talk = plan.item("gesprek")
    assert isinstance(talk, Discussion)
    assert [question.open for question in talk.questions] == [False] * 4 + [True]
    assert talk.questions[4].text == "…"


def test_with_seven_groups_each_block_keeps_the_margin_of_the_room(plan: SessionPlan) -> None:
    margins = {block.id: block.duration - planned_seconds(plan, block, groups=7) for block in plan.blocks}
    assert margins == {"introductie": 110, "in-gesprek": 45, "afsluiting": 60}
    assert [block.duration for block in plan.blocks] == [900, 1200, 300]
    assert plan.blocks[-1].minimum == 180


def test_cues_are_spoken_in_the_talk_only(plan: SessionPlan) -> None:
    talk = plan.item("gesprek")
    assert isinstance(talk, Discussion)
    assert talk.cues == (Cue(remaining=120, style="spoken"), Cue(remaining=0, style="spoken"))
    assert {block.cue_style for block in plan.blocks} == {"screen"}


def test_consent_is_asked_in_the_first_two_minutes(plan: SessionPlan) -> None:
    (asking,) = [item for item in _items(plan) if isinstance(item, Card) and item.asks_consent]
    before = plan.blocks[0].items[: plan.blocks[0].items.index(asking)]
    assert sum(planned_seconds_of(item) for item in before) <= 60
    assert "Dat blijft op deze computer. Liever niet? Zeg het me gerust." in asking.spoken


def test_a_link_or_a_source_is_never_spoken(plan: SessionPlan) -> None:
    for item in _items(plan):
        assert not re.search(r"https?:|www\.|@|\(\w.*\d{4}\)", wording.reading(item))


def test_nothing_is_left_that_a_voice_stumbles_over(plan: SessionPlan) -> None:
    respelled = [respell(text, load_catalogue("nl").respell) for text in said(plan, participants=26)]
    assert [
        text for text in respelled if re.search(r"[()/&+]|\b[A-Z]{2,}\b|\b[a-z]{1,3}\.[a-z]|etc\.|\d\.\d|vs\.", text)
    ] == []
    assert any("ongeveer 15 minuten" in text for text in respelled)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Goed EP start altijd bij de leraar.", "Goed ee pee start altijd bij de leraar."),
        ("Schooladvies VO (kindniveau)", "Schooladvies vee oo kindniveau"),
        ("+/- 15 minuten", "ongeveer 15 minuten"),
        ("Nieuwsbrief/website/etc.", "Nieuwsbrief of website enzovoort"),
        ("(school)ontwikkeling", "schoolontwikkeling"),
        ("Ouderbetrokkenheid 3.0", "Ouderbetrokkenheid drie punt nul"),
        ("Enquête (o.a. continurooster)", "Enquête onder andere continurooster"),
        ("Zijn er good practices?", "Zijn er goet prektissis?"),
        ("thema-avonden, apps, etc.?", "thema-avonden, epps, enzovoort?"),
    ],
)
def test_the_words_of_the_seeds_are_respelled_for_the_voice(written: str, read: str) -> None:
    assert respell(written, load_catalogue("nl").respell) == read


def test_people_are_called_je_and_jullie(plan: SessionPlan) -> None:
    words = load_catalogue("nl")
    phrases = [text for key, text in words.texts.items() if key.startswith("say.")]
    readings = [wording.reading(item) for item in _items(plan)]
    assert [text for text in phrases + readings if re.search(r"(?i)\b(u|uw)\b", text)] == []


def test_a_short_item_is_read_within_its_time(plan: SessionPlan) -> None:
    for item in _items(plan):
        if isinstance(item, Card | Question):
            assert minutes(wording.reading(item)) * 60 < item.seconds * 0.75


def test_the_program_speaks_about_six_of_the_forty_minutes(plan: SessionPlan) -> None:
    assert 5 <= sum(minutes(text) for text in said(plan, participants=26)) <= 7


def said(plan: SessionPlan, participants: int) -> Iterator[str]:
    """All that is said when everything goes as planned."""
    words = load_catalogue("nl")
    for item in _items(plan):
        yield wording.reading(item)
        if isinstance(item, Question) and item.summary:
            yield from (wording.record_notice(words, item.summary), words.text("say.thanks"))
        if isinstance(item, Statement):
            yield from (wording.choose_now(words), wording.count_smaller_side(words), wording.tally(words, 17, 9))
        if isinstance(item, Discussion):
            groups = len(group_sizes(participants, item.group_size))
            yield wording.counting_off(words, groups, item.group_size)
            yield wording.briefing(words, item, hand_out(item, groups)).removeprefix(item.spoken)
            yield wording.talk_starts(words, item)
            yield from (wording.cue(words, each, to_groups=True) for each in item.cues or ())
        if isinstance(item, Harvest):
            for group in range(1, groups + 1):
                yield from (wording.turn(words, group), wording.record_notice(words, 30), words.text("say.thanks"))
    yield words.text("say.goodbye")


def minutes(text: str) -> float:
    return len(text.split()) / WORDS_A_MINUTE


def planned_seconds_of(item: Item) -> float:
    return item.seconds if isinstance(item, Card | Question | Statement) else 0.0


def _items(plan: SessionPlan) -> Iterator[Item]:
    return (item for block in plan.blocks for item in block.items)
