"""Every write to a conversation."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dragoman.conversation import errors
from dragoman.conversation.lifecycle import reveal
from dragoman.conversation.models import Comment, Posting, Quote, Thread
from dragoman.conversation.policies import is_closed
from dragoman.conversation.queries import names_in_thread
from dragoman.conversation.rules.pacing import MOST
from dragoman.conversation.rules.quoting import LONGEST, Passage, anchor_key, body_hash, surroundings
from dragoman.conversation.screening import NOWHERE, Origin, Screened, check_pace, matter_of, screened
from dragoman.foundation.clock import now
from dragoman.foundation.languages import canonical
from dragoman.foundation.sqlite.turns import one_at_a_time
from dragoman.foundation.statements import Select, insert, update
from dragoman.foundation.text import clean
from dragoman.moderation.cases import open_case
from dragoman.moderation.errors import Refused
from dragoman.readers.policies import Actor, require
from dragoman.translation import actions as translation
from dragoman.translation.detection import against_the_word, detect_language
from dragoman.translation.passages import PassageKey, present_passages
from dragoman.translation.rules import markdown
from dragoman.translation.rules.layout import Layout, lay_out
from dragoman.translation.rules.passages import comparable
from dragoman.translation.rules.scheduling import COMMENT
from dragoman.translation.wishes import request_translations

KEYS_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Draft:
    """A comment as its writer sends it. ``language`` is the writer's word, ``prior`` a guess for want of one."""

    text: str
    language: str = ""
    prior: str = ""
    reply_to: int | None = None
    quote: Passage | None = None
    key: str = ""
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Posted:
    """The comment, and whether this call made it."""

    comment: Comment
    is_new: bool
    layout: Layout | None = None  # of a new one's text


_THREAD = [field.attname for field in Thread._meta.concrete_fields]
_THREAD_AT = Select(lambda domain, key: Thread.objects.filter(domain=domain, key=key).values_list(*_THREAD))
_LOCKED = Select(lambda pk: Thread.objects.filter(pk=pk).select_for_update(no_key=True).values_list(*_THREAD))
_LATEST = Select(
    lambda author: (
        Comment.objects.filter(author=author, moved_to=None)
        .order_by("-posted_at")
        .values_list("id", "posted_at")[: MOST + 1]
    )
)
_POSTED = Select(
    lambda reader, key: Posting.objects.filter(reader_id=reader, key=key).values_list(
        "id", "at", "body_hash", "comment_id"
    )
)


def thread_at(*, key: str, domain: str = "") -> Thread:
    """The thread at a place, opened by the first who asks."""
    row = _THREAD_AT.first(domain, key)
    return Thread(*row) if row else Thread.objects.get_or_create(domain=domain, key=key)[0]


@one_at_a_time()
def post_comment(
    *,
    actor: Actor,
    thread: Thread,
    draft: Draft,
    kept_names: Collection[str] = (),
    is_open: bool = True,
) -> Posted:
    """Post a comment; with an idempotency key at most once. It is on disk when this returns.

    It waits for a moderator where the rulebook says so; a rule may refuse it.

    ``kept_names`` are names of the place (an article's people) that stay in every language;
    ``is_open`` is the place's own word, the thread has one besides.
    """
    author = require(actor, "comment.post")
    text = checked_text(draft.text)
    # All that takes time and needs no lock is done before there is one.
    language, language_by = _language_of(text, draft)
    sent = body_hash(
        [thread.pk, text, draft.language, draft.reply_to, anchor_key([draft.quote] if draft.quote else [])]
    )
    twin = _posted_before(author, draft.key, sent)
    if twin is None:
        try:
            found = screened(actor, thread, text, language, draft.origin)
        except Refused:
            # A doubled submit: its twin was stored since, and is why the same text is refused.
            twin = _posted_before(author, draft.key, sent)
            if twin is None:
                raise
            return Posted(twin, is_new=False)
        new = _new_text(thread, text, language, kept_names, is_released=not found.waits)
        try:
            comment = _store(
                thread, _Ready(author, draft, text, language, language_by, sent, new, found), is_open=is_open
            )
            return Posted(comment, is_new=True, layout=new.layout)
        except IntegrityError:
            # A doubled submit waited here until its twin was stored.
            twin = _posted_before(author, draft.key, sent)
            if twin is None:
                raise
    return Posted(twin, is_new=False)


@dataclass(frozen=True, slots=True)
class _Ready:
    """All of a comment that can be known without a lock."""

    author: int
    draft: Draft
    text: str
    language: str
    language_by: str
    sent: str
    new: translation.NewText
    found: Screened


def _store(thread: Thread, ready: _Ready, *, is_open: bool) -> Comment:
    """In one transaction. The thread's row is locked last: others write to the thread until then."""
    draft = ready.draft
    with transaction.atomic():
        comment = Comment(
            thread=thread,
            author_id=ready.author,
            source=ready.text,
            language=ready.language,
            language_by=ready.language_by,
            state="held",
            posted_at=now(),
            print=ready.found.print,
        )
        insert([comment])
        if draft.key:
            insert([Posting(reader_id=ready.author, key=draft.key, body_hash=ready.sent, comment=comment, at=now())])
        if draft.quote is not None:
            quote_row(comment, checked_passage(draft.quote), before=0).save()
        comment.unit_id = translation.store_texts([replace(ready.new, owner_id=comment.pk)])[0]
        comment.thread = Thread(*_LOCKED(thread.pk)[0])
        comment.reply_to = to_be_answered(thread, draft.reply_to)  # under the lock: it may be moved until then
        if not is_open or is_closed(comment.thread):
            raise errors.ThreadClosed
        _check_pace(comment)
        _check_slow_mode(comment)
        if ready.found.waits:
            update(comment, "unit", "reply_to")
            # For its writer and the staff, by engines of the house alone.
            request_translations([comment.unit_id], priority=COMMENT)
        else:
            reveal(comment)
        if ready.found.waits or ready.found.findings:
            open_case(matter_of(comment), "held" if ready.found.waits else "reported", ready.found.findings)
    return comment


