"""Whether quoted words still stand somewhere. Pure."""

import re

_CLOSING = re.compile(r"[\s.,;:!?…\"'”’»)\]]+$")


def comparable(text: str) -> str:
    """Without white space's form, quotation marks' form and closing punctuation."""
    even = " ".join(text.split()).replace("“", '"').replace("”", '"').replace("’", "'")
    return _CLOSING.sub("", even)


def stands_in(words: str, sentence: str) -> bool:
    """Whether quoted words are part of a sentence as it is now."""
    return comparable(words) in comparable(sentence)
