"""DeepL's own client on our transport, against a server with the real limits."""

import json
import logging
import time
from datetime import UTC, datetime, timedelta
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
from dragoman.translation.engines.deepl import DeepL
from tests.translation.engines import remote_server
from tests.translation.engines.remote_server import KEY, RemoteServer, status

NOON = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)


def made(server: RemoteServer, **options: Any) -> DeepL:
    return DeepL({"url": server.url, "key": KEY, **options})


def batch(*texts: str, source: str = "en", target: str = "es") -> Batch:
    return Batch(source, target, tuple(Item(7 + number, text) for number, text in enumerate(texts)), "xml")


def test_texts_go_as_sentences_of_xml_whose_elements_are_left_alone(server: RemoteServer) -> None:
    text = 'The <a id="2">house</a> of <x id="1"/> &amp; me.'
    results = made(server).translate(batch(text, "A tree."), seconds=5)
    assert results == [Result(7, 'THE <a id="2">HOUSE</a> OF <x id="1"/> &amp; ME.'), Result(8, "A TREE.")]
    (asked,) = server.translations
    wanted = {
        "text": [text, "A tree."],
        "source_lang": "EN",
        "target_lang": "ES",
        "tag_handling": "xml",
        "tag_handling_version": "v2",
        "ignore_tags": ["x"],
        "non_splitting_tags": ["a", "b", "x"],
        "outline_detection": False,
        "split_sentences": "0",
        "preserve_formatting": True,
    }
    assert asked.body == {**wanted, "show_billed_characters": True}
    assert asked.headers["User-Agent"] == f"Dragoman/{__version__}"


@pytest.mark.parametrize(
    ("source", "target", "codes"),
    [
        ("es", "en", ("ES", "EN-US")),
        ("es", "en-GB", ("ES", "EN-GB")),
        ("en-GB", "es", ("EN", "ES")),
        ("en", "pt", ("EN", "PT-PT")),
        ("pt-BR", "en-AU", ("PT", "EN-US")),
        ("en", "pt-BR", ("EN", "PT-BR")),
        ("en", "zh-Hant", ("EN", "ZH-HANT")),
        ("zh-Hant", "en", ("ZH", "EN-US")),
        ("zh-Hans", "es-MX", ("ZH", "ES")),
        ("en", "es-419", ("EN", "ES-419")),
    ],
)
def test_languages_are_called_by_its_codes(
    server: RemoteServer, source: str, target: str, codes: tuple[str, str]
) -> None:
    engine = made(server, languages=f"{source},{target}")
    assert set(engine.caps.pairs) == {(source, target), (target, source)}
    engine.translate(batch("A house.", source=source, target=target), seconds=5)
    body = server.translations[-1].body
    assert (body["source_lang"], body["target_lang"]) == codes


def test_without_named_languages_it_offers_all_pairs_of_different_languages(server: RemoteServer) -> None:
    pairs = set(made(server).caps.pairs)
    assert {("en", "pt-BR"), ("zh", "en"), ("es", "en"), ("en", "zh-Hant")} <= pairs
    assert not pairs & {("en", "en-GB"), ("pt", "pt-BR"), ("zh", "zh-Hant")}


def test_what_it_does_not_offer_is_unsupported_and_nothing_is_sent(server: RemoteServer) -> None:
    engine = made(server, languages="en,es,ca")
    assert set(engine.caps.pairs) == {("en", "es"), ("es", "en")}
    assert engine.translate(batch("A house.", target="ca"), seconds=5) == [Result(7, None, "unsupported")]
    assert server.translations == []
    with pytest.raises(Misconfigured):
        made(server, languages="ca,eo")


@pytest.mark.parametrize(("told", "sent"), [("more", "prefer_more"), ("less", "prefer_less"), ("default", None)])
def test_formality_is_a_wish_that_languages_without_it_may_ignore(
    server: RemoteServer, told: str, sent: str | None
) -> None:
    made(server, formality=told).translate(batch("A house."), seconds=5)
    assert server.translations[0].body.get("formality") == sent
    with pytest.raises(Misconfigured):
        made(server, formality="very")


def test_without_a_key_or_with_a_wrong_one_the_operator_must_act(server: RemoteServer) -> None:
    for key in ("", "another"):
        with pytest.raises(Misconfigured) as raised:
            made(server, key=key)
        assert "key" in str(raised.value)


