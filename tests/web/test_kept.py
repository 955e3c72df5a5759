"""Port and tokens of last time: pages that are open find the program again, and nobody else comes in by them."""

import contextlib
from pathlib import Path

import pytest

from levelup_voice.cli.browsing import read_kept, write_kept
from levelup_voice.cli.review import Shelf, open_review
from levelup_voice.web.door import Tokens

from .faces import WORDS

TOKEN = "t" * 32


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    file, tokens = tmp_path / "deep" / "pages.json", Tokens()
    write_kept(file, 0, 50123, tokens)
    assert read_kept(file) == (50123, tokens)
    assert file.stat().st_mode & 0o077 == 0


def test_a_second_program_has_a_place_and_tokens_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    shelf = Shelf(tmp_path, lambda problem: None)
    with contextlib.closing(open_review(WORDS, shelf)) as first:
        with contextlib.closing(open_review(WORDS, shelf)) as second:
            assert second.port != first.port
            assert {second.tokens.facilitator, second.tokens.projector}.isdisjoint(
                {first.tokens.facilitator, first.tokens.projector}
            )
        first_address = first.address()
    with contextlib.closing(open_review(WORDS, shelf)) as again:
        assert again.address() == first_address


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "{",
        '{"a":' * 2000,
        f'{{"port": 99999999, "facilitator": "{TOKEN}", "projector": "{TOKEN}"}}',
        f'{{"port": Infinity, "facilitator": "{TOKEN}", "projector": "{TOKEN}"}}',
        f'{{"port": 50123, "facilitator": "", "projector": "{TOKEN}"}}',
        f'{{"port": 50123, "facilitator": "{TOKEN}\\r\\nX: y", "projector": "{TOKEN}"}}',
        f'{{"port": 50123, "facilitator": "{TOKEN}", "projector": null}}',
    ],
    ids=["empty", "torn", "deep", "no port", "endless", "no token", "a header", "nothing"],
)
def test_what_was_tampered_with_is_as_if_it_were_not_there(tmp_path: Path, kept: str) -> None:
    file = tmp_path / "pages.json"
    file.write_text(kept)
    assert read_kept(file) == (0, None)
