"""Pages in front of Django: one rendering at a time, nothing personal, nothing that was taken away."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Mapping, Sequence

import brotli
import pytest

from dragoman.config.composition import is_own
from dragoman.delivery.addresses import Address, Addresses
from dragoman.delivery.keys import HARD, HEADER, SOFT, Touched
from dragoman.delivery.pages import Pages
from dragoman.delivery.store import Answer
from dragoman.website.shared import shared_addresses
from tests.exchanges import Request

_FRAGMENT = "/es/fragment/comment/7@1"
_PAGE = "/es/town/3-the-ferry"


class Behind:
    """An application that counts, and renders as slowly as a test lets it."""

    def __init__(self) -> None:
        self.rendered = 0
        self.asked: list[tuple[str, str]] = []
        self.says = "first"
        self.keys = "comment:7 thread:1"
        self.status = 200
        self.headers: list[tuple[str, str]] = []
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def __call__(self, address: Address, host: str) -> Answer:
        self.rendered += 1
        self.asked.append((address.text, host))
        answer = Answer(self.status, [*self.headers], self.says.encode())
        await self.go_on.wait()
        if self.keys:
            answer.headers.append((HEADER.lower(), self.keys))
        return answer


class Clock:
    """The monotonic clock, and how old the process's knowledge is."""

    def __init__(self) -> None:
        self.now, self.old = 1000.0, 0.0
        self.heard: list[int] = []
        self.on_hearing: Callable[[], None] = lambda: None

    def age(self) -> float:
        return self.old

    async def hear(self, event: int) -> None:
        self.heard.append(event)
        self.on_hearing()


async def _ask(
    pages: Pages,
    path: str = _FRAGMENT,
    query: str = "",
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    *,
    method: str = "GET",
) -> Answer:
    asked = Request(path, query, headers, method=method)
    answer = pages.at_once(asked) or await pages.answer(asked)
    assert answer is not None
    return answer


async def _words(pages: Pages, path: str = _FRAGMENT, query: str = "") -> str:
    return (await _ask(pages, path, query)).body.decode()


def _touched(*keys: str, grace: float = HARD) -> list[Touched]:
    return [Touched(frozenset(keys), grace)]


def _run(journey: Callable[[Behind, Pages, Clock], Awaitable[None]]) -> None:
    async def whole() -> None:
        behind, clock = Behind(), Clock()
        addresses = Addresses(shared_addresses(["en", "es"]))
        pages = Pages(
            behind,
            addresses=addresses,
            known=clock,
            is_own=is_own,
            most_bytes=1_000_000,
            clock=lambda: clock.now,
        )
        await journey(behind, pages, clock)

    asyncio.run(whole())


async def _flights_have_set_off() -> None:
    for _turn in range(3):
        await asyncio.sleep(0)


async def _landed(pages: Pages, renewed: int) -> None:
    while pages.counts.renewed < renewed:
        await asyncio.sleep(0.001)


def test_a_thousand_who_ask_at_once_cost_one_rendering() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        behind.go_on.clear()
        asking = [asyncio.create_task(_words(pages)) for _number in range(1000)]
        await _flights_have_set_off()
        behind.go_on.set()
        assert set(await asyncio.gather(*asking)) == {"first"}
        assert behind.rendered == 1
        await _ask(pages)
        assert behind.rendered == 1

    _run(journey)


def test_what_was_taken_away_is_rendered_anew() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        await _ask(pages)
        behind.says = "second"
        pages.touch(_touched("comment:8"))
        assert await _words(pages) == "first"
        pages.touch(_touched("comment:7"))
        assert await _words(pages) == "second"

    _run(journey)


def test_a_page_with_something_new_is_shown_for_a_moment_while_it_is_made_anew() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        await _ask(pages, _PAGE)
        pages.touch(_touched("thread:1", grace=SOFT))
        behind.says = "second"
        assert await _words(pages, _PAGE) == "first"
        assert behind.rendered == 1  # what else happens in this moment is rendered with it
        clock.now += SOFT * 0.6
        assert await _words(pages, _PAGE) == "first"
        await _landed(pages, 2)
        assert await _words(pages, _PAGE) == "second"
        assert behind.rendered == 2

    _run(journey)


def test_nobody_gets_a_page_that_is_out_of_date_for_longer_than_that() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        await _ask(pages, _PAGE)
        pages.touch(_touched("thread:1", grace=SOFT))
        behind.says = "second"
        clock.now += SOFT + 0.01
        assert await _words(pages, _PAGE) == "second"

    _run(journey)


