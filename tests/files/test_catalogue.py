"""The words of each language: complete, alike, and well said."""

import ast
import re
from pathlib import Path

import pytest

import levelup_voice
from levelup_voice.errors import ContentError, SetupError
from levelup_voice.files.catalogue import catalogue_in, languages, load_catalogue, places_in
from levelup_voice.files.data import content_folder

SOURCES = Path(levelup_voice.__file__).parent
KEY = re.compile(r"[a-z]+(\.[a-zA-Z0-9_]+)+(?<!\.md)(?<!\.html)(?<!\.json)(?<!\.csv)")


def test_dutch_and_english_are_there() -> None:
    assert languages() == ("en", "nl")


def test_all_languages_have_the_same_keys() -> None:
    dutch, english = load_catalogue("nl").texts, load_catalogue("en").texts
    assert sorted(dutch.keys() - english.keys()) == []
    assert sorted(english.keys() - dutch.keys()) == []


def test_a_text_has_the_same_places_in_all_languages() -> None:
    dutch, english = load_catalogue("nl").texts, load_catalogue("en").texts
    differing = [key for key in dutch.keys() & english.keys() if places_in(dutch[key]) != places_in(english[key])]
    assert differing == []


def test_every_key_that_the_program_asks_for_exists() -> None:
    texts = load_catalogue("nl").texts
    asked = {key: where for source in SOURCES.rglob("*.py") for key, where in _keys_in(source, set(texts))}
    assert len(asked) > 20
    assert {key: where for key, where in asked.items() if not _is_there(key, set(texts))} == {}


def _is_there(key: str, known: set[str]) -> bool:
    """A key that is put together in the program ends in `*`: some key begins as it does."""
    return any(each.startswith(key[:-1]) for each in known) if key.endswith("*") else key in known


def _keys_in(source: Path, known: set[str]) -> list[tuple[str, str]]:
    """The literal keys in a source: what `.text(...)` gets, and any text that begins as the catalogue's keys do."""
    sections = {key.partition(".")[0] for key in known}
    files = {path.name for path in SOURCES.rglob("*") if path.is_file()}
    found: list[tuple[str, str]] = []
    tree = ast.parse(source.read_text(encoding="utf-8"))
    together = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        where = f"{source.name}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.Call(func=ast.Attribute(attr="text"), args=[ast.Constant(value=str(key)), *_]):
                found.append((key, where))
            case ast.JoinedStr(values=[ast.Constant(value=str(key)), *_]) if re.match(r"[a-z]+\.", key):
                if key.partition(".")[0] in sections:
                    found.append((f"{key}*", where))
            case ast.Constant(value=str(key)) if id(node) in together:
                pass
            case ast.Constant(value=str(key)) if KEY.fullmatch(key) and key.partition(".")[0] in sections:
                found.append((key, where))
    return [(key, where) for key, where in found if key not in files]


