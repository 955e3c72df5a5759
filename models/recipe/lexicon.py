"""How each word is spoken: as espeak-ng says it, alone and in sentences."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from .espeak import Synthesiser
from .phones import SILENCE, segments
from .vocabulary import in_words

LEAST_SHARE = 0.15
"""Of a word's most frequent pronunciation: rarer ones are left out."""
MOST = 3
DROPPED_N = 0.35
"""How likely the last n of "werken" is left out, next to its being said. Voices differ in this, and people more so."""

SLURRED = 0.3
"""How likely one of two equal syllables with a mute e is left out, as in "zevenentwintig", next to both being said."""

DEVOICED, DEVOICED_SHARE = {"z": "s", "v": "f"}, 0.3
"""What the first sound of a word becomes after one without voice, as in "oneens zeventien", and how likely that is next
to its staying what it is; people from the north of the Netherlands always say it so."""

LONG_VOWELS = frozenset({"a:", "e:", "o:", "y", "i", "u", "EI", "Wy", "VU"})
MERGED_S = 0.3
"""How likely the s after the one long vowel of a word is left out, next to its being said: before another s it is not
said twice, as in "wees stil". Not in longer words, of which it makes another one: "collega's"."""

CAREFUL = {"een": ("e:", "n"), "één": ("e:", "n")}
"""The number, which espeak-ng reads as the article in running text."""
CAREFUL_SHARE = 0.5


class Pronunciation(NamedTuple):
    word: str
    probability: float
    """Next to the word's most likely one, which has 1."""
    phones: tuple[str, ...]


def make_lexicon(synthesiser: Synthesiser, words: Sequence[str], sentences: Iterable[str]) -> list[Pronunciation]:
    """The pronunciations of all words, in order. Raises ValueError for words that espeak-ng cannot say."""
    heard: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for word in words:
        _listen(synthesiser, [word], heard)
    known = set(words)
    for sentence in sentences:
        spoken = in_words(sentence)
        if known.issuperset(spoken):
            _listen(synthesiser, spoken, heard)
    if mute := [word for word in words if not heard[word]]:
        raise ValueError(f"no pronunciation of {', '.join(mute)}")
    return [pronunciation for word in words for pronunciation in _chosen(word, heard[word])]


def _listen(synthesiser: Synthesiser, words: list[str], heard: dict[str, Counter[tuple[str, ...]]]) -> None:
    spoken = synthesiser.speak(" ".join(words) + ".")
    phones: dict[int, list[str]] = defaultdict(list)
    for segment in segments(spoken):
        if segment.phone != SILENCE:
            # What espeak-ng reads as several words is one word of ours when it stands alone.
            phones[0 if len(words) == 1 else segment.word].append(segment.phone)
    if len(words) == 1 or max(phones, default=-1) + 1 == len(words):
        for number, word in enumerate(words):
            if phones[number]:
                heard[word][tuple(phones[number])] += 1


def _chosen(word: str, heard: Counter[tuple[str, ...]]) -> list[Pronunciation]:
    common = heard.most_common(MOST)
    most = common[0][1]
    chosen: dict[tuple[str, ...], float] = {}
    for phones, count in common:
        if count >= LEAST_SHARE * most and (count > 1 or most <= 2):
            chosen[phones] = max(chosen.get(phones, 0.0), count / most)
            for other, share in _worn(phones):
                chosen[other] = max(chosen.get(other, 0.0), share * count / most)
    if word in CAREFUL:
        chosen.setdefault(CAREFUL[word], CAREFUL_SHARE)
    return [Pronunciation(word, probability, phones) for phones, probability in sorted(chosen.items())]


def _worn(phones: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    """How it sounds when it is said less carefully, and how likely that is."""
    if len(phones) > 3 and phones[-2:] == ("@", "n"):
        yield phones[:-1], DROPPED_N
    if len(phones) > 1 and phones[0] in DEVOICED:
        yield (DEVOICED[phones[0]], *phones[1:]), DEVOICED_SHARE
    if len(phones) in (2, 3) and phones[-1] == "s" and phones[-2] in LONG_VOWELS:
        yield phones[:-1], MERGED_S
    for at in range(len(phones) - 3):
        if phones[at : at + 4] == ("@", "n", "@", "n"):
            yield phones[:at] + phones[at + 2 :], SLURRED
            return


def write(path: Path, lexicon: Iterable[Pronunciation]) -> None:
    """One a line: word, probability and phones, with tabs between."""
    lines = [f"{entry.word}\t{entry.probability:.3f}\t{' '.join(entry.phones)}" for entry in lexicon]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(path: Path) -> list[Pronunciation]:
    fields = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [Pronunciation(word, float(probability), tuple(phones.split())) for word, probability, phones in fields]
