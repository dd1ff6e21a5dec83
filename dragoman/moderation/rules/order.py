"""The rules in the order in which they are asked, and what follows unless the newsroom says otherwise."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from dragoman.moderation.rules import (
    chain,
    flood,
    impersonation,
    links,
    listed,
    newcomers,
    record,
    repetition,
    shouting,
    trap,
)
from dragoman.moderation.rules.candidate import ACTS, Act, Candidate, Finding, Verdict
from dragoman.moderation.rules.known import Found, Known

Judge: TypeAlias = Callable[[Candidate, Known], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, what follows from it by default, and its numbers, each with the highest that makes sense."""

    name: str
    judge: Judge
    act: Act
    numbers: Mapping[str, tuple[int, int]] = field(default_factory=dict)


RULES: tuple[Rule, ...] = (
    # What is certainly no person's comes first: nothing else of it is of interest.
    Rule("trap", trap.judge, "refuse"),
    # A slip of the hand, which its writer wants to hear of at once; cheap, for the texts' prints are known.
    Rule("repetition", repetition.judge, "refuse", {"minutes": (10, 1440)}),
    # Who writes comes before what is written: in a flood nobody reads the words.
    Rule("flood", flood.judge, "hold", {"here": (300, 10_000), "address": (10, 1000)}),
    Rule("chain", chain.judge, "hold", {"others": (2, 1000)}),
    Rule("impersonation", impersonation.judge, "hold"),
    Rule("record", record.judge, "hold", {"removed": (3, 20)}),
    # Then the words, the surest sign first. What follows from a listed word is its list's.
    Rule(listed.NAME, listed.judge, "hold"),
    Rule("links", links.judge, "hold", {"newcomer": (1, 1000), "most": (3, 100)}),
    Rule("shouting", shouting.judge, "flag", {"percent": (80, 100)}),
    # Last, because it says nothing against the text: a moderator reads it beside everything else that was found.
    Rule("newcomers", newcomers.judge, "off", {"first": (1, 1000)}),
)
DEFAULT_NUMBERS: dict[str, int] = {
    f"{rule.name}.{number}": value for rule in RULES for number, (value, _most) in rule.numbers.items()
}


def judge(candidate: Candidate, known: Known) -> Verdict:
    """All that the rules find; after a refusal nothing more is looked for."""
    findings: list[Finding] = []
    for rule in RULES:
        act = known.acts.get(rule.name, rule.act)
        if act == "off":
            continue
        for found in rule.judge(candidate, known):
            follows = found.act or act
            if follows != "off":
                findings.append(Finding(rule.name, follows, found.spans, candidate.language, found.word_list))
        if any(one.act == ACTS[-1] for one in findings):
            break
    return Verdict(tuple(findings))
