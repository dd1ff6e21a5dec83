"""The glossary: its terms, who changed them, and the sentences that a change touches."""

from django.db import models
from django.db.models import Q

from dragoman.translation.rules.glossary import TREATMENTS


class GlossaryVersion(models.Model):
    """One row with a new token after each change. It is written first of all: whoever changes the glossary waits."""

    token = models.CharField(max_length=32, blank=True)


class GlossaryTerm(models.Model):
    """A word and what becomes of it; see ``rules.glossary``."""

    source = models.CharField(max_length=35)
    target = models.CharField(max_length=35, blank=True)  # empty: every language
    treatment = models.CharField(max_length=10, choices=[(one, one) for one in TREATMENTS])
    forms = models.JSONField()  # [["ferry", "transbordador"], ["ferries", "transbordadores"]]
    # A section's label, as its owner gave it; none: the whole publication.
    section = models.BigIntegerField(null=True)
    heeds_case = models.BooleanField(default=False)
    priority = models.SmallIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(treatment__in=TREATMENTS), name="glossary_treatment_known"),
            models.CheckConstraint(
                condition=Q(treatment="keep") | ~Q(target=""), name="glossary_translation_has_a_language"
            ),
        ]
        indexes = [models.Index(fields=["source", "target"], name="glossary_of_pair")]


class GlossaryChange(models.Model):
    """Who changed a term and when: the term before and after, as JSON; none: there was none, or is none any more."""

    term = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["term", "-id"], name="glossary_history")]


class Recheck(models.Model):
    """Sentences whose terms may be others now; workers look through them in pages.

    Those with one of these forms, or (no forms) those of the texts that belong to a topic.
    """

    source = models.CharField(max_length=35, blank=True)
    target = models.CharField(max_length=35, blank=True)  # empty: every language
    forms = models.JSONField(default=list)
    topic = models.CharField(max_length=100, blank=True)
    # How far it got: first through the places where a form stands as a name, then through the sentences.
    is_at_names = models.BooleanField(default=True)
    up_to = models.BigIntegerField(default=0)


class SectionTopic(models.Model):
    """Which section a topic, and with it an article and its comments, belongs to. Owners tell it; opaque here."""

    topic = models.CharField(max_length=100, unique=True)
    section = models.BigIntegerField()
