"""The outbox: the one ordered log of what happened. Its id is the event's id."""

from django.db import models


class OutboxEvent(models.Model):
    """One announcement. ``data`` holds ids, versions and flags only."""

    topic = models.CharField(max_length=100)
    kind = models.CharField(max_length=30)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)
