"""Which editions of a text go out, when, and who answers for them."""

from django.db import models
from django.db.models import Q

from dragoman.translation.models.texts import Unit
from dragoman.translation.rules.releasing import MODES, SHOWS


class Edition(models.Model):
    """What a newsroom decided of a text in a language. Without a row the edition is of the mode “machine”.

    ``shows`` follows from the rest (``rules.releasing.shows``); it stands here because every page asks for it.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="editions")
    language = models.CharField(max_length=35)
    mode = models.CharField(max_length=10, choices=[(one, one) for one in MODES], default="machine")
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    # Who has read it whole and answers for it, and which revision of the original that was.
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=80, blank=True)
    signed_revision = models.PositiveIntegerField(null=True)
    # What this edition has of its own: a word of the editors above the text, what others show who link to it,
    # and the ids of the original's blocks that it leaves out.
    note = models.CharField(max_length=1000, blank=True)
    social_text = models.CharField(max_length=300, blank=True)
    left_out = models.JSONField(default=list)
    shows = models.CharField(max_length=10, choices=[(one, one) for one in SHOWS], default="all")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "language"], name="edition_once_per_text"),
            models.CheckConstraint(condition=Q(mode__in=MODES, shows__in=SHOWS), name="edition_mode_known"),
            models.CheckConstraint(
                condition=Q(shows="nothing") | (Q(withdrawn_at=None) & ~Q(mode="off")), name="edition_kept_back"
            ),
            models.CheckConstraint(
                condition=~Q(mode__in=["review", "human"]) | Q(shows="nothing") | Q(released_at__isnull=False),
                name="edition_waits_for_its_release",
            ),
        ]


class EditionDefault(models.Model):
    """The mode of new articles' editions, by section and pair of languages. 0 and empty stand for every one."""

    section = models.BigIntegerField(default=0)
    source = models.CharField(max_length=35, blank=True)
    target = models.CharField(max_length=35, blank=True)
    mode = models.CharField(max_length=10, choices=[(one, one) for one in MODES])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "source", "target"], name="edition_default_once"),
            models.CheckConstraint(condition=Q(mode__in=MODES), name="edition_default_mode_known"),
        ]
