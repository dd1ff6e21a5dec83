"""Whose line an address is."""

import pytest

from dragoman.foundation.clients import client_address, line_of


@pytest.mark.parametrize(
    ("peer", "told", "client"),
    [
        ("9.9.9.9", "", "9.9.9.9"),
        ("9.9.9.9", "1.1.1.1", "9.9.9.9"),
        ("127.0.0.1", "1.1.1.1", "1.1.1.1"),
        ("127.0.0.1", "8.8.8.8, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
        ("127.0.0.1", " , ", "127.0.0.1"),
    ],
)
def test_a_proxy_of_ours_says_whom_it_speaks_for_and_others_are_not_believed(peer: str, told: str, client: str) -> None:
    assert client_address(peer, told, ["127.0.0.1", "10.0.0.2"]) == client


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("9.9.9.9", "9.9.9.9"),
        ("2a02:ab8:0:1:2:3:4:5", "2a02:ab8:0:1::/64"),
        ("127.0.0.1", ""),
        ("10.1.2.3", ""),
        ("fe80::1%eth0", ""),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_a_line_is_one_subscribers_and_what_is_not_of_the_internet_is_nobodys(address: str, line: str) -> None:
    assert line_of(address) == line
