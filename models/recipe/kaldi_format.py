"""Kaldi's binary model files, written and read: `final.mdl` with its transition model and its network.

The only place that knows these formats. They are those of Kaldi's `io-funcs-inl.h` (numbers and tokens),
`kaldi-matrix.cc` and `compressed-matrix.cc`, `hmm-topology.cc`, `transition-model.cc`, `nnet-nnet.cc`,
`nnet-simple-component.cc` and `am-nnet-simple.cc`. All is little-endian. A file begins with a zero byte and `B`; a
token is its text and one space; a number is a byte with its size, then itself.
"""

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Matrix: TypeAlias = npt.NDArray[np.float32]

COMPRESS_FROM = 5000
"""Numbers in a matrix: larger ones are written in 8 bits each, in place of 32."""
QUARTILES, PLACES = (0.0, 0.25, 0.75, 1.0), (0, 64, 192, 255)
"""Of a column's numbers, and the bytes that stand for them; bytes in between stand for numbers in between."""
SELF_LOOP = 0.5
"""The transition model's probabilities are not used: the costs are in the graph."""


@dataclass(frozen=True, slots=True)
class Affine:
    """`FixedAffineComponent`: weights (out, in) times the input, plus bias (out,)."""

    weights: Matrix
    bias: Matrix


@dataclass(frozen=True, slots=True)
class Elementwise:
    """A function of each of `width` numbers, or of all together."""

    kind: Literal["RectifiedLinear", "LogSoftmax"]
    width: int


@dataclass(frozen=True, slots=True)
class Largest:
    """`MaxpoolingComponent` over all `width` inputs: one output."""

    width: int


Component: TypeAlias = Affine | Elementwise | Largest


@dataclass(frozen=True, slots=True)
class Net:
    """A network of nnet3."""

    nodes: tuple[str, ...]
    """Lines of nnet3's configuration: what is computed from what. `Offset(x, n)` is x, n frames of 10 ms later."""
    components: Mapping[str, Component]
    left: int
    """Frames of 10 ms that it needs before the one it judges."""
    right: int


class Writer:
    def __init__(self) -> None:
        self._bytes = bytearray(b"\0B")

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(self._bytes))

    def text(self, text: str) -> None:
        self._bytes += text.encode()

    def tokens(self, *tokens: str) -> None:
        for token in tokens:
            self.text(f"{token} ")

    def integer(self, value: int) -> None:
        self._bytes += struct.pack("<bi", 4, value)

    def real(self, value: float) -> None:
        self._bytes += struct.pack("<bf", 4, value)

    def long_real(self, value: float) -> None:
        self._bytes += struct.pack("<bd", 8, value)

    def integers(self, values: Sequence[int]) -> None:
        self._bytes += struct.pack("<bi", 4, len(values)) + np.asarray(values, "<i4").tobytes()

    def vector(self, values: npt.ArrayLike) -> None:
        numbers = np.asarray(values, "<f4")
        self.tokens("FV")
        self.integer(len(numbers))
        self._bytes += numbers.tobytes()

    def matrix(self, values: npt.ArrayLike) -> None:
        """In 8 bits (`CM`: least value, range, rows, columns, quartiles of each column, numbers) when it is large."""
        numbers = np.asarray(values, np.float32)
        rows, columns = numbers.shape
        if numbers.size <= COMPRESS_FROM:
            self.tokens("FM")
            self.integer(rows)
            self.integer(columns)
            self._bytes += numbers.astype("<f4").tobytes()
            return
        least, span = float(numbers.min()), float(np.ptp(numbers))
        shares = np.round((np.quantile(numbers, QUARTILES, axis=0) - least) / span * 65532).astype(np.int64)
        for lower in range(3):  # No quarter may be empty, however alike the numbers are.
            shares[lower + 1] = np.maximum(shares[lower + 1], shares[lower] + 1)
        self.tokens("CM")
        self._bytes += struct.pack("<ffii", least, span, rows, columns)
        self._bytes += shares.T.astype("<u2").tobytes()
        self._bytes += _in_bytes(numbers, least + span / 65535 * shares.astype(np.float64)).T.tobytes()


