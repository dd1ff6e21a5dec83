"""Translations, the current ones, what readers suggest, and who is told of new ones."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from dragoman.translation.models.texts import Segment, Unit

SUGGESTION_STATES = ("open", "accepted", "declined")


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
    # The engines that were asked, with their versions: a rejected sentence waits for one that was not.
    tried = models.JSONField(default=list)
    by = models.CharField(max_length=80, blank=True)
    # Who took over what somebody else had suggested, or let a comment's correction hold everywhere.
    # The database's default too: nodes of the version before write rows while this one is installed.
    approved_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    # The terms of the glossary that were found in the sentence (``rules.glossary.hash_of``).
    glossary = models.CharField(max_length=32, blank=True, default="", db_default="")
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


class Suggestion(models.Model):
    """A reader's word on a sentence's translation: what would be better, or only that this is bad (no ``text``)."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    anchor = models.PositiveIntegerField()
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="+")
    language = models.CharField(max_length=35)
    # What the reader saw; none: the sentence was not translated.
    seen = models.ForeignKey(Translation, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    note = models.CharField(max_length=500, blank=True)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(one, one) for one in SUGGESTION_STATES], default="open")
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "unit", "anchor", "language"],
                condition=Q(state="open"),
                name="suggestion_open_once_per_reader",
            ),
            models.CheckConstraint(condition=Q(state__in=SUGGESTION_STATES), name="suggestion_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="suggestion_decided_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["language", "id"], name="suggestion_waiting", condition=Q(state="open"))]


class Remark(models.Model):
    """What translators say to each other of a sentence; readers do not see it."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    anchor = models.PositiveIntegerField()
    language = models.CharField(max_length=35)
    text = models.CharField(max_length=1000)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "language", "id"], name="remark_of_text")]


class Telling(models.Model):
    """A new translation of a sentence that stands in many texts: those who show them are told in pages."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="+")
    language = models.CharField(max_length=35)
    version = models.BigIntegerField()  # the translation's id
    told_up_to = models.BigIntegerField(default=0)  # an occurrence's id

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "language"], name="telling_once")]
