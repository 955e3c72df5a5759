"""The acoustic network: cepstra in, how likely each phone is out, thirty milliseconds apart.

A time-delay network with factored, residual layers, after Povey et al. 2018 ("Semi-Orthogonal Low-Rank Matrix
Factorization for Deep Neural Networks") without the constraint that gave it its name. All offsets after the first layer
are multiples of three frames, so everything there runs at a third of the frame rate. It looks 0.52 s back and 0.22 s
ahead: what is to come delays the answer, what has been does not.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from .features import CEPSTRA, SUBSAMPLING
from .phones import PHONES

SPLICE = tuple(range(-4, 5))
"""Frames that the first layer sees."""
OFFSETS: tuple[tuple[int, ...], ...] = ((-1, 0, 1), (-1, 0, 1), (-2, 0, 1), (-3, 0, 1), (-4, 0, 2), (-5, 0, 0))
"""Of the layers after the first, in outputs (30 ms)."""
WIDTH = 640
BOTTLENECK = 160

LEFT = -SPLICE[0] - SUBSAMPLING * sum(offsets[0] for offsets in OFFSETS)
RIGHT = SPLICE[-1] + SUBSAMPLING * sum(offsets[-1] for offsets in OFFSETS)
"""Frames of 10 ms before and after the one that is judged."""


def unique(offsets: Sequence[int]) -> tuple[int, ...]:
    """Without repetitions: a layer that does not look ahead has two inputs."""
    return tuple(dict.fromkeys(offsets))


class Layer(nn.Module):
    """(batch, time, width) to (batch, less time, width): splice, squeeze, widen, add to what came in."""

    def __init__(self, offsets: tuple[int, ...], width: int, bottleneck: int) -> None:
        super().__init__()
        self.offsets = offsets
        self.squeeze = nn.Linear(len(unique(offsets)) * width, bottleneck, bias=False)
        self.widen = nn.Linear(bottleneck, width)
        self.norm = nn.BatchNorm1d(width)

    def forward(self, inputs: Tensor) -> Tensor:
        first, last = self.offsets[0], self.offsets[-1]
        time = inputs.shape[1] - (last - first)
        shifted = [inputs[:, offset - first : offset - first + time] for offset in unique(self.offsets)]
        changed = self.widen(self.squeeze(torch.cat(shifted, dim=2)))
        normalised = self.norm(changed.flatten(0, 1)).view_as(changed)
        return torch.relu(inputs[:, -first : -first + time] + normalised)


class Network(nn.Module):
    """(batch, frames, 40) cepstra to (batch, outputs, phones) logits; frames = LEFT + 3 * (outputs - 1) + 1 + RIGHT."""

    mean: Tensor
    scale: Tensor

    def __init__(self, mean: Tensor, deviation: Tensor, width: int = WIDTH, bottleneck: int = BOTTLENECK) -> None:
        """mean, deviation: (40,) of the material, with which the input is normalised."""
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("scale", 1 / deviation)
        self.first = nn.Linear(len(SPLICE) * CEPSTRA, width)
        self.norm = nn.BatchNorm1d(width)
        self.layers = nn.ModuleList(Layer(offsets, width, bottleneck) for offsets in OFFSETS)
        self.last = nn.Linear(width, len(PHONES))

    def forward(self, cepstra: Tensor) -> Tensor:
        spliced = ((cepstra - self.mean) * self.scale).unfold(1, len(SPLICE), SUBSAMPLING).transpose(2, 3).flatten(2)
        hidden = self.first(spliced)
        hidden = torch.relu(self.norm(hidden.flatten(0, 1)).view_as(hidden))
        for layer in self.layers:
            hidden = layer(hidden)
        result: Tensor = self.last(hidden)
        return result


def save(network: Network, priors: Tensor, path: Any) -> None:
    """priors: (phones,) how often each phone is heard."""
    state = {name: tensor.cpu() for name, tensor in network.state_dict().items()}
    torch.save({"network": state, "priors": priors}, path)


def load(path: Any) -> tuple[Network, Tensor]:
    """The network, ready to judge, and the priors."""
    stored = torch.load(path, weights_only=True)
    state = stored["network"]
    width, bottleneck = state["first.weight"].shape[0], state["layers.0.squeeze.weight"].shape[0]
    network = Network(torch.zeros(CEPSTRA), torch.ones(CEPSTRA), width, bottleneck)
    network.load_state_dict(state)
    return network.eval(), stored["priors"]
