"""``python -m benchmarks.fit_content`` prints the weights of ``rules/content.py``, fitted on the even recorded lines.

One set for all pairs, each pair counting as much as any other: answers beside
their sources against answers beside other sources.
"""

import random

import numpy as np

from benchmarks.replay import PAIRS, read_pair
from dragoman.translation.rules.content import WEIGHTS, features, gist

_STEPS = 4000


def examples(pair: str, first: int = 0) -> tuple[list[tuple[float, ...]], list[int]]:
    """Features and whether the two belong together."""
    recorded, dice = read_pair(pair), random.Random(pair)
    rows: list[tuple[float, ...]] = []
    labels: list[int] = []
    places = range(first, len(recorded.sources), 2)
    sources = {at: gist(recorded.sources[at], recorded.from_language) for at in places}
    for answers in recorded.engines.values():
        gists = {at: gist(answers[at], recorded.to_language) for at in places}
        for at in places:
            other = dice.choice(places)
            rows += [features(sources[at], gists[at]), features(sources[at], gists[other])]
            labels += [1, int(at == other)]
    return rows, labels


def run() -> None:
    """Fit by logistic regression and print; then what the weights do on the even lines."""
    data = {pair: examples(pair) for pair in PAIRS}
    x = np.array([row for rows, _labels in data.values() for row in rows])
    y = np.array([label for _rows, labels in data.values() for label in labels])
    scale = x.std(axis=0)
    scale[0] = 1.0
    weights = np.zeros(x.shape[1])
    for _step in range(_STEPS):
        error = 1 / (1 + np.exp(-(x / scale) @ weights)) - y
        weights -= 0.5 * ((x / scale).T @ error / len(y))
    print([round(float(value), 2) for value in weights / scale])
    for pair, (rows, labels) in data.items():
        values = np.array(rows) @ (weights / scale)
        good, bad = values[np.array(labels) == 1], values[np.array(labels) == 0]
        edges = [float(np.quantile(good, share)) for share in (0.003, 0.005, 0.01, 0.02)]
        print(pair, [(round(edge, 2), round(float((bad < edge).mean()), 3)) for edge in edges])


if __name__ == "__main__":
    print(WEIGHTS)
    run()
