"""The API's operations: load through a guarded query, call one action, answer."""

import logging
from typing import Any, cast

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import Header, NinjaAPI, Query, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from dragoman.api.schemas import (
    ArticleOut,
    ArticlesOut,
    CommentIn,
    CommentOut,
    CommentsOut,
    ProblemOut,
    VersionOut,
    VersionsOut,
    VoteIn,
    WholeArticleOut,
    WindowIn,
    block_out,
    comment_out,
    text_out,
)
from dragoman.conversation import actions, voting, windows
from dragoman.conversation import queries as conversation
from dragoman.conversation.errors import NoSuchComment, TooFast
from dragoman.conversation.rules.quoting import Passage
from dragoman.conversation.screening import Origin
from dragoman.foundation.clients import client_of
from dragoman.foundation.errors import DragomanError
from dragoman.foundation.languages import UnknownLanguage, canonical
from dragoman.publication import queries as publication
from dragoman.readers.policies import Actor
from dragoman.readers.queries import actor_by_token

MOST = 200
_log = logging.getLogger(__name__)


class Bearer(HttpBearer):
    """``Authorization: Bearer TOKEN`` with a token of ``dragoman user create --token``."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor behind the token."""
        actor = actor_by_token(token)
        return actor if actor.is_signed_in else None


api = NinjaAPI(title="Dragoman", version="1", docs_url=None, urls_namespace="api")


@api.get("/articles", response={200: ArticlesOut, 404: ProblemOut}, summary="Published articles, the newest first")
def list_articles(request: HttpRequest, language: str = "", limit: int = 30, before: int | None = None) -> ArticlesOut:
    """``before`` is an article's number; ``next`` of the answer holds the right one."""
    edition = _edition(language)
    limit = max(1, min(MOST, limit))
    pages = publication.articles_by_number(limit=limit + 1, before=before)
    cards = publication.cards(pages[:limit], edition, publication.sections(edition))
    following = None
    if len(pages) > limit:
        following = request.build_absolute_uri(f"?language={edition}&limit={limit}&before={pages[limit - 1].number}")
    return ArticlesOut(items=[_article(request, card) for card in cards], total=publication.total(), next=following)


@api.get(
    "/articles/{int:number}",
    response={200: WholeArticleOut, 404: ProblemOut},
    summary="One article in one edition",
)
def get_article(request: HttpRequest, number: int, language: str = "") -> WholeArticleOut:
    """Its text as a whole and by blocks; the blocks' occurrences are what a quote names."""
    edition = _edition(language)
    shown = publication.article_by_number(number, edition)
    thread = conversation.find_thread(f"article:{number}")
    addresses = publication.addresses(shown)
    text = shown.card.text
    return WholeArticleOut(
        **_article(request, shown.card).dict(),
        bylines=list(shown.card.bylines),
        text=text_out(text),
        blocks=[block_out(block) for block in text.blocks.values()],
        unit=shown.unit,
        revision=int(text.version.split(".")[0]),
        comments=thread.last_number if thread else 0,
        comments_open=shown.comments_open,
        urls={tag: request.build_absolute_uri(address) for tag, address in addresses.items()},
    )


@api.get(
    "/articles/{int:number}/comments",
    response={200: CommentsOut, 404: ProblemOut},
    summary="An article's comments, ascending by number, tombstones included; or in another order",
)
def list_comments(
    request: HttpRequest,
    number: int,
    asked: Query[WindowIn],
) -> CommentsOut:
    """``after`` is a comment's number. In another order than ``oldest`` a window begins with comment ``first``."""
    edition = _edition(asked.language)
    publication.published_page(number)
    thread = conversation.find_thread(f"article:{number}")
    if thread is None:
        return CommentsOut(items=[], total=0, next=None)
    limit = max(1, min(MOST, asked.limit))
    view = conversation.ReaderView(edition)
    begin = max(0, asked.after) + 1 if asked.order == "oldest" else asked.first
    window = windows.window(thread, view, first=begin, order=asked.order, limit=limit)
    following = None
    if window.next is not None:
        place = f"after={window.last_number}" if asked.order == "oldest" else f"order={asked.order}&first={window.next}"
        following = request.build_absolute_uri(f"?language={edition}&{place}&limit={limit}")
    return CommentsOut(items=[comment_out(one) for one in window.comments], total=window.total, next=following)


