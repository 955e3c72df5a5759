"""Teaches the network to tell sequences of phones apart: the right one is to win from all that could be said.

Maximum mutual information without lattices, after Povey et al. 2016 ("Purely sequence-trained neural networks for ASR
based on lattice-free MMI"), simplified twice: the right sequence is the one that the synthesiser told, at its own time,
and what could be said is any sequence of phones, each as likely as it follows the one before it in the material. A
network that learned each moment for itself is the start, and a share of that loss stays, lest it forget the moments.
"""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .corpus import Shard
from .features import SUBSAMPLING
from .network import Network, save
from .phones import PHONES
from .training import DEVICE, Progress, Windows, cross_entropy, learn

PEAK_RATE = 8e-4
ACOUSTIC_SCALE = 0.8
"""As in decoding: how much what is heard weighs beside what may follow what."""
MOMENTS = 0.3
"""Weight of the cross-entropy."""
NEVER = 0.5
"""Counted for a pair of phones beside what was seen of it."""
NORM_MOMENTUM = 0.02
"""Of the batch normalisation: little, as it is known already."""


def learning_rate(done: float) -> float:
    """Falls along a line. done: 0 to 1."""
    return PEAK_RATE * max(0.05, 1 - done)


def succession(material: Shard) -> Tensor:
    """(phones, phones) log probabilities of what sounds after what, an output (30 ms) later; mostly the same."""
    counts = np.full((len(PHONES), len(PHONES)), NEVER)
    labels = material.labels[::SUBSAMPLING].astype(np.int64)
    np.add.at(counts, (labels[:-1], labels[1:]), 1)
    return torch.from_numpy(np.log(counts / counts.sum(axis=1, keepdims=True))).float()


def anything(scores: Tensor, follows: Tensor) -> Tensor:
    """(batch,) log of the sum over all sequences. scores: (batch, outputs, phones); follows: as of `succession`."""
    most = scores.max(2, keepdim=True)[0].detach()
    each, possible = (scores - most).exp(), follows.exp()
    totals = []
    so_far = each[:, 0]
    for output in range(1, scores.shape[1]):
        totals.append(so_far.sum(1, keepdim=True))  # Kept near 1: what it is divided by is multiplied again below.
        so_far = (so_far / totals[-1]) @ possible * each[:, output]
    totals.append(so_far.sum(1, keepdim=True))
    return torch.cat(totals, 1).log().sum(1) + most.sum((1, 2))


def this(scores: Tensor, phones: Tensor, follows: Tensor) -> Tensor:
    """(batch,) log of one sequence (batch, outputs)."""
    heard = scores.gather(2, phones[:, :, None])[:, :, 0].sum(1)
    return heard + follows[phones[:, :-1], phones[:, 1:]].sum(1)


def sharpen(
    network: Network,
    priors: Tensor,
    material: Shard,
    steps: int,
    batch: int,
    seed: int,
    path: Path,
    most_seconds: float = math.inf,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> Network:
    """Go on teaching a network for `steps` batches of so many windows, and save it with its priors."""
    torch.manual_seed(seed)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.momentum = NORM_MOMENTUM
    follows, log_priors = succession(material).to(DEVICE), priors.log().float().to(DEVICE)

    def loss(logits: Tensor, phones: Tensor) -> Tensor:
        scores = ACOUSTIC_SCALE * (functional.log_softmax(logits, 2) - log_priors)
        apart = (anything(scores, follows) - this(scores, phones, follows)) / scores.shape[1]
        return apart.mean() + MOMENTS * cross_entropy(logits, phones)

    learn(
        network,
        Windows(material, batch, seed),
        steps,
        learning_rate,
        loss,
        most_seconds=most_seconds,
        tell=tell,
        keep=lambda: save(network, priors, path),
    )
    network.eval()
    return network
