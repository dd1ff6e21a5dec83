"""Leaving something outside alone for a while that did not answer: else everybody would wait for it in turn."""

import time


class Rest:
    """Lasts ``seconds`` from its beginning; one for all threads of a process."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = 0.0

    @property
    def lasts(self) -> bool:
        """Whether it is not to be asked now."""
        return time.monotonic() < self._until

    def begin(self) -> None:
        """It did not answer."""
        self._until = time.monotonic() + self._seconds

    def end(self) -> None:
        """It may be asked."""
        self._until = 0.0
