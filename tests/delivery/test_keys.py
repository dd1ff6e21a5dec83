"""What an event says has changed."""

import pytest

from dragoman.delivery.keys import NAMES, keys_of_event


@pytest.mark.parametrize(
    ("topic", "kind", "data", "keys"),
    [
        ("thread:1", "comment", {"id": 7, "number": 3, "reply_to": 5}, {"comment:7", "comment:5", "thread:1"}),
        ("thread:1", "comment", {"id": 7, "number": 3, "reply_to": 0}, {"comment:7", "thread:1"}),
        ("thread:1", "changed", {"of": "comment", "id": 7}, {"comment:7", "thread:1"}),
        ("thread:1", "vote", {"id": 7}, {"comment:7"}),
        ("thread:1", "translation", {"of": "comment", "id": 7, "language": "es"}, {"comment:7"}),
        ("article:3", "translation", {"of": "article", "id": 90, "language": "es"}, {"article:3"}),
        ("article:3", "changed", {"of": "article", "id": 3}, {"article:3"}),
        ("everyone", "presence", {"reader": 9, "online": True}, {"reader:9"}),
        ("readers", "renamed", {"reader": 9}, {NAMES}),
    ],
)
def test_an_event_names_what_it_changed(topic: str, kind: str, data: dict[str, object], keys: set[str]) -> None:
    assert keys_of_event(topic, kind, data) == keys
