"""The phones of the graph: every phone in four places of a word, silence, and the garbage phone of `[unk]`.

The place decides nothing but where a word begins and ends: that is how the recogniser gives each word its time.
"""

from .phones import PHONES

GARBAGE = "SPN_S"
PLACES = (("B", "begin"), ("E", "end"), ("I", "internal"), ("S", "singleton"))

NAMES: tuple[str, ...] = (PHONES[0], GARBAGE, *(f"{phone}_{place}" for phone in PHONES[1:] for place, _ in PLACES))
"""Number 1 is the first: 0 means no phone."""

NUMBER = {name: number for number, name in enumerate(NAMES, 1)}


def outputs() -> list[int]:
    """Of the network, for each name in order. The garbage phone has the one after the phones' own."""
    return [0, len(PHONES), *(number for number in range(1, len(PHONES)) for _ in PLACES)]


def word_boundaries() -> list[str]:
    """The lines of `word_boundary.int`."""
    kinds = ["nonword", "singleton", *(kind for _ in PHONES[1:] for _, kind in PLACES)]
    return [f"{number} {kind}" for number, kind in enumerate(kinds, 1)]


def entering(name: str) -> int:
    """The transition that goes into a phone: Kaldi's forward transition, taken first ("reordered")."""
    return 2 * NUMBER[name]


def staying(name: str) -> int:
    """The transition that stays in it for another 30 ms."""
    return 2 * NUMBER[name] - 1


def positioned(phones: tuple[str, ...]) -> tuple[str, ...]:
    """A word's phones with their places."""
    if len(phones) == 1:
        return (f"{phones[0]}_S",)
    return (f"{phones[0]}_B", *(f"{phone}_I" for phone in phones[1:-1]), f"{phones[-1]}_E")
