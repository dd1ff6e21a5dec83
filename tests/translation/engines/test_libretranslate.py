"""LibreTranslate against a server of its protocol: what goes out, and every way in which an answer can be none."""

import gzip
import html
import json
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from dragoman import __version__
from dragoman.foundation import clock
from dragoman.translation.engines.base import (
    Batch,
    Died,
    EngineError,
    Item,
    Misconfigured,
    Quota,
    RateLimited,
    Result,
    Transient,
)
from dragoman.translation.engines.libretranslate import LibreTranslate
from dragoman.translation.rules.marker_styles import read, write
from tests.translation.engines import remote_server
from tests.translation.engines.remote_server import KEY, RemoteServer, status

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def made(server: RemoteServer, **options: Any) -> LibreTranslate:
    return LibreTranslate({"url": server.url, "key": KEY, **options})


def batch(*texts: str, source: str = "en", target: str = "es") -> Batch:
    return Batch(source, target, tuple(Item(7 + number, text) for number, text in enumerate(texts)), "html")


def test_texts_go_as_one_question_in_html_and_come_back_under_their_ids(server: RemoteServer) -> None:
    engine = made(server)
    text = 'The <a id="2">house</a> of <span translate="no" id="1">⟦1⟧</span>.'
    results = engine.translate(batch(text, "A tree."), seconds=5)
    assert results == [
        Result(7, 'THE <a id="2">HOUSE</a> OF <span translate="no" id="1">⟦1⟧</span>.'),
        Result(8, "A TREE."),
    ]
    (asked,) = server.translations
    assert asked.body == {"q": [text, "A tree."], "source": "en", "target": "es", "format": "html", "api_key": KEY}
    assert asked.headers["User-Agent"] == f"Dragoman/{__version__}"


def test_its_pairs_are_the_servers_with_old_codes_made_new(server: RemoteServer) -> None:
    engine = made(server)
    assert ("en", "zh-Hant") in engine.caps.pairs
    assert ("pt-BR", "ar") in engine.caps.pairs
    engine.translate(batch("A house.", target="zh-Hant"), seconds=5)
    assert server.translations[-1].body["target"] == "zt"


def test_only_the_languages_that_the_operator_names_are_offered(server: RemoteServer) -> None:
    engine = made(server, languages="en, pt, de")
    assert set(engine.caps.pairs) == {("en", "pt-BR"), ("pt-BR", "en")}
    with pytest.raises(Misconfigured):
        made(server, languages="de,fi")


def test_an_unknown_pair_is_unsupported_and_nothing_is_sent(server: RemoteServer) -> None:
    engine = made(server)
    assert engine.translate(batch("Talo.", source="fi"), seconds=5) == [Result(7, None, "unsupported")]
    assert server.translations == []


@pytest.mark.parametrize(("in_house", "sends_out"), [("yes", False), ("no", True), (None, True)])
def test_text_leaves_the_house_unless_the_operator_says_otherwise(
    server: RemoteServer, in_house: str | None, sends_out: bool
) -> None:
    assert made(server, in_house=in_house).sends_out is sends_out


