"""Who may do what."""

from typing import get_args

import pytest

from dragoman.foundation.errors import NotAllowed, SignInNeeded
from dragoman.readers.policies import ALLOWED, ANONYMOUS, Action, Actor, may, require

EVERYBODY = set(ALLOWED)


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        ("comment.post", EVERYBODY),
        ("translation.suggest", EVERYBODY),
        ("comment.remove", {"moderator", "administrator"}),
        ("reader.sanction", {"moderator", "administrator"}),
        ("comment.read_held", {"moderator", "editor", "administrator"}),
        ("article.write", {"author", "editor", "administrator"}),
        ("article.publish", {"editor", "administrator"}),
        ("translation.correct", {"translator", "editor", "administrator"}),
        ("thread.close", {"moderator", "editor", "administrator"}),
        ("reader.grant_role", {"administrator"}),
        ("import.run", {"administrator"}),
    ],
)
def test_an_act_is_allowed_to_these_roles(action: Action, roles: set[str]) -> None:
    assert {role for role in ALLOWED if may(Actor(1, roles=frozenset({role})), action)} == roles


@pytest.mark.parametrize("action", get_args(Action))
def test_an_administrator_may_do_everything_and_a_stranger_nothing(action: Action) -> None:
    stranger = Actor(None, roles=frozenset(ALLOWED))
    assert may(Actor(1, roles=frozenset({"administrator"})), action)
    assert not may(ANONYMOUS, action)
    assert not may(stranger, action)


def test_roles_add_up() -> None:
    both = Actor(1, roles=frozenset({"author", "moderator"}))
    assert may(both, "article.write")
    assert may(both, "comment.remove")
    assert not may(both, "article.publish")


def test_who_may_not_is_told_why() -> None:
    reader = Actor(7, roles=frozenset({"reader"}))
    assert require(reader, "comment.post") == 7
    with pytest.raises(NotAllowed):
        require(reader, "comment.remove")
    with pytest.raises(NotAllowed):
        require(Actor(7), "comment.post")
    with pytest.raises(SignInNeeded):
        require(ANONYMOUS, "comment.post")
