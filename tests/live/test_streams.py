"""Event streams, asked as a server asks them."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connections

from dragoman.foundation.rsgi import ProtocolClosed, Scope
from dragoman.live import queries, topics
from dragoman.live.actions import announce, forget_old_events
from dragoman.live.events import Announcement
from dragoman.live.models import OutboxEvent
from dragoman.live.streams import Streams, Visits
from tests.exchanges import Exchange, Request

pytestmark = pytest.mark.django_db(transaction=True)
_PATIENCE = 20.0


class Client:
    """A browser's side of one stream."""

    def __init__(self, streams: Streams, query: str, *, last: str = "", address: str = "1.2.3.4") -> None:
        asked = Request("/events", query, {"last-event-id": last} if last else {}, client=f"{address}:1")
        self._exchange = Exchange()
        self.task = asyncio.create_task(streams.serve(asked, self._exchange))

    @property
    def status(self) -> int:
        return self._exchange.status

    async def until(self, words: str) -> str:
        async with self._exchange.changed:
            heard = self._exchange.changed.wait_for(lambda: words in self._exchange.body.decode())
            await asyncio.wait_for(heard, _PATIENCE)
        return self._exchange.body.decode()

    async def leave(self) -> None:
        self._exchange.gone.set()
        await self.ended()

    async def ended(self) -> None:
        await asyncio.wait_for(self.task, _PATIENCE)


def _visits(*, reader: int | None = None, most: int = 0) -> Visits:
    return Visits(
        has_session=lambda scope: reader is not None,
        identify=lambda scope: reader,
        present=lambda readers: None,
        address=lambda scope: scope.client.split(":")[0],
        most_of_one=most,
    )


def _run(journey: Callable[[Streams], Awaitable[None]], visits: Visits | None = None) -> None:
    async def whole() -> None:
        streams = Streams(visits or _visits())
        await streams.start()
        try:
            await journey(streams)
        finally:
            await streams.stop()
            # The thread that announced keeps its connection otherwise, and the test's database could not be dropped.
            await sync_to_async(connections.close_all)()

    asyncio.run(whole())


def _announce(*ids: int, topic: str = "thread:1", kind: str = "comment", **data: Any) -> Coroutine[Any, Any, None]:
    made = [Announcement(topic, kind, {"id": number, **data}) for number in ids]
    return sync_to_async(lambda: announce(*made))()


def _ids(text: str) -> list[int]:
    return [int(line[4:]) for line in text.splitlines() if line.startswith("id: ")]


def test_a_stream_hears_its_topics_and_no_others() -> None:
    async def journey(streams: Streams) -> None:
        client = Client(streams, "topics=thread:1&language=es")
        await client.until("hello")
        await _announce(5, topic="thread:2")
        await _announce(6)
        assert '"id":5' not in await client.until('"id":6')
        await client.leave()

    _run(journey)


def test_a_translation_is_told_to_those_who_read_that_language() -> None:
    async def journey(streams: Streams) -> None:
        spanish, all_tabs = (Client(streams, f"topics=thread:1&language={one}") for one in ("es", "*"))
        for client in (spanish, all_tabs):
            await client.until("hello")
        await _announce(1, kind="translation", of="comment", language="fr")
        await _announce(2)
        assert "translation" in await all_tabs.until('"id":2')
        assert "translation" not in await spanish.until('"id":2')

    _run(journey)


def test_a_stream_resumes_without_a_gap_or_a_double() -> None:
    async def journey(streams: Streams) -> None:
        first = Client(streams, "topics=thread:1&language=es")
        await first.until("hello")
        await _announce(1)
        heard = _ids(await first.until('"id":1'))
        await first.leave()
        await _announce(2, 3)
        second = Client(streams, "topics=thread:1&language=es", last=str(heard[-1]))
        await _announce(4)
        later = _ids(await second.until('"id":4'))
        assert later == [heard[-1] + 1, heard[-1] + 2, heard[-1] + 3]

    _run(journey)


@pytest.mark.parametrize("forged", ["999999999999", "-5", "abc", "9" * 40, "٣"])
def test_a_forged_event_id_neither_silences_a_stream_nor_costs_anything(forged: str) -> None:
    async def journey(streams: Streams) -> None:
        earlier = Client(streams, "topics=thread:1&language=es")
        await earlier.until("hello")
        await _announce(1)
        await earlier.until('"id":1')
        client = Client(streams, "topics=thread:1&language=es", last=forged)
        await client.until("hello")
        await _announce(2)
        assert '"id":1}' not in await client.until('"id":2')

    _run(journey)


def test_who_comes_back_after_events_were_forgotten_is_told_to_look() -> None:
    first: list[int] = []

    async def journey(streams: Streams) -> None:
        await _announce(1, 2)
        first.append(await sync_to_async(lambda: OutboxEvent.objects.order_by("id").values_list("id", flat=True)[0])())
        client = Client(streams, "topics=thread:1", last=str(first[0]))
        await client.until('"id":2')
        await client.leave()
        await sync_to_async(OutboxEvent.objects.filter(pk__lte=first[0] + 1).delete)()
        await sync_to_async(forget_old_events)()
        await _announce(3)

    async def late(streams: Streams) -> None:
        client = Client(streams, "topics=thread:1", last=str(first[0]))
        await client.until("event: missed")

    _run(journey)
    _run(late)


