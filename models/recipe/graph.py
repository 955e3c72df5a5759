"""What may be heard: the words as a network of phones, and which word may follow which.

Written directly, without determinisation: the words are a tree from their first phones on, and the word itself is given
out as soon as no other word is possible. From there on, ends that are spoken alike are shared.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

from . import graph_phones, language_model, openfst_format
from .graph_phones import GARBAGE, NAMES, entering, positioned, staying
from .lexicon import Pronunciation
from .openfst_format import Arc, Graph
from .phones import SILENCE
from .vocabulary import UNKNOWN

SILENCE_COST = 0.7
"""Of a pause between two words."""
WORD_COST = 1.5
"""Of every word: without it, other voices in the background become small words around what was said."""
DURATION_SCALE = 0.3
"""How much the usual length of a phone weighs. Its sounds say most of it already."""
GARBAGE_STAY = 0.85


@dataclass(slots=True)
class Node:
    """A place in the tree of words."""

    children: dict[str, "Node"] = field(default_factory=dict)
    """By the phone that leads there."""
    ending: list["Ending"] = field(default_factory=list)
    """Words that end here."""
    below: list["Ending"] = field(default_factory=list)
    """Words that end here or further on."""


class Ending(NamedTuple):
    word: int
    cost: float


class Boundary(NamedTuple):
    """Between two words, after this phone. Empty: at the beginning, or where a word was given out last."""

    after: str


class Within(NamedTuple):
    """In a word that is known: this phone is being heard, those are to come."""

    phone: str
    rest: tuple[str, ...]


class Branching(NamedTuple):
    """In the tree, at a place where several words are possible; this phone is being heard."""

    phone: str
    place: int
    """Identity of the node."""


Place: TypeAlias = Boundary | Within | Branching


class WordGraph:
    """Builds the transducer from transitions (of phones, in time) to words."""

    def __init__(self, lexicon: Sequence[Pronunciation], numbers: Mapping[str, int], stay: Mapping[str, float]) -> None:
        self._stay = stay
        self._root = _tree(lexicon, numbers)
        self._nodes: dict[int, Node] = {}
        self._states: dict[Place, int] = {}
        self._arcs: list[list[Arc]] = []
        self._waiting: list[Place] = []

    def build(self) -> Graph:
        self._state(Boundary(""))
        while self._waiting:
            place = self._waiting.pop()
            self._leave(place)
        finals = {state: 0.0 for place, state in self._states.items() if isinstance(place, Boundary)}
        return Graph(self._arcs, finals)

    def _state(self, place: Place) -> int:
        if place not in self._states:
            self._states[place] = len(self._arcs)
            self._arcs.append([])
            self._waiting.append(place)
        return self._states[place]

    def _leave(self, place: Place) -> None:
        state = self._states[place]
        phone = place.after if isinstance(place, Boundary) else place.phone
        if phone:
            self._arcs[state].append(Arc(staying(phone), 0, self._cost(phone, stays=True), state))
        match place:
            case Boundary():
                self._branch(state, self._root, WORD_COST)
                if place.after != SILENCE:
                    self._enter(state, SILENCE, Boundary(SILENCE), 0, SILENCE_COST)
            case Within(rest=rest):
                self._enter(state, rest[0], _further(rest[0], rest[1:]), 0, 0.0)
            case Branching():
                node = self._nodes[place.place]
                for ending in node.ending:
                    self._arcs[state].append(Arc(0, ending.word, ending.cost, self._state(Boundary(""))))
                self._branch(state, node)

    def _branch(self, state: int, node: Node, extra_cost: float = 0.0) -> None:
        for phone, child in node.children.items():
            if len(child.below) == 1:
                (ending,) = child.below
                self._enter(state, phone, _further(phone, _only_way(child)), ending.word, extra_cost + ending.cost)
            else:
                self._nodes[id(child)] = child
                self._enter(state, phone, Branching(phone, id(child)), 0, extra_cost)

    def _enter(self, state: int, phone: str, place: Place, word: int, cost: float) -> None:
        self._arcs[state].append(Arc(entering(phone), word, cost + self._cost(phone, stays=False), self._state(place)))

    def _cost(self, phone: str, stays: bool) -> float:
        stay = GARBAGE_STAY if phone == GARBAGE else self._stay[phone.rsplit("_", 1)[0]]
        return -DURATION_SCALE * math.log(stay if stays else 1 - stay)


def _tree(lexicon: Sequence[Pronunciation], numbers: Mapping[str, int]) -> Node:
    root = Node()
    spoken = [(entry.word, entry.probability, positioned(entry.phones)) for entry in lexicon]
    if UNKNOWN in numbers:
        spoken.append((UNKNOWN, 1.0, (GARBAGE,)))
    for word, probability, phones in spoken:
        ending = Ending(numbers[word], -math.log(probability))
        node = root
        for phone in phones:
            node = node.children.setdefault(phone, Node())
            node.below.append(ending)
        node.ending.append(ending)
    return root


def _only_way(node: Node) -> tuple[str, ...]:
    """The phones below a place where one word is left."""
    phones = []
    while node.children:
        ((phone, node),) = node.children.items()
        phones.append(phone)
    return tuple(phones)


def _further(phone: str, rest: tuple[str, ...]) -> Place:
    return Within(phone, rest) if rest else Boundary(phone)


def number_words(lexicon: Sequence[Pronunciation]) -> dict[str, int]:
    """Words in the order of their phones, so that those of one branch have numbers in a row; `[unk]` last."""
    numbers: dict[str, int] = {}
    for entry in sorted(lexicon, key=lambda entry: entry.phones):
        numbers.setdefault(entry.word, len(numbers) + 1)
    return numbers | {UNKNOWN: len(numbers) + 1}


def write_graph(
    folder: Path,
    lexicon: Sequence[Pronunciation],
    stay: Mapping[str, float],
    model: language_model.LanguageModel,
) -> None:
    """All files of a model's `graph` folder. stay: for each phone, how likely it goes on for another 30 ms."""
    numbers = number_words(lexicon)
    (folder / "phones").mkdir(parents=True, exist_ok=True)
    openfst_format.write_lookahead(folder / "HCLr.fst", WordGraph(lexicon, numbers, stay).build(), len(numbers))
    openfst_format.write_acceptor(folder / "Gr.fst", language_model.as_graph(model, numbers))
    words = "".join(f"{word} {number}\n" for word, number in numbers.items())
    (folder / "words.txt").write_text(f"<eps> 0\n{words}", encoding="utf-8")
    # The file must be there; homophones leave the tree by arcs of their own, so no phone needs to be told apart.
    (folder / "disambig_tid.int").write_text(f"{2 * len(NAMES) + 1}\n")
    (folder / "phones" / "word_boundary.int").write_text("\n".join(graph_phones.word_boundaries()) + "\n")
