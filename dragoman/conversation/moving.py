"""Moving a branch to where it belongs: below another comment, or into another conversation.

A number is for life. In the conversation that a comment leaves, a signpost keeps its number and its place in the
tree and leads on; in the new one it gets the next number, or the one that it once had there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from dragoman.conversation import errors
from dragoman.conversation.actions import to_be_answered
from dragoman.conversation.lifecycle import announce_change, announce_new
from dragoman.conversation.models import Comment, Thread
from dragoman.conversation.policies import MOST_OF_A_BRANCH
from dragoman.conversation.rules.ordering import path_below
from dragoman.conversation.screening import KIND, matter_of
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.moderation import actions as moderation
from dragoman.moderation.actions import Grounds, Upon
from dragoman.moderation.cases import check_claim, stands_in
from dragoman.readers.policies import Actor
from dragoman.translation.actions import move_texts

MOVED = "moved"  # what is announced as a moved comment's version


def move_branch(*, actor: Actor, comment: Comment, to: Thread, below: int | None = None) -> int:
    """Move a comment with all answers below it into a thread, below the comment of that number or beside all others.

    All or none; how many comments. Raises where the goal is within the branch, or where it stands already.
    """
    moderation.require_decider(actor, "move")
    with transaction.atomic():
        threads = {row.pk: row for row in _lock_threads({comment.thread_id, to.pk})}
        branch = _branch(comment)
        if branch[0].thread_id not in threads:  # another moderator was faster
            raise errors.WrongState
        parent = to_be_answered(threads[to.pk], below)
        root = branch[0]
        if parent is not None and parent.pk in {row.pk for row in branch}:
            raise errors.MovedIntoItself
        if root.thread_id == to.pk and root.reply_to_id == (parent.pk if parent else None):
            raise errors.StandsThere
        for row in branch:
            row.thread = threads[row.thread_id]
            check_claim(actor, KIND, row.pk)
            moderation.record_decision(
                actor=actor, matter=matter_of(row), act="move", on=Upon(row.source, row.state), grounds=Grounds()
            )
        old_topic, old_parent = root.thread.topic, root.reply_to
        _count_reply(root, old_parent, -1)
        left = _change_threads(branch, threads[to.pk]) if root.thread_id != to.pk else _NOTHING
        root.reply_to = parent
        _find_paths(branch)
        Comment.objects.bulk_update(branch, ["thread", "number", "reply_to", "path", "picked_at"])
        _put_up(left.put_up)  # now that the comments have let go of their numbers
        _move_signposts(branch)
        _count_reply(root, parent, 1)
        _tell(branch, left, old_topic, old_parent)
    return len(branch)


def _lock_threads(ids: set[int]) -> Sequence[Thread]:
    """In one order, so that two who move in opposite directions do not wait for each other."""
    return list(Thread.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _branch(comment: Comment) -> list[Comment]:
    """The comment and all answers to it, each after the one that it answers, those that wait included.

    By what they answer, not by paths: these end at a depth. Signposts stay where they are.
    """
    rows = Comment.objects.select_for_update(no_key=True, of=("self",)).exclude(state="moved")
    found = list(rows.filter(pk=comment.pk, number__isnull=False).select_related("reply_to"))
    if not found:
        raise errors.WrongState
    level = found
    while level:
        level = list(rows.filter(reply_to__in=level).order_by("id"))
        found = [*found, *level]
        if len(found) > MOST_OF_A_BRANCH:
            raise errors.BranchTooLarge
    return found


@dataclass(frozen=True, slots=True)
class _Signposts:
    """By the comments' ids: those that stand for them now, and the ids of those that they came back for."""

    put_up: Mapping[int, Comment] = field(default_factory=dict)
    taken: Mapping[int, int] = field(default_factory=dict)


_NOTHING = _Signposts()


