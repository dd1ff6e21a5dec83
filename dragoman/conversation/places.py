"""Where the threads of our own articles live, and where in them a comment stands."""

from dragoman.conversation.queries import WINDOW


def place_key(number: int) -> str:
    """The key of an article's place."""
    return f"article:{number}"


def number_of(key: str) -> int:
    """The article's number of such a key, 0 for any other place."""
    kind, _colon, number = key.partition(":")
    return int(number) if kind == "article" and number.isdecimal() else 0


def comment_address(path: str, number: int) -> str:
    """The window of an article's thread that holds the comment, and the comment in it."""
    first = (number - 1) // WINDOW * WINDOW + 1
    return f"{path}{f'?from={first}' if first > 1 else ''}#c{number}"