def _check_pace(comment: Comment) -> None:
    if settings.DRAGOMAN.has_limits:
        check_pace([at for pk, at in _LATEST(comment.author_id) if pk != comment.pk])


def _check_slow_mode(comment: Comment) -> None:
    """Asked of the database only where a moderator has slowed the thread down."""
    if not comment.thread.slow_seconds:
        return
    mine = Comment.objects.filter(thread=comment.thread_id, author=comment.author_id, moved_to=None)
    own = mine.exclude(pk=comment.pk)
    last = own.order_by("-posted_at").values_list("posted_at", flat=True).first()
    wait = comment.thread.slow_seconds - (now() - last).total_seconds() if last else 0
    if wait > 0:
        raise errors.SlowMode(ceil(wait))


def checked_text(typed: str) -> str:
    """The text without control characters; raises where it is empty, too long or damaged."""
    text = clean(typed).text
    if "\ufffd" in text:
        raise errors.UnreadableText
    if not any(unicodedata.category(sign)[0] not in "ZC" for sign in text):
        raise errors.EmptyComment
    if len(text) > LONGEST:
        raise errors.CommentTooLong(
            _("Your comment has %(length)s characters; at most %(most)s are possible. Please shorten it.")
            % {"length": len(text), "most": LONGEST}
        )
    return text


def checked_passage(quote: Passage) -> Passage:
    """The quote with its surroundings; raises where the words do not stand there."""
    key = PassageKey(quote.unit, quote.occurrence, quote.revision)
    found = present_passages([key], "und").get(key)
    if found is None or found.block != quote.block:
        raise errors.BadQuote
    part = found.exact[quote.start : quote.end]
    if not part.strip() or comparable(part) != comparable(quote.exact or part):
        raise errors.BadQuote
    prefix, suffix = surroundings(found.exact, quote.start, quote.end)
    return Passage(
        quote.unit,
        quote.block,
        quote.occurrence,
        quote.revision or found.revision,
        quote.start,
        min(quote.end, len(found.exact)),
        quote.exact or part,
        prefix,
        suffix,
    )


def _posted_before(author: int, key: str, sent: str) -> Comment | None:
    if not key:
        return None
    known = _POSTED.first(author, key)
    if known is None:
        return None
    posting, at, body_hash, comment = known
    if at <= now() - KEYS_KEPT:
        Posting.objects.filter(pk=posting).delete()
        return None
    if body_hash != sent:
        raise errors.KeyReused
    return Comment.objects.get(pk=comment)


def to_be_answered(thread: Thread, number: int | None) -> Comment | None:
    """The comment of this number, below which another one will stand; raises where there is none any more."""
    if number is None:
        return None
    parent = Comment.objects.filter(thread=thread, number=number).exclude(state="moved").first()
    if parent is None:
        raise errors.NoSuchComment
    return parent


def _language_of(text: str, draft: Draft) -> tuple[str, str]:
    """The writer's word first; else what two detectors agree on; else the language of the page."""
    if draft.language:
        return canonical(draft.language), "declared"
    detected = detect_language(markdown.parse(text), settings.DRAGOMAN.known_languages)
    if detected is not None:
        return detected, "detected"
    return canonical(draft.prior or settings.DRAGOMAN.default_language), "prior"


def language_to_ask_about(draft: Draft) -> str | None:
    """What the draft looks like to both detectors, where that is not what its writer declared."""
    if not draft.language or len(draft.text) > LONGEST:
        return None
    document = markdown.parse(draft.text)
    return against_the_word(document, canonical(draft.language), settings.DRAGOMAN.known_languages)


def quote_row(comment: Comment, passage: Passage, *, before: int) -> Quote:
    """A quote to be saved with its comment; ``before``: own blocks that stand before it."""
    return Quote(
        comment=comment,
        before=before,
        unit_id=passage.unit,
        block=passage.block,
        occurrence=passage.occurrence,
        revision=passage.revision,
        start=passage.start,
        end=passage.end,
        exact=passage.exact,
        prefix=passage.prefix,
        suffix=passage.suffix,
    )


def _new_text(
    thread: Thread, source: str, language: str, kept_names: Collection[str], *, is_released: bool
) -> translation.NewText:
    """The text of a comment that has no id yet, cut into sentences."""
    names = {*kept_names, *names_in_thread(thread.pk, source)}
    document = markdown.parse(source, names)
    return translation.NewText(
        translation.COMMENT,
        0,
        language,
        document,
        tuple(names),
        topic=thread.topic,
        is_released=is_released,
        layout=lay_out(document, language, names),
    )


def forget_old_postings() -> int:
    """Delete idempotency records past their seven days."""
    return Posting.objects.filter(at__lt=now() - KEYS_KEPT).delete()[0]
