"""The contract of ``/api/v1/``."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dragoman.conversation.editing import edit_comment, withdraw_comment
from dragoman.conversation.queries import access_comment
from dragoman.publication.models import ArticlePage
from dragoman.readers.actions import create_token
from dragoman.readers.policies import Actor
from tests.conftest import MakeArticle, Script, Work, account_of


@pytest.fixture
def page(make_article: MakeArticle) -> ArticlePage:
    return make_article()


class Api:
    """A client with Ada's token."""

    def __init__(self, client: Client, token: str) -> None:
        self._client, self._token = client, token

    def post(self, body: Any, *, key: str = "", number: int = 1, token: str | None = None) -> Any:
        headers = {"authorization": f"Bearer {token or self._token}", "idempotency-key": key}
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self._client.post(
            f"/api/v1/articles/{number}/comments", data, content_type="application/json", headers=headers
        )

    def put(self, path: str, body: Any, *, token: str | None = None) -> Any:
        headers = {"authorization": f"Bearer {token or self._token}"}
        return self._client.put(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)

    def get(self, path: str) -> Any:
        return self._client.get(f"/api/v1/{path}")


@pytest.fixture
def api(client: Client, ada: Actor) -> Api:
    return Api(client, create_token(reader_id=ada.id or 0))


def test_a_comment_is_posted_and_read_back_exactly(api: Api, page: ArticlePage) -> None:
    text = "I *like*  it,\nreally."
    response = api.post({"text": text, "language": "en"})
    assert response.status_code == 201
    body = response.json()
    assert (body["number"], body["state"], body["text"]["text"]) == (1, "visible", text)
    assert body["author"] == {"nickname": "Ada", "real_name": "Ada Lund", "online": False}
    listed = api.get("articles/1/comments?language=en").json()
    assert (listed["total"], listed["items"][0]["text"]["text"], listed["next"]) == (1, text, None)


def test_a_repeated_key_answers_with_the_same_comment(api: Api, page: ArticlePage) -> None:
    first = api.post({"text": "Once, please.", "language": "en"}, key="a")
    again = api.post({"text": "Once, please.", "language": "en"}, key="a")
    other = api.post({"text": "Twice, please.", "language": "en"}, key="a")
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json()["id"] == again.json()["id"]
    assert other.headers["Content-Type"] == "application/problem+json"


def test_a_comment_costs_few_statements_however_many_sentences_it_has(api: Api, page: ArticlePage) -> None:
    api.post({"text": "The first one opens the thread.", "language": "en"}, key="first")
    counts = []
    for text in ("One sentence of some length.", " ".join(f"Sentence {number} is here." for number in range(40))):
        with CaptureQueriesContext(connection) as statements:
            assert api.post({"text": text, "language": "en"}, key=text[:20]).status_code == 201
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 30  # PostgreSQL needs locks


def test_a_held_comment_has_no_number(api: Api, page: ArticlePage, settings: Any) -> None:
    settings.DRAGOMAN.values["moderation.before_publication"] = True
    try:
        response = api.post({"text": "Wait for me, please.", "language": "en"})
    finally:
        settings.DRAGOMAN.values["moderation.before_publication"] = False
    assert (response.status_code, response.json()["number"], response.json()["state"]) == (202, None, "held")
    assert api.get("articles/1/comments").json()["items"] == []


def test_a_quote_is_taken_as_get_gives_it(api: Api, page: ArticlePage) -> None:
    article = api.get("articles/1?language=en").json()
    block = next(one for one in article["blocks"] if "lamps" in one["text"])
    sentence = block["occurrences"][0]
    quote = {
        "unit": article["unit"],
        "block": block["id"],
        "occurrence": sentence["occurrence"],
        "start": 0,
        "end": len(sentence["text"]),
        "exact": sentence["text"],
    }
    body = api.post({"text": "Very green indeed.", "language": "en", "quote": quote}).json()
    assert {name: body["quote"][name] for name in quote} == quote
    assert body["text"]["text"] == "Very green indeed."
    false = api.post({"text": "No.", "language": "en", "quote": quote | {"exact": "The lamps are red."}})
    assert (false.status_code, false.json()["code"]) == (422, "bad-quote")


def test_lists_page_by_number_and_clamp_their_limit(api: Api, page: ArticlePage) -> None:
    for number in range(1, 6):
        api.post({"text": f"This is number {number}.", "language": "en"})
    first = api.get("articles/1/comments?language=en&limit=2").json()
    assert [one["number"] for one in first["items"]] == [1, 2]
    second = api.get("articles/1/comments?language=en&limit=2&after=2").json()
    assert [one["number"] for one in second["items"]] == [3, 4]
    assert first["next"].endswith("after=2&limit=2")
    assert len(api.get("articles/1/comments?limit=0").json()["items"]) == 1
    assert len(api.get("articles/1/comments?limit=9999").json()["items"]) == 5


def test_a_translated_text_tells_its_origin_and_its_original(
    api: Api, page: ArticlePage, engine: Script, work: Work
) -> None:
    engine(answers={"es|The bread is warm today.": "El pan está caliente hoy."})
    api.post({"text": "The bread is warm today.", "language": "en"})
    pending = api.get("articles/1/comments?language=es").json()["items"][0]["text"]
    work()
    text = api.get("articles/1/comments?language=es").json()["items"][0]["text"]
    assert (pending["state"], pending["language"]) == ("pending", "en")
    assert (text["state"], text["language"], text["origin"]["engine"]) == ("machine", "es", "scripted")
    assert text["original"]["text"] == "The bread is warm today."