class Reader:
    """Raises ValueError where the file is not as `Writer` would have it."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        self._at = 2
        if self._bytes[:2] != b"\0B":
            raise ValueError(f"{path} is no binary file of Kaldi")

    def token(self) -> str:
        end = self._bytes.index(b" ", self._at)
        token = self._bytes[self._at : end].decode()
        self._at = end + 1
        return token

    def expect(self, *tokens: str) -> None:
        for expected in tokens:
            if (found := self.token()) != expected:
                raise ValueError(f"expected {expected}, found {found!r} before byte {self._at}")

    def until_empty_line(self) -> list[str]:
        end = self._bytes.index(b"\n\n", self._at)
        text = self._bytes[self._at : end].decode()
        self._at = end + 2
        return text.strip("\n").split("\n")

    def integer(self) -> int:
        return int(self._numbers("<bi", 4))

    def real(self) -> float:
        return self._numbers("<bf", 4)

    def long_real(self) -> float:
        return self._numbers("<bd", 8)

    def integers(self) -> list[int]:
        return [int(value) for value in self._array("<i4", self.integer())]

    def vector(self) -> Matrix:
        self.expect("FV")
        return self._array("<f4", self.integer()).astype(np.float32)

    def matrix(self) -> Matrix:
        match self.token():
            case "FM":
                rows, columns = self.integer(), self.integer()
                return self._array("<f4", rows * columns).reshape(rows, columns).astype(np.float32)
            case "CM":
                least, span, rows, columns = struct.unpack_from("<ffii", self._bytes, self._at)
                self._at += 16
                shares = self._array("<u2", 4 * columns).reshape(columns, 4).T
                numbers = self._array("u1", rows * columns).reshape(columns, rows).T
                return _from_bytes(numbers, least + span / 65535 * shares.astype(np.float64))
            case other:
                raise ValueError(f"a matrix does not begin with {other!r}")

    def _numbers(self, form: str, size: int) -> float:
        marked, value = struct.unpack_from(form, self._bytes, self._at)
        if marked != size:
            raise ValueError(f"expected a number of {size} bytes at byte {self._at}")
        self._at += 1 + size
        return float(value)

    def _array(self, form: str, count: int) -> npt.NDArray[np.generic]:
        array = np.frombuffer(self._bytes, form, count, self._at)
        self._at += array.nbytes
        return array


def _in_bytes(numbers: Matrix, quartiles: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Each number (rows, columns) as the place between its column's quartiles (4, columns): most are in the middle."""
    columns = range(numbers.shape[1])
    placed = [np.interp(numbers[:, column], quartiles[:, column], PLACES) for column in columns]
    return np.round(np.array(placed).T).astype(np.uint8)


def _from_bytes(places: npt.NDArray[np.generic], quartiles: npt.NDArray[np.float64]) -> Matrix:
    columns = range(places.shape[1])
    numbers = [np.interp(places[:, column].astype(np.float64), PLACES, quartiles[:, column]) for column in columns]
    return np.array(numbers).T.astype(np.float32)


def write_model(path: Path, outputs: Sequence[int], net: Net) -> None:
    """`final.mdl`. outputs: for each phone of the graph, from number 1 on, the network's output that judges it."""
    writer = Writer()
    _write_transitions(writer, outputs)
    _write_net(writer, net)
    writer.save(path)


def read_model(path: Path) -> tuple[list[int], Net]:
    """What `write_model` wrote, with weights as exact as the file has them."""
    reader = Reader(path)
    outputs = _read_transitions(reader)
    return outputs, _read_net(reader)


def _write_transitions(writer: Writer, outputs: Sequence[int]) -> None:
    """One topology for all phones: a state that repeats or is left."""
    count = len(outputs)
    writer.tokens("<TransitionModel>", "<Topology>")
    writer.integers(range(1, count + 1))
    writer.integers([-1, *[0] * count])
    writer.integer(1)
    writer.integer(2)
    writer.integer(0)
    writer.integer(2)
    for destination, probability in ((0, SELF_LOOP), (1, 1 - SELF_LOOP)):
        writer.integer(destination)
        writer.real(probability)
    writer.integer(-1)
    writer.integer(0)
    writer.tokens("</Topology>", "<Triples>")
    writer.integer(count)
    for phone, output in enumerate(outputs, 1):
        for value in (phone, 0, output):
            writer.integer(value)
    writer.tokens("</Triples>", "<LogProbs>")
    writer.vector([0.0, *[math.log(SELF_LOOP)] * (2 * count)])
    writer.tokens("</LogProbs>", "</TransitionModel>")


