"""Whatever people say or write, the notes show it as text: nothing of it becomes markup, or acts."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from levelup_voice.files.catalogue import load_catalogue
from levelup_voice.files.exports import times_csv
from levelup_voice.files.notes_html import html
from levelup_voice.files.notes_markdown import escaped, markdown
from levelup_voice.files.visible import href, safe_url, visible
from levelup_voice.session import events as ev
from levelup_voice.session.document import Audio
from levelup_voice.session.notes import notes
from levelup_voice.session.plan import Block, Card, Link, SessionPlan, Shown
from tests.plans import SMALL
from tests.session.told import Telling, heard

DUTCH = load_catalogue("nl")
COMMONMARK = MarkdownIt("commonmark").enable(["strikethrough", "table"])

marks = st.text(st.sampled_from("#-+*_=`~<>[]()!|\\&.;:1 a\n\x1b\u202e\u2028"), max_size=20)
texts = marks | st.text(max_size=20)

HOSTILE = (
    "<script>alert(1)</script> # kop [x](javascript:alert(1)) *ster* \x1b[31mrood\x07 \u202eachterstevoren 1. lijst"
)


def shown_by(text: str) -> str:
    """What a reader of this Markdown sees, when it is one paragraph of plain text; an error when it is not."""
    paragraph, inline, end = COMMONMARK.parse(text)
    assert (paragraph.type, inline.type, end.type) == ("paragraph_open", "inline", "paragraph_close")
    assert all(token.type == "text" for token in inline.children or ())
    return "".join(token.content for token in inline.children or ())


@given(texts.filter(lambda text: bool(visible(text))))
def test_markdown_shows_exactly_what_was_said(text: str) -> None:
    assert shown_by(escaped(text)) == visible(text)


@given(st.lists(texts.filter(lambda text: bool(visible(text))), min_size=1, max_size=4))
def test_words_put_next_to_each_other_stay_what_they_are(words: list[str]) -> None:
    """A sentence is escaped word by word."""
    assert shown_by(" ".join(map(escaped, words))) == " ".join(map(visible, words))


@given(st.text(max_size=30))
def test_what_is_visible_is_one_line_without_control_characters(text: str) -> None:
    assert visible(text).isprintable() or "\u200c" in text or "\u200d" in text
    assert visible(visible(text)) == visible(text)


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile_session() -> Telling:
    bad = Link(title=HOSTILE, url="javascript:alert(1)")
    card = Card(id="kaart", seconds=10.0, spoken=HOSTILE, shown=Shown(title=HOSTILE, points=(HOSTILE,), links=(bad,)))
    first = Block(id="een", title="=1+1" + HOSTILE, duration=60.0, items=(card,))
    plan = SessionPlan(id="x", title=HOSTILE, language="nl", blocks=(first, *SMALL.blocks[1:]), links=(bad,))
    told = Telling(plan, participants=4)
    told.block(0.0, 0, 0)
    told.block(60.0, 1, 2)
    told.groups(70.0, "praten", (4,))
    told.at(500.0, ev.ItemReached(3), ev.TurnTaken(1, "q1"))
    told.recording(510.0, "oogst", heard("<img src=x onerror=alert(1)>? " + HOSTILE), question="q1", group=1)
    told.at(600.0, ev.TurnTaken(1, "q2"))
    corrected = told.recording(610.0, "oogst", heard("iets"), question="q2", group=1)
    told.at(650.0, ev.SummaryCorrected(corrected, f"# kop\n- punt\n{HOSTILE}"))
    return told


def test_a_page_of_hostile_text_has_no_script_and_no_handler() -> None:
    page = Page(html(notes(hostile_session().session, DUTCH)))
    assert not {"script", "img", "iframe"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    targets = [value for name, value in page.attributes if name in ("href", "src")]
    assert targets
    assert all(target.startswith("audio/") for target in targets)
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize("write", [markdown, html])
def test_no_invisible_character_of_hostile_text_reaches_a_file(write: object) -> None:
    assert callable(write)
    text = write(notes(hostile_session().session, DUTCH))
    assert not [character for character in text if not character.isprintable() and character != "\n"]


def test_a_table_of_times_is_never_calculated() -> None:
    title = times_csv(hostile_session().session).splitlines()[1]
    assert title.startswith("'=1+1")


def test_a_link_to_audio_stays_in_the_session_folder() -> None:
    assert href(Audio(file="audio/001-a b.wav", label="", start=12.34)) == "audio/001-a%20b.wav#t=12.3"
    assert href(Audio(file="../../etc/passwd", label="")) == "etc/passwd#t=0.0"
    assert href(Audio(file="javascript:alert(1)", label="")).startswith("javascript%3A")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "java\nscript:x", "//x"],
)
def test_only_addresses_that_merely_open_become_links(url: str) -> None:
    assert safe_url(url) == ""


def test_an_ordinary_address_stays_as_it_is() -> None:
    for url in ("https://example.org/a%20b?x=1&y=2#z", "mailto:kic@kpz.nl"):
        assert safe_url(url) == url
