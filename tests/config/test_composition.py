"""Whose request it is."""

import pytest

from dragoman.config.composition import _address
from tests.exchanges import Request


@pytest.mark.parametrize(
    ("client", "told", "whose"),
    [
        ("9.9.9.9:1", None, "9.9.9.9"),
        ("9.9.9.9:1", "1.1.1.1", "9.9.9.9"),
        ("127.0.0.1:1", "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        ("127.0.0.1:1", "6.6.6.6, 1.1.1.1, 127.0.0.1", "1.1.1.1"),
        ("[::1]:1", "1.1.1.1, ::1,", "1.1.1.1"),
        ("127.0.0.1:1", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1:1", None, "127.0.0.1"),
    ],
)
def test_a_client_is_the_last_one_that_is_no_proxy_of_ours(client: str, told: str | None, whose: str) -> None:
    headers = {} if told is None else {"x-forwarded-for": told}
    assert _address(Request("/events", headers=headers, client=client)) == whose