def test_the_key_may_stand_in_a_file(server: RemoteServer, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    engine = LibreTranslate({"url": server.url, "key_file": str(tmp_path / "key")})
    assert engine.translate(batch("A house."), seconds=5) == [Result(7, "A HOUSE.")]


@pytest.mark.parametrize("key", ["", "another"])
def test_a_key_that_is_missing_or_wrong_is_for_the_operator_to_mend(server: RemoteServer, key: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        made(server, key=key).translate(batch("A house."), seconds=5)
    assert "key" in str(raised.value)


@pytest.mark.parametrize(
    ("way", "error"),
    [
        (status(500), Transient),
        (status(502), Transient),
        (status(503), Transient),
        (status(302, Location="http://127.0.0.1:9/sign-in"), Transient),
        (remote_server.web_page, Transient),
        (remote_server.cut_off, Transient),
        (remote_server.ended_early, Transient),
        (remote_server.chunked_and_cut, Transient),
        (status(401), Misconfigured),
        (status(403), Misconfigured),
        (status(404), Misconfigured),
        (status(308, Location="http://127.0.0.1:9/"), Misconfigured),
        (status(402), Quota),
        (status(429), RateLimited),
        (status(403, {"error": "Too many request limits violations"}), RateLimited),
        (status(500, {"error": "Cannot translate text: list index out of range"}), Died),
        (status(500, {"error": "The server encountered an internal error and was unable to complete"}), Died),
        (remote_server.too_few, Died),
        (remote_server.too_many, Died),
        (remote_server.half_a_character, Died),
        (remote_server.endless, Died),
        (remote_server.raw(b"not json"), Died),
        (remote_server.raw(b"[" * 100_000), Died),
        (remote_server.raw(b'["not", "an", "object"]'), Died),
        (remote_server.raw(b'{"translatedText": "one text"}'), Died),
        (remote_server.raw(b'{"translatedText": [1, 2]}'), Died),
        (remote_server.raw(b""), Died),
    ],
)
def test_whatever_goes_wrong_is_said_in_our_errors_after_one_request(
    server: RemoteServer, way: remote_server.Way, error: type[EngineError]
) -> None:
    engine = made(server)
    server.always(way)
    with pytest.raises(EngineError) as raised:
        engine.translate(batch("A secret house.", "A tree."), seconds=5)
    assert type(raised.value) is error
    assert len(server.translations) == 1
    assert KEY not in str(raised.value)
    assert "house" not in str(raised.value)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 1),
        (format_datetime(NOON + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOON - timedelta(days=1), usegmt=True), 1),
        ("99999999999", 86400),
        ("soon", 30),
        ("", 30),
    ],
)
def test_the_wait_is_the_one_that_the_server_asks_for(server: RemoteServer, header: str, seconds: float) -> None:
    engine = made(server)
    server.always(status(429, Retry_After=header))
    with clock.stopped_at(NOON), pytest.raises(RateLimited) as raised:
        engine.translate(batch("A house."), seconds=5)
    assert raised.value.seconds == seconds


@pytest.mark.parametrize("way", [remote_server.slow, remote_server.trickling])
def test_a_server_that_is_slow_is_given_up_in_time(server: RemoteServer, way: remote_server.Way) -> None:
    engine = made(server)
    server.always(way)
    began = time.monotonic()
    with pytest.raises(Transient):
        engine.translate(batch("A house."), seconds=0.2)
    assert time.monotonic() - began < 2


def test_a_server_that_is_not_there_is_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Transient):
        LibreTranslate({"url": f"http://127.0.0.1:{port}"})


@pytest.mark.parametrize(
    "url", ["", "translate.example.org", "ftp://example.org", "http://", "http://a:b@example.org", "http://x?api_key=1"]
)
def test_an_address_that_is_none_is_for_the_operator_to_mend(url: str) -> None:
    with pytest.raises(Misconfigured):
        LibreTranslate({"url": url})


def test_a_server_of_another_kind_is_for_the_operator_to_mend(server: RemoteServer) -> None:
    with pytest.raises(Misconfigured):
        LibreTranslate({"url": f"{server.url}/v1"})


def test_a_batch_that_is_too_large_is_halved_and_the_limit_remembered(server: RemoteServer) -> None:
    server.batch_limit = 4
    engine = made(server)
    texts = [f"House {number}." for number in range(10)]
    results = engine.translate(batch(*texts), seconds=5)
    assert results == [Result(7 + number, f"HOUSE {number}.") for number in range(10)]
    before = len(server.translations)
    engine.translate(batch(*texts), seconds=5)
    assert [len(asked.body["q"]) <= 4 for asked in server.translations[before:]] == [True] * 4


def test_the_servers_own_limit_of_characters_is_known_from_the_start(server: RemoteServer) -> None:
    server.char_limit = 50
    engine = made(server)
    results = engine.translate(batch("A house.", "A tree. " * 8, "A dog. " * 5), seconds=5)
    assert {result.id: result.error for result in results} == {7: "", 8: "too-long", 9: ""}
    assert all(sum(map(len, asked.body["q"])) <= 50 for asked in server.translations)


