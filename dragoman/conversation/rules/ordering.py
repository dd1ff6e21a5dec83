"""Where a comment stands: in the tree of replies, and by readers' votes. Pure."""

from math import sqrt
from typing import Literal, TypeAlias, get_args

Order: TypeAlias = Literal["oldest", "newest", "best", "replied", "tree"]
ORDERS: tuple[Order, ...] = get_args(Order)
STEP = 8  # digits of a comment's number in a path
DEEPEST = 24  # levels of replies; whoever answers further down stands beside the comment that is answered
BEST_UNIT = 1_000_000
_Z = 1.959964  # 95 %


def path_below(parent: str, number: int) -> str:
    """A comment's place in the tree: the numbers on its way from the root, so that sorted paths are the tree.

    Digits of one width sort alike in every database and collation. A path is
    bounded, however long readers answer each other.
    """
    return parent[: (DEEPEST - 1) * STEP] + f"{number:0{STEP}d}"


def depth(path: str) -> int:
    """0 for what answers nobody."""
    return max(0, len(path) // STEP - 1)


def best(up: int, down: int) -> int:
    """The share of readers who would agree, at least, in millionths.

    The lower bound of the 95 % score interval: a hundred votes of which ninety
    agree stand before a single one. Source: Wilson, “Probable inference, the law
    of succession, and statistical inference”, JASA 22, 1927.
    """
    votes = up + down
    if not votes:
        return 0
    share, z2 = up / votes, _Z * _Z
    middle = share + z2 / (2 * votes)
    width = _Z * sqrt((share * (1 - share) + z2 / (4 * votes)) / votes)
    return max(0, round(BEST_UNIT * (middle - width) / (1 + z2 / votes)))
