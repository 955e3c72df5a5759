import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup_voice.audio.respelling import respell

RULES = (
    ("EP", "ee pee"),
    ("VO", "vee oo"),
    ("1.0", "één punt nul"),
    ("+/-", "ongeveer"),
    ("/", " of "),
    ("/etc.", " enzovoort"),
    ("etc.", "enzovoort"),
    ("apps", "epps"),
    ("N.B.", "let op."),
    ("Iliás", "Ilie-jas"),
    ("&", "en"),
)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Goed EP start altijd bij de leraar.", "Goed ee pee start altijd bij de leraar."),
        ("Schooladvies VO (kindniveau)", "Schooladvies vee oo kindniveau"),
        ("Ouderbetrokkenheid 1.0: school", "Ouderbetrokkenheid één punt nul: school"),
        ("+/- 15 minuten", "ongeveer 15 minuten"),
        ("Nieuwsbrief/website/etc.", "Nieuwsbrief of website enzovoort"),
        ("aan thema-avonden, apps, etc.?", "aan thema-avonden, epps, enzovoort?"),
        ("Apps.", "Epps."),
        ("(school)ontwikkeling", "schoolontwikkeling"),
        ("Over de streep …  & in gesprek!", "Over de streep, en in gesprek!"),
        ("Twijfelen is geen optie…", "Twijfelen is geen optie."),
        ("“Een gelijkwaardige samenwerking.”", "Een gelijkwaardige samenwerking."),
        ("Een – twee", "Een, twee"),
        ("5. …", "5."),
        ("Willemen & Iliás", "Willemen en Ilie-jas"),
    ],
)
def test_the_texts_of_the_session_are_written_as_people_say_them(written: str, spoken: str) -> None:
    assert respell(written, RULES) == spoken


@pytest.mark.parametrize("untouched", ["STEP", "EPO", "ep", "vo", "11.0", "Ilias", "wapps"])
def test_a_rule_holds_for_whole_words_and_capitals_as_they_are_written(untouched: str) -> None:
    assert respell(untouched, RULES) == untouched


def test_the_longest_rule_counts_and_what_it_wrote_is_left_alone() -> None:
    assert respell("a b", (("a", "b"), ("b", "c"), ("a b", "a"))) == "a"
    assert respell("a", (("a", "b"), ("b", "c"))) == "b"


def test_an_accent_written_in_two_signs_is_the_same_letter() -> None:
    assert respell("Ilia\u0301s", RULES) == "Ilie-jas"


@given(st.text(alphabet="aZ é1.0,:;?!()/&+-…–\"'", max_size=40))
def test_a_respelled_text_is_tidy_and_stays_as_it_is(text: str) -> None:
    spoken = respell(text)
    assert respell(spoken) == spoken
    assert "  " not in spoken
    assert not set(spoken) & set('()…–"')
