"""What an importer says of a file that it cannot take."""

from dragoman.foundation.errors import InvalidInput


class BadFile(InvalidInput):
    """The file breaks its format; the message holds file, line and reason."""

    code = "bad-file"

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
