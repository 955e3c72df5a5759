"""Which word is likely to follow which: word sequences of up to three, with absolute discounting and back-off."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .openfst_format import Arc, Graph
from .vocabulary import UNKNOWN, in_words

History: TypeAlias = tuple[str, ...]

BEGIN, END = "<s>", "</s>"
DISCOUNT = 0.6
"""Taken from each count for what was never seen (Ney, Essen & Kneser 1994)."""
FLAT_SHARE = 0.25
"""Of the probability of a word without history: the same for each word, so that none depends on our taste."""
UNKNOWN_COST = 10.0
"""Of a word that is not ours, wherever it comes: the negative logarithm of its probability, beside what its sound costs
(`GARBAGE_PENALTY` of export.py). Larger: fewer known words are rejected, more unknown ones written as known ones."""
ORDER = 3
LEAST_HISTORY = 3
"""How often two words in a row must be seen before what follows them is kept."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    words: tuple[str, ...]
    counts: tuple[dict[History, Counter[str]], ...]
    """By the number of words in the history, what followed how often."""

    def probability(self, word: str, history: History = ()) -> float:
        """Of a word of ours, or of the end, after at most two words."""
        if not history:
            following = self.counts[0][()]
            flat = FLAT_SHARE / (len(self.words) + 1)
            return (1 - FLAT_SHARE) * following[word] / following.total() + flat
        followed = self.counts[len(history)].get(history)
        if not followed:
            return self.probability(word, history[1:])
        seen = max(followed[word] - DISCOUNT, 0.0) / followed.total()
        return seen + self.back_off(history) * self.probability(word, history[1:])

    def back_off(self, history: History) -> float:
        """The probability that is left for what never followed."""
        followed = self.counts[len(history)][history]
        return DISCOUNT * len(followed) / followed.total()


def make_language_model(sentences: Iterable[str], words: Sequence[str], order: int = ORDER) -> LanguageModel:
    """From running text. A word that is not ours interrupts its sentence."""
    known = set(words)
    counts: tuple[dict[History, Counter[str]], ...] = tuple(defaultdict(Counter) for _ in range(order))
    for sentence in sentences:
        spoken = [BEGIN, *(word if word in known else "" for word in in_words(sentence)), END]
        for place in range(1, len(spoken)):
            for length in range(min(order, place + 1)):
                history = tuple(spoken[place - length : place])
                if spoken[place] and all(history):
                    counts[length][history][spoken[place]] += 1
    for longer in counts[2:]:
        for history in [history for history, followed in longer.items() if followed.total() < LEAST_HISTORY]:
            del longer[history]
    return LanguageModel(tuple(words), tuple(dict(each) for each in counts))


def as_graph(model: LanguageModel, numbers: dict[str, int]) -> Graph:
    """An acceptor whose states are histories; the arc without a word backs off to a shorter one.

    `[unk]` comes after any history, and after it everything begins anew.
    """
    histories: list[History] = [()]
    for longer in model.counts[1:]:
        histories += list(longer)
    state = {history: number for number, history in enumerate(histories)}

    def longest_known(history: History) -> int:
        while history not in state:
            history = history[1:]
        return state[history]

    arcs: list[list[Arc]] = []
    finals: dict[int, float] = {}
    for history in histories:
        leaving: list[Arc] = []
        following: Iterable[str] = model.counts[len(history)][history] if history else (*model.words, END)
        for word in following:
            cost = -math.log(model.probability(word, history))
            if word == END:
                finals[state[history]] = cost
            else:
                target = longest_known((*history, word)[-(len(model.counts) - 1) :])
                leaving.append(Arc(numbers[word], numbers[word], cost, target))
        leaving.append(Arc(numbers[UNKNOWN], numbers[UNKNOWN], UNKNOWN_COST, state[()]))
        if history:
            leaving.append(Arc(0, 0, -math.log(model.back_off(history)), longest_known(history[1:])))
        arcs.append(leaving)
    return Graph(arcs, finals, longest_known((BEGIN,)))
