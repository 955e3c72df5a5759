"""How a text is written for the voice: the respelling list of its language, and punctuation it would stumble over."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

Rules: TypeAlias = tuple[tuple[str, str], ...]
"""What the voice mispronounces, and how to write it instead."""

PUNCTUATION = (
    (re.compile(r"[\[\](){}“”„«»\"•*_]"), ""),  # "(school)ontwikkeling" is one word.
    (re.compile(r"\s*(…|\.{3,})\s*(?=\w)"), ", "),
    (re.compile(r"\s*(…|\.{3,})"), "."),
    (re.compile(r"(?<=\s)[-–—]+(?=\s)|[–—]+"), ", "),
    (re.compile(r"\s+"), " "),
    (re.compile(r"\s+(?=[,.;:?!])"), ""),
    (re.compile(r"[,;:]+(?=[,.;:?!])"), ""),
    (re.compile(r"([.?!])\.+"), r"\1"),
)
"""In any language, in this order."""


def respell(text: str, rules: Sequence[tuple[str, str]] = ()) -> str:
    """`text` as the voice is to be given it: first the rules, then the punctuation.

    A rule holds for whole words ("EP" leaves "EPO" alone). Where rules overlap the longest counts, and what one wrote
    another leaves alone. A rule in capitals is an abbreviation and holds as it is written; any other in upper and
    lower case, and a capital at its beginning stays.
    """
    text = unicodedata.normalize("NFC", text)
    if rules:
        text = _apply(text, tuple(rules))
    for pattern, instead in PUNCTUATION:
        text = pattern.sub(instead, text)
    return text.strip(" ,;:")


def _apply(text: str, rules: Rules) -> str:
    pattern, instead = _compiled(rules)

    def replace(found: re.Match[str]) -> str:
        written = found[0]
        new = instead.get(written) or instead[written.casefold()]
        return new[:1].upper() + new[1:] if written[:1].isupper() and not written.isupper() else new

    return pattern.sub(replace, text)


@lru_cache
def _compiled(rules: Rules) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all rules, and what to write by what was found."""
    longest_first = sorted(rules, key=lambda rule: -len(rule[0]))
    pattern = re.compile("|".join(_whole_word(unicodedata.normalize("NFC", written)) for written, _ in longest_first))
    instead = {}
    for written, new in rules:
        written = unicodedata.normalize("NFC", written)
        instead[written if written.isupper() else written.casefold()] = new
    return pattern, instead


def _whole_word(written: str) -> str:
    """A rule that begins or ends with a sign, as "/" does, needs no edge of a word there."""
    before = r"(?<!\w)" if written[0].isalnum() else ""
    after = r"(?!\w)" if written[-1].isalnum() else ""
    word = re.escape(written)
    return before + (word if written.isupper() else f"(?i:{word})") + after