@api.post(
    "/articles/{int:number}/comments",
    response={
        201: CommentOut,
        200: CommentOut,
        202: CommentOut,
        401: ProblemOut,
        403: ProblemOut,
        404: ProblemOut,
        409: ProblemOut,
        422: ProblemOut,
    },
    auth=Bearer(),
    summary="Post a comment",
)
def post_comment(
    request: HttpRequest,
    number: int,
    comment: CommentIn,
    idempotency_key: str = Header("", alias="Idempotency-Key", max_length=100),  # type: ignore[type-arg]
) -> Status[CommentOut]:
    """201 with the comment, 200 with the same one for a repeated key, 202 while it waits for a moderator."""
    actor = _actor(request)
    place = publication.place_of_comments(number)
    posted = actions.post_comment(
        actor=actor,
        thread=actions.thread_at(key=f"article:{number}"),
        draft=actions.Draft(
            comment.text,
            comment.language,
            "",
            comment.reply_to,
            _passage(comment),
            idempotency_key,
            Origin(client_of(request.META)),
        ),
        kept_names=place.kept_names,
        is_open=place.comments_open,
    )
    if posted.layout is not None and comment.quote is None:
        shown = conversation.just_posted(posted.comment, posted.layout, actor)
    else:
        view = conversation.ReaderView(posted.comment.language, actor)
        shown, _thread = conversation.comment_by_id(posted.comment.pk, view)
    status = 202 if shown.number is None else 201 if posted.is_new else 200
    return Status(status, comment_out(shown))


@api.get(
    "/articles/{int:number}/comments/{int:comment}/history",
    response={200: VersionsOut, 404: ProblemOut},
    summary="All that a comment has said, in its own words, the newest first",
)
def comment_history(request: HttpRequest, number: int, comment: int) -> VersionsOut:
    """A comment that was taken away says nothing any more: 404."""
    publication.published_page(number)
    row = _comment(number, comment)
    if row.state != "visible":
        raise NoSuchComment
    items = [VersionOut(number=one.number, at=one.at, text=text_out(one.text)) for one in conversation.history(row)]
    return VersionsOut(items=items, total=len(items))


@api.put(
    "/articles/{int:number}/comments/{int:comment}/vote",
    response={200: CommentOut, 401: ProblemOut, 404: ProblemOut, 409: ProblemOut},
    auth=Bearer(),
    summary="Agree, disagree, or take it back; the same vote twice is one",
)
def vote(request: HttpRequest, number: int, comment: int, sent: VoteIn) -> CommentOut:
    """The comment as it is then."""
    actor = _actor(request)
    publication.published_page(number)
    row = _comment(number, comment)
    voting.cast_vote(actor=actor, comment=row, value=sent.value)
    shown, _thread = conversation.comment_by_id(row.pk, conversation.ReaderView(row.language, actor))
    return comment_out(shown)


def _actor(request: HttpRequest) -> Actor:
    """Whose token came with the request."""
    return cast(Actor, request.auth)  # type: ignore[attr-defined]  # ninja sets it


def _comment(number: int, comment: int) -> Any:
    thread = conversation.find_thread(f"article:{number}")
    if thread is None:
        raise NoSuchComment
    return conversation.access_numbered(thread, comment)


def _passage(comment: CommentIn) -> Passage | None:
    quote = comment.quote
    if quote is None:
        return None
    return Passage(quote.unit, quote.block, quote.occurrence, quote.revision, quote.start, quote.end, quote.exact)


def _edition(language: str) -> str:
    """The edition asked for; the default one where none was."""
    if not language:
        return str(settings.DRAGOMAN.default_language)
    tag = canonical(language)
    if tag not in settings.DRAGOMAN.languages:
        raise UnknownLanguage(
            f"There is no edition in “{tag}”. The editions are: {', '.join(settings.DRAGOMAN.languages)}."
        )
    return tag


def _article(request: HttpRequest, card: publication.Card) -> ArticleOut:
    return ArticleOut(
        number=card.number,
        headline=card.headline.text,
        lead=card.lead.text if card.lead else "",
        section=card.section.slug,
        published_at=card.dated,
        language=card.text.language,
        source_language=card.text.source_language,
        state=card.text.state,
        url=request.build_absolute_uri(card.path),
    )


def _problem(request: HttpRequest, *, status: int, code: str, title: str) -> HttpResponse:
    body = {"type": f"urn:dragoman:{code}", "title": title, "status": status, "code": code}
    response = api.create_response(request, body, status=status)
    response.headers["Content-Type"] = "application/problem+json"
    return response


@api.exception_handler(DragomanError)
def _known(request: HttpRequest, error: Any) -> HttpResponse:
    response = _problem(request, status=error.status, code=error.code, title=str(error))
    if isinstance(error, TooFast):
        response.headers["Retry-After"] = str(error.seconds)
    return response


@api.exception_handler(OperationalError)
def _away(request: HttpRequest, error: Any) -> HttpResponse:
    """A database that is away, locked for too long, or full."""
    _log.error("the database failed", exc_info=error)
    title = (
        "The database cannot be used at the moment. Nothing was stored: send it again with the same Idempotency-Key."
    )
    response = _problem(request, status=503, code="unavailable", title=title)
    response.headers["Retry-After"] = "30"
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    faults = "; ".join(f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors[:5])
    return _problem(request, status=422, code="invalid", title=faults)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: Any) -> HttpResponse:
    return _problem(
        request, status=401, code="sign-in-needed", title="Send a valid token: Authorization: Bearer TOKEN."
    )


@api.exception_handler(HttpError)
def _other(request: HttpRequest, error: Any) -> HttpResponse:
    return _problem(request, status=error.status_code, code="bad-request", title=str(error))