def test_a_page_that_was_made_a_while_ago_hears_what_came_since_from_memory() -> None:
    async def journey(streams: Streams) -> None:
        first = Client(streams, "topics=thread:1")
        await first.until("hello")
        await _announce(1, 2, 3)
        known = _ids(await first.until('"id":3'))
        await _announce(4, topic="thread:2")
        await sync_to_async(OutboxEvent.objects.all().delete)()
        page = Client(streams, f"topics=thread:1&last={known[0]}")
        assert _ids(await page.until('"id":3')) == known[1:]

    _run(journey)


def test_a_topic_that_is_somebodys_own_is_heard_by_nobody_else() -> None:
    topics.register("reader", lambda reader, name: str(reader) == name)

    async def own(streams: Streams) -> None:
        client = Client(streams, "topics=reader:7,thread:1")
        await client.until("hello")
        await _announce(1, topic="reader:7", kind="notified")
        await client.until("notified")

    async def others(streams: Streams) -> None:
        client = Client(streams, "topics=reader:7,thread:1")
        await client.until("hello")
        await _announce(1, topic="reader:7", kind="notified")
        await _announce(2)
        assert "notified" not in await client.until('"id":2')

    _run(own, _visits(reader=7))
    _run(others, _visits(reader=8))
    _run(others)


def test_one_address_opens_only_so_many_streams() -> None:
    async def journey(streams: Streams) -> None:
        clients = [Client(streams, "topics=thread:1") for _number in range(3)]
        for client in clients:
            await client.until("hello")
        refused = Client(streams, "topics=thread:1")
        await asyncio.wait_for(refused.task, _PATIENCE)
        assert refused.status == 429
        elsewhere = Client(streams, "topics=thread:1", address="5.6.7.8")
        await elsewhere.until("hello")
        await clients[0].leave()
        again = Client(streams, "topics=thread:1")
        await again.until("hello")

    _run(journey, _visits(most=3))


def test_streams_that_are_ended_to_stop_the_server_tell_browsers_to_come_back() -> None:
    async def journey(streams: Streams) -> None:
        listening = Client(streams, "topics=thread:1")
        await listening.until("hello")
        streams.leave()
        await listening.ended()
        late = Client(streams, "topics=thread:1")
        assert "retry: " in await late.until("retry")
        await late.ended()

    _run(journey)


def test_a_stream_that_was_being_opened_when_the_server_is_stopped_is_ended_too() -> None:
    asked, answered = threading.Event(), threading.Event()

    def identify(scope: Scope) -> int | None:
        asked.set()
        answered.wait(_PATIENCE)
        return 7

    visits = replace(_visits(reader=7), identify=identify)

    async def journey(streams: Streams) -> None:
        late = Client(streams, "topics=thread:1")
        await asyncio.to_thread(asked.wait, _PATIENCE)
        streams.leave()
        answered.set()
        await late.ended()

    _run(journey, visits)


def test_what_happens_while_the_last_answers_are_given_is_still_heard() -> None:
    """Caches before us, and pages in memory, depend on it."""

    async def journey(streams: Streams) -> None:
        streams.leave()
        before = streams._seen
        await _announce(1)
        await asyncio.wait_for(streams.hear(before + 1), _PATIENCE)
        assert streams._seen > before

    _run(journey)


def test_a_browser_that_leaves_while_it_is_sent_something_is_no_error() -> None:
    async def journey(streams: Streams) -> None:
        class Gone(Exchange):
            async def send_bytes(self, data: bytes, /) -> None:
                if b'"id":1}' in data:
                    raise ProtocolClosed
                await super().send_bytes(data)

        exchange = Gone()
        task = asyncio.create_task(streams.serve(Request("/events", "topics=thread:1"), exchange))
        async with exchange.changed:
            await asyncio.wait_for(exchange.changed.wait_for(lambda: b"hello" in exchange.body), _PATIENCE)
        await _announce(1)
        await asyncio.wait_for(task, _PATIENCE)

    _run(journey)


def test_a_process_can_be_waited_for_until_it_has_heard() -> None:
    async def journey(streams: Streams) -> None:
        await _announce(1)
        newest = await sync_to_async(queries.last_event_id)()
        await streams.hear(newest)
        client = Client(streams, f"topics=thread:1&last={newest - 1}")
        await client.until('"id":1')
        await asyncio.wait_for(streams.hear(newest + 1000), _PATIENCE)

    _run(journey)


def test_streams_begin_as_soon_as_the_database_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A web process that was started anew meanwhile does not end because of it."""
    asked = iter([OperationalError("nobody there"), None])
    last = queries.last_event_id

    def away_at_first() -> int:
        fault = next(asked, None)
        if fault is not None:
            raise fault
        return last()

    monkeypatch.setattr(queries, "last_event_id", away_at_first)

    async def journey(streams: Streams) -> None:
        client = Client(streams, "topics=thread:1")
        await client.until("hello")
        await _announce(1)
        await client.until('"id":1')

    _run(journey)
