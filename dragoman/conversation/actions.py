"""Every write to a conversation."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from dragoman.conversation import errors
from dragoman.conversation.lifecycle import release
from dragoman.conversation.models import Comment, Posting, Quote, Thread
from dragoman.conversation.queries import names_in_thread
from dragoman.conversation.rules.pacing import MOST, wait_before_next
from dragoman.conversation.rules.quoting import LONGEST, Passage, anchor_key, body_hash, surroundings
from dragoman.foundation.clock import now
from dragoman.foundation.languages import canonical
from dragoman.foundation.text import clean
from dragoman.readers.policies import Actor, require
from dragoman.translation import actions as translation
from dragoman.translation.detection import against_the_word, detect_language
from dragoman.translation.queries import PassageKey, present_passages
from dragoman.translation.rules import markdown
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


@dataclass(frozen=True, slots=True)
class Posted:
    """The comment, and whether this call made it."""

    comment: Comment
    is_new: bool


def thread_at(*, key: str, domain: str = "") -> Thread:
    """The thread at a place, opened by the first who asks."""
    return Thread.objects.get_or_create(domain=domain, key=key)[0]


def post_comment(
    *,
    actor: Actor,
    thread: Thread,
    draft: Draft,
    kept_names: Collection[str] = (),
    hold: bool = False,
    is_open: bool = True,
) -> Posted:
    """Post a comment; with an idempotency key at most once. It is on disk when this returns.

    ``kept_names`` are names of the place (an article's people) that stay in every language;
    ``is_open`` is the place's own word, the thread has one besides.
    """
    author = require(actor, "comment.post")
    text = checked_text(draft.text)
    sent = body_hash(
        [thread.pk, text, draft.language, draft.reply_to, anchor_key([draft.quote] if draft.quote else [])]
    )
    with transaction.atomic():
        # The thread's row is locked first: posts to one thread are in order, and a doubled
        # submit waits here until its twin has been stored.
        thread = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
        twin = _posted_before(author, draft.key, sent)
        if twin is not None:
            return Posted(twin, is_new=False)
        if not (is_open and thread.is_open):
            raise errors.ThreadClosed
        _check_pace(author)
        language, language_by = _language_of(text, draft)
        comment = Comment(
            thread=thread,
            author_id=author,
            source=text,
            language=language,
            language_by=language_by,
            state="held",
            reply_to=_parent(thread, draft.reply_to),
            posted_at=now(),
        )
        comment.save()
        if draft.quote is not None:
            quote_row(comment, checked_passage(draft.quote), before=0).save()
        _store_text(comment, kept_names)
        if draft.key:
            Posting.objects.create(reader_id=author, key=draft.key, body_hash=sent, comment=comment, at=now())
        if hold:
            # For its writer and the staff, by engines of the house alone.
            request_translations([comment.unit_id or 0], priority=COMMENT)
        else:
            release(comment)
    return Posted(comment, is_new=True)


def _check_pace(author: int) -> None:
    if not settings.DRAGOMAN.has_limits:
        return
    latest = Comment.objects.filter(author=author).order_by("-posted_at").values_list("posted_at", flat=True)
    wait = wait_before_next(list(latest[:MOST]), now())
    if wait:
        raise errors.TooFast(ceil(wait.total_seconds()))


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
    known = (
        Posting.objects.filter(reader_id=author, key=key, at__gt=now() - KEYS_KEPT).select_related("comment").first()
    )
    if known is None:
        Posting.objects.filter(reader_id=author, key=key).delete()  # an old one, out of its seven days
        return None
    if known.body_hash != sent:
        raise errors.KeyReused
    return known.comment


def _parent(thread: Thread, number: int | None) -> Comment | None:
    if number is None:
        return None
    parent = Comment.objects.filter(thread=thread, number=number).first()
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


def _store_text(comment: Comment, kept_names: Collection[str]) -> None:
    names = {*kept_names, *names_in_thread(comment.thread_id, comment.source)}
    document = markdown.parse(comment.source, names)
    text = translation.NewText(
        translation.COMMENT,
        comment.pk,
        comment.language,
        document,
        tuple(names),
        topic=comment.thread.topic,
        is_released=False,
    )
    comment.unit_id = translation.store_texts([text])[0]
    comment.save(update_fields=["unit"])


def forget_old_postings() -> int:
    """Delete idempotency records past their seven days."""
    return Posting.objects.filter(at__lt=now() - KEYS_KEPT).delete()[0]
