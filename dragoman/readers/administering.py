"""What an administrator changes of other people's accounts."""

from dataclasses import dataclass
from hashlib import sha256

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from dragoman.delivery.purging import settle
from dragoman.foundation.text import one_line
from dragoman.readers.actions import announce_name, call_otherwise, check_role, grant_role, tell_gone, write_to
from dragoman.readers.errors import ChangedMeanwhile, NoSuchReader, OwnRights, UnknownRole
from dragoman.readers.models import ApiToken, Reader, RoleGrant
from dragoman.readers.policies import Actor, require
from dragoman.readers.queries import roles_of
from dragoman.readers.rules import checked_nickname


@dataclass(frozen=True, slots=True)
class Account:
    """What the newsroom says of an account. One that is not active cannot be signed in to."""

    nickname: str
    email: str = ""
    real_name: str = ""
    roles: frozenset[str] = frozenset()
    is_verified: bool = False
    is_active: bool = True

    @property
    def token(self) -> str:
        """Another one for each other account or state of it."""
        told = (self.nickname, self.email, self.real_name, sorted(self.roles), self.is_verified, self.is_active)
        return sha256(repr(told).encode()).hexdigest()[:16]


def account_of(reader: Reader) -> Account:
    """As it is now."""
    return Account(
        reader.nickname, reader.email or "", reader.real_name, roles_of(reader), reader.is_verified, reader.is_active
    )


def change_account(*, actor: Actor, reader_id: int, account: Account, seen: str = "") -> None:
    """Let the account be so; old names go on leading to it. ``seen``: the token of the account as it was shown.

    Administrators cannot take their own rights away: somebody must be left.
    """
    own = require(actor, "reader.grant_role")
    if reader_id == own and not (account.is_active and "administrator" in account.roles):
        raise OwnRights
    with transaction.atomic():
        reader = Reader.objects.select_for_update(no_key=True).filter(pk=reader_id).first()
        if reader is None:
            raise NoSuchReader
        before = account_of(reader)
        if seen and seen != before.token:
            raise ChangedMeanwhile
        if before.nickname != account.nickname:  # an import may have brought one that nobody could choose
            call_otherwise(reader, checked_nickname(account.nickname))
        write_to(reader, account.email)
        if before.is_active and not account.is_active:
            _end_sessions(reader)
        reader.call(one_line(account.real_name))
        reader.is_verified, reader.is_active = account.is_verified, account.is_active
        reader.save(update_fields=["real_name", "real_name_key", "is_verified", "is_active"])
        for role in sorted(account.roles - before.roles):
            grant_role(reader_id=reader.pk, role=role)
        for role in sorted(before.roles - account.roles):
            revoke_role(reader_id=reader.pk, role=role)
        announce_name(reader.pk)
    settle()


def _end_sessions(reader: Reader) -> None:
    """For good: whoever opens the account again asks for a new password by mail.

    A session is bound to the password that it began with.
    """
    reader.set_unusable_password()
    reader.save(update_fields=["password"])
    ApiToken.objects.filter(reader=reader).delete()
    tell_gone(reader.pk)


@transaction.atomic
def revoke_role(*, reader_id: int, role: str) -> None:
    """Take a role back; taking it twice changes nothing. Everybody stays a reader."""
    check_role(role)
    if role == "reader":
        raise UnknownRole(_("Everybody is a reader; this role cannot be taken back."))
    RoleGrant.objects.filter(reader=reader_id, role=role).delete()
    reader = Reader.objects.get(pk=reader_id)
    reader.groups.remove(*Group.objects.filter(name=role))
    if role == "administrator":
        Reader.objects.filter(pk=reader_id).update(is_superuser=False)
    announce_name(reader_id)
