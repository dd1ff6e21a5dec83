"""Who is at the other end of a connection."""

from collections.abc import Collection


def client_address(peer: str, forwarded_for: str, proxies: Collection[str]) -> str:
    """The client's address; a proxy of ours says whom it speaks for, last in its list: that may be one of ours too.

    ``forwarded_for``: the header X-Forwarded-For, which anybody may send; it is believed of our proxies alone.
    """
    told = [one.strip() for one in forwarded_for.split(",")] if peer in proxies else []
    return next((one for one in reversed(told) if one and one not in proxies), peer)
