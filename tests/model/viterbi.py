"""The best way through a graph, found without any of the recogniser's code."""

from collections.abc import Sequence

from models.recipe.forward import Activations
from models.recipe.openfst_format import Graph


def best_score(
    graph: Graph, likelihoods: Activations, outputs: Sequence[int], *, acoustic_scale: float, graph_scale: float
) -> float:
    """Of all paths that give out one word: the highest sum of scaled log likelihoods, less the scaled costs.

    likelihoods: (time, outputs). outputs: for each phone of the graph, from number 1 on. No arc may be without a phone.
    """
    reached = {(graph.start, 0): 0.0}
    for row in likelihoods:
        further: dict[tuple[int, int], float] = {}
        for (state, words), score in reached.items():
            for arc in graph.arcs[state]:
                phone = (arc.input + 1) // 2
                place = (arc.target, words + bool(arc.output))
                sum_so_far = score - graph_scale * arc.cost + acoustic_scale * float(row[outputs[phone - 1]])
                if place[1] <= 1 and sum_so_far > further.get(place, float("-inf")):
                    further[place] = sum_so_far
        reached = further
    return max(
        score - graph_scale * graph.finals[state]
        for (state, words), score in reached.items()
        if words == 1 and state in graph.finals
    )