def test_articles_are_listed_with_an_address_for_every_edition(api: Api, page: ArticlePage) -> None:
    listed = api.get("articles?language=en").json()
    assert (listed["total"], listed["items"][0]["headline"]) == (1, "The library stays open at night")
    urls = api.get("articles/1").json()["urls"]
    assert set(urls) == {"en", "es", "ca", "fr", "ar", "pt"}
    assert urls["es"].startswith("http://testserver/es/town/1-")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": "", "language": "en"}, 422, "empty-comment"),
        ({"text": "Hi there.", "language": "xx-nonsense-tag"}, 422, "unknown-language"),
        ({"text": "Hi there.", "reply_to": 5}, 404, "no-such-comment"),
        ({"words": "Hi there."}, 422, "invalid"),
        ("{not json", 400, "bad-request"),
        (b'{"text": "\xff\xfe"}', 400, "bad-request"),
    ],
)
def test_bad_input_is_a_problem_with_a_reason(api: Api, page: ArticlePage, body: Any, status: int, code: str) -> None:
    response = api.post(body)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["title"]


def test_strangers_and_unknown_articles_are_told_so(api: Api, page: ArticlePage) -> None:
    assert api.post({"text": "Hello."}, token="nonsense").status_code == 401
    assert api.post({"text": "Hello."}, number=99).status_code == 404
    assert api.get("articles/99").json()["code"] == "not-found"
    assert api.get("articles?language=de").json()["code"] == "unknown-language"


def test_the_openapi_document_names_every_operation(api: Api, db: None) -> None:
    paths = api.get("openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/v1/articles",
        "/api/v1/articles/{number}",
        "/api/v1/articles/{number}/comments",
        "/api/v1/articles/{number}/comments/{comment}/history",
        "/api/v1/articles/{number}/comments/{comment}/vote",
    }


def test_votes_are_cast_and_shown(api: Api, carmen: Actor, page: ArticlePage) -> None:
    api.post({"text": "The lamps are green.", "language": "en"})
    token = create_token(reader_id=carmen.id or 0)
    voted = api.put("articles/1/comments/1/vote", {"value": 1}, token=token)
    assert voted.status_code == 200
    assert voted.json()["votes"] == {"up": 1, "down": 0}
    again = api.put("articles/1/comments/1/vote", {"value": 1}, token=token)
    assert again.json()["votes"] == {"up": 1, "down": 0}
    back = api.put("articles/1/comments/1/vote", {"value": 0}, token=token)
    assert back.json()["votes"] == {"up": 0, "down": 0}
    assert api.put("articles/1/comments/1/vote", {"value": 1}).status_code == 409  # one's own
    assert api.put("articles/1/comments/9/vote", {"value": 1}).status_code == 404
    assert api.put("articles/1/comments/1/vote", {"value": 7}, token=token).status_code == 422


def test_history_says_what_a_comment_said_before(api: Api, ada: Actor, page: ArticlePage) -> None:
    posted = api.post({"text": "The lamps are *green*.", "language": "en"}).json()
    edit_comment(actor=ada, comment=access_comment(posted["id"]), text="The lamps are blue.")
    told = api.get("articles/1/comments/1/history").json()
    assert [one["text"]["text"] for one in told["items"]] == ["The lamps are blue.", "The lamps are *green*."]
    assert told["total"] == 2
    assert api.get("articles/1/comments?language=en").json()["items"][0]["edited_at"]
    withdraw_comment(actor=ada, comment=access_comment(posted["id"]))
    assert api.get("articles/1/comments/1/history").status_code == 404


def test_comments_come_in_other_orders_window_by_window(api: Api, page: ArticlePage) -> None:
    for number in range(5):
        api.post({"text": f"Comment number {number}.", "language": "en"})
    address = "articles/1/comments?language=en&order=newest&limit=2"
    numbers: list[int] = []
    while address:
        window = api.get(address).json()
        numbers += [one["number"] for one in window["items"]]
        address = f"articles/1/comments?{window['next'].split('?')[1]}" if window["next"] else ""
    assert numbers == [5, 4, 3, 2, 1]
    assert api.get("articles/1/comments?order=sideways").status_code == 422


def test_a_full_disk_is_said_to_writers_and_readers_go_on_reading(
    api: Api, client: Client, page: ArticlePage, ada: Actor
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the disk of PostgreSQL is not ours to fill")
    client.raise_request_exception = False
    writing = Client(raise_request_exception=False)
    writing.force_login(account_of(ada), backend="allauth.account.auth_backends.AuthenticationBackend")
    article = "/en/town/1-the-library-stays-open-at-night"
    first = api.post({"text": "Before the disk was full.", "language": "en"})
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    try:
        refused = next(
            answer
            for number in range(100)
            if (answer := api.post({"text": f"{number} " + "long words " * 400, "language": "en"})).status_code != 201
        )
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "30"
        assert "Nothing was stored" in refused.json()["title"]
        shown = client.get(article)
        assert "Before the disk was full." in shown.content.decode()
        login = client.post("/en/account/login/", {"login": "ada@example.org", "password": "a long passphrase"})
        assert login.status_code in (302, 503)
        form = {"text": "By the form. " + "long words " * 400, "language": "en", "key": "0123456789abcdef", "post": "1"}
        by_form = writing.post(f"{article}/write", form)
        assert (by_form.status_code, by_form.headers["Retry-After"]) == (503, "30")
        assert "Your text is still in your browser" in by_form.content.decode()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert first.status_code == 201
    assert api.post({"text": "There is room again.", "language": "en"}).status_code == 201
