"""What writers do to their own comments, and the language of one."""

from collections.abc import Collection

from django.db import transaction

from dragoman.conversation import errors
from dragoman.conversation.actions import checked_text
from dragoman.conversation.lifecycle import announce_change, locked, revise, take_away
from dragoman.conversation.models import Comment, EarlierVersion
from dragoman.conversation.policies import is_within_edit_window, may_change_language, may_edit, may_withdraw
from dragoman.delivery.purging import settle
from dragoman.foundation.clock import now
from dragoman.foundation.languages import canonical
from dragoman.readers.policies import Actor


def text_to_edit(*, actor: Actor, comment: Comment) -> str:
    """What its writer typed, for its writer alone, as long as it may be changed."""
    if not may_edit(actor, comment) or not is_within_edit_window(comment, now()):
        raise errors.NoSuchComment
    return comment.source


def edit_comment(
    *, actor: Actor, comment: Comment, text: str, kept_names: Collection[str] = (), hold: bool = False
) -> None:
    """Change what a comment says; what it said before stays for everybody to read. Its number and quotes stay.

    ``hold``: where comments wait for a moderator, an edited one waits again.
    Saving the same text changes nothing.
    """
    if not may_edit(actor, comment):
        raise errors.NoSuchComment
    text = checked_text(text)
    with transaction.atomic():
        comment = _locked_alive(comment)
        if not is_within_edit_window(comment, now()):
            raise errors.EditWindowClosed
        if comment.source == text:
            return
        versions = comment.earlier.count()
        EarlierVersion.objects.create(
            comment=comment,
            number=versions + 1,
            source=comment.source,
            language=comment.language,
            at=comment.edited_at or comment.posted_at,
        )
        comment.source, comment.edited_at = text, now()
        comment.save(update_fields=["source", "edited_at"])
        if hold and comment.state == "visible":
            take_away(comment, "held")
        revise(comment, kept_names, after_edit=True)
        announce_change(comment, f"edit-{versions + 1}")
    settle()


def change_language(*, actor: Actor, comment: Comment, language: str, kept_names: Collection[str] = ()) -> None:
    """Say in which language a comment is: it is cut and translated anew; its number and its quotes stay."""
    if not may_change_language(actor, comment):
        raise errors.NoSuchComment
    with transaction.atomic():
        comment = _locked_alive(comment)
        if comment.language == canonical(language):
            return
        comment.language = canonical(language)
        comment.language_by = "declared" if comment.author_id == actor.id else "moderator"
        comment.save(update_fields=["language", "language_by"])
        revise(comment, kept_names, after_edit=False)
        announce_change(comment, f"in-{comment.language}")


def withdraw_comment(*, actor: Actor, comment: Comment) -> None:
    """Its writer takes it back."""
    if not may_withdraw(actor, comment):
        raise errors.NoSuchComment
    with transaction.atomic():
        comment = _locked_alive(comment)
        take_away(comment, "withdrawn")
        announce_change(comment, "withdrawn")
    settle()


def _locked_alive(comment: Comment) -> Comment:
    comment = locked(comment)
    if comment.state not in ("visible", "held"):
        raise errors.WrongState
    return comment