def test_an_answer_in_chunks_is_read_like_any_other(server: RemoteServer) -> None:
    engine = made(server)
    server.always(remote_server.chunked)
    for _time in range(2):
        assert engine.translate(batch("A house."), seconds=5) == [Result(7, "A HOUSE.")]


@pytest.mark.parametrize("spell", [str, html.unescape, lambda text: text.replace('"', "&quot;").replace("I", "&#73;")])
def test_an_answer_reads_the_same_however_much_of_it_is_escaped(
    server: RemoteServer, spell: Callable[[str], str]
) -> None:
    marked = 'The ⟦+2⟧house⟦-2⟧ & garden of ⟦1⟧: "I <3 it"'
    question = write(marked, "html")
    assert question is not None
    element = '<span translate="no" id="1">⟦1⟧</span>'
    before, after = question.text.split(element)
    spoken = f"{before}{element}{spell(after)}"
    server.always(remote_server.raw(json.dumps({"translatedText": [spoken]}).encode()))
    (result,) = made(server).translate(batch(question.text), seconds=5)
    assert read(result.text or "", question) == marked


def test_what_needs_no_engine_is_answered_without_a_request(server: RemoteServer) -> None:
    results = made(server).translate(batch("", " \n", "half \ud800 a pair"), seconds=5)
    assert [(result.text, result.error) for result in results] == [("", ""), ("", ""), (None, "unsupported")]
    assert server.translations == []


def test_a_limit_that_it_did_not_tell_costs_the_long_text_alone(server: RemoteServer) -> None:
    engine = made(server)
    server.char_limit = 50
    results = engine.translate(batch("A house.", "A tree. " * 8, "A dog."), seconds=5)
    assert {result.id: result.error for result in results} == {7: "", 8: "too-long", 9: ""}
    server.char_limit = -1
    before = len(server.translations)
    engine.translate(batch("A house.", "A dog."), seconds=5)
    assert len(server.translations) == before + 1


def test_a_text_that_the_server_declines_costs_no_other(server: RemoteServer) -> None:
    engine = made(server)
    declined = status(400, {"error": "invalid"})
    server.then(declined, declined)  # all three, then the first alone
    results = engine.translate(batch("One.", "Two.", "Three."), seconds=5)
    assert results == [Result(7, None, "unsupported"), Result(8, "TWO."), Result(9, "THREE.")]


def test_what_was_translated_before_an_error_is_kept(server: RemoteServer) -> None:
    server.batch_limit = 2
    engine = made(server)
    server.then(remote_server.ok, status(429))
    results = engine.translate(batch("One.", "Two.", "Three.", "Four."), seconds=5)
    assert [(result.text, result.error) for result in results] == [
        ("ONE.", ""),
        ("TWO.", ""),
        (None, "later"),
        (None, "later"),
    ]


def test_a_key_is_never_carried_to_another_host(server: RemoteServer) -> None:
    with RemoteServer().running() as other:
        engine = made(server)
        server.always(status(307, Location=f"{other.url}/translate"))
        with pytest.raises(Transient):
            engine.translate(batch("A house."), seconds=5)
        assert other.asked == []


def test_a_small_answer_cannot_unfold_into_a_large_one(server: RemoteServer) -> None:
    engine = made(server)
    server.always(remote_server.raw(gzip.compress(b" " * (64 * 1024 * 1024)), Content_Encoding="gzip"))
    with pytest.raises(Died, match="no end"):
        engine.translate(batch("A house."), seconds=5)


def test_an_answer_that_is_packed_unasked_is_read_all_the_same(server: RemoteServer) -> None:
    engine = made(server)
    packed = gzip.compress(json.dumps({"translatedText": ["UNA CASA."]}).encode())
    server.always(remote_server.raw(packed, Content_Encoding="gzip"))
    assert engine.translate(batch("A house."), seconds=5) == [Result(7, "UNA CASA.")]


@pytest.mark.parametrize("key", ["two\nlines", "a key", "clé"])
def test_a_key_that_cannot_be_one_is_not_repeated_in_the_complaint(server: RemoteServer, key: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        made(server, key=key)
    assert key not in str(raised.value)
