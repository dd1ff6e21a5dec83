"""An article and its thread as text for a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from dragoman.conversation import queries as conversation
from dragoman.conversation import windows
from dragoman.conversation.queries import ReaderView, ShownComment
from dragoman.conversation.quotes import ShownQuote
from dragoman.foundation.languages import name
from dragoman.interchange.signin import LINES
from dragoman.publication import queries as publication
from dragoman.translation.presented import Presented

_WINDOW = 200


@dataclass(frozen=True, slots=True)
class Whole:
    """An article with all its comments for one edition."""

    article: publication.ShownArticle
    comments: tuple[ShownComment, ...]
    language: str


def gather(number: int, language: str, *, original: bool) -> Whole:
    """Everything that :func:`as_text` and :func:`as_json` print."""
    mode: Any = "original" if original else "auto"
    article = publication.article_by_number(number, language, mode=mode)
    thread = conversation.find_thread(f"article:{number}")
    comments: list[ShownComment] = []
    first: int | None = 1
    while thread is not None and first is not None:
        window = windows.window(thread, ReaderView(language, mode=mode), first=first, limit=_WINDOW)
        comments += window.comments
        first = window.next
    return Whole(article, tuple(comments), language)


def as_text(whole: Whole) -> Iterator[str]:
    """Line by line, paragraphs not wrapped."""
    interface = whole.language if whole.language in LINES else settings.LANGUAGE_CODE
    with translation.override(interface):
        card = whole.article.card
        yield card.headline.text
        yield from _origin(card.text, interface)
        yield ""
        if card.lead:
            yield card.lead.text
            yield ""
        for block in whole.article.body:
            yield from _block(block)
        yield LINES[interface]
        for comment in whole.comments:
            yield ""
            yield from _comment(comment, interface)


def _block(block: publication.ShownBlock) -> Iterator[str]:
    for part in block.parts:
        yield f"- {part.text}" if block.kind == "list" else part.text
    yield ""
    for extra in (block.attribution, block.caption):
        if extra is not None:
            yield f"- {extra.text}"
            yield ""


def _origin(text: Presented, interface: str) -> Iterator[str]:
    """Nothing said to be translated that is not, and nothing translated unsaid."""
    if text.state == "original":
        return
    way = f" {text.origin.engine}" if text.origin.engine else ""
    source = _("from %(language)s") % {"language": name(text.source_language, seen_in=interface)}
    yield f"[{source} · {text.state}{way}]"


def _comment(comment: ShownComment, interface: str) -> Iterator[str]:
    author = comment.author
    presence = _("Online") if author.online else _("Offline")
    real_name = f" ({author.real_name})" if author.real_name else ""
    local = comment.posted_at.astimezone(ZoneInfo(settings.DRAGOMAN.timezone))
    yield f"{comment.number}. {author.nickname} {presence}{real_name} {local:%Y-%m-%d %H:%M}"
    if comment.reply_to:
        yield _("in reply to %(number)s") % {"number": comment.reply_to}
    if comment.text is None:
        yield f"[{comment.state}]"
        return
    yield from _origin(comment.text, interface)
    if any(quote.before for quote in comment.quotes) and not comment.text.is_translated:
        yield from _interleaved(comment)
        return
    for quote in comment.quotes:
        yield f"> {_quote(quote)}"
    yield comment.text.text


def _interleaved(comment: ShownComment) -> Iterator[str]:
    paragraphs = comment.text.text.split("\n\n") if comment.text else []
    for place, paragraph in enumerate(paragraphs):
        yield from (f"> {_quote(quote)}" for quote in comment.quotes if quote.before == place)
        yield paragraph
    yield from (f"> {_quote(quote)}" for quote in comment.quotes if quote.before >= len(paragraphs))


def _quote(quote: ShownQuote) -> str:
    return quote.exact if quote.partial and quote.passage.state == "original" else quote.passage.shown


def as_json(whole: Whole) -> dict[str, Any]:
    """The same for programs."""
    card = whole.article.card
    return {
        "number": card.number,
        "language": whole.language,
        "headline": _text(card.headline),
        "lead": _text(card.lead) if card.lead else None,
        "state": card.text.state,
        "source_language": card.text.source_language,
        "body": [
            {
                "kind": block.kind,
                "texts": [_text(part) for part in block.parts],
                "attribution": block.attribution.text if block.attribution else None,
            }
            for block in whole.article.body
        ],
        "comments": [_comment_json(comment) for comment in whole.comments],
    }


def _text(block: Any) -> dict[str, str]:
    return {"text": block.text, "language": block.language, "state": block.state}


def _comment_json(comment: ShownComment) -> dict[str, Any]:
    text = comment.text
    return {
        "number": comment.number,
        "nickname": comment.author.nickname,
        "real_name": comment.author.real_name,
        "online": comment.author.online,
        "posted_at": comment.posted_at.isoformat(),
        "reply_to": comment.reply_to,
        "state": comment.state,
        "text": {
            "text": text.text,
            "language": text.language,
            "state": text.state,
            "engine": text.origin.engine,
        }
        if text
        else None,
        "quotes": [
            {"exact": quote.exact, "shown": quote.passage.shown, "before": quote.before} for quote in comment.quotes
        ],
    }
