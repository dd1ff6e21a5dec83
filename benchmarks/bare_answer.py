"""The reference of ``reading``: the same server with a handler that returns a constant.

``python -m benchmarks.bare_answer PORT FILE`` serves what the file holds, pickled: headers and a body.
"""

import os
import pickle
import sys
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces

_FILE = "DRAGOMAN_BARE_ANSWER"
_headers, _body = pickle.loads(Path(os.environ[_FILE]).read_bytes()) if _FILE in os.environ else ([], b"")


async def application(scope: Any, protocol: Any) -> None:
    """One answer."""
    protocol.response_bytes(200, _headers, _body)


def main() -> None:
    """Serve on the port that the command names."""
    os.environ[_FILE] = sys.argv[2]
    Granian(
        "benchmarks.bare_answer:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.RSGI,
        workers=1,
        backlog=4096,
        backpressure=4096,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