def test_a_page_ages_by_itself() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        await _ask(pages, _PAGE)
        behind.says = "the comments have closed meanwhile"
        clock.now += 61
        assert await _words(pages, _PAGE) == "the comments have closed meanwhile"

    _run(journey)


def test_what_was_being_rendered_when_it_was_taken_away_is_not_kept_and_given_to_nobody_who_asks_later() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        behind.go_on.clear()
        early = asyncio.create_task(_words(pages))
        await _flights_have_set_off()
        behind.says = "gone"
        pages.touch(_touched("comment:7"))
        late = asyncio.create_task(_words(pages))
        await _flights_have_set_off()
        behind.go_on.set()
        assert await early == "first"
        assert await late == "gone"
        assert await _words(pages) == "gone"

    _run(journey)


def test_a_rendering_that_another_one_has_overtaken_is_not_kept() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        behind.go_on.clear()
        early = asyncio.create_task(_words(pages))
        await _flights_have_set_off()
        pages.touch(_touched("reader:9"))  # something else on the page: whoever asks now gets a new rendering
        late = asyncio.create_task(_words(pages))
        await _flights_have_set_off()
        behind.says = "gone"
        pages.touch(_touched("comment:7"))
        behind.go_on.set()
        await early
        await late
        assert await _words(pages) == "gone"

    _run(journey)


def test_what_came_while_a_page_was_rendered_makes_it_age_from_its_beginning() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        behind.go_on.clear()
        early = asyncio.create_task(_words(pages, _PAGE))
        await _flights_have_set_off()
        pages.touch(_touched("thread:1", grace=SOFT))
        behind.says = "second"
        behind.go_on.set()
        assert await early == "first"
        assert await _words(pages, _PAGE) == "first"
        clock.now += SOFT + 0.01
        assert await _words(pages, _PAGE) == "second"

    _run(journey)


def test_a_rendering_that_fails_leaves_the_page_as_it_was_and_says_so_to_whoever_waits() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        await _ask(pages, _PAGE)
        behind.status, behind.says = 500, "broken"
        behind.keys = ""
        pages.touch(_touched("thread:1"))
        assert (await _ask(pages, _PAGE)).status == 500
        behind.status, behind.says, behind.keys = 200, "mended", "thread:1"
        assert await _words(pages, _PAGE) == "mended"

    _run(journey)


def test_a_process_that_has_not_read_the_outbox_lately_answers_nothing_from_memory() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        await _ask(pages)
        behind.says, clock.old = "second", 5.0
        assert await _words(pages) == "second"

    _run(journey)


@pytest.mark.parametrize(
    "cookies", ["theme=dark; sessionid=abc", "messages=W10", [("cookie", "theme=dark"), ("cookie", "sessionid=abc")]]
)
def test_whoever_has_a_session_is_answered_by_django_alone(cookies: str | list[tuple[str, str]]) -> None:
    headers = [("cookie", cookies)] if isinstance(cookies, str) else cookies

    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        await _ask(pages, headers=[("cookie", "theme=dark")])
        asked = Request(_FRAGMENT, "", headers)
        assert pages.at_once(asked) is None
        assert await pages.answer(asked) is None

    _run(journey)


def test_addresses_that_are_somebodys_own_and_writing_go_to_django_alone() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        for path in ("/es/settings", "/es/account/login/", "/de/", "/admin/pages/", "/api/v1/", "/es/search", "/"):
            assert await pages.answer(Request(path)) is None
        assert await pages.answer(Request(_PAGE, method="POST")) is None

    _run(journey)


def test_only_known_parameters_make_a_page_of_their_own_and_no_header_gets_through() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        await _ask(pages, _PAGE, "from=51&utm_source=x&order=best")
        await _ask(pages, _PAGE, "order=best&from=7&from=51&x=%00", {"x-forwarded-host": "evil.example"})
        assert behind.asked == [(f"{_PAGE}?order=best&from=51", "")]
        for nothing in ("utm_source=x", "from=abc", "order=%F0", "&&&=", "from=", "x=" * 40, "x=" + "y" * 5000):
            await _ask(pages, _PAGE, nothing)
        assert behind.asked[1:] == [(_PAGE, "")]

    _run(journey)


def test_a_path_that_reads_as_one_with_a_query_and_a_very_long_one_are_not_shared() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        for path in (f"{_PAGE}?order=newest", _PAGE + "x" * 3000, "/es/readers/2024", "/es/comments/7"):
            assert pages.at_once(Request(path)) is None
            assert await pages.answer(Request(path)) is None

    _run(journey)


def test_when_something_was_not_understood_everything_is_made_anew() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        await _ask(pages)
        behind.says = "second"
        pages.forget()
        assert await _words(pages) == "second"

    _run(journey)


