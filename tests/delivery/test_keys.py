"""What an event says has changed."""

import ast
from pathlib import Path

import pytest

import dragoman
from dragoman.delivery.keys import HARD, NAMES, SLOW, SOFT, Touched, touched_by


@pytest.mark.parametrize(
    ("topic", "kind", "data", "keys", "grace"),
    [
        ("thread:1", "comment", {"id": 7, "number": 3, "reply_to": 5}, {"comment:5", "thread:1"}, SOFT),
        ("thread:1", "comment", {"id": 7, "number": 3, "reply_to": 0}, {"thread:1"}, SOFT),
        ("thread:1", "changed", {"of": "comment", "id": 7}, {"comment:7", "thread:1"}, HARD),
        ("thread:1", "changed", {"of": "thread", "id": 1}, {"thread:1"}, HARD),
        ("thread:1", "vote", {"id": 7}, {"comment:7", "thread:1:ranked"}, SOFT),
        ("article:3", "opened", {"thread": "thread:1", "number": 1}, {"article:3"}, SOFT),
        ("article:3", "changed", {"of": "article", "id": 3}, {"article:3", "articles"}, HARD),
        ("publication", "changed", {"of": "section", "id": 3}, {"publication"}, HARD),
        ("everyone", "presence", {"reader": 9, "online": True}, {"reader:9"}, SLOW),
        ("readers", "renamed", {"reader": 9}, {NAMES}, HARD),
    ],
)
def test_an_event_names_what_it_changed_and_how_long_it_may_still_be_shown(
    topic: str, kind: str, data: dict[str, object], keys: set[str], grace: float
) -> None:
    assert touched_by(topic, kind, data)[0] == Touched(frozenset(keys), grace)


def test_a_translation_concerns_one_edition() -> None:
    of_comment = touched_by("thread:1", "translation", {"of": "comment", "id": 7, "language": "es"})
    of_article = touched_by("article:3", "translation", {"of": "article", "id": 90, "language": "es"})
    assert of_comment == (Touched(frozenset({"comment:7"}), SOFT, "es"),)
    assert of_article == (Touched(frozenset({"article:3"}), SOFT, "es"),)


def test_a_new_comment_is_counted_below_headlines_later() -> None:
    assert touched_by("thread:1", "comment", {"id": 7})[1] == Touched(frozenset({"thread:1:counted"}), SLOW)


def _announced_kinds() -> set[str]:
    trees = (ast.parse(path.read_text()) for path in Path(dragoman.__file__).parent.rglob("*.py"))
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        str(call.args[1].value)
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "Announcement" and isinstance(call.args[1], ast.Constant)
    }


def test_every_kind_of_event_that_the_house_announces_is_known() -> None:
    kinds = _announced_kinds()
    assert len(kinds) >= 8
    data = {"id": 1, "of": "comment", "reader": 1, "language": "es"}
    assert all(isinstance(touched_by("x", kind, data), tuple) for kind in kinds)
