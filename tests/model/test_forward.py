"""What we say the network computes is what the recogniser computes, and what was trained is what was written."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import vosk

from models.recipe import forward, graph, openfst_format
from models.recipe.configuration import DECODING
from models.recipe.features import cepstra
from models.recipe.kaldi_format import read_model
from models.recipe.lexicon import Pronunciation
from models.recipe.openfst_format import Arc, Graph
from models.recipe.phones import PHONES
from tests.audio.speech import MODEL, spoken
from tests.model.viterbi import best_score

GRAPH_SCALE = 0.9
"""vosk's own, for the costs of the graph in the score of an alternative."""

WORD = Pronunciation("volgende", 1.0, ("v", "O", "l", "Q", "@", "n", "d", "@"))


@pytest.fixture(scope="module")
def model_of_one_word(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded model's network with a graph that can hear one word, once."""
    folder = tmp_path_factory.mktemp("models") / "one-word"
    shutil.copytree(MODEL, folder)
    words = graph.WordGraph([WORD], {WORD.word: 1}, dict.fromkeys(PHONES, 0.6)).build()
    openfst_format.write_lookahead(folder / "graph" / "HCLr.fst", words, 1)
    only_once = Graph([[Arc(1, 1, 0.0, 1)], []], {1: 0.0})
    openfst_format.write_acceptor(folder / "graph" / "Gr.fst", only_once)
    (folder / "graph" / "words.txt").write_text(f"<eps> 0\n{WORD.word} 1\n")
    return folder


@pytest.mark.parametrize("voice", ["nl", "nl+f2", "nl+m3"])
def test_the_recogniser_computes_what_we_compute(model_of_one_word: Path, voice: str) -> None:
    """Its score of the one possible word sums the network's outputs over all frames: it equals the score that comes
    from our cepstra, our forward pass over the written file, and our own search."""
    pcm = spoken("volgende.", voice)
    vosk.SetLogLevel(-1)
    recogniser = vosk.KaldiRecognizer(vosk.Model(model_path=str(model_of_one_word)), 16000)
    recogniser.SetMaxAlternatives(1)
    recogniser.AcceptWaveform(pcm)
    (alternative,) = json.loads(recogniser.FinalResult())["alternatives"]
    outputs, net = read_model(model_of_one_word / "am" / "final.mdl")
    likelihoods = forward.log_likelihoods(net, cepstra(np.frombuffer(pcm, np.int16).astype(np.float32)))
    words = openfst_format.read(model_of_one_word / "graph" / "HCLr.fst")
    scale = DECODING["acoustic-scale"]
    ours = best_score(words, likelihoods, outputs, acoustic_scale=scale, graph_scale=GRAPH_SCALE)
    assert alternative["text"] == WORD.word
    assert alternative["confidence"] == pytest.approx(ours, rel=1e-4)


def test_what_is_written_computes_what_was_trained(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="needs what `make model` installs")
    from models.recipe import export, network

    torch.manual_seed(5)
    trained = network.Network(torch.randn(40), torch.rand(40) + 1)
    trained.train()
    for _ in range(3):  # So that the normalisations hold something.
        trained(torch.randn(2, 150, 40) * 3)
    trained.eval()
    priors = torch.rand(len(PHONES)) + 0.1
    path = tmp_path / "am" / "final.mdl"
    export.export(trained, priors / priors.sum(), path, garbage_penalty=1.5)
    _, net = read_model(path)
    outputs = 21
    frames = network.LEFT + 3 * (outputs - 1) + 1 + network.RIGHT
    some = torch.randn(1, frames, 40) * 3
    with torch.no_grad():
        judged = torch.log_softmax(trained(some)[0], dim=1).double().numpy()
    likelihoods = judged - np.log(export.likelihood_priors(priors / priors.sum()))
    # The forward pass judges every third frame from the first on: from here on its times are those of the network.
    written = forward.log_likelihoods(net, some[0].numpy()[network.LEFT % 3 :])
    first = network.LEFT // 3
    assert written[first : first + outputs, :-1] == pytest.approx(likelihoods, abs=0.02)
    best = likelihoods[:, 1:].max(axis=1) - 1.5
    assert written[first : first + outputs, -1] == pytest.approx(best, abs=0.02)
