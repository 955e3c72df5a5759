"""What the network learns of sequences: how much the right one stands out from all that could be said."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs what `make model` installs")

BATCH, OUTPUTS, KINDS = 2, 4, 3


def drawn() -> tuple[object, object]:
    generator = torch.Generator().manual_seed(5)
    scores = torch.randn((BATCH, OUTPUTS, KINDS), generator=generator)
    follows = torch.log_softmax(torch.randn((KINDS, KINDS), generator=generator), 1)
    return scores, follows


def test_all_that_could_be_said_is_the_sum_of_each_thing_that_could_be_said() -> None:
    from models.recipe.sequences import anything, this

    scores, follows = drawn()
    each = [
        this(scores, torch.tensor([sequence] * BATCH), follows) for sequence in product(range(KINDS), repeat=OUTPUTS)
    ]
    assert torch.allclose(anything(scores, follows), torch.logsumexp(torch.stack(each), 0), atol=1e-5)


def test_what_follows_what_is_counted_thirty_milliseconds_apart() -> None:
    from models.recipe.corpus import Shard
    from models.recipe.sequences import succession

    labels = np.repeat([1, 2, 1, 3], [6, 3, 6, 3]).astype(np.uint8)
    shard = Shard(np.zeros((len(labels), 40), np.float16), labels)
    likely = succession(shard).exp()
    assert likely.sum(1).tolist() == pytest.approx([1.0] * len(likely))
    # Twice itself, once 2 and once 3, and half a time each beside that.
    assert (likely[1, [1, 2, 3]] / likely[1, 0]).tolist() == pytest.approx([5.0, 3.0, 3.0])


def test_it_learns_to_tell_what_was_said_from_what_could_have_been(tmp_path: Path) -> None:
    from models.recipe.corpus import Shard
    from models.recipe.network import Network
    from models.recipe.sequences import sharpen
    from models.recipe.training import Progress, priors

    draw = np.random.default_rng(1)
    labels = np.repeat(draw.integers(1, 5, 2000), 9).astype(np.uint8)
    features = np.eye(40)[labels] * 3 + draw.standard_normal((len(labels), 40)) * 0.5
    shard = Shard(features.astype(np.float16), labels)
    network, told = Network(torch.zeros(40), torch.ones(40), 16, 8), list[Progress]()
    sharpen(network, priors(shard), shard, 200, 32, 1, tmp_path / "network.pt", tell=told.append)
    assert told[-1].loss < 0.7 * told[0].loss
    assert (tmp_path / "network.pt").exists()
