"""Every write to accounts."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dragoman.delivery.purging import settle
from dragoman.foundation.clock import now
from dragoman.foundation.languages import canonical
from dragoman.foundation.statements import Select
from dragoman.foundation.text import casefold_key, confusable_key, one_line
from dragoman.live.actions import announce
from dragoman.live.events import EVERYONE, Announcement
from dragoman.readers.errors import (
    EmailTaken,
    MuteYourself,
    NicknameTaken,
    RenamedTooOften,
    UnknownRole,
)
from dragoman.readers.models import ROLES, ApiToken, EarlierNickname, Mute, Presence, Reader, Renaming, RoleGrant
from dragoman.readers.policies import Actor, require
from dragoman.readers.queries import address_is_taken, id_of, nickname_is_taken, online_among, token_digest
from dragoman.readers.rules import checked_nickname

# Coarse on purpose: nobody can tell to the second when somebody came or went. Two words of an open event stream.
ONLINE_FOR = timedelta(minutes=2)
_VISIT_PROCESS = "visit"
RENAMING = timedelta(days=30)
MOST_RENAMINGS = 2  # within it: who is who must stay clear to those who argue


def create_reader(
    *,
    nickname: str,
    email: str = "",
    password: str | None = None,
    real_name: str = "",
    languages: Sequence[str] = (),
    roles: Collection[str] = (),
) -> Reader:
    """An account whose address counts as verified; for the operator's own hands."""
    name = checked_nickname(nickname)
    if nickname_is_taken(name):
        raise NicknameTaken
    with transaction.atomic():
        try:
            with transaction.atomic():
                reader = Reader.objects.create_user(
                    name,
                    None,
                    password,
                    real_name=one_line(real_name),
                    languages=[canonical(tag) for tag in languages],
                )
        except IntegrityError as error:
            raise NicknameTaken from error
        write_to(reader, email)
        for role in roles:
            grant_role(reader_id=reader.id, role=role)
    return reader


@transaction.atomic
def grant_role(*, reader_id: int, role: str) -> None:
    """Give a role; giving it twice changes nothing."""
    check_role(role)
    if role == "reader":
        return
    RoleGrant.objects.get_or_create(reader_id=reader_id, role=role)
    announce_name(reader_id)  # a badge stands beside it
    reader = Reader.objects.get(pk=reader_id)
    # The admin's own permissions hang on groups; the publication gives them theirs.
    reader.groups.add(Group.objects.get_or_create(name=role)[0])
    if role == "administrator":
        reader.is_superuser = True
        reader.save(update_fields=["is_superuser"])


def write_to(reader: Reader, email: str) -> None:
    """An address that counts as verified takes the place of all earlier ones; without one nobody can sign in."""
    address = email.strip().lower()  # as those who sign in are looked for
    if address_is_taken(address, but_by=reader.pk):
        raise EmailTaken
    if address and EmailAddress.objects.filter(user=reader, email=address, verified=True, primary=True).exists():
        return
    reader.email = address or None
    try:
        with transaction.atomic():
            EmailAddress.objects.filter(user=reader).delete()
            reader.save(update_fields=["email"])
            if address:
                EmailAddress.objects.create(user=reader, email=address, verified=True, primary=True)
    except IntegrityError as error:
        raise EmailTaken from error


def check_role(role: str) -> None:
    """Raises where there is none of this name."""
    if role not in ROLES:
        raise UnknownRole(
            _("There is no role “%(role)s”; the roles are %(roles)s.") % {"role": role, "roles": ", ".join(ROLES)}
        )


def create_token(*, reader_id: int) -> str:
    """A new API token. It is shown once and stored as a digest."""
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(reader_id=reader_id, digest=token_digest(token))
    return token


@transaction.atomic
def change_profile(
    *,
    actor_id: int,
    real_name: str,
    shows_real_name: bool,
    languages: Sequence[str],
    hides_presence: bool,
    edition: str = "",
    reads_originals: bool = False,
) -> None:
    """What a reader says of himself or herself."""
    before = online_among([actor_id])
    called = Reader.objects.filter(pk=actor_id).values_list("real_name", "shows_real_name").first()
    Reader.objects.filter(pk=actor_id).update(
        real_name=one_line(real_name)[:80],
        real_name_key=casefold_key(real_name)[:320],
        shows_real_name=shows_real_name,
        languages=list(dict.fromkeys(canonical(tag) for tag in languages)),
        hides_presence=hides_presence,
        edition=edition,
        reads_originals=reads_originals,
    )
    _announce_change(before, [actor_id])
    if called != (one_line(real_name)[:80], shows_real_name):
        announce_name(actor_id)
        settle()


def announce_name(reader: int) -> None:
    """Whatever shows names is made anew."""
    announce(Announcement("readers", "renamed", {"reader": reader}))


def rename_reader(*, actor: Actor, nickname: str) -> None:
    """Be called otherwise from now on; old links and mentions go on leading here. The same name changes nothing.

    One's own earlier name may be taken again.
    """
    own = require(actor, "reader.rename_own")
    name = checked_nickname(nickname)
    with transaction.atomic():
        reader = Reader.objects.select_for_update(no_key=True).get(pk=own)
        if reader.nickname == name:
            return
        if Renaming.objects.filter(reader=own, at__gt=now() - RENAMING).count() >= MOST_RENAMINGS:
            raise RenamedTooOften
        Renaming.objects.create(reader=reader, at=now())
        call_otherwise(reader, name)
        announce_name(own)
    settle()


