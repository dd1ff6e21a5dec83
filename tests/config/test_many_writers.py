"""Two hundred writers at once, on one SQLite file."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.config.homes import act, served

_WRITERS = 200


def test_two_hundred_who_write_at_once_are_all_answered_and_numbered_without_a_gap(home: Path) -> None:
    tokens = act(home, "token", *(f"Writer {number}" for number in range(_WRITERS))).split()
    with served(home, workers=2) as url:

        def post(token: str) -> httpx.Response:
            return httpx.post(
                f"{url}/api/v1/articles/1/comments",
                json={"text": f"The ferry is late, says {token[:8]}.", "language": "en"},
                headers={"Authorization": f"Bearer {token}"},
                timeout=60,
            )

        with ThreadPoolExecutor(_WRITERS) as pool:
            answers = list(pool.map(post, tokens))
    assert {answer.status_code for answer in answers} == {201}
    numbers = sorted(answer.json()["number"] for answer in answers)
    assert numbers == list(range(2, _WRITERS + 2))  # the first was there