def _change_threads(branch: Sequence[Comment], to: Thread) -> _Signposts:
    """New numbers in the order of the old ones, and a signpost for the place of each; none is stored yet."""
    left = {row.pk: _signpost(row) for row in branch if row.number is not None}
    former = _take_back(branch, to)
    for row in sorted(branch, key=lambda row: row.number or 0):
        row.thread = to
        if row.pk in left:
            row.number = former[row.pk].number if row.pk in former else _next_number(to)
        row.picked_at = None
    Thread.objects.filter(pk=to.pk).update(last_number=to.last_number)
    move_texts([row.unit_id for row in branch if row.unit_id], to.topic)
    for row in branch:
        stands_in(matter_of(row))
    return _Signposts(left, {pk: row.pk for pk, row in former.items()})


def _next_number(thread: Thread) -> int:
    thread.last_number += 1
    return thread.last_number


def _signpost(row: Comment) -> Comment:
    return Comment(
        thread=row.thread,
        author_id=row.author_id,
        number=row.number,
        path=row.path,
        language=row.language,
        language_by=row.language_by,
        state="moved",
        reply_to_id=row.reply_to_id,
        posted_at=row.posted_at,
        released_at=row.released_at,
        moved_to=row,
    )


def _put_up(left: Mapping[int, Comment]) -> None:
    """Signposts answer each other as the comments did, and are what others' signposts below them answer."""
    Comment.objects.bulk_create(left.values())
    for row in left.values():
        row.reply_to = left.get(row.reply_to_id or 0) or row.reply_to
    Comment.objects.bulk_update(left.values(), ["reply_to"])
    for pk, row in left.items():
        Comment.objects.filter(state="moved", thread=row.thread, reply_to=pk).update(reply_to=row)


def _take_back(branch: Sequence[Comment], to: Thread) -> dict[int, Comment]:
    """The signposts of comments that come back to a thread, by the comments' ids. They go, their numbers do not."""
    signposts = {row.moved_to_id or 0: row for row in Comment.objects.filter(thread=to, moved_to__in=branch)}
    for comment, row in signposts.items():
        Comment.objects.filter(reply_to=row).update(reply_to=comment)
    Comment.objects.filter(pk__in=[row.pk for row in signposts.values()]).delete()
    return signposts


def _find_paths(branch: Sequence[Comment]) -> None:
    known = {row.pk: row for row in branch}
    for row in branch:  # each after the one that it answers
        above = known.get(row.reply_to_id or 0) or row.reply_to
        row.path = path_below(above.path if above else "", row.number) if row.number is not None else ""


def _move_signposts(branch: Sequence[Comment]) -> None:
    """Of comments that had left the branch before: they stand below what they answered."""
    above = list(branch)
    while above:
        known = {row.pk: row.path for row in above}
        above = list(Comment.objects.filter(state="moved", reply_to__in=above))
        for row in above:
            row.path = path_below(known[row.reply_to_id or 0], row.number or 0)
        Comment.objects.bulk_update(above, ["path"])


def _count_reply(row: Comment, parent: Comment | None, change: int) -> None:
    if parent is not None and row.state == "visible":
        Comment.objects.filter(pk=parent.pk).update(reply_count=F("reply_count") + change)


def _tell(branch: Sequence[Comment], signposts: _Signposts, old_topic: str, old_parent: Comment | None) -> None:
    """Open pages of the old place show signposts now, those of the new one that there is more to read."""
    if old_parent is not None:
        data: dict[str, int | str | bool] = {"of": "comment", "id": old_parent.pk, "version": "answers"}
        announce(Announcement(old_topic, "changed", data))
    topic = branch[0].thread.topic
    for row in sorted((row for row in branch if row.number is not None), key=lambda row: row.number or 0):
        signpost = signposts.put_up.get(row.pk)
        announce_change(row, MOVED, topic=old_topic, instead=signpost.pk if signpost else 0)
        if row.pk in signposts.taken:  # where the signpost stands on a page, it is again
            here: dict[str, int | str | bool] = {"of": "comment", "id": signposts.taken[row.pk], "instead": row.pk}
            announce(Announcement(topic, "changed", here | {"version": "back"}))
        elif signpost is not None:
            announce_new(row, is_moved=True)
