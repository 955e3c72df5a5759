"""Teaches the network which phone sounds when: cross-entropy, over windows drawn at random from the material."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .corpus import Shard
from .features import CEPSTRA, SUBSAMPLING
from .network import LEFT, RIGHT, Network, save
from .phones import PHONES

OUTPUTS = 100
"""Of a window, 30 ms each."""
WINDOW = LEFT + SUBSAMPLING * (OUTPUTS - 1) + 1 + RIGHT
"""Frames."""
PEAK_RATE, WARM_UP = 3e-3, 0.04
WEIGHT_DECAY = 1e-3
LARGEST_GRADIENT = 5.0

CHANNEL_DEVIATION = torch.tensor([4.0] + [1.5] * (CEPSTRA - 1))
"""Half of the windows get a constant offset in each cepstrum: another microphone."""

LEAST_PRIOR = 0.002

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
"""Where the network learns."""

BFLOAT16 = DEVICE.type == "cuda" or bool(torch.cpu.get_capabilities().get("avx512_bf16"))
"""Whether it multiplies numbers of 16 bits by itself. It triples the speed; without, it would slow it."""


@dataclass(frozen=True, slots=True)
class Progress:
    step: int
    loss: float
    """In nats per output: a running mean."""
    seconds: float


def learning_rate(done: float) -> float:
    """Rises for a moment, then falls along half a cosine. done: 0 to 1."""
    if done < WARM_UP:
        return PEAK_RATE * (done / WARM_UP + 0.02)
    return PEAK_RATE * max(0.003, 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP))))


class Windows:
    """Draws batches from the material, on the device that learns."""

    def __init__(self, material: Shard, batch: int, seed: int) -> None:
        """batch: windows at a time."""
        self._features = torch.from_numpy(material.features).to(DEVICE)
        self._labels = torch.from_numpy(material.labels).to(DEVICE)
        self._batch = batch
        self._draw = np.random.default_rng(seed)

    def batch(self) -> tuple[Tensor, Tensor]:
        """(batch, WINDOW, 40) cepstra and (batch, OUTPUTS) phones."""
        starts = torch.from_numpy(self._draw.integers(0, len(self._labels) - WINDOW, (self._batch, 1))).to(DEVICE)
        frames = starts + torch.arange(WINDOW, device=DEVICE)
        moved = torch.from_numpy(self._draw.standard_normal((self._batch, 1, CEPSTRA), np.float32)) * CHANNEL_DEVIATION
        moved[self._batch // 2 :] = 0.0
        cepstra = self._features[frames].float() + moved.to(DEVICE)
        return cepstra, self._labels[frames[:, LEFT : WINDOW - RIGHT : SUBSAMPLING]].long()


def statistics(material: Shard) -> tuple[Tensor, Tensor]:
    """(40,) mean and (40,) deviation of every hundredth frame."""
    some = material.features[::100].astype(np.float32)
    return torch.from_numpy(some.mean(axis=0)), torch.from_numpy(some.std(axis=0))


def priors(material: Shard) -> Tensor:
    """(phones,) how often each is heard, none quite never."""
    counts = np.bincount(material.labels, minlength=len(PHONES))
    shares = np.maximum(counts / counts.sum(), LEAST_PRIOR)
    return torch.from_numpy(shares / shares.sum())


def train(
    material: Shard,
    steps: int,
    batch: int,
    seed: int,
    path: Path,
    most_seconds: float = math.inf,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> Network:
    """Train a network for `steps` batches of so many windows and save it with its priors.

    When time will run out before the steps do, the learning rate falls sooner; the result then depends on the speed of
    the computer. `tell` hears of every hundredth step.
    """
    torch.manual_seed(seed)
    network, shares = Network(*statistics(material)), priors(material)
    learn(
        network,
        Windows(material, batch, seed),
        steps,
        learning_rate,
        cross_entropy,
        most_seconds=most_seconds,
        tell=tell,
        keep=lambda: save(network, shares, path),
    )
    network.eval()
    return network


def cross_entropy(logits: Tensor, phones: Tensor) -> Tensor:
    """Nats per output, of (batch, outputs, phones) and (batch, outputs)."""
    return functional.cross_entropy(logits.flatten(0, 1), phones.flatten())


def learn(
    network: Network,
    windows: Windows,
    steps: int,
    rate: Callable[[float], float],
    loss_of: Callable[[Tensor, Tensor], Tensor],
    *,
    most_seconds: float = math.inf,
    tell: Callable[[Progress], None],
    keep: Callable[[], None],
) -> None:
    """So many batches, or fewer when time runs out. rate: of learning, by what is done of it (0 to 1). loss_of: of
    logits and phones. keep: saves what was learned, every thousand steps and at the end."""
    network.to(DEVICE).train()
    optimiser = torch.optim.AdamW(network.parameters(), rate(0.0), weight_decay=WEIGHT_DECAY)
    began, running = time.monotonic(), torch.zeros((), device=DEVICE)
    for step in range(steps):
        done = max(step / steps, (time.monotonic() - began) / most_seconds)
        if done >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = rate(done)
        cepstra, phones = windows.batch()
        with torch.autocast(DEVICE.type, torch.bfloat16, enabled=BFLOAT16):
            logits = network(cepstra)
        loss = loss_of(logits.float(), phones)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
        torch.nn.utils.clip_grad_norm_(network.parameters(), LARGEST_GRADIENT)
        optimiser.step()
        running = loss.detach() if step == 0 else 0.98 * running + 0.02 * loss.detach()
        if step % 100 == 99:
            tell(Progress(step + 1, running.item(), time.monotonic() - began))
        if step % 1000 == 999:
            keep()
    keep()
    network.cpu()
