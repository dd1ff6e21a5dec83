"""Who is at the other end of a connection."""

import ipaddress
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings


def client_address(peer: str, forwarded_for: str, proxies: Collection[str]) -> str:
    """The client's address; a proxy of ours says whom it speaks for, last in its list: that may be one of ours too.

    ``forwarded_for``: the header X-Forwarded-For, which anybody may send; it is believed of our proxies alone.
    """
    told = [one.strip() for one in forwarded_for.split(",")] if peer in proxies else []
    return next((one for one in reversed(told) if one and one not in proxies), peer)


def client_of(meta: Mapping[str, Any]) -> str:
    """The client's address of a request, by what Django knows of it (``request.META``)."""
    peer, told = str(meta.get("REMOTE_ADDR", "")), str(meta.get("HTTP_X_FORWARDED_FOR", ""))
    return client_address(peer, told, settings.DRAGOMAN.proxies)


def line_of(address: str) -> str:
    """Whose line an address is: of IPv6 its network of 64 bits, which one subscriber has.

    Empty for what is no address of the internet: behind a proxy that we do not know, everybody would be one.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if not parsed.is_global:
        return ""
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
