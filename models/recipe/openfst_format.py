"""OpenFst's binary files, written and read: `const` acceptors and `olabel_lookahead` transducers.

The only place that knows these formats. They are those of OpenFst 1.7 and later (`fst.cc` for the header,
`const-fst.h`, `matcher-fst.h` and `add-on.h`, `label-reachable.h`). All is little-endian; a string is its length in
four bytes, then its bytes. libvosk reads what is written here; no OpenFst is needed to write it.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

MAGIC = 2125659606
ADD_ON = 446681434
CONST_VERSION, LOOKAHEAD_VERSION = 2, 1
"""Of `const`, 2 is the one that is not aligned."""

EXPANDED, ACCEPTOR, NOT_ACCEPTOR = 0x1, 0x10000, 0x20000
SORTED_BY_INPUT, SORTED_BY_OUTPUT = 0x10000000, 0x40000000
NEVER_FINAL = float("inf")

STATE, ARC = struct.Struct("<fIIII"), struct.Struct("<iifi")


class Arc(NamedTuple):
    input: int
    """0: none."""
    output: int
    """0: none."""
    cost: float
    """Negative natural logarithm of a probability."""
    target: int


@dataclass(frozen=True, slots=True)
class Graph:
    """A weighted finite-state transducer, whose states are numbers from 0."""

    arcs: Sequence[Sequence[Arc]]
    """Of each state."""
    finals: dict[int, float]
    """State to its cost of ending there."""
    start: int = 0


def write_acceptor(path: Path, graph: Graph) -> None:
    """`Gr.fst`: inputs equal outputs; arcs are sorted here, as the recogniser searches among them."""
    flags = EXPANDED | ACCEPTOR | SORTED_BY_INPUT | SORTED_BY_OUTPUT
    path.write_bytes(_const(_sorted(graph, by_output=False), flags))


def write_lookahead(path: Path, graph: Graph, labels: int) -> None:
    """`HCLr.fst`: with, for every state, the outputs 1 to `labels` that can come next.

    By these the recogniser sees early which words the grammar allows, so that both can be composed while it listens.
    """
    graph = _sorted(graph, by_output=True)
    flags = EXPANDED | NOT_ACCEPTOR | SORTED_BY_OUTPUT
    final_label = labels + 1
    parts = [_header("olabel_lookahead", LOOKAHEAD_VERSION, flags, -1, 0, 0), struct.pack("<i", ADD_ON)]
    parts.append(_const(graph, flags))
    # An add-on, without one for inputs; for outputs: not of inputs, no relabelling kept, the label of final states.
    parts.append(struct.pack("<bbbbbiq", 1, 0, 1, 0, 0, final_label, len(graph.arcs)))
    packed: dict[int, bytes] = {}
    for reachable in reachable_outputs(graph, final_label):
        if reachable not in packed:
            packed[reachable] = _intervals(reachable)
        parts.append(packed[reachable])
    path.write_bytes(b"".join(parts))


def read(path: Path) -> Graph:
    """A file of either kind, without its reachability. Raises ValueError for any other."""
    data = path.read_bytes()
    kind, at, _ = _read_header(data, 0)
    if kind == "olabel_lookahead":
        kind, at, counts = _read_header(data, at + 4)
    else:
        kind, at, counts = _read_header(data, 0)
    if kind != "const":
        raise ValueError(f"{path} holds a {kind}")
    start, states, arc_count = counts
    arcs_at = at + states * STATE.size
    arcs = [Arc(*ARC.unpack_from(data, arcs_at + number * ARC.size)) for number in range(arc_count)]
    grouped, finals = [], {}
    for state in range(states):
        cost, first, count, _, _ = STATE.unpack_from(data, at + state * STATE.size)
        grouped.append(arcs[first : first + count])
        if cost != NEVER_FINAL:
            finals[state] = cost
    return Graph(grouped, finals, start)


def reachable_outputs(graph: Graph, final_label: int) -> list[int]:
    """For each state a set of labels, as bits: outputs at the end of arcs without output, and `final_label`.

    Grows until nothing changes: from each state back along arcs without output.
    """
    reachable = [0] * len(graph.arcs)
    before: list[list[int]] = [[] for _ in graph.arcs]
    for state, arcs in enumerate(graph.arcs):
        for arc in arcs:
            if arc.output:
                reachable[state] |= 1 << arc.output
            elif arc.target != state:
                before[arc.target].append(state)
        if state in graph.finals:
            reachable[state] |= 1 << final_label
    changed = list(range(len(graph.arcs)))
    while changed:
        state = changed.pop()
        for earlier in before[state]:
            both = reachable[earlier] | reachable[state]
            if both != reachable[earlier]:
                reachable[earlier] = both
                changed.append(earlier)
    return reachable


def _intervals(labels: int) -> bytes:
    """A set of labels as half-open intervals: their number, each begin and end, and how many labels there are."""
    intervals: list[tuple[int, int]] = []
    bits = bin(labels)[:1:-1]
    begin = bits.find("1")
    while begin >= 0:
        end = bits.find("0", begin)
        end = len(bits) if end < 0 else end
        intervals.append((begin, end))
        begin = bits.find("1", end)
    packed = b"".join(struct.pack("<ii", *interval) for interval in intervals)
    return struct.pack("<q", len(intervals)) + packed + struct.pack("<i", sum(end - at for at, end in intervals))


def _sorted(graph: Graph, by_output: bool) -> Graph:
    key = (lambda arc: arc.output) if by_output else (lambda arc: arc.input)
    return Graph([sorted(arcs, key=key) for arcs in graph.arcs], graph.finals, graph.start)


def _const(graph: Graph, flags: int) -> bytes:
    """Header, then per state its final cost, first arc and counts, then all arcs."""
    states, arcs, count = bytearray(), bytearray(), 0
    for state, leaving in enumerate(graph.arcs):
        silent_in, silent_out = (_zeros(arc.input for arc in leaving), _zeros(arc.output for arc in leaving))
        states += STATE.pack(graph.finals.get(state, NEVER_FINAL), count, len(leaving), silent_in, silent_out)
        arcs += b"".join(ARC.pack(*arc) for arc in leaving)
        count += len(leaving)
    return _header("const", CONST_VERSION, flags, graph.start, len(graph.arcs), count) + bytes(states + arcs)


def _zeros(labels: Iterable[int]) -> int:
    return sum(label == 0 for label in labels)


def _header(kind: str, version: int, flags: int, start: int, states: int, arcs: int) -> bytes:
    numbers = struct.pack("<iiQqqq", version, 0, flags, start, states, arcs)
    return struct.pack("<i", MAGIC) + _text(kind) + _text("standard") + numbers


def _text(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode()


def _read_header(data: bytes, at: int) -> tuple[str, int, tuple[int, int, int]]:
    """Kind, where the header ends, and start, states and arcs."""
    if len(data) < at + 8 or struct.unpack_from("<i", data, at)[0] != MAGIC:
        raise ValueError("this is no file of OpenFst")
    at += 4
    texts = []
    for _ in range(2):
        (length,) = struct.unpack_from("<i", data, at)
        texts.append(data[at + 4 : at + 4 + length].decode())
        at += 4 + length
    _, _, _, start, states, arcs = struct.unpack_from("<iiQqqq", data, at)
    return texts[0], at + struct.calcsize("<iiQqqq"), (start, states, arcs)
