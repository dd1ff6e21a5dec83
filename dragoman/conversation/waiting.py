"""Comments as moderators see them: their words beside the translation, what was found, and what is around them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from dragoman.conversation.models import Comment
from dragoman.conversation.queries import ReaderView, ShownComment, show
from dragoman.conversation.screening import KIND
from dragoman.moderation.actions import wording_of
from dragoman.moderation.appeals import AppealState, appeals_of
from dragoman.moderation.queries import (
    AT_ONCE,
    Complaints,
    LoggedDecision,
    Waiting,
    complaints,
    decisions_on,
    open_cases,
)
from dragoman.readers.policies import require
from dragoman.readers.queries import profiles
from dragoman.translation.presented import Presented
from dragoman.translation.queries import present

_LOOKED_AT = 2_000  # of the latest comments, for those in some languages


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A comment at the desk. ``typed``: its words as they were typed, which the findings' characters are counted
    in; ``version`` names them.

    ``appeal``: the one that waits, with its words as the moderator reads them; ``claimed_by``: a nickname.
    """

    comment: ShownComment
    typed: str
    version: str
    place: str
    case: Waiting | None
    complaints: Complaints | None
    decisions: tuple[LoggedDecision, ...]
    parent: ShownComment | None
    appeal: AppealState | None
    appeal_words: Presented | None
    claimed_by: str


def at_desk(comment_ids: Sequence[int], view: ReaderView) -> list[AtDesk]:
    """Some comments, in this order, whatever became of them. In a fixed number of queries."""
    require(view.actor, "comment.read_held")
    found = Comment.objects.filter(pk__in=comment_ids).select_related("reply_to", "thread", "reply_to__reply_to")
    rows = {row.pk: row for row in found}
    parents = {row.reply_to_id: row.reply_to for row in rows.values() if row.reply_to is not None}
    desk_view = replace(view, reads_removed=True)
    shown = {one.id: one for one in show([*rows.values(), *_but(parents.values(), rows)], desk_view)}
    cases = open_cases(KIND, comment_ids)
    told = complaints(KIND, comment_ids)
    decisions = decisions_on(KIND, comment_ids)
    appeals = {one.decision: one for one in appeals_of([one.id for one in decisions]).values() if not one.answered}
    of_comment = {one.subject: appeals[one.id] for one in decisions if one.id in appeals}
    words = present([one.words_text for one in of_comment.values()], view.language, view.actor.languages)
    claimers = profiles({case.claimed_by for case in cases.values()} - {0, view.actor.id})
    return [
        AtDesk(
            comment=shown[pk],
            typed=row.source if row.state != "erased" else "",
            version=wording_of(row.source),
            place=row.thread.key,
            case=cases.get(pk),
            complaints=told.get(pk),
            decisions=tuple(one for one in decisions if one.subject == pk),
            parent=shown.get(row.reply_to_id or 0),
            appeal=of_comment.get(pk),
            appeal_words=words.get(of_comment[pk].words_text) if pk in of_comment else None,
            claimed_by=claimers[cases[pk].claimed_by].nickname if _is_claimed(cases.get(pk), claimers) else "",
        )
        for pk in comment_ids
        if (row := rows.get(pk)) is not None
    ]


def _but(parents: Iterable[Comment], rows: Collection[int]) -> list[Comment]:
    return [row for row in parents if row.pk not in rows]


def _is_claimed(case: Waiting | None, claimers: Collection[int]) -> bool:
    return case is not None and case.claimed_by in claimers


def latest(
    *, before: int | None = None, states: Sequence[str] = (), languages: Collection[str] | None = None
) -> tuple[list[int], bool]:
    """Ids of the newest comments, and whether there are more; in some languages, of the last 2,000 alone. One query."""
    rows = Comment.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found: list[int] = []
    for pk, state, language in rows.values_list("pk", "state", "language")[:_LOOKED_AT].iterator():
        if state != "moved" and (not states or state in states) and (languages is None or language in languages):
            found.append(pk)
        if len(found) > AT_ONCE:
            break
    return found[:AT_ONCE], len(found) > AT_ONCE


def of_writer(reader_id: int, *, most: int = AT_ONCE) -> list[int]:
    """Ids of a reader's newest comments, whatever became of them. One query."""
    rows = Comment.objects.filter(author=reader_id).exclude(state="moved").order_by("-posted_at", "-id")
    return list(rows.values_list("pk", flat=True)[:most])


def to_try(most: int) -> list[tuple[int, str, str]]:
    """The newest comments, for a trial of a word list: id, text, language. One query."""
    rows = Comment.objects.filter(state__in=("visible", "held", "removed")).order_by("-id")
    return list(rows.values_list("pk", "source", "language")[:most])
