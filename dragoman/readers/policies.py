"""The one table of role × action. Every room's policies ask it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dragoman.foundation.errors import NotAllowed, SignInNeeded

Action: TypeAlias = Literal[
    "comment.post",
    "comment.withdraw_own",
    "comment.edit_own",
    "comment.vote",
    "comment.report",
    "comment.pick",
    "comment.change_own_language",
    "comment.change_language",
    "comment.release",
    "comment.remove",
    "comment.read_held",
    "article.write",
    "article.publish",
    "article.read_draft",
    "translation.correct",
    "translation.suggest",
    "translation.widen",
    "translation.manage_engines",
    "translation.manage_glossary",
    "thread.follow",
    "thread.close",
    "reader.mute",
    "reader.rename_own",
    "reader.sanction",
    "reader.grant_role",
    "rulebook.change",
    "publication.configure",
    "import.run",
]

_READER: frozenset[Action] = frozenset(
    {
        "comment.post",
        "comment.edit_own",
        "comment.withdraw_own",
        "comment.change_own_language",
        "comment.vote",
        "comment.report",
        "thread.follow",
        "reader.mute",
        "reader.rename_own",
        "translation.suggest",
    }
)
_AUTHOR: frozenset[Action] = _READER | {"article.write", "article.read_draft"}
_TRANSLATOR: frozenset[Action] = _READER | {
    "translation.correct",
    "translation.manage_glossary",
    "article.read_draft",
}
_MODERATOR: frozenset[Action] = _READER | {
    "comment.release",
    "comment.remove",
    "comment.change_language",
    "comment.read_held",
    "comment.pick",
    "thread.close",
    "translation.widen",
    "reader.sanction",
    "rulebook.change",
}
_EDITOR: frozenset[Action] = (
    _AUTHOR | _TRANSLATOR | {"article.publish", "thread.close", "comment.read_held", "comment.pick"}
)
_ADMINISTRATOR: frozenset[Action] = (
    _EDITOR | _MODERATOR | {"translation.manage_engines", "reader.grant_role", "publication.configure", "import.run"}
)

ALLOWED: dict[str, frozenset[Action]] = {
    "reader": _READER,
    "author": _AUTHOR,
    "editor": _EDITOR,
    "translator": _TRANSLATOR,
    "moderator": _MODERATOR,
    "administrator": _ADMINISTRATOR,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a reader with roles, or (``id`` is ``None``) somebody not signed in."""

    id: int | None
    nickname: str = ""
    roles: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    reads_originals: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether there is an account behind it."""
        return self.id is not None

    @property
    def itself(self) -> "Actor":
        """Not the proxy that a request has, through which each look costs several: pages ask a thousand times."""
        return self


ANONYMOUS = Actor(None)


def may(actor: Actor, action: Action) -> bool:
    """Whether one of the actor's roles allows the action."""
    return _allowed(actor.roles if actor.is_signed_in else (), action)


def _allowed(roles: Collection[str], action: Action) -> bool:
    return any(action in ALLOWED[role] for role in roles)


def require(actor: Actor, action: Action) -> int:
    """The actor's id; raises ``SignInNeeded`` or ``NotAllowed`` where the actor may not."""
    if actor.id is None:
        raise SignInNeeded
    if not may(actor, action):
        raise NotAllowed
    return actor.id
