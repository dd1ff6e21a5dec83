"""Threads, comments, quotes, votes, who follows and has read what, and what makes posting idempotent."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dragoman.conversation.rules.ordering import DEEPEST, STEP

LANGUAGE_BY = ("declared", "detected", "prior", "moderator")
STATES = ("visible", "held", "withdrawn", "removed", "erased", "moved")


class Thread(models.Model):
    """The one conversation at a place. ``last_number`` counts what was ever released."""

    domain = models.CharField(max_length=253, blank=True)  # empty: this publication
    key = models.CharField(max_length=200)
    is_open = models.BooleanField(default=True)
    last_number = models.PositiveIntegerField(default=0)
    # The database's defaults too: nodes of the version before write rows while this one is installed.
    slow_seconds = models.PositiveIntegerField(default=0, db_default=0)  # between two comments of one reader
    closes_at = models.DateTimeField(null=True)
    announcement = models.BigIntegerField(default=0, db_default=0)  # a text that is pinned above it, or none

    class Meta:
        constraints = [models.UniqueConstraint(fields=["domain", "key"], name="thread_once_per_place")]

    @property
    def topic(self) -> str:
        """What its streams listen to."""
        return f"thread:{self.pk}"


class Comment(models.Model):
    """A comment. ``source`` is exactly what was typed; the number is for life, given at first release."""

    # Without an index of its own: others begin with it, and each costs every post. So it is with the author.
    thread = models.ForeignKey(Thread, models.PROTECT, db_index=False, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="comments")
    number = models.PositiveIntegerField(null=True)
    unit = models.OneToOneField("translation.Unit", models.PROTECT, null=True, related_name="+")
    source = models.TextField()
    language = models.CharField(max_length=35)
    # Whose word the language is: the writer's, the detectors', the page's that it was written on, or a moderator's.
    language_by = models.CharField(max_length=10, choices=[(one, one) for one in LANGUAGE_BY])
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES], default="visible")
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    posted_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    picked_at = models.DateTimeField(null=True)  # by an editor, to be pinned above the thread
    # What threads are sorted by is stored: see ``rules.ordering``.
    path = models.CharField(max_length=DEEPEST * STEP, blank=True)  # empty until the first release
    up = models.PositiveIntegerField(default=0)
    down = models.PositiveIntegerField(default=0)
    best = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)  # of visible ones
    # Equal for equal texts that are long enough to be told apart: see moderation's ``rules.repetition``. The
    # database's default too: nodes of the version before write rows while this one is installed.
    print = models.BigIntegerField(default=0, db_default=0)
    # Of a signpost in the place of a comment that was moved to another thread: that comment. See ``moving``.
    moved_to = models.ForeignKey("self", models.CASCADE, null=True, db_index=False, related_name="signposts")
    # Whether a generator made it, for load and for demonstrations; shown as such.
    is_generated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="comment_number_once_per_thread"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="comment_state_known"),
            models.CheckConstraint(
                condition=~Q(state="visible") | Q(number__isnull=False), name="comment_visible_has_number"
            ),
            models.CheckConstraint(
                condition=Q(state="moved", moved_to__isnull=False, unit=None, source="")
                | (~Q(state="moved") & Q(moved_to=None)),
                name="comment_moved_leads_on",
            ),
            models.UniqueConstraint(  # and the index of ``moved_to``: of few rows, so that posting pays nothing for it
                fields=["moved_to", "thread"],
                condition=Q(moved_to__isnull=False),
                name="comment_signpost_once_per_thread",
            ),
            models.CheckConstraint(condition=~Q(reply_to=F("id")), name="comment_is_no_reply_to_itself"),
            models.CheckConstraint(
                condition=Q(number__isnull=True, path="") | (Q(number__isnull=False) & ~Q(path="")),
                name="comment_with_number_has_path",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-posted_at"], name="comment_by_author"),
            models.Index(fields=["thread", "author"], name="comment_by_participant"),
            models.Index(fields=["thread", "path"], name="comment_by_path"),
            models.Index(fields=["thread", "-best", "number"], name="comment_by_best"),
            models.Index(fields=["thread", "-reply_count", "number"], name="comment_by_replies"),
            # Of all rows: SQLite would not see that a print that is asked for is none of those that were left out.
            models.Index(fields=["print", "posted_at"], name="comment_alike"),
            models.Index(fields=["thread", "picked_at"], name="comment_by_pick", condition=Q(picked_at__isnull=False)),
        ]


class EarlierVersion(models.Model):
    """What a comment said before an edit; ``number`` counts from 1."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="earlier")
    number = models.PositiveIntegerField()
    source = models.TextField()
    language = models.CharField(max_length=35)
    at = models.DateTimeField()  # since when it said so

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="version_once_per_comment")]


class Vote(models.Model):
    """A reader's word on a comment: 1 agrees, -1 does not."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="votes")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    value = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "reader"], name="vote_once_per_reader"),
            models.CheckConstraint(condition=Q(value__in=(1, -1)), name="vote_is_up_or_down"),
        ]


class Follow(models.Model):
    """A reader wants to hear of a thread."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="follows")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "thread"], name="follow_once_per_thread")]


class Visit(models.Model):
    """How far a reader has read a thread, and had read it when the present visit began."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="+")
    read_up_to = models.PositiveIntegerField(default=0)
    read_before = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "thread"], name="visit_once_per_thread"),
            models.CheckConstraint(condition=Q(read_before__lte=F("read_up_to")), name="visit_began_before_its_end"),
        ]


class Quote(models.Model):
    """A passage that a comment answers: a sentence of a unit, or a part of one, in one version.

    ``before`` is the number of the comment's own top-level blocks that stand
    before it. The quoted words are not part of the comment's text.
    """

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="quotes")
    before = models.PositiveSmallIntegerField(default=0)
    unit = models.ForeignKey("translation.Unit", models.PROTECT, related_name="+")
    block = models.CharField(max_length=80)
    occurrence = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("start")), name="quote_is_not_empty")]
        indexes = [models.Index(fields=["unit", "occurrence"], name="quote_by_passage")]


class Posting(models.Model):
    """An idempotency key of a reader, the hash of what came with it, and the comment that it made."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+")
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "key"], name="posting_key_once_per_reader")]
