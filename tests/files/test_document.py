"""YAML is read strictly: less than YAML allows, and every problem has its line."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup_voice.errors import MOST_PROBLEMS, ContentError, Problem
from levelup_voice.files.document import LARGEST, Document, read_document


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "session.yaml"


def read(file: Path, text: str | bytes) -> Document:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_document(file)


def problems(file: Path, text: str | bytes) -> list[Problem]:
    with pytest.raises(ContentError) as caught:
        read(file, text)
    return list(caught.value.problems)


def test_only_numbers_true_false_and_null_are_anything_but_text(file: Path) -> None:
    text = "[15, -3, 1.5, true, False, no, yes, 15:00, 2023-01-30, 0x1F, 1e3, .inf, null, ~, 007, '15', \"true\", hi]"
    assert read(file, text).tree == [
        *(15, -3, 1.5, True, "False", "no", "yes", "15:00", "2023-01-30", "0x1F", "1e3", ".inf"),
        *(None, None, "007", "15", "true", "hi"),
    ]


def test_text_in_blocks_quotes_and_with_accents_is_kept(file: Path) -> None:
    tree = read(file, "a: >-\n  één\n  regel\n\n  twee\nb: ' of '\nc: cree\u0308ren\n").tree
    assert tree == {"a": "één regel\ntwee", "b": " of ", "c": "creëren"}


def test_every_part_has_its_line(file: Path) -> None:
    document = read(file, "a:\n  - x\n  - b: 1\n    c: >-\n      long\n\nd: {e: [1,\n  2]}\n")
    lines = {("a",): 1, ("a", 0): 2, ("a", 1, "b"): 3, ("a", 1, "c"): 4, ("d",): 7, ("d", "e", 1): 8}
    assert {place: document.line(place) for place in lines} == lines


def test_what_is_missing_has_the_line_of_what_it_is_missing_from(file: Path) -> None:
    assert read(file, "a:\n  - b: 1\n  - c: 2\n").line(("a", 1, "d", "e")) == 3


def test_a_name_that_comes_twice_is_refused_with_both_lines(file: Path) -> None:
    (problem,) = problems(file, "a:\n  id: x\n  text: y\n  id: z\n")
    assert (problem.line, problem.place) == (4, "a.id")
    assert "line 2" in problem.expected


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("a: &x 1\nb: 2\n", 1, "&x"),
        ("a: 1\n&k b: 2\n", 2, "&k"),
        ("a: 1\nb: *x\n", 2, "an alias, *x"),
        ("a: !!python/object/apply:os.system ['true']\n", 1, "tag:yaml.org,2002:python/object/apply:os.system"),
        ("a: 1\nb: !own {}\n", 2, "!own"),
        ("a: 1\n---\nb: 2\n", 2, "a second one"),
        ("a: 1\n? [b]\n: 2\n", 2, "a name that is no text"),
        ('a: 1\nb: "bell \\a"\n', 2, "the invisible character U+0007"),
        ("a: 1\nb: over\u202eturned\n", 2, "the invisible character U+202E"),
        ("a: 1\nb: \x00\n", 2, "the invisible character U+0000"),
    ],
)
def test_what_yaml_allows_and_we_do_not_is_refused_at_its_line(file: Path, text: str, line: int, found: str) -> None:
    (problem,) = problems(file, text)
    assert (problem.line, problem.found) == (line, found)


def test_an_alias_that_would_grow_is_refused_without_growing(file: Path) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10))
    assert len(problems(file, f"l0: &l0 x\n{levels}\n")) == 10 + 9 * 9


def test_all_problems_come_at_once(file: Path) -> None:
    found = problems(file, "a: &x 1\na: *x\nb: !t y\n")
    assert [problem.line for problem in found] == [1, 2, 2, 3]


@pytest.mark.parametrize("levels", [21, 100_000])
def test_too_deep_is_refused_before_anything_breaks(file: Path, levels: int) -> None:
    (problem,) = problems(file, "[" * levels + "]" * levels)
    # Of very deep nesting the YAML library may say so itself, before we see any of it.
    assert "more than 20 levels" in problem.found or (levels > 21 and "nesting depth" in problem.found)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('"a\\eb": 1', "a b"),
        ('"a\\nb": !<%1b[2J> 1', "a b"),
        ("a: !<%1b[2J> 1", "a"),
        (f"{'x' * 200}: *y", f"{'x' * 59}…"),
    ],
)
def test_what_is_told_of_a_file_is_visible_and_short(file: Path, text: str, place: str) -> None:
    for problem in problems(file, text):
        assert problem.place == place
        assert str(problem).isprintable()
        assert len(str(problem)) < 300


@pytest.mark.parametrize(
    "text", ["\x00" * 900_000, "- *a\n" * 180_000, "- {a: 1, a: 1}\n" * 60_000, "- {}\n" * 190_000]
)
def test_very_much_that_is_wrong_is_told_in_part_and_in_time(file: Path, text: str) -> None:
    found = problems(file, text)
    assert len(found) <= MOST_PROBLEMS + 1


def test_too_large_is_refused(file: Path) -> None:
    (problem,) = problems(file, "# " + "x" * LARGEST)
    assert problem.expected == f"at most {LARGEST} bytes"


def test_other_encodings_are_refused_at_their_line(file: Path) -> None:
    (problem,) = problems(file, b"a: 1\nb: caf\xe9\n")
    assert (problem.line, problem.expected) == (2, "text in UTF-8")


def test_a_file_from_windows_reads_the_same(file: Path) -> None:
    document = read(file, b"\xef\xbb\xbfa: 1\r\nb:\r\n  - c\r\n")
    assert document.tree == {"a": 1, "b": ["c"]}
    assert document.line(("b", 0)) == 3


def test_broken_yaml_says_where(file: Path) -> None:
    (problem,) = problems(file, "a: 1\nb: [1, 2\nc: 3\n")
    assert problem.line == 3


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="No such file"):
        read_document(tmp_path / "none.yaml")


def test_an_empty_file_holds_nothing(file: Path) -> None:
    assert read(file, "# only a comment\n").tree is None


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    with suppress(ContentError):
        assert read(file, text.encode("utf-8", "surrogatepass")).path == file
