"""What can be found: a text in one language. Its words stand beside it, see ``index``."""

from django.conf import settings
from django.db import models
from django.db.models import Q

KINDS = ("article", "comment")


class Entry(models.Model):
    """A text as it reads in one language, its own or an edition's."""

    unit = models.ForeignKey("translation.Unit", models.CASCADE, related_name="+")
    language = models.CharField(max_length=35)
    is_original = models.BooleanField()
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    subject = models.BigIntegerField()  # the article's number, or the comment's id
    article = models.PositiveIntegerField()  # number of the article that it is, or stands below
    section = models.CharField(max_length=255, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    source_language = models.CharField(max_length=35)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "language"], name="entry_once_per_language"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="entry_kind_known"),
        ]
        indexes = [
            models.Index(fields=["author", "-at"], name="entry_by_author"),
            models.Index(fields=["article", "kind"], name="entry_by_article"),
        ]


class Filling(models.Model):
    """How far the index is filled with comments that were there before, or that an import brought. One row."""

    last_comment = models.BigIntegerField(default=0)
    has_articles = models.BooleanField(default=False)
