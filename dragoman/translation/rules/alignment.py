"""Whether a batch of answers slipped: each stands beside the sentence before or after its own."""

from collections.abc import Sequence

from dragoman.translation.rules.content import gist, kinship

_FEWEST = 3
_SAMPLE = 6  # pairs to look at first: that most batches are good must cost little
_SURELY_GOOD = 1.5  # odds of such a sample; those of a batch that slipped stay below nought
_LEAST_GAIN = 2.0  # in odds for each pair


def looks_shifted(pairs: Sequence[tuple[str, str]], from_language: str, to_language: str) -> bool:
    """Whether sources and answers fit better when the answers are moved by one place."""
    if len(pairs) < _FEWEST:
        return False
    sample = pairs[:: max(1, len(pairs) // _SAMPLE)][:_SAMPLE]
    if _mean([kinship(gist(one, from_language), gist(other, to_language)) for one, other in sample]) > _SURELY_GOOD:
        return False
    return gain_when_moved(pairs, from_language, to_language) > _LEAST_GAIN


def gain_when_moved(pairs: Sequence[tuple[str, str]], from_language: str, to_language: str) -> float:
    """By how much the odds of a pair rise, on the average, when the answers go up or down by one place."""
    sources = [gist(source, from_language) for source, _target in pairs]
    targets = [gist(target, to_language) for _source, target in pairs]
    straight, up, down = (
        _mean([kinship(one, other) for one, other in zip(ours, theirs, strict=True)])
        for ours, theirs in ((sources, targets), (sources[:-1], targets[1:]), (sources[1:], targets[:-1]))
    )
    return max(up, down) - straight


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
