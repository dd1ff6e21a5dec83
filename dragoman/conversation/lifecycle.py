"""A comment's way from held to shown and away again. Called by the actions, in their transactions."""

from collections.abc import Collection

from django.db.models import F

from dragoman.conversation import errors
from dragoman.conversation.models import Comment, Thread
from dragoman.conversation.queries import names_in_thread
from dragoman.conversation.rules.ordering import path_below
from dragoman.foundation.clock import now
from dragoman.foundation.statements import update
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.translation import actions as translation
from dragoman.translation.rules import markdown
from dragoman.translation.rules.scheduling import COMMENT
from dragoman.translation.wishes import request_translations


def locked(comment: Comment) -> Comment:
    """The comment as it is now, its thread locked first as posting does, so that the two never wait for each other.

    ``no_key``: replies and quotes may point to it meanwhile.
    """
    thread = Comment.objects.values_list("thread").get(pk=comment.pk)[0]
    Thread.objects.select_for_update(no_key=True).get(pk=thread)
    found = locked_alone(comment)
    if found.thread_id != thread:  # it was moved while we waited; two threads are locked in one order or not at all
        raise errors.WrongState
    return found


def locked_alone(comment: Comment) -> Comment:
    """The comment as it is now. Its thread is not joined: PostgreSQL would find no row where it was moved meanwhile."""
    return Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)


def release(comment: Comment) -> None:
    """Show what was held, or was taken away."""
    translation.release_text(comment.unit_id or 0)
    reveal(comment)


def reveal(comment: Comment) -> None:
    """Show it; its text is released. Its first time gives it its number.

    ``comment.thread`` is the row as it stands, locked by the caller: its counter is the last number given.
    """
    request_translations([comment.unit_id or 0], priority=COMMENT)
    is_first = comment.number is None
    comment.state = "visible"
    if is_first:
        above = comment.reply_to.path if comment.reply_to is not None else ""
        comment.thread.last_number += 1
        update(comment.thread, "last_number")
        comment.number = comment.thread.last_number
        comment.path = path_below(above, comment.number)
        comment.released_at = now()
    update(comment, "unit", "reply_to", "state", "released_at", "number", "path")
    _count_reply(comment, 1)
    if is_first:
        announce_new(comment)
    else:
        announce_change(comment, "shown")


def announce_new(comment: Comment, *, is_moved: bool = False) -> None:
    """Open pages of its thread learn that there is more to read."""
    parent = comment.reply_to_id or 0
    data = {"id": comment.pk, "number": comment.number or 0, "by": comment.author_id, "reply_to": parent}
    data |= {"moved": True} if is_moved else {}
    announce(Announcement(comment.thread.topic, "comment", data))
    if comment.number == 1 and not comment.thread.domain:
        # Pages of the place that were opened before there was a thread know its place alone.
        announce(Announcement(comment.thread.key, "opened", {"thread": comment.thread.topic, "number": 1}))


def take_away(comment: Comment, state: str) -> None:
    """Hold, withdraw or remove it. What was shown keeps its number; what was not never gets one.

    The caller announces it, last in its transaction.
    """
    was_visible = comment.state == "visible"
    comment.state = state
    comment.picked_at = None
    comment.save(update_fields=["state", "picked_at"])
    if was_visible:
        _count_reply(comment, -1)
    if comment.unit_id:
        if state == "held":
            translation.hold_text(comment.unit_id)
            request_translations([comment.unit_id], priority=COMMENT)
        else:
            translation.withhold_text(comment.unit_id)  # nobody translates what was taken away


def _count_reply(comment: Comment, change: int) -> None:
    if comment.reply_to_id is not None:
        Comment.objects.filter(pk=comment.reply_to_id).update(reply_count=F("reply_count") + change)


def revise(comment: Comment, kept_names: Collection[str], *, after_edit: bool) -> None:
    """Cut and translate its text anew, as it stands in ``source`` and ``language``."""
    names = {*kept_names, *names_in_thread(comment.thread_id, comment.source)}
    translation.revise_text(
        comment.unit_id or 0,
        language=comment.language,
        document=markdown.parse(comment.source, names),
        names=tuple(names),
    )
    request_translations([comment.unit_id or 0], priority=COMMENT, after_edit=after_edit)


_MOST_QUOTING = 200  # comments that are told of at once when what they quote changes


def announce_change(comment: Comment, version: str, *, topic: str = "", instead: int = 0) -> None:
    """Open pages that show it, or quote it, fetch it anew.

    ``topic``: of the thread that it stood in, if another; ``instead``: the id of the comment that stands there now.
    """
    quoting = Comment.objects.filter(quotes__unit=comment.unit_id, state="visible").exclude(pk=comment.pk)
    rows = quoting.select_related("thread").distinct().order_by("-id")[:_MOST_QUOTING] if comment.unit_id else ()
    parent = comment.reply_to_id or 0  # it names its answers
    unit = comment.unit_id or 0  # others quote it
    data: dict[str, int | str | bool] = {"of": "comment", "id": comment.pk, "version": version}
    data |= {"reply_to": parent, "unit": unit} | ({"instead": instead} if instead else {})
    announce(
        Announcement(topic or comment.thread.topic, "changed", data),
        *(
            Announcement(row.thread.topic, "changed", {"of": "comment", "id": row.pk, "version": f"quotes-{version}"})
            for row in rows
        ),
    )
