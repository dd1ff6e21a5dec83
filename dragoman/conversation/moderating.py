"""What staff do to comments: every act with its reason, written into the log in the same transaction."""

from dataclasses import dataclass

from django.db import transaction

from dragoman.conversation import errors
from dragoman.conversation.lifecycle import announce_change, locked, release, take_away
from dragoman.conversation.models import Comment
from dragoman.conversation.policies import MOST_OF_A_BRANCH
from dragoman.conversation.screening import KIND, check_may_write, matter_of
from dragoman.conversation.statements import keep_words
from dragoman.delivery.purging import settle
from dragoman.foundation.clock import now
from dragoman.moderation import actions as moderation
from dragoman.moderation.actions import Grounds, Upon
from dragoman.moderation.appeals import answer_appeal, check_other_person, open_appeal
from dragoman.moderation.cases import check_claim
from dragoman.moderation.errors import AlreadyDecided, CannotBeUndone
from dragoman.moderation.queries import case_of
from dragoman.readers.policies import Actor, require
from dragoman.translation import actions as translation

_FROM = {
    "release": ("held",),
    "hold": ("visible",),
    "ask": ("visible", "held"),
    "remove": ("visible", "held"),
    "restore": ("removed",),
    "keep": ("visible", "withdrawn"),  # a removal has answered the reports already
    "uphold": ("held", "removed"),
    "pick": ("visible",),
    "unpick": ("visible",),
}
_TAKES_AWAY = {"hold": "held", "ask": "held", "remove": "removed"}
# What can be taken back, and the state that it leaves behind; none where it is the one of before.
UNDONE = {"hold": "held", "ask": "held", "release": "visible", "remove": "removed", "restore": "visible", "keep": ""}
_NOT_OF_ONES_OWN = ("release", "restore", "keep", "uphold")
_NO_GROUNDS = Grounds()


def report_comment(*, actor: Actor, comment: Comment, grounds: Grounds) -> bool:
    """A reader says that something is wrong with it; whether that is news."""
    require(actor, "comment.report")
    check_may_write(actor)
    with transaction.atomic():
        comment = locked(comment)  # a decision that is being made comes before it or after it
        if comment.state != "visible":
            raise errors.NoSuchComment
        if comment.author_id == actor.id:
            raise errors.OwnComment
        return moderation.report_subject(actor=actor, matter=matter_of(comment), grounds=grounds)


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever decides had before the eyes: the open case, and the ``wording_of`` the comment's words."""

    case: int | None = None
    version: str = ""


_UNSEEN = Seen()


def decide(*, actor: Actor, comment: Comment, act: str, grounds: Grounds = _NO_GROUNDS, seen: Seen = _UNSEEN) -> int:
    """Release, hold, remove, restore, pick or unpick a comment, ask its writer for other words, or keep it as it is.

    Every decision but a pick answers its reports and its appeal; the id of the decision. A removed comment leaves a
    tombstone with its number; a restored one has the number that it had. Raises where the case was closed or the
    words were changed since they were ``seen``, or another moderator has the case in hand.
    """
    moderation.require_decider(actor, act)
    note = grounds.checked(needed=False).note
    with transaction.atomic():
        comment = locked(comment)
        _check(actor, comment, act, seen)
        is_by_same = act not in ("pick", "unpick") and check_other_person(actor, KIND, comment.pk)
        decision = moderation.record_decision(
            actor=actor,
            matter=matter_of(comment),
            act=act,
            on=Upon(comment.source, comment.state),
            grounds=grounds,
        )
        if note:
            _keep_note(decision.pk, note, actor, comment)
        if act not in ("pick", "unpick"):
            answer_appeal(decision, is_by_same=is_by_same)
        _carry_out(comment, act)
    if act in _TAKES_AWAY:
        settle()
    return int(decision.pk)


def _check(actor: Actor, comment: Comment, act: str, seen: Seen) -> None:
    """Raises where this cannot be decided about the comment as it is, or not by this actor."""
    if seen.case is not None:
        _check_open(seen.case, comment)
    if seen.version and seen.version != moderation.wording_of(comment.source):
        raise errors.TextChanged
    if act in _NOT_OF_ONES_OWN and comment.author_id == actor.id:
        raise errors.OwnComment
    if comment.state not in _FROM[act] or (act == "uphold" and open_appeal(KIND, comment.pk) is None):
        raise errors.WrongState
    check_claim(actor, KIND, comment.pk)


def _keep_note(decision: int, note: str, actor: Actor, comment: Comment) -> None:
    reader, also = comment.author_id, [comment.language]
    text = keep_words(note, of="decision", owner=decision, language=actor.languages, reader=reader, also=also)
    moderation.attach_note(decision, text)


def _check_open(case: int, comment: Comment) -> None:
    found = case_of(KIND, comment.pk)
    if found is None or found.id != case:
        raise AlreadyDecided


def _carry_out(comment: Comment, act: str) -> None:
    if act in ("release", "restore"):
        release(comment)
    elif act in _TAKES_AWAY:
        if comment.state != _TAKES_AWAY[act]:
            take_away(comment, _TAKES_AWAY[act])
        announce_change(comment, act if act == "ask" else comment.state)
    elif act == "uphold" and comment.state == "removed":
        translation.withhold_text(comment.unit_id or 0)
        announce_change(comment, act)
    elif act == "uphold":
        announce_change(comment, act)
    elif act in ("pick", "unpick"):
        comment.picked_at = now() if act == "pick" else None
        comment.save(update_fields=["picked_at"])
        announce_change(comment, act)


def remove_branch(*, actor: Actor, comment: Comment, grounds: Grounds) -> list[tuple[int, int]]:
    """Remove a comment and all answers below it, all or none; ids of decisions, each with its comment's.

    Raises where there are more than :data:`MOST_OF_A_BRANCH`, or one of them is in another's hand.
    """
    with transaction.atomic():
        below = Comment.objects.filter(thread=comment.thread_id, path__startswith=comment.path or "-")
        rows = list(below.filter(state__in=_FROM["remove"]).order_by("path")[: MOST_OF_A_BRANCH + 1]) or [comment]
        if len(rows) > MOST_OF_A_BRANCH:
            raise errors.BranchTooLarge
        return [(decide(actor=actor, comment=row, act="remove", grounds=grounds), row.pk) for row in rows]


def undo(*, actor: Actor, comment: Comment, decision: int) -> None:
    """Take one's own decision back, at once: the comment is what it was before it, and waits where it waited."""
    with transaction.atomic():
        comment = locked(comment)
        undoing = moderation.record_undoing(actor=actor, decision_id=decision, text=comment.source)
        act, before = (undoing.undoes.act, undoing.undoes.state_before) if undoing.undoes else ("", "")
        if not before or comment.state != (UNDONE.get(act, "-") or before):
            raise CannotBeUndone  # its writer has taken it back since, or it cannot be taken back at all
        if before == comment.state:
            return
        if before == "visible":
            release(comment)
        else:
            take_away(comment, before)
            announce_change(comment, before)
    settle()
