"""The newsroom's rulebook: word lists, what follows from each rule, where comments wait."""

from django.db import models
from django.db.models import Q

from dragoman.moderation.rules.candidate import ACTS
from dragoman.moderation.rules.lists import MATCHINGS
from dragoman.moderation.rules.modes import MODES, SCOPES


class RulebookVersion(models.Model):
    """One row; its token changes with the rulebook, so that every process knows when to read it again."""

    token = models.CharField(max_length=32)


class WordList(models.Model):
    """Words of a language, or of all (empty): one on each line, as ``rules.lists`` reads them."""

    name = models.CharField(max_length=80, unique=True)
    language = models.CharField(max_length=35, blank=True)
    matching = models.CharField(max_length=10, choices=[(one, one) for one in MATCHINGS], default="word")
    act = models.CharField(max_length=10, choices=[(one, one) for one in ACTS], default="hold")
    words = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(matching__in=MATCHINGS) & Q(act__in=ACTS), name="word_list_matching_and_act_known"
            ),
        ]


class RuleSetting(models.Model):
    """What follows from a rule, and its numbers, where they are not the house's own."""

    rule = models.CharField(max_length=20, unique=True)
    act = models.CharField(max_length=10, choices=[(one, one) for one in ACTS])
    numbers = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(act__in=ACTS), name="rule_setting_act_known")]


class Mode(models.Model):
    """Whether comments wait for a moderator: of the whole site (no key), a section, a place, a language, a reader."""

    scope = models.CharField(max_length=10, choices=[(one, one) for one in SCOPES])
    key = models.CharField(max_length=200, blank=True)
    mode = models.CharField(max_length=10, choices=[(one, one) for one in MODES])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="mode_once"),
            models.CheckConstraint(condition=Q(scope__in=SCOPES, mode__in=MODES), name="mode_known"),
            models.CheckConstraint(
                condition=Q(scope="site", key="") | (~Q(scope="site") & ~Q(key="")), name="mode_key_where_needed"
            ),
        ]