def test_what_was_being_rendered_when_something_was_not_understood_is_not_kept() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        behind.go_on.clear()
        asking = asyncio.create_task(_words(pages))
        await _flights_have_set_off()
        pages.forget()
        behind.go_on.set()
        assert await asking == "first"
        behind.says = "second"
        assert await _words(pages) == "second"

    _run(journey)


def test_a_rendering_that_never_comes_back_is_not_waited_for_for_ever() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        behind.go_on.clear()
        stuck = asyncio.create_task(_words(pages))
        await _flights_have_set_off()
        behind.go_on = asyncio.Event()
        behind.go_on.set()
        clock.now += 11
        assert await _words(pages) == "first"
        assert behind.rendered == 2
        stuck.cancel()

    _run(journey)


def test_every_version_of_a_fragment_is_the_newest() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        for version in ("1", "1.0", "edit-3"):
            await _ask(pages, f"/es/fragment/comment/7@{version}")
        await _ask(pages, "/es/fragment/comment/7@inline")
        assert behind.asked == [("/es/fragment/comment/7@0", ""), ("/es/fragment/comment/7@inline", "")]

    _run(journey)


def test_whoever_has_heard_of_an_event_gets_no_fragment_from_before_it() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        await _ask(pages)
        behind.says = "second"
        clock.on_hearing = lambda: pages.touch(_touched("comment:7", grace=SOFT))
        assert await _words(pages, query="event=12") == "second"
        assert clock.heard == [12]
        assert await _words(pages, query="x=1&event=zwölf") == "second"
        assert behind.rendered == 2

    _run(journey)


def test_each_host_has_its_own_pages() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        await _ask(pages, headers={"host": "evil.example"})
        behind.says = "second"
        assert (await _ask(pages, headers={"host": "paper.example"})).body == b"second"

    _run(journey)


def test_neither_a_cookie_nor_a_page_without_keys_is_shared() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        behind.headers = [("set-cookie", "csrftoken=1"), ("vary", "Cookie")]
        names = {name for name, _value in (await _ask(pages)).headers}
        assert not names & {"set-cookie", HEADER.lower()}
        await _ask(pages)
        assert behind.rendered == 2
        behind.headers, behind.keys = [], ""
        await _ask(pages)
        await _ask(pages)
        assert behind.rendered == 4

    _run(journey)


def test_a_page_is_sent_in_the_clients_coding_and_not_again_to_whoever_has_it() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        behind.says = "A page. " * 500
        behind.headers = [("cache-control", "no-cache")]
        for accept, undo in (("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)):
            answer = await _ask(pages, _PAGE, headers={"accept-encoding": accept})
            assert undo(answer.body).decode() == behind.says
            named = dict(answer.headers)
            assert named.get("content-encoding", "identity") == accept
            assert (named["vary"], named["cache-control"]) == ("accept-encoding", "no-cache")
            again = await _ask(pages, _PAGE, headers={"if-none-match": named["etag"]})
            assert (again.status, again.body) == (304, b"")
            assert dict(again.headers)["etag"] == named["etag"]
        head = await _ask(pages, _PAGE, headers={"accept-encoding": "br"}, method="HEAD")
        assert head.body == b""
        whole = await _ask(pages, _PAGE, headers={"accept-encoding": "br"})
        assert dict(head.headers)["content-length"] == str(len(whole.body))
        assert behind.rendered == 1

    _run(journey)


def test_a_question_for_the_headers_alone_gets_no_body_whatever_the_answer() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        behind.status, behind.keys, behind.says = 404, "", "There is nothing here."
        answer = await _ask(pages, _PAGE, method="HEAD")
        assert (answer.status, answer.body) == (404, b"")

    _run(journey)


def test_an_answer_says_whether_it_came_from_memory() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        first, second = await _ask(pages), await _ask(pages)
        assert dict(first.headers)["server-timing"].startswith("cache;desc=miss, app;dur=")
        assert dict(second.headers)["server-timing"] == "cache;desc=hit"
        assert [name for name, _value in first.headers].count("server-timing") == 1

    _run(journey)


def test_a_page_that_was_made_while_something_happened_is_no_fresher_for_having_taken_long() -> None:
    async def journey(behind: Behind, pages: Pages, clock: Clock) -> None:
        behind.go_on.clear()
        asking = asyncio.create_task(_words(pages, _PAGE))
        await _flights_have_set_off()
        pages.touch(_touched("comment:7", grace=SOFT))
        clock.now += SOFT
        behind.says = "second"
        behind.go_on.set()
        assert await asking == "first"
        # A cache before us has been told by now: it must not get the old one once more.
        assert await _words(pages, _PAGE) == "second"

    _run(journey)
