"""The way from one language to another, the best first."""

import pytest

from dragoman.translation.rules.routing import PIVOTS, Route, Step, routes

LOCAL = {"local": [("pt", "es"), ("es", "en"), ("es", "ca"), ("ca", "en"), ("pt", "ca")]}
REMOTE = {"remote": [("pt-BR", "en-GB")]}


def _name(route: Route) -> str:
    return "+".join(f"{step.engine}:{step.source}-{step.target}" for step in route.steps)


def names(source: str, target: str, engines: dict[str, list[tuple[str, str]]]) -> list[str]:
    """The routes' names, in order."""
    return [_name(route) for route in routes(source, target, engines)]


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("pt", "es", ["local:pt-es"]),
        ("pt", "en", ["local:pt-es+local:es-en", "local:pt-ca+local:ca-en"]),
        ("en", "pt", []),
        ("es", "en", ["local:es-en", "local:es-ca+local:ca-en"]),
        ("pt-BR", "es-MX", ["local:pt-es"]),
    ],
)
def test_a_direct_way_comes_before_a_pivot(source: str, target: str, found: list[str]) -> None:
    assert names(source, target, LOCAL)[: len(found)] == found
    assert bool(names(source, target, LOCAL)) == bool(found)


def test_the_exact_pair_comes_before_a_close_one() -> None:
    engines = {"close": [("pt", "en")], "exact": [("pt-BR", "en")]}
    assert names("pt-BR", "en", engines) == ["exact:pt-BR-en", "close:pt-en"]


def test_engines_come_in_the_order_that_they_are_told() -> None:
    assert names("pt", "es", {"one": [("pt", "es")], "two": [("pt", "es")]}) == ["one:pt-es", "two:pt-es"]


def test_two_engines_can_share_a_way() -> None:
    assert names("pt", "en", {"one": [("pt", "es")], "two": [("es", "en")]}) == ["one:pt-es+two:es-en"]


def test_another_script_is_another_language() -> None:
    assert names("zh-Hant", "en", {"one": [("zh-Hans", "en")]}) == []
    assert names("zh", "en", {"one": [("zh-Hans", "en")]}) == ["one:zh-Hans-en"]


def test_a_way_knows_its_pivot() -> None:
    direct = Route((Step("one", "pt", "es"),))
    over = Route((Step("one", "pt", "es"), Step("one", "es", "en")))
    assert (direct.pivot, over.pivot) == ("", "es")


def test_no_way_leads_over_one_of_its_ends() -> None:
    engines = {"one": [(one, other) for one in PIVOTS for other in PIVOTS if one != other]}
    assert all(route.pivot not in ("es", "en") for route in routes("es", "en", engines))
