"""Jobs, engines, and their books."""

from django.db import models
from django.db.models import Q

from dragoman.translation.models.texts import Segment, Unit


class Job(models.Model):
    """An open wish for a translation. It is deleted in the transaction that stores the answer."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="jobs")
    source = models.CharField(max_length=35)
    language = models.CharField(max_length=35)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    priority = models.PositiveSmallIntegerField()  # see ``rules.scheduling``; 0 is on a screen now
    # Of equal priority the lower turn goes first: a topic's second post waits until all others had their first.
    turn = models.BigIntegerField(default=0)
    topic = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=20, blank=True)  # the owner's kind, for routing
    size = models.PositiveSmallIntegerField(default=0)  # the class of its length, for batches
    # What is held or a draft goes to engines of the house alone.
    in_house = models.BooleanField(default=False)
    # Asked of every engine anew, also of those that had their turn.
    is_anew = models.BooleanField(default=False)
    # Times that an engine died over it, or had no verdict; and leases that ran out, as a killed worker's do.
    attempts = models.PositiveSmallIntegerField(default=0)
    lost = models.PositiveSmallIntegerField(default=0)
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
            models.CheckConstraint(
                condition=Q(in_house=False) | Q(unit__isnull=False), name="job_in_house_is_of_one_unit"
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "turn", "id"], name="job_next"),
            models.Index(fields=["created_at", "id"], name="job_oldest"),
            models.Index(fields=["source", "language", "priority", "turn"], name="job_of_pair"),
            models.Index(fields=["topic", "priority", "turn"], name="job_of_topic"),
            models.Index(fields=["not_before"], name="job_due"),
            models.Index(fields=["lease"], name="job_of_lease"),
        ]


class Engine(models.Model):
    """An engine that the operator enabled, its pairs, and how it does."""

    name = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    version = models.CharField(max_length=60, blank=True)
    pairs = models.JSONField(default=list)  # [["en", "es"], …]
    position = models.PositiveSmallIntegerField(default=0)
    is_enabled = models.BooleanField(default=True)
    sends_out = models.BooleanField(default=False)
    options = models.JSONField(default=dict)
    # What one call takes at most, as the engine said when it was added.
    max_items = models.PositiveIntegerField(default=32)
    max_characters = models.PositiveIntegerField(default=20_000)
    # Characters a calendar month (UTC); none means no limit, 0 means none at all.
    monthly_budget = models.BigIntegerField(null=True)
    answers = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)  # answers that failed a hard check
    failures = models.BigIntegerField(default=0)
    characters = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0.0)  # spent in calls that were answered
    # The circuit breaker: failures in a row, and the time before which it is not asked.
    strikes = models.PositiveSmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    needs_operator = models.BooleanField(default=False)
    last_failure = models.CharField(max_length=500, blank=True)
    last_failure_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(monthly_budget=None) | Q(monthly_budget__gte=0), name="engine_budget_not_negative"
            ),
        ]


class Failure(models.Model):
    """What an engine could not do, and which sentence it was about where it was about one."""

    engine = models.ForeignKey(Engine, models.CASCADE, related_name="recent_failures")
    at = models.DateTimeField()
    source = models.CharField(max_length=35, blank=True)
    language = models.CharField(max_length=35, blank=True)
    reason = models.CharField(max_length=500)
    # A sentence that is erased takes its failure along: the desk shows its text.
    segment = models.ForeignKey(Segment, models.CASCADE, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["engine", "-id"], name="failure_latest")]


class Routing(models.Model):
    """The operator's word on who translates what: engines in order for a pair and a kind of text.

    An empty source, target or kind stands for every one.
    """

    source = models.CharField(max_length=35, blank=True)
    target = models.CharField(max_length=35, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    engines = models.JSONField(default=list)  # names, in the order of asking
    pivot = models.CharField(max_length=35, blank=True)  # a language; "none"; empty: where there is no direct way
    # Whether texts are translated as they come, or only when somebody looks at them.
    is_eager = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target", "kind"], name="routing_once")]


class Spending(models.Model):
    """The characters that an engine was sent in a calendar month (UTC)."""

    engine = models.ForeignKey(Engine, models.CASCADE, related_name="spending")
    month = models.CharField(max_length=7)  # 2026-11
    characters = models.BigIntegerField(default=0)
    # A sentence was too long for what was left: nothing more goes out, however short.
    is_used_up = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engine", "month"], name="spending_once_a_month")]


class Dispatch(models.Model):
    """One sentence that left the house: to whom, when, which. Ids and hashes, never text.

    No foreign keys: what was sent was sent, also when the sentence or the engine is gone.
    """

    engine = models.CharField(max_length=40)
    at = models.DateTimeField()
    source = models.CharField(max_length=35)
    language = models.CharField(max_length=35)
    segment = models.BigIntegerField()
    unit = models.BigIntegerField(null=True)
    hash = models.CharField(max_length=64)  # SHA-256 of what was sent
    characters = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="dispatch_by_time"),
            models.Index(fields=["segment"], name="dispatch_of"),
        ]


class PairRecord(models.Model):
    """How an engine does in one pair, for the desk and for the checks."""

    engine = models.ForeignKey(Engine, models.CASCADE, related_name="pair_records")
    source = models.CharField(max_length=35)
    target = models.CharField(max_length=35)
    answers = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    rough = models.BigIntegerField(default=0)
    characters = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    # The score under which one answer in twenty lies, estimated as they come.
    score_floor = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engine", "source", "target"], name="pair_record_once")]
