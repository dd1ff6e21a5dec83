"""Which editions of a text go out, when, and who answers for them."""

from django.db import models
from django.db.models import Q, Value

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
    # the ids of the original's blocks that it leaves out, and by the ids of others the pictures that it shows there.
    note = models.CharField(max_length=1000, blank=True)
    social_text = models.CharField(max_length=300, blank=True)
    left_out = models.JSONField(default=list)
    # The database's default too: nodes of the version before write rows while this one is installed.
    pictures = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
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


class ShareOfDay(models.Model):
    """How many sentences of a language people and engines had translated at the end of a day (UTC).

    ``opened``: the pages of that day on which a reader looked at an original. Nothing of who it was.
    """

    day = models.DateField()
    language = models.CharField(max_length=35)
    people = models.PositiveBigIntegerField(default=0)
    engines = models.PositiveBigIntegerField(default=0)
    opened = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "day"], name="share_once_a_day")]
