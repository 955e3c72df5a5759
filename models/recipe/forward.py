"""What a network in Kaldi's format computes, in numpy: to show that what was written is what was meant.

It follows nnet3's own configuration lines, so it knows nothing of how our network is built. Slow, and only for tests.
"""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .features import SUBSAMPLING, Features
from .kaldi_format import Affine, Component, Elementwise, Largest, Net

Activations = npt.NDArray[np.float64]
"""(frames, width)"""

CALL = re.compile(r"(\w+)\((.*)\)$")


def log_likelihoods(net: Net, cepstra: Features) -> Activations:
    """(ceil(frames / 3), outputs) for the frames 0, 3, 6 …; beyond its ends the recording goes on as it is there."""
    padded = np.pad(cepstra.astype(np.float64), ((net.left, net.right), (0, 0)), mode="edge")
    every = _Evaluation(net, padded).output()
    return every[net.left : net.left + len(cepstra) : SUBSAMPLING]


class _Evaluation:
    def __init__(self, net: Net, frames: Activations) -> None:
        self._nodes: dict[str, Activations] = {}
        for line in net.nodes:
            kind, settings = line.split(" ", 1)
            options = dict(re.findall(r"([\w-]+)=(.*?)(?= [\w-]+=|$)", settings))
            match kind:
                case "input-node":
                    self._nodes[options["name"]] = frames
                case "component-node":
                    inputs = self._described(options["input"])
                    self._nodes[options["name"]] = apply(net.components[options["component"]], inputs)
                case "dim-range-node":
                    start = int(options["dim-offset"])
                    whole = self._nodes[options["input-node"]]
                    self._nodes[options["name"]] = whole[:, start : start + int(options["dim"])]
                case "output-node":
                    self._nodes["output"] = self._described(options["input"])

    def output(self) -> Activations:
        return self._nodes["output"]

    def _described(self, descriptor: str) -> Activations:
        """What a descriptor stands for, at every frame."""
        called = CALL.match(descriptor)
        if not called:
            return self._nodes[descriptor]
        name, arguments = called[1], _arguments(called[2])
        match name:
            case "Append":
                return np.concatenate([self._described(argument) for argument in arguments], axis=1)
            case "Sum":
                first, second = (self._described(argument) for argument in arguments)
                return first + second
            case "Offset":
                moved = self._described(arguments[0])
                return moved[np.clip(np.arange(len(moved)) + int(arguments[1]), 0, len(moved) - 1)]
            case _:
                raise ValueError(f"{descriptor} is not one of the descriptors we use")


def apply(component: Component, inputs: Activations) -> Activations:
    """(frames, in) to (frames, out)."""
    match component:
        case Affine(weights, bias):
            outputs: Activations = inputs @ weights.T.astype(np.float64) + bias
            return outputs
        case Largest():
            largest: Activations = inputs.max(axis=1, keepdims=True)
            return largest
        case Elementwise("RectifiedLinear"):
            return np.maximum(inputs, 0.0)
        case Elementwise("LogSoftmax"):
            shifted = inputs - inputs.max(axis=1, keepdims=True)
            result: Activations = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            return result
    raise TypeError(component)


def _arguments(text: str) -> Sequence[str]:
    """Split at the commas that are in no brackets."""
    depth, parts = 0, [""]
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]
