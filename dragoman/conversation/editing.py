"""What writers do to their own comments, and the language of one."""

from collections.abc import Collection

from django.db import transaction

from dragoman.conversation import errors
from dragoman.conversation.actions import checked_text
from dragoman.conversation.lifecycle import announce_change, locked, revise, take_away
from dragoman.conversation.models import Comment, EarlierVersion
from dragoman.conversation.policies import is_within_edit_window, may_change_language, may_edit, may_withdraw
from dragoman.conversation.screening import KIND, NOWHERE, matter_of, screened
from dragoman.delivery.purging import settle
from dragoman.foundation.clock import now
from dragoman.foundation.languages import canonical
from dragoman.moderation.appeals import open_appeal, withdraw_appeal
from dragoman.moderation.cases import close_case, open_case, replace_findings, speaks
from dragoman.moderation.queries import case_of
from dragoman.readers.policies import Actor


def text_to_edit(*, actor: Actor, comment: Comment) -> str:
    """What its writer typed, for its writer alone, as long as it may be changed."""
    if not may_edit(actor, comment) or not (is_within_edit_window(comment, now()) or is_asked_for(comment)):
        raise errors.NoSuchComment
    return comment.source


def is_asked_for(comment: Comment) -> bool:
    """Whether a moderator has asked the writer to put it in other words."""
    case = case_of(KIND, comment.pk) if comment.state == "held" else None
    return case is not None and case.queue == "asked"


def edit_comment(*, actor: Actor, comment: Comment, text: str, kept_names: Collection[str] = ()) -> None:
    """Change what a comment says; what it said before stays for everybody to read. Its number and quotes stay.

    Where comments wait for a moderator, or a rule finds something in it, an edited one waits again.
    Saving the same text changes nothing.
    """
    if not may_edit(actor, comment):
        raise errors.NoSuchComment
    text = checked_text(text)
    found = screened(actor, comment.thread, text, comment.language, NOWHERE, edited=comment)
    with transaction.atomic():
        comment = _locked_alive(comment)
        if not is_within_edit_window(comment, now()) and not is_asked_for(comment):
            raise errors.EditWindowClosed
        if comment.source == text:
            return
        versions = comment.earlier.count()
        if comment.state == "visible":  # what waits, or was asked for in other words, is for nobody to read later
            EarlierVersion.objects.create(
                comment=comment,
                number=versions + 1,
                source=comment.source,
                language=comment.language,
                at=comment.edited_at or comment.posted_at,
            )
        comment.source, comment.edited_at, comment.print = text, now(), found.print
        comment.save(update_fields=["source", "edited_at", "print"])
        if found.waits and comment.state == "visible":
            take_away(comment, "held")
        if comment.state == "held":
            # Also what was asked for comes back to the moderators; to another one where the writer has objected.
            open_case(matter_of(comment), "appeal" if open_appeal(KIND, comment.pk) else "held")
        elif found.findings:
            open_case(matter_of(comment), "reported")
        replace_findings(KIND, comment.pk, found.findings)
        revise(comment, kept_names, after_edit=True)
        announce_change(comment, f"edit-{versions + 1}")
    settle()


def change_language(*, actor: Actor, comment: Comment, language: str, kept_names: Collection[str] = ()) -> None:
    """Say in which language a comment is: it is cut and translated anew; its number and its quotes stay."""
    if not may_change_language(actor, comment):
        raise errors.NoSuchComment
    found = None
    if comment.author_id == actor.id:  # a word list of one language is not evaded by another one's name
        found = screened(actor, comment.thread, comment.source, canonical(language), NOWHERE, edited=comment)
    with transaction.atomic():
        comment = _locked_alive(comment)
        if comment.language == canonical(language):
            return
        comment.language = canonical(language)
        comment.language_by = "declared" if comment.author_id == actor.id else "moderator"
        comment.save(update_fields=["language", "language_by"])
        if found is not None:
            if comment.state == "visible" and (found.waits or found.findings):
                open_case(matter_of(comment), "held" if found.waits else "reported")
            if comment.state == "visible" and found.waits:
                take_away(comment, "held")
            replace_findings(KIND, comment.pk, found.findings)
        speaks(KIND, comment.pk, comment.language)
        revise(comment, kept_names, after_edit=False)
        announce_change(comment, f"in-{comment.language}")
    settle()


def withdraw_comment(*, actor: Actor, comment: Comment) -> None:
    """Its writer takes it back."""
    if not may_withdraw(actor, comment):
        raise errors.NoSuchComment
    with transaction.atomic():
        comment = _locked_alive(comment)
        take_away(comment, "withdrawn")
        close_case(KIND, comment.pk)
        withdraw_appeal(KIND, comment.pk)
        announce_change(comment, "withdrawn")
    settle()


def _locked_alive(comment: Comment) -> Comment:
    comment = locked(comment)
    if comment.state not in ("visible", "held"):
        raise errors.WrongState
    return comment
