"""``python -m benchmarks.fit_lengths`` prints the table of ``rules/lengths.py``, fitted on the even recorded lines."""

from math import exp, log

from benchmarks.replay import PAIRS, read_pair
from dragoman.translation.rules import lengths


def fit(language: str) -> tuple[float, float]:
    """Signs for each sign of English, and the 0.5 and 99.5 percentiles around it, whichever is farther."""
    ratios: list[float] = []
    for pair in PAIRS:
        if language not in pair.split("-"):
            continue
        recorded = read_pair(pair)
        for at in range(0, len(recorded.sources), 2):
            one = len(recorded.sources[at]) + 2
            for answers in recorded.engines.values():
                ratio = log((len(answers[at]) + 2) / one)
                # The spread grows for short lines, as the check allows for it.
                ratios.append(ratio if pair.endswith(f"-{language}") else -ratio)
    ratios.sort()
    middle = ratios[len(ratios) // 2]
    low, high = ratios[round(len(ratios) * 0.005)], ratios[round(len(ratios) * 0.995) - 1]
    return exp(middle), max(high - middle, middle - low) / (1 + lengths.SHORT / 130)


if __name__ == "__main__":
    for tag in sorted({tag for pair in PAIRS for tag in pair.split("-")} - {"en"}):
        factor, width = fit(tag)
        print(f'    "{tag}": ({factor:.2f}, {width:.2f}),')
