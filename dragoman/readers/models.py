"""Readers, their roles, their presence and their API tokens."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q

from dragoman.foundation.text import casefold_key, confusable_key, one_line

ROLES = ("reader", "author", "editor", "translator", "moderator", "administrator")


class ReaderManager(BaseUserManager["Reader"]):
    """Accounts by nickname, whatever its case."""

    def create_user(
        self, nickname: str, email: str | None = None, password: str | None = None, **rest: Any
    ) -> "Reader":
        """A new account; a nickname that exists or looks like one raises ``IntegrityError``."""
        reader = self.model(email=self.normalize_email(email) if email else None, **rest)
        reader.rename(nickname)
        reader.call(reader.real_name)
        reader.set_password(password)
        reader.save(using=self._db)
        return reader

    def get_by_natural_key(self, username: str | None) -> "Reader":
        """By nickname or address: Django's own sign-in asks with either."""
        name = username or ""
        return self.get(Q(nickname_key=casefold_key(name)) | Q(email__iexact=name))


class Reader(AbstractBaseUser, PermissionsMixin):
    """An account. ``is_claimed`` is false for one that an import brought and nobody owns yet."""

    nickname = models.CharField(max_length=40)
    nickname_key = models.CharField(max_length=160, unique=True)
    nickname_skeleton = models.CharField(max_length=240, unique=True)
    email = models.EmailField(null=True, unique=True)
    real_name = models.CharField(max_length=80, blank=True)
    real_name_key = models.CharField(max_length=320, blank=True, db_index=True)
    shows_real_name = models.BooleanField(default=True)
    languages = models.JSONField(default=list, blank=True)
    edition = models.CharField(max_length=35, blank=True)  # that the reader reads: mail is written in it
    is_verified = models.BooleanField(default=False)  # the newsroom knows who it is
    hides_presence = models.BooleanField(default=False)
    # Nothing is translated for this reader, but for the page on which he or she asks for it.
    reads_originals = models.BooleanField(default=False, db_default=False)
    is_claimed = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = ReaderManager()

    USERNAME_FIELD = "nickname"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.nickname

    def rename(self, nickname: str) -> None:
        """Set the nickname with its two keys; the caller saves."""
        self.nickname = one_line(nickname)
        self.nickname_key = casefold_key(nickname)
        self.nickname_skeleton = confusable_key(nickname)

    def call(self, real_name: str) -> None:
        """Set the real name with its key; the caller saves."""
        self.real_name = one_line(real_name)[:80]
        self.real_name_key = casefold_key(self.real_name)

    @property
    def is_staff(self) -> bool:
        """Django's own admin is not installed; Wagtail's asks for its permission."""
        return self.is_superuser

    @property
    def shown_name(self) -> str:
        """The real name where its owner shows it."""
        return self.real_name if self.shows_real_name else ""

    def get_full_name(self) -> str:
        """Wagtail shows it in its history."""
        return self.real_name or self.nickname

    def get_short_name(self) -> str:
        """Wagtail greets with it."""
        return self.nickname


class RoleGrant(models.Model):
    """A role that a reader has besides being one."""

    reader = models.ForeignKey(Reader, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "role"], name="role_granted_once"),
            models.CheckConstraint(condition=Q(role__in=ROLES[1:]), name="role_known"),
        ]


class EarlierNickname(models.Model):
    """What a reader was called before: old links lead on, and nobody else may take it."""

    reader = models.ForeignKey(Reader, models.CASCADE, related_name="earlier_nicknames")
    nickname_key = models.CharField(max_length=160, unique=True)
    nickname_skeleton = models.CharField(max_length=240)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["nickname_skeleton"], name="earlier_nickname_skeleton")]


class Renaming(models.Model):
    """That a reader changed the nickname, and when: only so many are possible within a time."""

    reader = models.ForeignKey(Reader, models.CASCADE, related_name="+")
    at = models.DateTimeField()


class Presence(models.Model):
    """A reader is online in one process until a moment; coarse, without history."""

    reader = models.ForeignKey(Reader, models.CASCADE, related_name="+")
    process = models.CharField(max_length=60)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "process"], name="presence_once_per_process")]


class Mute(models.Model):
    """A reader does not want to read another one."""

    reader = models.ForeignKey(Reader, models.CASCADE, related_name="mutes")
    muted = models.ForeignKey(Reader, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "muted"], name="mute_once"),
            models.CheckConstraint(condition=~Q(reader=models.F("muted")), name="mute_is_of_somebody_else"),
        ]


class ApiToken(models.Model):
    """A bearer token; only its SHA-256 is kept."""

    reader = models.ForeignKey(Reader, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
