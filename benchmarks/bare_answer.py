"""The reference of ``reading``: the same server with a handler that returns a constant.

``python -m benchmarks.bare_answer PORT FILE`` serves what the file holds, pickled: headers and a body.
"""

import os
import pickle
import sys
from pathlib import Path
from typing import Any

from benchmarks.bare import serve_bare

_FILE = "DRAGOMAN_BARE_ANSWER"
_headers, _body = pickle.loads(Path(os.environ[_FILE]).read_bytes()) if _FILE in os.environ else ([], b"")


async def application(scope: Any, protocol: Any) -> None:
    """One answer."""
    protocol.response_bytes(200, _headers, _body)


def main() -> None:
    """Serve on the port that the command names."""
    os.environ[_FILE] = sys.argv[2]
    serve_bare("benchmarks.bare_answer:application", int(sys.argv[1]))


if __name__ == "__main__":
    main()
