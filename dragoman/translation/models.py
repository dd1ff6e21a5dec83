"""Units, revisions, occurrences, segments, translations, the current ones, jobs, and the engines' books.

An edition is a view: nothing here copies a text per language. A unit belongs to
one owner (an article, a comment, a section's name) whose kind and id it carries
as a label for announcements; translation itself never looks behind it.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

SUGGESTION_STATES = ("open", "accepted", "declined")


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
    # The engines that were asked, with their versions: a rejected sentence waits for one that was not.
    tried = models.JSONField(default=list)
    by = models.CharField(max_length=80, blank=True)
    # Who took over what somebody else had suggested, or let a comment's correction hold everywhere.
    # The database's default too: nodes of the version before write rows while this one is installed.
    approved_by = models.CharField(max_length=80, blank=True, default="", db_default="")
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


class Telling(models.Model):
    """A new translation of a sentence that stands in many texts: those who show them are told in pages."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="+")
    language = models.CharField(max_length=35)
    version = models.BigIntegerField()  # the translation's id
    told_up_to = models.BigIntegerField(default=0)  # an occurrence's id

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "language"], name="telling_once")]


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
