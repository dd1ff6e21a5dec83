"""The reference of ``posting``: a view of Django that inserts a row, in the server that the product uses.

``python -m benchmarks.bare_insert PORT`` serves it in two processes, with the database of the home that
``DRAGOMAN_HOME`` names and its care for the disk.
"""

import asyncio
import importlib
import os
import sys
from typing import Any

import django

from benchmarks.bare import serve_bare


async def _settled() -> None:
    """Nothing is taken away here."""


class Application:
    """Django in four threads, as the product has it."""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Before the first request."""
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.bare_settings"
        django.setup()
        self._front = importlib.import_module("dragoman.config.front").Front(4, _settled)

    async def __rsgi__(self, scope: Any, exchange: Any) -> None:
        """One insert."""
        headers = [(name.encode(), value.encode()) for name, value in scope.headers.items()]
        asked = {"type": "http", "method": scope.method, "path": scope.path, "query_string": b"", "headers": headers}
        answer = await self._front.answer(asked | {"root_path": "", "scheme": "http"}, await exchange())
        exchange.response_bytes(answer.status, answer.headers, answer.body)


application = Application()

if __name__ == "__main__":
    serve_bare("benchmarks.bare_insert:application", int(sys.argv[1]), workers=2)
