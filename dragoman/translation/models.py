"""Units, revisions, occurrences, segments, translations, the current ones, and jobs.

An edition is a view: nothing here copies a text per language. A unit belongs to
one owner (an article, a comment, a section's name) whose kind and id it carries
as a label for announcements; translation itself never looks behind it.
"""

from django.db import models
from django.db.models import F, Q


class Unit(models.Model):
    """A whole text of one owner in the language that it was written in."""

    language = models.CharField(max_length=35)
    owner_kind = models.CharField(max_length=20)
    owner_id = models.BigIntegerField()
    # Who hears of new translations: a topic of the live room, opaque here.
    topic = models.CharField(max_length=100, blank=True)
    # Text that is not released (drafts, held comments) is neither translated nor remembered.
    is_released = models.BooleanField(default=True)
    revision_number = models.PositiveIntegerField(default=1)
    # Occurrence ids are counted per unit, so that a quote can name one for good.
    last_anchor = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_kind", "owner_id"], name="unit_has_one_owner"),
        ]


class Revision(models.Model):
    """A version of a unit's text: the tree of its blocks without the words. Never overwritten."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=35)
    body_hash = models.CharField(max_length=64)
    template = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="revision_number_once_per_unit"),
        ]


class Segment(models.Model):
    """A sentence with numbered markers, stored once however often it occurs."""

    language = models.CharField(max_length=35)
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=64)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "key"], name="segment_stored_once"),
        ]


class Occurrence(models.Model):
    """A segment at its place in a unit, from one revision to another.

    ``anchor`` outlives edits: a changed sentence that is still the same one gets
    a new row with the old anchor.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="occurrences")
    anchor = models.PositiveIntegerField()
    block = models.CharField(max_length=80)
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="occurrences")
    first_revision = models.PositiveIntegerField()
    last_revision = models.PositiveIntegerField(null=True)
    before = models.CharField(max_length=1000, blank=True)
    after = models.CharField(max_length=1000, blank=True)
    contents = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "anchor", "first_revision"], name="occurrence_version_once"),
            models.UniqueConstraint(
                fields=["unit", "anchor"], condition=Q(last_revision=None), name="occurrence_current_once"
            ),
            models.CheckConstraint(
                condition=Q(last_revision=None) | Q(last_revision__gte=F("first_revision")),
                name="occurrence_ends_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=["segment", "last_revision"], name="occurrence_by_segment")]


class Translation(models.Model):
    """What a person or an engine made of a segment. Append-only, but for erasure."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=35)
    # The unit that it holds for; none means the whole publication.
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    origin = models.CharField(max_length=10, choices=[("human", "human"), ("machine", "machine")])
    engine = models.CharField(max_length=40, blank=True)
    version = models.CharField(max_length=60, blank=True)
    pivot = models.CharField(max_length=35, blank=True)
    text = models.TextField(blank=True)
    quality = models.CharField(
        max_length=10, choices=[("ok", "ok"), ("rough", "rough"), ("rejected", "rejected")], default="ok"
    )
    findings = models.JSONField(default=list)
    by = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(origin__in=["human", "machine"]) & Q(quality__in=["ok", "rough", "rejected"]),
                name="translation_origin_and_quality_known",
            ),
            models.CheckConstraint(
                condition=Q(quality="rejected") | ~Q(text=""), name="translation_has_text_unless_rejected"
            ),
        ]


class Current(models.Model):
    """The translation that counts for (segment, language, scope)."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="current")
    language = models.CharField(max_length=35)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    translation = models.ForeignKey(Translation, models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        # Two partial indexes: NULLs do not collide in one.
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "language"], condition=Q(unit=None), name="current_once_everywhere"
            ),
            models.UniqueConstraint(
                fields=["segment", "language", "unit"],
                condition=Q(unit__isnull=False),
                name="current_once_per_unit",
            ),
        ]


class Job(models.Model):
    """An open wish for a translation. It is deleted in the transaction that stores the answer."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="jobs")
    source = models.CharField(max_length=35)
    language = models.CharField(max_length=35)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    priority = models.PositiveSmallIntegerField()  # 0 is the most urgent
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "language"], condition=Q(unit=None), name="job_open_once_everywhere"
            ),
            models.UniqueConstraint(
                fields=["segment", "language", "unit"],
                condition=Q(unit__isnull=False),
                name="job_open_once_per_unit",
            ),
        ]
        indexes = [models.Index(fields=["priority", "not_before", "id"], name="job_next")]


class Engine(models.Model):
    """An engine that the operator enabled, its pairs, and how it does."""

    name = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    version = models.CharField(max_length=60, blank=True)
    pairs = models.JSONField(default=list)  # [["en", "es"], …]
    position = models.PositiveSmallIntegerField(default=0)
    is_enabled = models.BooleanField(default=True)
    options = models.JSONField(default=dict)
    answers = models.BigIntegerField(default=0)
    failures = models.BigIntegerField(default=0)
    last_failure = models.CharField(max_length=200, blank=True)
    last_failure_at = models.DateTimeField(null=True)
