"""A second look at what is shown already: by an outside program, and at listed words in its translations.

Neither keeps a writer waiting. Where a moderator has decided already, nothing is said any more.
"""

from collections import Counter
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from dragoman.conversation.lifecycle import announce_change, locked, take_away
from dragoman.conversation.models import Comment
from dragoman.conversation.screening import KIND, matter_of
from dragoman.live.events import Heard
from dragoman.live.following import follow_again
from dragoman.moderation.cases import open_case
from dragoman.moderation.classifying import ClassifierDown, classify, is_wanted
from dragoman.moderation.queries import decisions_on
from dragoman.moderation.rules import listed
from dragoman.moderation.rules.candidate import Finding
from dragoman.moderation.screening import current_rulebook
from dragoman.translation.queries import present

_TRIES = 3
_failed: Counter[int] = Counter()  # by comment, in this worker


def ask_classifier() -> bool:
    """Show it the next comments; whether there were any. What it did not answer is asked again, after a rest."""
    try:
        return is_wanted() and follow_again("classifier", _classify)
    except ClassifierDown:
        return False


def _classify(events: Sequence[Heard]) -> None:
    """Whether one text or the whole program is at fault, the next texts tell: while it is down none is passed over."""
    suspects: list[int] = []
    has_answered = False
    for pk in sorted({_written(event) for event in events} - {0}):
        comment = Comment.objects.filter(pk=pk, state="visible").select_related("thread").first()
        if comment is None:
            continue
        if not is_wanted():
            raise ClassifierDown
        try:
            finding = classify(pk, comment.source, comment.language, comment.thread.key)
        except ClassifierDown:
            _failed[pk] += 1
            if _failed[pk] < _TRIES:
                raise
            suspects.append(pk)
            continue
        has_answered = True
        _act_on(comment, [finding] if finding is not None else [])
    if suspects and not has_answered:
        raise ClassifierDown
    for pk in suspects:
        _failed.pop(pk)


def _written(event: Heard) -> int:
    """The comment that was shown for the first time, or edited; 0 where the event is about something else."""
    said = event.announcement
    is_edit = said.kind == "changed" and str(said.data.get("version", "")).startswith("edit-")
    return int(said.data["id"]) if said.kind == "comment" or is_edit else 0


def read_translations() -> bool:
    """Look for listed words in the next translations; whether there were any."""
    return follow_again("translations-read", _read)


def _read(events: Sequence[Heard]) -> None:
    rulebook = current_rulebook()
    if not (rulebook.lists and settings.DRAGOMAN.has_moderation):
        return
    told = {
        (int(event.announcement.data["id"]), str(event.announcement.data["language"]))
        for event in events
        if event.announcement.kind == "translation" and event.announcement.data.get("of") == KIND
    }
    for pk, language in sorted(told):
        comment = Comment.objects.filter(pk=pk, state="visible").select_related("thread").first()
        if comment is None or comment.unit_id is None:
            continue
        text = present([comment.unit_id], language)[comment.unit_id]
        if text.is_translated:
            original = {hit.list.id for hit in rulebook.known.matcher.find(comment.source, comment.language)}
            _act_on(comment, listed.in_translation(rulebook.known.matcher, text.text, language, sorted(original)))


def _act_on(comment: Comment, findings: Sequence[Finding]) -> None:
    """Put it before a moderator, and hold it where that was asked for, unless one has looked already."""
    if not findings or decisions_on(KIND, [comment.pk]):
        return
    with transaction.atomic():
        now = locked(comment)
        if now.state != "visible" or now.source != comment.source:
            return
        holds = any(one.act == "hold" for one in findings)
        open_case(matter_of(now), "held" if holds else "reported", findings)
        if holds:
            take_away(now, "held")
            announce_change(now, "held")
