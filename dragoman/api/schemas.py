"""What the API answers and takes."""

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from dragoman.conversation.places import number_of
from dragoman.conversation.queries import WINDOW, ShownComment
from dragoman.conversation.quotes import ShownQuote
from dragoman.conversation.rules.ordering import Order
from dragoman.readers.queries import Profile
from dragoman.translation.presented import Presented, PresentedBlock

TextState = Literal[
    "original", "human", "machine", "rough", "outdated", "pending", "failed", "unavailable", "unreleased"
]


class OriginOut(Schema):
    """Where a text's words come from."""

    kind: str
    engine: str
    version: str
    pivot: str
    by: str
    at: datetime | None


class TextOut(Schema):
    """A text in the language asked for, or its original with the reason why not."""

    text: str
    html: str
    language: str
    direction: str
    origin: OriginOut
    state: TextState
    reason: str = ""
    original: "TextOut | None" = None


class BlockOut(Schema):
    """One block of an article; its id is what a quote names."""

    id: str
    text: str
    html: str
    language: str
    state: TextState
    occurrences: list["OccurrenceOut"]


class OccurrenceOut(Schema):
    """A sentence at its place."""

    occurrence: int
    text: str


class ArticleOut(Schema):
    """An article in a list."""

    number: int
    headline: str
    lead: str
    section: str
    published_at: datetime
    language: str
    source_language: str
    state: TextState
    url: str


class WholeArticleOut(ArticleOut):
    """An article with its text."""

    bylines: list[str]
    text: TextOut
    blocks: list[BlockOut]
    unit: int
    revision: int
    comments: int
    comments_open: bool
    urls: dict[str, str]


class AuthorOut(Schema):
    """Who wrote a comment."""

    nickname: str
    real_name: str
    online: bool


class QuoteOut(Schema):
    """A quoted passage: ``exact`` in its own language, ``shown`` as the reader's edition has it."""

    unit: int
    block: str
    occurrence: int
    revision: int
    start: int
    end: int
    exact: str
    shown: str
    language: str
    state: TextState


class VotesOut(Schema):
    """How many readers agree and disagree."""

    up: int
    down: int


class SpotOut(Schema):
    """Where a moved comment stands now."""

    article: int
    number: int


class CommentOut(Schema):
    """A comment; a tombstone has no text."""

    id: int
    number: int | None
    author: AuthorOut
    posted_at: datetime
    reply_to: int | None
    replies: list[int]
    quote: QuoteOut | None
    quotes: list[QuoteOut]
    state: Literal["visible", "held", "withdrawn", "removed", "erased", "moved"]
    language: str
    text: TextOut | None
    votes: VotesOut
    edited_at: datetime | None
    picked: bool
    badges: list[str]
    reply_count: int
    moved_to: SpotOut | None


class ArticlesOut(Schema):
    """A list of articles."""

    items: list[ArticleOut]
    total: int
    next: str | None


class VersionOut(Schema):
    """What a comment said from a moment on."""

    number: int
    at: datetime
    text: TextOut


class VersionsOut(Schema):
    """All that a comment has said, the newest first."""

    items: list[VersionOut]
    total: int
    next: str | None = None


class VoteIn(Schema):
    """1 agrees, -1 does not, 0 takes it back."""

    value: Literal[1, 0, -1]


class WindowIn(Schema):
    """Which comments of a thread, in which edition."""

    language: str = ""
    after: int = 0
    limit: int = WINDOW
    order: Order = "oldest"
    first: int | None = None


class CommentsOut(Schema):
    """A list of comments."""

    items: list[CommentOut]
    total: int
    next: str | None


class QuoteIn(Schema):
    """A passage to quote, as an article's or a comment's ``GET`` gives it."""

    unit: int
    block: str = Field(max_length=80)
    occurrence: int
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    exact: str = Field(max_length=10_000)
    revision: int = 0


class CommentIn(Schema):
    """A comment to post. ``language`` may be left out: then it is recognised."""

    text: str
    language: str = ""
    reply_to: int | None = None
    quote: QuoteIn | None = None


class ProblemOut(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str


def text_out(text: Presented) -> TextOut:
    """A presented text as the API shows it."""
    origin = text.origin
    return TextOut(
        text=text.text,
        html=text.html,
        language=text.language,
        direction=text.direction,
        origin=OriginOut(
            kind=origin.kind,
            engine=origin.engine,
            version=origin.version,
            pivot=origin.pivot,
            by=origin.by,
            at=origin.at,
        ),
        state=text.state,
        reason=text.reason,
        original=text_out(text.original) if text.original else None,
    )


def block_out(block: PresentedBlock) -> BlockOut:
    """A block with its sentences."""
    return BlockOut(
        id=block.id,
        text=block.text,
        html=block.html,
        language=block.language,
        state=block.state,
        occurrences=[OccurrenceOut(occurrence=anchor, text=text) for anchor, text in block.sentences],
    )


def comment_out(comment: ShownComment) -> CommentOut:
    """A comment as the API shows it."""
    quotes = [quote_out(quote) for quote in comment.quotes]
    return CommentOut(
        id=comment.id,
        number=comment.number,
        author=author_out(comment.author),
        posted_at=comment.posted_at,
        reply_to=comment.reply_to,
        replies=list(comment.replies),
        quote=quotes[0] if quotes else None,
        quotes=quotes,
        state=comment.state,  # type: ignore[arg-type]
        language=comment.language,
        text=text_out(comment.text) if comment.text else None,
        votes=VotesOut(up=comment.up, down=comment.down),
        edited_at=comment.edited_at,
        picked=comment.is_picked,
        badges=list(comment.badges),
        reply_count=comment.reply_count,
        moved_to=spot_out(*comment.moved_to) if comment.moved_to else None,
    )


def spot_out(place: str, number: int) -> SpotOut:
    """A comment's place as the API shows it."""
    return SpotOut(article=number_of(place), number=number)


def author_out(author: Profile) -> AuthorOut:
    """A reader as the API shows one."""
    return AuthorOut(nickname=author.nickname, real_name=author.real_name, online=author.online)


def quote_out(quote: ShownQuote) -> QuoteOut:
    """A quote as the API shows it and takes it back."""
    passage = quote.passage
    return QuoteOut(
        unit=passage.unit,
        block=passage.block,
        occurrence=passage.occurrence,
        revision=quote.revision,
        start=quote.start,
        end=quote.end,
        exact=quote.exact,
        shown=passage.shown,
        language=passage.language,
        state=passage.state,
    )
