"""What an administrator changes of other people's accounts."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from dragoman.delivery.purging import settle
from dragoman.foundation.text import one_line
from dragoman.readers.actions import announce_name, call_otherwise, check_role, grant_role
from dragoman.readers.errors import EmailTaken, NoSuchReader, OwnRights
from dragoman.readers.models import Reader, RoleGrant
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


def change_account(*, actor: Actor, reader_id: int, account: Account) -> None:
    """Let the account be so; old names go on leading to it, and open sessions of one that was closed end.

    A new address counts as verified. Administrators cannot take their own rights away: somebody must be left.
    """
    own = require(actor, "reader.grant_role")
    if reader_id == own and not (account.is_active and "administrator" in account.roles):
        raise OwnRights
    with transaction.atomic():
        reader = Reader.objects.select_for_update(no_key=True).filter(pk=reader_id).first()
        if reader is None:
            raise NoSuchReader
        if reader.nickname != account.nickname:  # an import may have brought one that nobody could choose
            call_otherwise(reader, checked_nickname(account.nickname))
        _write_to(reader, account.email)
        reader.call(one_line(account.real_name))
        reader.is_verified, reader.is_active = account.is_verified, account.is_active
        reader.save(update_fields=["real_name", "real_name_key", "is_verified", "is_active"])
        held = roles_of(reader)
        for role in sorted(account.roles - held):
            grant_role(reader_id=reader.pk, role=role)
        for role in sorted(held - account.roles):
            revoke_role(reader_id=reader.pk, role=role)
        announce_name(reader.pk)
    settle()


def _write_to(reader: Reader, email: str) -> None:
    """Another address from now on, or none."""
    if (reader.email or "").lower() == email.lower():
        return
    if email and Reader.objects.filter(email__iexact=email).exclude(pk=reader.pk).exists():
        raise EmailTaken
    reader.email = email or None
    try:
        with transaction.atomic():
            EmailAddress.objects.filter(user=reader).delete()
            reader.save(update_fields=["email"])
            if email:
                EmailAddress.objects.create(user=reader, email=email, verified=True, primary=True)
    except IntegrityError as error:
        raise EmailTaken from error


@transaction.atomic
def revoke_role(*, reader_id: int, role: str) -> None:
    """Take a role back; taking it twice changes nothing."""
    check_role(role)
    RoleGrant.objects.filter(reader=reader_id, role=role).delete()
    reader = Reader.objects.get(pk=reader_id)
    reader.groups.remove(*Group.objects.filter(name=role))
    if role == "administrator":
        Reader.objects.filter(pk=reader_id).update(is_superuser=False)
    announce_name(reader_id)
