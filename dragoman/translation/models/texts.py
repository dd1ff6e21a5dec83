"""Units, revisions, occurrences and segments: what was written.

A unit belongs to one owner (an article, a comment, a section's name) whose kind
and id it carries as a label for announcements; translation itself never looks behind it.
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
    # Text that is not released (drafts, held comments) is for its writer and staff: it goes to
    # engines of the house alone, and its translations hold for this unit only.
    is_released = models.BooleanField(default=True)
    # It was taken away: nobody translates it any more.
    is_gone = models.BooleanField(default=False)
    revision_number = models.PositiveIntegerField(default=1)
    # Occurrence ids are counted per unit, so that a quote can name one for good.
    last_anchor = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_kind", "owner_id"], name="unit_has_one_owner"),
        ]


class Revision(models.Model):
    """A version of a unit's text: the tree of its blocks without the words. Never overwritten."""

    unit = models.ForeignKey(Unit, models.CASCADE, db_index=False, related_name="revisions")
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

    # Without indexes of their own: others begin with them, and each costs every sentence that is stored.
    unit = models.ForeignKey(Unit, models.CASCADE, db_index=False, related_name="occurrences")
    anchor = models.PositiveIntegerField()
    block = models.CharField(max_length=80)
    segment = models.ForeignKey(Segment, models.PROTECT, db_index=False, related_name="occurrences")
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
