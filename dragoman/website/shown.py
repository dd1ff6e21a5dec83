"""An article and a window of its thread, as many readers see them: recalled, and made a reader's own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from dragoman.conversation.queries import ReaderView
from dragoman.conversation.quotes import quote_counts
from dragoman.conversation.rules.ordering import Order
from dragoman.conversation.windows import Window, as_seen_by, quoting, window
from dragoman.delivery.keys import NAMES, PUBLICATION
from dragoman.publication import queries as publication
from dragoman.readers.policies import Actor, may
from dragoman.translation.queries import Mode
from dragoman.website.kept import keys_of_window
from dragoman.website.recalled import Recalled

_Article: TypeAlias = tuple[publication.ShownArticle, dict[str, str]]
_Windowed: TypeAlias = tuple[Window, dict[int, int]]
# In which words they read: the edition, the languages that they understand, whether translation is off.
_Words: TypeAlias = tuple[str, tuple[str, ...], Mode]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which comments of a thread an address asks for. ``quoting``: those that quote one of these sentences."""

    order: Order
    first: int | None
    quoting: tuple[int, ...] | None = None


_articles: Recalled[tuple[int, _Words], _Article] = Recalled(300)
_windows: Recalled[tuple[int, int, Asked, _Words], _Windowed] = Recalled(300)


def article_in_edition(number: int, view: ReaderView, at: int) -> _Article:
    """A published article with its address in each edition; raises :class:`NotFound`. ``at``: the newest event."""

    def make() -> tuple[_Article, Iterable[str]]:
        shown = publication.article_by_number(number, view.language, view.actor.languages, view.mode)
        return (shown, publication.addresses(shown)), (f"article:{number}", PUBLICATION, NAMES)

    return _articles.get((number, _words(view)), at, make)


def window_of(thread: Any, unit: int, asked: Asked, view: ReaderView, at: int) -> _Windowed:
    """Comments of an article's thread, and how often each sentence of it is quoted there. ``at``: the newest event."""
    if may(view.actor, "comment.read_held"):  # they read what others do not
        return _window(thread, asked, unit, view), quote_counts(unit, thread)

    def make() -> tuple[_Windowed, Iterable[str]]:
        # For nobody, but in the same words.
        found = _window(thread, asked, unit, replace(view, actor=Actor(None, languages=view.actor.languages)))
        # The place itself says who writes for it, which stands beside their comments.
        return (found, quote_counts(unit, thread)), {thread.key, *keys_of_window(thread.topic, found)}

    found, quoted = _windows.get((thread.pk, unit, asked, _words(view)), at, make)
    if not view.actor.is_signed_in:
        return found, quoted
    return as_seen_by(found, thread, view, with_held=asked.quoting is None), quoted


def _window(thread: Any, asked: Asked, unit: int, view: ReaderView) -> Window:
    if asked.quoting is None:
        return window(thread, view, first=asked.first, order=asked.order)
    return quoting(thread, unit, asked.quoting, view, first=asked.first)


def _words(view: ReaderView) -> _Words:
    return view.language, view.actor.languages, view.mode
