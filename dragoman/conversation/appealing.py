"""A writer reads why something was decided about a comment, and objects."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dragoman.conversation import errors
from dragoman.conversation.lifecycle import locked
from dragoman.conversation.models import Comment
from dragoman.conversation.queries import ReaderView
from dragoman.conversation.screening import KIND, matter_of
from dragoman.conversation.statements import keep_words
from dragoman.foundation.clock import now
from dragoman.moderation.actions import hash_of
from dragoman.moderation.appeals import APPEALED_WITHIN, AppealState, appeal, appeals_of, attach_words, checked_words
from dragoman.moderation.queries import LoggedDecision, decisions_on
from dragoman.moderation.reasons import AGAINST
from dragoman.moderation.rules.candidate import Finding
from dragoman.readers.policies import Actor, require
from dragoman.translation import actions as translation
from dragoman.translation.presented import Presented
from dragoman.translation.queries import present
from dragoman.translation.rules.scheduling import COMMENT
from dragoman.translation.wishes import request_translations


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of reasons (Digital Services Act, article 17), as its reader reads it.

    ``passages``: what the rules found, as pieces of the comment's own words; ``note`` and ``answer`` are the
    moderators' words; ``appealed_until`` is none where it is too late, or done.
    """

    decision: LoggedDecision
    typed: str
    passages: tuple[tuple[str, tuple[str, ...]], ...]
    note: Presented | None
    appeal: AppealState | None
    answer: Presented | None
    appealed_until: datetime | None


def statement(comment: Comment, view: ReaderView) -> Statement:
    """What was last decided against the actor's own comment; raises where nothing was."""
    require(view.actor, "comment.post")
    if comment.author_id != view.actor.id or comment.state == "erased":
        raise errors.NoSuchComment
    against = [one for one in decisions_on(KIND, [comment.pk]) if one.act in AGAINST and not one.is_undone]
    if not against:
        raise errors.NoSuchComment
    last = against[0]
    made = appeals_of([last.id]).get(last.id)
    texts = [last.note_text, made.note_text if made else 0]
    words = present([one for one in texts if one], view.language, view.actor.languages)
    end = last.at + APPEALED_WITHIN
    return Statement(
        last,
        comment.source,
        tuple((one.rule, _passages(one, last, comment)) for one in last.findings),
        words.get(last.note_text),
        made,
        words.get(made.note_text) if made else None,
        end if made is None and end > now() and comment.state in ("held", "removed") else None,
    )


def _passages(finding: Finding, decision: LoggedDecision, comment: Comment) -> tuple[str, ...]:
    """What a rule found, in the words that were decided upon; of a translation, or of other words, there is nothing."""
    if finding.language != comment.language or decision.text_hash != hash_of(comment.source):
        return ()
    return tuple(comment.source[start:stop] for start, stop in finding.spans)


def object_to(*, actor: Actor, comment: Comment, decision_id: int, words: str) -> None:
    """Appeal: another moderator looks at it, who may not read the comment's language."""
    writer = require(actor, "comment.post")
    told = checked_words(words)
    with transaction.atomic():
        comment = locked(comment)
        if comment.author_id != writer:
            raise errors.NoSuchComment
        if comment.state not in ("held", "removed"):
            raise errors.WrongState
        made = appeal(writer=writer, decision_id=decision_id, matter=matter_of(comment), words=told)
        text = keep_words(told, of="appeal", owner=made, language=(comment.language, *actor.languages))
        attach_words(made, text)
        # Whoever looks at it reads it in translation: by engines of the house alone.
        translation.keep_for_the_house(comment.unit_id or 0)
        request_translations([comment.unit_id or 0], priority=COMMENT)
