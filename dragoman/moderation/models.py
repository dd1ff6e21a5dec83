"""Reports, and the log of decisions. Subjects are told by kind and id, texts by their hash."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from dragoman.moderation.reasons import REASONS

ACTS = ("hold", "release", "remove", "restore", "keep", "pick", "unpick")
CODES = tuple(REASONS)


class Decision(models.Model):
    """What a member of the staff decided, once and for the record. Rows are never changed."""

    kind = models.CharField(max_length=20)
    subject = models.BigIntegerField()
    act = models.CharField(max_length=10, choices=[(act, act) for act in ACTS])
    reason = models.CharField(max_length=20, blank=True, choices=[(code, code) for code in CODES])
    note = models.CharField(max_length=1000, blank=True)  # the decider's own words
    text_hash = models.CharField(max_length=64)  # SHA-256 of what was decided upon
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(act__in=ACTS), name="decision_act_known"),
            models.CheckConstraint(condition=Q(reason__in=("", *CODES)), name="decision_reason_known"),
            models.CheckConstraint(
                condition=~Q(act__in=("hold", "remove")) | ~Q(reason=""), name="decision_against_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["kind", "subject", "-id"], name="decision_by_subject")]


class Report(models.Model):
    """A reader says that something is not in order; open until a decision answers it."""

    kind = models.CharField(max_length=20)
    subject = models.BigIntegerField()
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20, choices=[(code, code) for code in CODES])
    note = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="reports")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "reporter"], name="report_once_while_open", condition=Q(decision=None)
            ),
            models.CheckConstraint(condition=Q(reason__in=CODES), name="report_reason_known"),
        ]
        indexes = [models.Index(fields=["kind", "subject"], name="report_open", condition=Q(decision=None))]
