"""The outbox: the one ordered log of what happened. Its id is the event's id. And who has read how far."""

from django.db import models


class OutboxEvent(models.Model):
    """One announcement. ``data`` holds ids, versions and flags only."""

    topic = models.CharField(max_length=100)
    kind = models.CharField(max_length=30)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["topic", "id"], name="outbox_by_topic")]


class Follower(models.Model):
    """A room that does something for each event, once: how far it has come."""

    name = models.CharField(max_length=40, unique=True)
    last_event = models.BigIntegerField()
