"""Sanctions against readers, what moderators note of them, and who is on duty for what."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from dragoman.moderation.models.cases import CODES

# A warning is only said; with a hold comments wait; who is suspended or banned writes nothing, for a time or for good.
SANCTIONS = ("warn", "hold", "suspend", "ban")


class Sanction(models.Model):
    """Against a reader, or everybody with an address of a domain. It ends by itself at ``until``."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    domain = models.CharField(max_length=253, blank=True)
    kind = models.CharField(max_length=10, choices=[(one, one) for one in SANCTIONS])
    reason = models.CharField(max_length=20, choices=[(code, code) for code in CODES])
    note = models.CharField(max_length=1000, blank=True)
    note_text = models.BigIntegerField(default=0)  # as a text that is translated for the reader
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SANCTIONS), name="sanction_kind_known"),
            models.CheckConstraint(condition=Q(reason__in=CODES), name="sanction_reason_known"),
            models.CheckConstraint(
                condition=Q(reader__isnull=False, domain="") | (Q(reader=None) & ~Q(domain="")),
                name="sanction_of_reader_or_domain",
            ),
            models.CheckConstraint(
                condition=~Q(kind="suspend") | Q(until__isnull=False), name="sanction_suspension_has_an_end"
            ),
        ]
        indexes = [
            models.Index(fields=["reader", "-id"], name="sanction_by_reader", condition=Q(reader__isnull=False)),
            models.Index(fields=["domain"], name="sanction_by_domain", condition=~Q(domain="")),
        ]


class ReaderNote(models.Model):
    """What moderators tell each other of a reader, who does not see it."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["reader", "-id"], name="reader_note_by_reader")]


class Duty(models.Model):
    """What a moderator looks at: ``sections`` (ids; none: all of them), and whether he or she is away."""

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sections = models.JSONField(default=list)
    is_away = models.BooleanField(default=False)