@pytest.mark.parametrize(
    ("way", "error"),
    [
        (status(500), Transient),
        (status(503), Transient),
        (status(504), Transient),
        (remote_server.web_page, Transient),
        (remote_server.cut_off, Transient),
        (remote_server.ended_early, Transient),
        (remote_server.chunked_and_cut, Transient),
        (status(403), Misconfigured),
        (status(404), Misconfigured),
        (status(301, Location="http://127.0.0.1:9/"), Misconfigured),
        (status(429), RateLimited),
        (status(456), Quota),
        (remote_server.too_few, Died),
        (remote_server.too_many, Died),
        (remote_server.half_a_character, Died),
        (remote_server.endless, Died),
        (remote_server.raw(b"not json"), Died),
        (remote_server.raw(b"{}"), Died),
        (remote_server.raw(b'{"translations": 5}'), Died),
        (remote_server.raw(b'{"translations": ["a", "b"]}'), Died),
        (remote_server.raw(b'{"translations": [{"text": 1}, {"text": 2}]}'), Died),
        (remote_server.raw(b'\xff\xfe{\x00"\x00'), Died),
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


def test_the_wait_is_the_one_that_it_asks_for(server: RemoteServer) -> None:
    engine = made(server)
    server.always(status(429, Retry_After="11"))
    with pytest.raises(RateLimited) as raised:
        engine.translate(batch("A house."), seconds=5)
    assert raised.value.seconds == 11


@pytest.mark.parametrize(
    ("usage", "days"),
    [
        ({}, 27.5),  # the first of January
        ({"end_time": "2026-12-07T12:00:00Z"}, 3),
        ({"end_time": "2026-12-07T12:00:00"}, 3),
        ({"end_time": "soon"}, 27.5),
        ({"end_time": "2026-12-01T00:00:00Z"}, 10 / 24 / 60),
        ({"end_time": "2036-12-01T00:00:00Z"}, 31),
    ],
)
def test_a_used_up_account_rests_until_its_period_ends(
    server: RemoteServer, usage: dict[str, Any], days: float
) -> None:
    engine = made(server)
    server.usage = usage
    server.always(status(456))
    with clock.stopped_at(NOON), pytest.raises(Quota) as raised:
        engine.translate(batch("A house."), seconds=5)
    assert timedelta(seconds=raised.value.seconds) == timedelta(days=days)


def test_a_service_that_is_slow_is_given_up_in_time_and_not_asked_again(server: RemoteServer) -> None:
    engine = made(server)
    server.always(remote_server.slow)
    began = time.monotonic()
    with pytest.raises(Transient):
        engine.translate(batch("A house."), seconds=0.2)
    assert time.monotonic() - began < 2
    assert len(server.translations) == 1


def test_more_texts_than_it_takes_go_in_several_requests(server: RemoteServer) -> None:
    results = made(server).translate(batch(*[f"House {number}." for number in range(120)]), seconds=10)
    assert [result.text for result in results] == [f"HOUSE {number}." for number in range(120)]
    assert all(len(asked.body["text"]) <= 50 for asked in server.translations)


def test_no_request_is_larger_than_it_takes_whatever_the_script(server: RemoteServer) -> None:
    texts = ["𐍈" * 10_000, '"' * 29_000, "я" * 29_000, "a tree"]
    results = made(server).translate(batch(*texts), seconds=10)
    assert [result.error for result in results] == [""] * 4
    assert max(asked.size for asked in server.translations) <= 128 * 1024


def test_a_text_that_no_request_can_hold_is_too_long(server: RemoteServer) -> None:
    engine = made(server)
    results = engine.translate(batch("A house.", "a" * 100_000), seconds=5)
    assert {result.id: result.error for result in results} == {7: "", 8: "too-long"}


def test_a_service_with_smaller_limits_is_asked_in_halves(server: RemoteServer) -> None:
    engine = made(server)
    server.then(status(413), remote_server.ok, status(413))
    results = engine.translate(batch("One.", "Two."), seconds=5)
    assert results == [Result(7, "ONE."), Result(8, None, "too-long")]


def test_a_text_that_is_no_xml_costs_no_other(server: RemoteServer) -> None:
    results = made(server).translate(batch("One.", "Two \x01.", "Three."), seconds=5)
    assert results == [Result(7, "ONE."), Result(8, None, "unsupported"), Result(9, "THREE.")]


def test_an_answer_that_is_escaped_is_not_read_here(server: RemoteServer) -> None:
    server.always(remote_server.escaped)
    assert made(server).translate(batch("I &lt;3 it"), seconds=5) == [Result(7, "I &amp;lt;3 IT")]


def test_what_needs_no_engine_is_answered_without_a_request(server: RemoteServer) -> None:
    results = made(server).translate(batch("", "\t", "half \udfff a pair", "A house."), seconds=5)
    found = {result.id: (result.text, result.error) for result in results}
    assert found == {7: ("", ""), 8: ("", ""), 9: (None, "unsupported"), 10: ("A HOUSE.", "")}
    assert server.translations[0].body["text"] == ["A house."]


def test_neither_key_nor_text_is_written_to_any_log(
    server: RemoteServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        engine = made(server)
        engine.translate(batch("A secret house."), seconds=5)
        engine.close()
    written = caplog.text + json.dumps(capfd.readouterr())
    assert KEY not in written
    assert "secret" not in written.lower()