DUTCH_ONES = ["", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"]
DUTCH_TENS = {20: "twintig", 30: "dertig", 40: "veertig", 50: "vijftig"}
ENGLISH_TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty"}


def test_dutch_numbers_are_put_together_as_dutch_does() -> None:
    number = load_catalogue("nl").number
    for tens, name in DUTCH_TENS.items():
        assert number(tens) == name
        for ones in range(1, 10):
            together = "ën" if DUTCH_ONES[ones].endswith("e") else "en"
            assert number(tens + ones) == DUTCH_ONES[ones].replace("é", "e") + together + name
    assert [number(n) for n in range(1, 10)] == DUTCH_ONES[1:]
    assert [number(n) for n in (0, 10, 11, 12, 13, 14, 17, 18, 19, 60, 61)] == [
        *("nul", "tien", "elf", "twaalf", "dertien", "veertien", "zeventien", "achttien", "negentien", "zestig", "61")
    ]


def test_english_numbers_are_put_together_as_english_does() -> None:
    number = load_catalogue("en").number
    for tens, name in ENGLISH_TENS.items():
        assert number(tens) == name
        assert [number(tens + ones) for ones in range(1, 10)] == [f"{name}-{number(ones)}" for ones in range(1, 10)]
    assert [number(n) for n in (0, 1, 11, 12, 13, 15, 18, 60, 61)] == [
        *("zero", "one", "eleven", "twelve", "thirteen", "fifteen", "eighteen", "sixty", "61")
    ]


@pytest.mark.parametrize("language", languages())
def test_numbers_and_hours_differ_from_each_other(language: str) -> None:
    words = load_catalogue(language)
    assert len(set(words.numbers)) == 61
    assert [words.hours[hour] for hour in range(1, 12)] == list(words.numbers[1:12])
    assert words.hours[0] == words.numbers[12]


@pytest.mark.parametrize("language", languages())
def test_each_minute_of_the_day_half_is_said_in_its_own_way(language: str) -> None:
    words = load_catalogue(language)
    assert len({words.time_of_day(minute * 60) for minute in range(12 * 60)}) == 12 * 60


@pytest.mark.parametrize(
    ("moment", "dutch", "english"),
    [
        ("00:00", "twaalf uur", "twelve o'clock"),
        ("11:05", "vijf over elf", "five past eleven"),
        ("16:02", "twee over vier", "two minutes past four"),
        ("9:01", "één over negen", "one minute past nine"),
        ("12:15", "kwart over twaalf", "quarter past twelve"),
        ("13:16", "veertien voor half twee", "sixteen minutes past one"),
        ("10:25", "vijf voor half elf", "twenty-five past ten"),
        ("12:30", "half één", "half past twelve"),
        ("23:30", "half twaalf", "half past eleven"),
        ("10:40", "tien over half elf", "twenty to eleven"),
        ("12:44", "veertien over half één", "sixteen minutes to one"),
        ("11:45", "kwart voor twaalf", "quarter to twelve"),
        ("23:59", "één voor twaalf", "one minute to twelve"),
    ],
)
def test_a_time_of_day_is_said_as_people_say_it(moment: str, dutch: str, english: str) -> None:
    hour, minute = moment.split(":")
    seconds = int(hour) * 3600 + int(minute) * 60
    assert load_catalogue("nl").time_of_day(seconds) == dutch
    assert load_catalogue("en").time_of_day(seconds) == english


@pytest.mark.parametrize(
    ("seconds", "dutch", "english"),
    [
        (20.0, "twintig seconden", "twenty seconds"),
        (30.0, "een halve minuut", "half a minute"),
        (60.0, "één minuut", "one minute"),
        (90.0, "anderhalve minuut", "one and a half minutes"),
        (120.0, "twee minuten", "two minutes"),
        (150.0, "twee en een halve minuut", "two and a half minutes"),
        (450.0, "zeven en een halve minuut", "seven and a half minutes"),
    ],
)
def test_what_is_given_is_said_to_the_half_minute(seconds: float, dutch: str, english: str) -> None:
    assert load_catalogue("nl").length(seconds) == dutch
    assert load_catalogue("en").length(seconds) == english


def test_the_words_of_the_room_are_kept() -> None:
    words = load_catalogue("nl")
    assert words.text("say.choose_now") == "Daar gaan we. Kies nu."
    assert words.text("say.count_smaller_side") == "Tel even de kleinste kant. Eens of oneens, en hoeveel?"
    assert words.text("say.count_off", groups="zeven") == "Tel af van één tot en met zeven. Jouw nummer is jouw groep."
    assert words.text("say.minutes_left", minutes=words.minutes(5)) == "Nog vijf minuten."
    assert words.text("say.last_minute") == "Nog één minuut. Wat willen jullie straks delen?"
    assert words.text("say.time_is_up") == "De tijd is om. Maak je zin rustig af."
    assert words.text("say.turn", group="drie") == "Groep drie, vertel. Wat geven jullie ons mee?"
    assert words.text("say.goodbye").startswith("Dank jullie wel. De microfoon gaat uit.")


@pytest.mark.parametrize("language", languages())
def test_a_longer_respelling_comes_before_a_shorter_one(language: str) -> None:
    lengths = [len(word) for word, _ in load_catalogue(language).respell]
    assert lengths == sorted(lengths, reverse=True)


def test_an_unknown_language_is_answered_with_the_known_ones() -> None:
    with pytest.raises(SetupError, match="fr") as refused:
        load_catalogue("fr")
    assert refused.value.values == {"language": "fr", "known": "en, nl"}


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("language: nl", "language: de", "language"),
        ("\nrespell:", "\nspelling: {}\nrespell:", "spelling"),
        ("first: 15, last: 15", "first: 14, last: 15", "clock"),
        ("first: 15, last: 15", "first: 15, last: 60", "clock[2].last"),
        ("half {next_hour}", "half {later}", "clock[3]"),
        ("hours: [twaalf, ", "hours: [", "hours"),
        ("[nul, één,", "[nul, '',", "numbers[1]"),
        ("choose_now: Daar gaan we. Kies nu.", "choose_now:", "texts.say.choose_now"),
        ("choose_now: Daar gaan we. Kies nu.", 'choose_now: "{"', "texts.say.choose_now"),
        ("choose_now: Daar gaan we. Kies nu.", 'choose_now: "{0.__class__}"', "texts.say.choose_now"),
        ("choose_now:", "choose-now:", "texts.say.choose-now"),
        ("EP: ee pee", "EP: [e, p]", "respell.EP"),
    ],
)
def test_a_broken_catalogue_is_told_with_its_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    text = (content_folder() / "catalogues/nl.yaml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "nl.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        catalogue_in(file)
    assert place in [problem.place for problem in caught.value.problems]


def test_every_problem_of_a_catalogue_comes_at_once(tmp_path: Path) -> None:
    file = tmp_path / "nl.yaml"
    file.write_text("language: 7\ntexts: []\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        catalogue_in(file)
    assert {"language", "texts", "numbers", "hours", "clock"} <= {problem.place for problem in caught.value.problems}
