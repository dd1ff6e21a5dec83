"""Notifications, how readers want to hear of them, their devices, and addresses that bounce."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from dragoman.notifications.rules.kinds import KINDS, MAILS, OF_NO_COMMENT


class Notification(models.Model):
    """Something that one reader is told. It holds no text: what it says is asked for when it is shown.

    ``mail`` and ``push`` are the ways that are still to be taken; what was sent or
    is not to be sent any more has neither. ``lease`` keeps two workers from sending it
    twice; a killed worker's runs out.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    # None where it is of no comment; then ``about`` is what it is about: a sanction's id, or a text's.
    comment = models.ForeignKey("conversation.Comment", models.CASCADE, null=True, related_name="+")
    thread = models.ForeignKey("conversation.Thread", models.CASCADE, null=True, related_name="+")
    about = models.BigIntegerField(default=0, db_default=0)
    times = models.PositiveIntegerField(default=1)  # comments in a followed thread since the reader last looked
    act = models.CharField(max_length=10, blank=True)  # what was decided
    reason = models.CharField(max_length=20, blank=True)  # why, by moderation's codes
    on_site = models.BooleanField(default=True)
    mail = models.CharField(max_length=10, blank=True, choices=[(mail, mail) for mail in MAILS])
    push = models.BooleanField(default=False)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    lease = models.DateTimeField(null=True)  # of the mail
    push_lease = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="notification_kind_known"),
            models.CheckConstraint(condition=Q(mail__in=MAILS), name="notification_mail_known"),
            models.CheckConstraint(
                condition=Q(kind__in=OF_NO_COMMENT, comment=None) | Q(comment__isnull=False, thread__isnull=False),
                name="notification_is_about_something",
            ),
            models.UniqueConstraint(
                fields=["reader", "kind", "about"], condition=Q(comment=None), name="notified_of_it_once"
            ),
            models.UniqueConstraint(
                fields=["reader", "comment"],
                condition=Q(kind__in=("reply", "quote", "mention")),
                name="notified_of_comment_once",
            ),
            models.UniqueConstraint(
                fields=["reader", "thread"],
                condition=Q(kind="followed", seen_at=None),
                name="notified_of_thread_once_until_seen",
            ),
        ]
        indexes = [
            models.Index(fields=["reader", "-id"], name="notification_by_reader"),
            models.Index(fields=["reader"], name="notification_unseen", condition=Q(seen_at=None, on_site=True)),
            models.Index(fields=["mail", "at"], name="notification_to_mail", condition=~Q(mail="")),
            models.Index(fields=["at"], name="notification_to_push", condition=Q(push=True)),
            models.Index(fields=["at"], name="notification_by_age"),
        ]


class Preference(models.Model):
    """How a reader wants to hear of a kind, where it is not the default."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    site = models.BooleanField()
    mail = models.CharField(max_length=10, blank=True, choices=[(mail, mail) for mail in MAILS])
    push = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "kind"], name="preference_once_per_kind"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="preference_kind_known"),
            models.CheckConstraint(condition=Q(mail__in=MAILS), name="preference_mail_known"),
        ]


class Device(models.Model):
    """A browser that takes web push: the address and the keys that it gave (RFC 8030, RFC 8291)."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    endpoint = models.URLField(max_length=1000)
    endpoint_hash = models.CharField(max_length=64, unique=True)  # addresses are too long for an index
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    added_at = models.DateTimeField()


class PushKey(models.Model):
    """The publication's own key pair, by which push services know it (RFC 8292). One row."""

    private = models.TextField()  # PEM
    made_at = models.DateTimeField()


class DeadAddress(models.Model):
    """An address whose mail comes back."""

    address = models.CharField(max_length=254, unique=True)
    bounces = models.PositiveIntegerField(default=0)
    is_dead = models.BooleanField(default=False)
    at = models.DateTimeField()


class StaffAlert(models.Model):
    """When staff were last told that comments wait for too long. One row."""

    at = models.DateTimeField()