def call_otherwise(reader: Reader, name: str) -> None:
    """Change the nickname of an account whose row is locked; its earlier one goes on leading here."""
    if nickname_is_taken(name, but_by=reader.pk):
        raise NicknameTaken
    before = (reader.nickname_key, reader.nickname_skeleton)
    reader.rename(name)
    try:
        with transaction.atomic():
            EarlierNickname.objects.filter(reader=reader, nickname_key=reader.nickname_key).delete()
            if before[0] != reader.nickname_key:
                EarlierNickname.objects.create(
                    reader=reader, nickname_key=before[0], nickname_skeleton=before[1], until=now()
                )
            reader.save(update_fields=["nickname", "nickname_key", "nickname_skeleton"])
    except IntegrityError as error:
        raise NicknameTaken from error


def share_password(*, reader_ids: Sequence[int], password: str) -> None:
    """One password, hashed once, for accounts that nobody owns: a demonstration's."""
    Reader.objects.filter(pk__in=reader_ids).update(password=make_password(password))


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A reader whom an import brings; nobody owns the account yet."""

    nickname: str
    real_name: str = ""


def find_or_create_unclaimed(wanted: Sequence[Unclaimed]) -> dict[str, int]:
    """Ids by nickname, also by one that its bearer gave up. An import takes names as they are and loses nothing."""
    by_key = {casefold_key(one.nickname): one for one in wanted}
    earlier = EarlierNickname.objects.filter(nickname_key__in=by_key).values_list("nickname_key", "reader_id")
    known = dict(earlier) | dict(Reader.objects.filter(nickname_key__in=by_key).values_list("nickname_key", "id"))
    for key, one in by_key.items():
        if key not in known:
            known[key] = _create_unclaimed(one).id
    return {one.nickname: known[casefold_key(one.nickname)] for one in wanted}


def _create_unclaimed(wanted: Unclaimed) -> Reader:
    reader = Reader(is_claimed=False)
    reader.rename(wanted.nickname[:40])
    reader.call(wanted.real_name)
    if Reader.objects.filter(nickname_skeleton=confusable_key(wanted.nickname)).exists():
        # Two look-alikes in one captured page are two people there; the key stays unique.
        reader.nickname_skeleton = f"{reader.nickname_skeleton} ~ {reader.nickname_key}"[:240]
    reader.set_unusable_password()
    reader.save()
    return reader


def tell_present(reader_ids: Collection[int], *, process: str) -> None:
    """These readers have a page open in this process; how many, and for how long, is nowhere written."""
    with transaction.atomic():
        before = online_among(reader_ids)
        Presence.objects.bulk_create(
            [Presence(reader_id=reader, process=process, until=now() + ONLINE_FOR) for reader in reader_ids],
            update_conflicts=True,
            unique_fields=["reader", "process"],
            update_fields=["until"],
        )
        _announce_change(before, reader_ids)


def tell_visit(reader_id: int) -> None:
    """The reader opened a page; it counts for a while, also in a browser without scripts."""
    if _IS_HERE.first(reader_id, now() + ONLINE_FOR / 3) is None:
        tell_present([reader_id], process=_VISIT_PROCESS)


_IS_HERE = Select(lambda reader, at: Presence.objects.filter(reader=reader, until__gt=at).values_list("pk"))


def tell_gone(reader_id: int) -> None:
    """The reader signed out."""
    with transaction.atomic():
        before = online_among([reader_id])
        Presence.objects.filter(reader=reader_id).delete()
        _announce_change(before, [reader_id])


def sweep_presence() -> None:
    """Take those offline whose time ran out: their process died or their browser fell silent."""
    expired = Presence.objects.filter(until__lte=now())
    readers = list(expired.values_list("reader_id", flat=True))
    if not readers:
        return
    with transaction.atomic():
        expired.delete()
        _announce_change(set(readers), readers)


def _announce_change(before: set[int], reader_ids: Collection[int]) -> None:
    after = online_among(reader_ids)
    announce(
        *(
            Announcement(EVERYONE, "presence", {"reader": reader, "online": reader in after})
            for reader in sorted(before ^ after)
        )
    )


def mute(*, actor: Actor, reader_id: int, muted: bool) -> None:
    """Do not want to read somebody, or want to again; twice is once. The other one does not hear of it."""
    own = require(actor, "reader.mute")
    if reader_id == own:
        raise MuteYourself
    if muted:
        Mute.objects.get_or_create(reader_id=own, muted_id=reader_id)
    else:
        Mute.objects.filter(reader=own, muted=reader_id).delete()


@transaction.atomic
def verify_reader(*, nickname: str, verified: bool) -> None:
    """Say that the newsroom knows who this is; for the operator's own hands."""
    reader = id_of(nickname)
    Reader.objects.filter(pk=reader).update(is_verified=verified)
    announce_name(reader)
