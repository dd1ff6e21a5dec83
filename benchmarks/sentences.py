"""English sentences of our own making, any number of them, no two alike."""

import random

_WHO = "the baker|an old teacher|the night driver|my neighbour|the mayor's sister|nobody here|the young doctor".split(
    "|"
)
_DOES = "painted|opened|forgot|sold|repaired|found|carried|counted|closed|measured|described|borrowed".split("|")
_WHAT = "the green lamp|a long wooden table|seven loaves of bread|the narrow bridge|three old letters|the map".split(
    "|"
)
_WHERE = "behind the library|in the cold kitchen|near the river|under the tall trees|at the station|on the hill".split(
    "|"
)
_WHEN = "on Saturday|after two hours of rain|before the market opened|in the summer of 1998|last night|at noon".split(
    "|"
)
_MORE = [
    "",
    " and went home",
    ", which surprised the whole street",
    " because the door was open",
    ", as far as we know",
]


def sentences(count: int, seed: int = 1) -> list[str]:
    """Of about 40 to 120 characters, the same for the same seed."""
    dice = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        words = [dice.choice(part) for part in (_WHO, _DOES, _WHAT, _WHERE, _WHEN)]
        text = " ".join(words) + dice.choice(_MORE)
        number = f" {dice.randint(2, 4000)} times" if dice.random() < 0.5 else ""
        found[text[0].upper() + text[1:] + number + "."] = None
    return list(found)
