"""What the tests of remote engines share."""

from collections.abc import Iterator

import pytest

from tests.translation.engines.remote_server import RemoteServer


@pytest.fixture
def server() -> Iterator[RemoteServer]:
    """A running server of all three services."""
    with RemoteServer().running() as server:
        yield server
