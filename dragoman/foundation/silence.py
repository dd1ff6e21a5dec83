"""Letting go of clients that take nothing of what is sent to them, or are gone without a farewell.

The server keeps whatever a client has not taken yet, without an end, and tells
nobody. The kernel knows for how long nothing was taken.
"""

import os
import socket
from contextlib import suppress


def let_go_of_who_takes_nothing(seconds: float) -> bool:
    """For all TCP connections that this process takes from now on; whether it takes any.

    Connections have it from the socket that listens, which the server opens by
    itself. Source: tcp(7), ``TCP_USER_TIMEOUT``: data unacknowledged, or a window
    closed, for so long.
    """
    told = False
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # closed meanwhile
            if not os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                continue
            with socket.socket(fileno=os.dup(int(name))) as one:
                is_tcp = one.family in (socket.AF_INET, socket.AF_INET6) and one.type == socket.SOCK_STREAM
                if is_tcp and one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))
                    told = True
    return told
