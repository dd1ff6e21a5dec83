"""What waits for a decision, decisions, reports and appeals."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value

from dragoman.moderation.reasons import AGAINST, REASONS

ACTS = ("hold", "ask", "release", "remove", "restore", "keep", "uphold", "pick", "unpick", "move", "undo")
CODES = tuple(REASONS)
# What waits is held, or shown and reported (by readers or a rule), or was asked for of its writer, or is appealed.
QUEUES = ("held", "reported", "asked", "appeal")


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
    # The database's defaults too: nodes of the version before write rows while this one is installed.
    state_before = models.CharField(max_length=10, blank=True, default="", db_default="")  # of the subject
    findings = models.JSONField(default=list, db_default=Value([], models.JSONField()))  # of the rules, as a case's
    # The words of ``note`` as a text that is translated for whom it concerns; 0 where there are none.
    note_text = models.BigIntegerField(default=0, db_default=0)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(act__in=ACTS), name="decision_act_known"),
            models.CheckConstraint(condition=Q(reason__in=("", *CODES)), name="decision_reason_known"),
            models.CheckConstraint(condition=~Q(act__in=AGAINST) | ~Q(reason=""), name="decision_against_has_reason"),
            models.CheckConstraint(
                condition=Q(act="undo", undoes__isnull=False) | (~Q(act="undo") & Q(undoes=None)),
                name="decision_undo_says_of_what",
            ),
        ]
        indexes = [models.Index(fields=["kind", "subject", "-id"], name="decision_by_subject")]


class Case(models.Model):
    """A matter that waits for a decision. A subject has one at a time; with ``closed_at`` it waits no more.

    ``language`` and ``section`` say who can look at it. ``findings`` are the rules' (``rules.candidate.Finding``),
    without any text; ``reports`` counts the readers who complained.
    """

    kind = models.CharField(max_length=20)
    subject = models.BigIntegerField()
    queue = models.CharField(max_length=10, choices=[(one, one) for one in QUEUES])
    opened_at = models.DateTimeField()
    language = models.CharField(max_length=35)
    place = models.CharField(max_length=200)
    section = models.BigIntegerField(default=0)
    findings = models.JSONField(default=list)
    reports = models.PositiveIntegerField(default=0)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], condition=Q(closed_at=None), name="case_open_once"),
            models.CheckConstraint(condition=Q(queue__in=QUEUES), name="case_queue_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | Q(decision=None), name="case_decided_is_closed"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None) | Q(claimed_until__isnull=False), name="case_claim_has_an_end"
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "opened_at", "id"], name="case_waiting", condition=Q(closed_at=None)),
            models.Index(
                fields=["queue", "language", "opened_at", "id"], name="case_by_language", condition=Q(closed_at=None)
            ),
            models.Index(fields=["closed_at"], name="case_by_end", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["opened_at"], name="case_by_beginning"),
        ]


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
        indexes = [
            models.Index(fields=["kind", "subject"], name="report_open", condition=Q(decision=None)),
            models.Index(fields=["reporter", "at"], name="report_by_reporter"),
        ]


class Appeal(models.Model):
    """Somebody does not agree with a decision about his or her own words. One for each decision.

    ``answer`` is the decision that answers it: ``uphold`` where the first one stands. ``is_by_same``: nobody else was
    there to decide, which is counted. ``withdrawn_at``: there is nothing to decide any more, the writer took it back.
    """

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    words = models.CharField(max_length=1000)
    words_text = models.BigIntegerField(default=0)  # as a text that is translated for staff
    at = models.DateTimeField()
    answer = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="answers")
    is_by_same = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="appeal_says_something"),
            models.CheckConstraint(
                condition=Q(is_by_same=False) | Q(answer__isnull=False), name="appeal_by_same_is_answered"
            ),
        ]
