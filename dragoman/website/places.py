"""Where the threads of our own articles live."""


def place_key(number: int) -> str:
    """The key of an article's place."""
    return f"article:{number}"


def number_of(key: str) -> int:
    """The article's number of such a key, 0 for any other place."""
    kind, _colon, number = key.partition(":")
    return int(number) if kind == "article" and number.isdecimal() else 0