def _read_transitions(reader: Reader) -> list[int]:
    reader.expect("<TransitionModel>", "<Topology>")
    reader.integers()
    reader.integers()
    for _ in range(4):
        reader.integer()
    for _ in range(2):
        reader.integer()
        reader.real()
    for _ in range(2):
        reader.integer()
    reader.expect("</Topology>", "<Triples>")
    outputs = [(reader.integer(), reader.integer(), reader.integer())[2] for _ in range(reader.integer())]
    reader.expect("</Triples>", "<LogProbs>")
    reader.vector()
    reader.expect("</LogProbs>", "</TransitionModel>")
    return outputs


def _write_net(writer: Writer, net: Net) -> None:
    writer.tokens("<Nnet3>")
    writer.text("\n" + "\n".join(net.nodes) + "\n\n")
    writer.tokens("<NumComponents>")
    writer.integer(len(net.components))
    for name, component in net.components.items():
        writer.tokens("<ComponentName>", name)
        _write_component(writer, component)
    writer.tokens("</Nnet3>", "<LeftContext>")
    writer.integer(net.left)
    writer.tokens("<RightContext>")
    writer.integer(net.right)
    writer.tokens("<Priors>")
    writer.vector([])


POOL = tuple(f"<{axis}>" for axis in ("InputXDim", "InputYDim", "InputZDim")) + tuple(
    f"<Pool{axis}{what}>" for what in ("Size", "Step") for axis in "XYZ"
)


def _write_component(writer: Writer, component: Component) -> None:
    match component:
        case Affine(weights, bias):
            writer.tokens("<FixedAffineComponent>", "<LinearParams>")
            writer.matrix(weights)
            writer.tokens("<BiasParams>")
            writer.vector(bias)
            writer.tokens("</FixedAffineComponent>")
        case Largest(width):
            writer.tokens("<MaxpoolingComponent>")
            for token in POOL:
                writer.tokens(token)
                writer.integer(width if "X" in token else 1)
            writer.tokens("</MaxpoolingComponent>")
        case Elementwise(kind, width):
            writer.tokens(f"<{kind}Component>", "<Dim>")
            writer.integer(width)
            for token in ("<ValueAvg>", "<DerivAvg>"):
                writer.tokens(token)
                writer.vector([])
            writer.tokens("<Count>")
            writer.long_real(0.0)
            writer.tokens(f"</{kind}Component>")


def _read_net(reader: Reader) -> Net:
    reader.expect("<Nnet3>")
    nodes = reader.until_empty_line()
    reader.expect("<NumComponents>")
    components: dict[str, Component] = {}
    for _ in range(reader.integer()):
        reader.expect("<ComponentName>")
        name = reader.token()
        components[name] = _read_component(reader)
    reader.expect("</Nnet3>", "<LeftContext>")
    left = reader.integer()
    reader.expect("<RightContext>")
    return Net(tuple(nodes), components, left, reader.integer())


def _read_component(reader: Reader) -> Component:
    match reader.token():
        case "<FixedAffineComponent>":
            reader.expect("<LinearParams>")
            weights = reader.matrix()
            reader.expect("<BiasParams>")
            bias = reader.vector()
            reader.expect("</FixedAffineComponent>")
            return Affine(weights, bias)
        case "<MaxpoolingComponent>":
            widths = []
            for token in POOL:
                reader.expect(token)
                widths.append(reader.integer())
            reader.expect("</MaxpoolingComponent>")
            return Largest(widths[0])
        case "<RectifiedLinearComponent>":
            return Elementwise("RectifiedLinear", _read_elementwise(reader, "RectifiedLinear"))
        case "<LogSoftmaxComponent>":
            return Elementwise("LogSoftmax", _read_elementwise(reader, "LogSoftmax"))
        case other:
            raise ValueError(f"{other} is not one of the components we use")


def _read_elementwise(reader: Reader, kind: str) -> int:
    reader.expect("<Dim>")
    width = reader.integer()
    for token in ("<ValueAvg>", "<DerivAvg>"):
        reader.expect(token)
        reader.vector()
    reader.expect("<Count>")
    reader.long_real()
    reader.expect(f"</{kind}Component>")
    return width
