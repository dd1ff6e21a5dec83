"""Pages in front of Django: one rendering at a time, nothing personal, nothing that was taken away."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from dragoman.config.server import _has_session
from dragoman.delivery.keys import HEADER
from dragoman.delivery.pages import Pages

_FRAGMENT = "/es/fragment/comment/7@1"


class Behind:
    """An application that counts, and renders as slowly as a test lets it."""

    def __init__(self) -> None:
        self.rendered = 0
        self.says = "first"
        self.keys = "comment:7"
        self.headers: list[tuple[bytes, bytes]] = []
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.rendered += 1
        body = self.says.encode()
        await self.go_on.wait()
        headers = [(HEADER.lower().encode(), self.keys.encode()), *self.headers] if self.keys else self.headers
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _ask(
    pages: Pages, path: str = _FRAGMENT, query: str = "", cookie: str = "", method: str = "GET"
) -> tuple[str, dict[bytes, bytes]]:
    headers = [(b"cookie", cookie.encode())] if cookie else []
    scope = {"method": method, "path": path, "query_string": query.encode(), "headers": headers}
    answer: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        answer.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    await pages(scope, receive, send)
    return answer[1]["body"].decode(), dict(answer[0]["headers"])


def _run(journey: Callable[[Behind, Pages, list[float]], Awaitable[None]]) -> None:
    async def whole() -> None:
        behind, age = Behind(), [0.0]
        await journey(behind, Pages(behind, age=lambda: age[0], has_session=_has_session), age)

    asyncio.run(whole())


def test_a_thousand_who_ask_at_once_cost_one_rendering() -> None:
    async def journey(behind: Behind, pages: Pages, age: list[float]) -> None:
        behind.go_on.clear()
        asking = [asyncio.create_task(_ask(pages)) for _number in range(1000)]
        await asyncio.sleep(0)
        behind.go_on.set()
        assert {body for body, _headers in await asyncio.gather(*asking)} == {"first"}
        assert behind.rendered == 1
        await _ask(pages)
        assert behind.rendered == 1

    _run(journey)


def test_what_changed_is_rendered_anew() -> None:
    async def journey(behind: Behind, pages: Pages, age: list[float]) -> None:
        await _ask(pages)
        behind.says = "second"
        pages.purge({"comment:8"})
        assert (await _ask(pages))[0] == "first"
        pages.purge({"comment:7"})
        assert (await _ask(pages))[0] == "second"

    _run(journey)


def test_what_was_being_rendered_when_it_was_taken_away_is_not_kept_and_given_to_nobody_who_asks_later() -> None:
    async def journey(behind: Behind, pages: Pages, age: list[float]) -> None:
        behind.go_on.clear()
        early = asyncio.create_task(_ask(pages))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        behind.says = "gone"
        pages.purge({"comment:7"})
        late = asyncio.create_task(_ask(pages))
        await asyncio.sleep(0)
        behind.go_on.set()
        assert (await early)[0] == "first"
        assert (await late)[0] == "gone"
        assert (await _ask(pages))[0] == "gone"

    _run(journey)


def test_a_rendering_that_another_one_has_overtaken_is_not_kept() -> None:
    async def journey(behind: Behind, pages: Pages, age: list[float]) -> None:
        behind.go_on.clear()
        early = asyncio.create_task(_ask(pages))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        pages.purge({"reader:9"})  # something else on the page: whoever asks now gets a new rendering
        late = asyncio.create_task(_ask(pages))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        behind.says = "gone"
        pages.purge({"comment:7"})
        behind.go_on.set()
        await early
        await late
        assert (await _ask(pages))[0] == "gone"

    _run(journey)


def test_a_process_that_has_not_read_the_outbox_lately_answers_nothing_from_memory() -> None:
    async def journey(behind: Behind, pages: Pages, age: list[float]) -> None:
        await _ask(pages)
        behind.says, age[0] = "second", 5.0
        assert (await _ask(pages))[0] == "second"

    _run(journey)


def test_whoever_has_a_session_is_answered_by_django_alone() -> None:
    async def journey(behind: Behind, pages: Pages, age: list[float]) -> None:
        await _ask(pages)
        behind.says = "yours"
        assert (await _ask(pages, cookie="theme=dark; sessionid=abc"))[0] == "yours"
        assert (await _ask(pages, cookie="theme=dark"))[0] == "first"

    _run(journey)


def test_only_shared_addresses_and_known_parameters_are_kept() -> None:
    async def journey(behind: Behind, pages: Pages, age: list[float]) -> None:
        for path, query, method in (
            ("/es/settings", "", "GET"),
            (_FRAGMENT, "x=1", "GET"),
            (_FRAGMENT, "after=1&x=2", "GET"),
            (_FRAGMENT, "", "HEAD"),
        ):
            before = behind.rendered
            await _ask(pages, path, query, method=method)
            await _ask(pages, path, query, method=method)
            assert behind.rendered == before + 2
        before = behind.rendered
        await _ask(pages, "/es/fragment/new/1", "after=3")
        await _ask(pages, "/es/fragment/new/1", "after=3")
        assert behind.rendered == before + 1

    _run(journey)


def test_neither_a_cookie_nor_a_page_without_keys_is_shared() -> None:
    async def journey(behind: Behind, pages: Pages, age: list[float]) -> None:
        behind.headers = [(b"set-cookie", b"csrftoken=1")]
        _body, headers = await _ask(pages)
        assert b"set-cookie" not in headers
        assert HEADER.lower().encode() not in headers
        await _ask(pages)
        assert behind.rendered == 2
        behind.headers, behind.keys = [], ""
        await _ask(pages)
        await _ask(pages)
        assert behind.rendered == 4

    _run(journey)
