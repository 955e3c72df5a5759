"""From the trained network to `final.mdl`: normalisations folded in, priors and the garbage phone added."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from torch import Tensor, nn

from .features import CEPSTRA, SUBSAMPLING
from .graph_phones import outputs
from .kaldi_format import Affine, Component, Elementwise, Largest, Net, write_model
from .network import LEFT, RIGHT, SPLICE, Layer, Network, unique
from .phones import INDEX, SILENCE

Array = npt.NDArray[np.float64]

GARBAGE_PENALTY = 2.0
"""How far (nats per output) speech that is no known word must beat the words: `[unk]` costs this much more than the
best phone of each moment. Larger: fewer known words are rejected, more unknown ones accepted."""

SILENCE_SHARE = 0.12
"""Of the prior of silence: what is not clearly said to us is silence. It keeps babble around a command from becoming
words; with much less, soft words within a sentence are lost."""


def export(network: Network, priors: Tensor, path: Path, garbage_penalty: float = GARBAGE_PENALTY) -> None:
    """Write the network for the recogniser: outputs are log likelihoods, the last one is the garbage phone's."""
    write_model(path, outputs(), net_of(network.eval(), likelihood_priors(priors), garbage_penalty))


def likelihood_priors(priors: Tensor) -> Array:
    """(phones,) what the network's probabilities are divided by."""
    shares: Array = priors.double().numpy().copy()
    shares[INDEX[SILENCE]] *= SILENCE_SHARE
    normalised: Array = shares / shares.sum()
    return normalised


def net_of(network: Network, priors: Array, garbage_penalty: float) -> Net:
    nodes = [f"input-node name=input dim={CEPSTRA}"]
    components: dict[str, Component] = {}

    def add(name: str, component: Component, source: str) -> str:
        components[name] = component
        nodes.append(f"component-node name={name} component={name} input={source}")
        return name

    weights, bias = with_normalised_input(network)
    scale, shift = normalisation(network.norm)
    before = add("first.affine", _affine(scale[:, None] * weights, scale * bias + shift), spliced("input", SPLICE))
    before = add("first.relu", Elementwise("RectifiedLinear", len(bias)), before)
    for number, layer in enumerate(network.layers, 1):
        assert isinstance(layer, Layer)
        at = [SUBSAMPLING * offset for offset in unique(layer.offsets)]
        squeeze = _numbers(layer.squeeze.weight)
        name = add(f"layer{number}.squeeze", _affine(squeeze, np.zeros(len(squeeze))), spliced(before, at))
        scale, shift = normalisation(layer.norm)
        widen, bias = _numbers(layer.widen.weight), _numbers(layer.widen.bias)
        name = add(f"layer{number}.widen", _affine(scale[:, None] * widen, scale * bias + shift), name)
        before = add(f"layer{number}.relu", Elementwise("RectifiedLinear", len(bias)), f"Sum({before}, {name})")

    phones = len(priors)
    name = add("last.affine", _affine(_numbers(network.last.weight), _numbers(network.last.bias)), before)
    name = add("last.logsoftmax", Elementwise("LogSoftmax", phones), name)
    likelihoods = add("likelihoods", _affine(np.eye(phones), -np.log(priors)), name)
    nodes.append(f"dim-range-node name=speech input-node={likelihoods} dim-offset=1 dim={phones - 1}")
    best = add("best", Largest(phones - 1), "speech")
    garbage = add("garbage", _affine(np.ones((1, 1)), np.array([-garbage_penalty])), best)
    nodes.append(f"output-node name=output input=Append({likelihoods}, {garbage}) objective=linear")
    return Net(tuple(nodes), components, LEFT, RIGHT)


def spliced(source: str, offsets: tuple[int, ...] | list[int]) -> str:
    """nnet3's words for several moments of a node side by side (offsets in frames of 10 ms)."""
    return f"Append({', '.join(source if at == 0 else f'Offset({source}, {at})' for at in offsets)})"


def with_normalised_input(network: Network) -> tuple[Array, Array]:
    """Weights (out, 9 * 40) and bias (out,) of the first layer, for cepstra that are not normalised."""
    weights, bias = _numbers(network.first.weight), _numbers(network.first.bias)
    scale = np.tile(_numbers(network.scale), len(SPLICE))
    mean = np.tile(_numbers(network.mean), len(SPLICE))
    return weights * scale, bias - weights @ (scale * mean)


def normalisation(norm: nn.BatchNorm1d) -> tuple[Array, Array]:
    """Scale and shift (width,) that a trained batch normalisation comes down to."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = _numbers(norm.weight) / np.sqrt(_numbers(norm.running_var) + norm.eps)
    return scale, _numbers(norm.bias) - scale * _numbers(norm.running_mean)


def _numbers(tensor: Tensor) -> Array:
    result: Array = tensor.detach().double().numpy()
    return result


def _affine(weights: Array, bias: Array) -> Affine:
    return Affine(weights.astype(np.float32), bias.astype(np.float32))
