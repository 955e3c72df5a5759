"""Files of Kaldi and OpenFst: what is written is read back, by us and by others."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from models.recipe import kaldi_format, openfst_format
from models.recipe.kaldi_format import Affine, Component, Elementwise, Largest, Net
from models.recipe.openfst_format import Arc, Graph
from tests.audio.speech import MODEL

GRAPH = Graph([[Arc(3, 2, 0.5, 1), Arc(1, 0, 0.25, 0)], [Arc(2, 1, 0.0, 0)], []], {1: 0.75, 2: 0.0})


def test_a_network_comes_back_as_it_was_written(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    weights = draw.standard_normal((2, 3)).astype(np.float32)
    components: dict[str, Component] = {
        "a": Affine(weights, np.array([1, -2], np.float32)),
        "b": Elementwise("RectifiedLinear", 2),
        "c": Elementwise("LogSoftmax", 2),
        "d": Largest(2),
    }
    net = Net(("input-node name=input dim=3", "output-node name=output input=d"), components, 7, 9)
    kaldi_format.write_model(tmp_path / "am" / "final.mdl", [0, 2, 1], net)
    outputs, read = kaldi_format.read_model(tmp_path / "am" / "final.mdl")
    assert outputs == [0, 2, 1]
    assert (read.nodes, read.left, read.right) == (net.nodes, 7, 9)
    assert [read.components[name] for name in "bcd"] == [components[name] for name in "bcd"]
    first = read.components["a"]
    assert isinstance(first, Affine)
    assert (first.weights == weights).all()
    assert first.bias.tolist() == [1, -2]


def written_and_read(path: Path, weights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    rows, columns = weights.shape
    net = Net((f"input-node name=input dim={columns}",), {"a": Affine(weights, np.zeros(rows, np.float32))}, 0, 0)
    kaldi_format.write_model(path, [0], net)
    _, read = kaldi_format.read_model(path)
    component = read.components["a"]
    assert isinstance(component, Affine)
    return component.weights


def test_large_matrices_keep_eight_bits_where_most_of_their_numbers_are(tmp_path: Path) -> None:
    draw = np.random.default_rng(4)
    weights = draw.standard_normal((80, 90)).astype(np.float32) * draw.uniform(0.01, 3, 90).astype(np.float32)
    read = written_and_read(tmp_path / "final.mdl", weights)
    lower, upper = np.quantile(weights, (0.25, 0.75), axis=0)
    middle = (weights > lower) & (weights < upper)
    step = np.broadcast_to((upper - lower) / 128, weights.shape)
    assert (np.abs(read - weights)[middle] < 0.6 * step[middle] + 6e-4).all()
    assert np.corrcoef(read.ravel(), weights.ravel())[0, 1] > 0.9999
    assert (tmp_path / "final.mdl").stat().st_size < weights.size + 8 * 90 + 800


def test_a_column_of_equal_numbers_stays_what_it_is(tmp_path: Path) -> None:
    weights = np.zeros((80, 90), np.float32)
    weights[0, 0], weights[:, 3] = 1.0, 0.5
    assert written_and_read(tmp_path / "final.mdl", weights) == pytest.approx(weights, abs=1e-4)


@pytest.mark.parametrize("damaged", [b"", b"text", b"\0B<TransitionModel> <Topology> nothing else "])
def test_what_is_no_model_is_refused(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "final.mdl").write_bytes(damaged)
    with pytest.raises(ValueError):  # noqa: PT011 - what is found where depends on the damage
        kaldi_format.read_model(tmp_path / "final.mdl")


def test_a_graph_comes_back_with_its_arcs_sorted(tmp_path: Path) -> None:
    openfst_format.write_lookahead(tmp_path / "HCLr.fst", GRAPH, 2)
    read = openfst_format.read(tmp_path / "HCLr.fst")
    assert [list(arcs) for arcs in read.arcs] == [[Arc(1, 0, 0.25, 0), Arc(3, 2, 0.5, 1)], [Arc(2, 1, 0.0, 0)], []]
    assert (read.start, read.finals) == (0, GRAPH.finals)


def test_each_state_knows_which_words_can_come_next() -> None:
    chain = Graph([[Arc(1, 0, 0, 1)], [Arc(2, 0, 0, 0), Arc(3, 5, 0, 2)], [Arc(4, 1, 0, 2)]], {2: 0.0})
    final = 6
    assert openfst_format.reachable_outputs(chain, final) == [1 << 5, 1 << 5, (1 << 1) | (1 << final)]


@pytest.mark.parametrize("damaged", [b"", b"no graph at all"])
def test_what_is_no_graph_is_refused(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "Gr.fst").write_bytes(damaged)
    with pytest.raises(ValueError, match="no file of OpenFst"):
        openfst_format.read(tmp_path / "Gr.fst")


def test_openfst_itself_reads_our_language_model() -> None:
    pynini = pytest.importorskip("pynini", reason="needs what `make model` installs")
    theirs = pynini.Fst.read(str(MODEL / "graph" / "Gr.fst"))
    ours = openfst_format.read(MODEL / "graph" / "Gr.fst")
    assert theirs.start() == ours.start
    assert sum(1 for _ in theirs.states()) == len(ours.arcs)
    for state in range(0, len(ours.arcs), max(1, len(ours.arcs) // 50)):
        found = list(theirs.arcs(state))
        assert [(arc.ilabel, arc.olabel, arc.nextstate) for arc in found] == [
            (arc.input, arc.output, arc.target) for arc in ours.arcs[state]
        ]
        assert [float(arc.weight) for arc in found] == pytest.approx([arc.cost for arc in ours.arcs[state]])
