"""Reading accounts: actors, tokens, who is online."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from dragoman.foundation.clock import now
from dragoman.foundation.errors import NotFound
from dragoman.foundation.languages import same_to_a_reader
from dragoman.foundation.statements import Select
from dragoman.foundation.text import casefold_key, confusable_key, latin_capitals
from dragoman.readers.errors import NoSuchReader
from dragoman.readers.models import ApiToken, EarlierNickname, Mute, Presence, Reader, RoleGrant
from dragoman.readers.policies import ANONYMOUS, Actor


@dataclass(frozen=True, slots=True)
class Profile:
    """What everybody may see of a reader."""

    id: int
    nickname: str
    real_name: str
    online: bool
    joined_at: datetime
    languages: tuple[str, ...] = ()
    is_staff: bool = False
    is_verified: bool = False


_ROLES = Select(lambda reader: RoleGrant.objects.filter(reader=reader).values_list("role"))
# A row for each role, or one without.
_OF_TOKEN = Select(
    lambda digest: ApiToken.objects.filter(digest=digest).values_list(
        *("reader__id", "reader__nickname", "reader__languages", "reader__is_active", "reader__is_superuser"),
        *("reader__reads_originals", "reader__grants__role"),
    )
)


def actor_of(reader: Reader | None) -> Actor:
    """The actor for an account; one query for its roles."""
    if reader is None or not reader.is_active:
        return ANONYMOUS
    flags = [reader.is_superuser, reader.reads_originals]
    return _actor(reader.pk, reader.nickname, reader.languages, flags, [role for (role,) in _ROLES(reader.pk)])


def _actor(pk: int, nickname: str, languages: list[str], flags: Sequence[bool], granted: Iterable[str]) -> Actor:
    is_superuser, reads_originals = flags
    roles = frozenset({"reader", *granted})
    all_roles = roles | {"administrator"} if is_superuser else roles
    return Actor(pk, nickname, all_roles, tuple(languages), reads_originals)


def roles_of(reader: Reader) -> frozenset[str]:
    """Those that were given, without that of every reader."""
    return frozenset(role for (role,) in _ROLES(reader.pk)) | (
        {"administrator"} if reader.is_superuser else frozenset()
    )


def actor_by_id(reader_id: int | None) -> Actor:
    """The actor with this id, else the anonymous one."""
    return actor_of(Reader.objects.filter(pk=reader_id).first() if reader_id else None)


def actor_by_token(token: str) -> Actor:
    """The actor of a bearer token, else the anonymous one. One query."""
    rows = _OF_TOKEN(token_digest(token))
    if not rows:
        return ANONYMOUS
    pk, nickname, languages, is_active, *flags, _role = rows[0]
    return _actor(pk, nickname, languages, flags, filter(None, (row[-1] for row in rows))) if is_active else ANONYMOUS


def token_digest(token: str) -> str:
    """What is stored of a token: it has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def online_among(reader_ids: Collection[int]) -> set[int]:
    """Those of the readers who are online and do not hide it. One query."""
    rows = Presence.objects.filter(reader__in=reader_ids, until__gt=now(), reader__hides_presence=False)
    return set(rows.values_list("reader_id", flat=True))


def _profiles(ids: Any, at: Any) -> Any:
    here = Presence.objects.filter(reader=OuterRef("pk"), until__gt=at, reader__hides_presence=False)
    has_role = RoleGrant.objects.filter(reader=OuterRef("pk"))
    return (
        Reader.objects.filter(pk__in=ids)
        .annotate(online=Exists(here), is_of_staff=Q(is_superuser=True) | Exists(has_role))
        .values_list(
            *("id", "nickname", "real_name", "shows_real_name", "online", "joined_at", "languages", "is_of_staff"),
            "is_verified",
        )
    )


_PROFILES = Select(_profiles)


def profiles(reader_ids: Collection[int]) -> dict[int, Profile]:
    """Profiles by id. One query."""
    if not reader_ids:
        return {}
    return {
        pk: Profile(pk, nickname, real_name * shows, online, joined_at, tuple(languages), is_staff, is_verified)
        for pk, nickname, real_name, shows, online, joined_at, languages, is_staff, is_verified in _PROFILES(
            list(reader_ids), now()
        )
    }


# By the grants, of which there are few: administrators have one, too.
_STAFF_NAMES = Select(
    lambda: RoleGrant.objects.filter(reader__is_active=True).values_list("reader__nickname", "reader__real_name")
)


def staff_names() -> set[str]:
    """What those are called who have a role. One query."""
    return {name for row in _STAFF_NAMES() for name in row if name}


def readers_with(roles: Collection[str]) -> dict[int, tuple[str, ...]]:
    """Those who have one of the roles, with the edition that they read and the languages they understand. One query."""
    rows = RoleGrant.objects.filter(role__in=roles, reader__is_active=True).select_related("reader").order_by("reader")
    return {row.reader_id: (edition_of(row.reader), *row.reader.languages) for row in rows}


@dataclass(frozen=True, slots=True)
class Account:
    """What moderation's rules ask of a reader. ``domain``: of the address, empty where there is none."""

    names: tuple[str, ...]
    joined_at: datetime
    domain: str


_ACCOUNT = Select(
    lambda reader: Reader.objects.filter(pk=reader).values_list("nickname", "real_name", "joined_at", "email")
)


def account_of(reader_id: int) -> Account:
    """Of one reader; raises :class:`NotFound`. One query."""
    row = _ACCOUNT.first(reader_id)
    if row is None:
        raise NotFound
    nickname, real_name, joined_at, email = row
    return Account(tuple(filter(None, (nickname, real_name))), joined_at, (email or "").rpartition("@")[2].lower())


def languages_of(reader_id: int) -> tuple[str, ...]:
    """The edition that a reader reads, and the languages that he or she understands. One query."""
    row = Reader.objects.filter(pk=reader_id).first()
    return (edition_of(row), *row.languages) if row is not None else ()


def nickname_of(reader_id: int) -> str:
    """What a reader is called; empty where there is no such account. One query."""
    return Reader.objects.filter(pk=reader_id).values_list("nickname", flat=True).first() or ""


def is_staff(reader_id: int) -> bool:
    """Whether a reader has a role. One query."""
    rows = Reader.objects.filter(pk=reader_id)
    return rows.filter(Q(is_superuser=True) | Exists(RoleGrant.objects.filter(reader=OuterRef("pk")))).exists()


def profile_by_nickname(nickname: str) -> Profile:
    """One profile; raises :class:`NotFound`."""
    found = Reader.objects.filter(nickname_key=casefold_key(nickname), is_active=True).first()
    if found is None:
        raise NotFound
    return profiles([found.id])[found.id]


def address_is_taken(address: str, *, but_by: int) -> bool:
    """Whether another account has it, as its only one or as a further one that was verified."""
    if not address:
        return False
    further = EmailAddress.objects.filter(email=address, verified=True).exclude(user=but_by)
    return further.exists() or Reader.objects.filter(email__iexact=address).exclude(pk=but_by).exists()


def id_of(nickname: str) -> int:
    """Of an account, open or not; raises :class:`NoSuchReader`."""
    found = Reader.objects.filter(nickname_key=casefold_key(nickname)).values_list("id", flat=True).first()
    if found is None:
        raise NoSuchReader
    return found


def ids_by_nickname(keys: Collection[str]) -> dict[str, int]:
    """Readers by the casefolded nicknames that they bear, or bore. Two queries."""
    earlier = EarlierNickname.objects.filter(nickname_key__in=keys, reader__is_active=True)
    now = Reader.objects.filter(nickname_key__in=keys, is_active=True)
    return {
        **dict(earlier.values_list("nickname_key", "reader_id")),
        **dict(now.values_list("nickname_key", "id")),
    }


def muting(reader_id: int, among: Collection[int]) -> frozenset[int]:
    """Those among some readers who do not want to read this one. One query."""
    rows = Mute.objects.filter(muted=reader_id, reader__in=among) if among else Mute.objects.none()
    return frozenset(rows.values_list("reader_id", flat=True))


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a reader's mail goes, and in which edition; ``address`` is verified."""

    id: int
    nickname: str
    address: str
    edition: str


def addressees(reader_ids: Collection[int]) -> dict[int, Addressee]:
    """Those of the readers who can be written to. Two queries."""
    verified = dict(
        EmailAddress.objects.filter(user__in=reader_ids, verified=True, primary=True).values_list("user_id", "email")
    )
    rows = Reader.objects.filter(pk__in=verified, is_active=True)
    return {row.pk: Addressee(row.pk, row.nickname, verified[row.pk], edition_of(row)) for row in rows}


def edition_of(reader: Reader) -> str:
    """The edition that a reader reads: the chosen one, else one that he or she understands, else the default."""
    editions = settings.DRAGOMAN.languages
    if reader.edition in editions:
        return reader.edition
    understood = (one for one in editions for tag in reader.languages if same_to_a_reader(one, tag))
    return next(understood, settings.DRAGOMAN.default_language)


def muted_by(reader_id: int) -> frozenset[int]:
    """Whom a reader does not want to read."""
    return frozenset(muted for (muted,) in _MUTED(reader_id))


_MUTED = Select(lambda reader: Mute.objects.filter(reader=reader).values_list("muted_id"))


def nickname_is_taken(nickname: str, *, but_by: int = 0) -> bool:
    """Whether somebody else bears it or bore it, or something that looks like it. Two queries."""
    skeletons = {confusable_key(nickname), confusable_key(latin_capitals(nickname))}
    alike = Q(nickname_skeleton__in=skeletons) | Q(nickname_key=casefold_key(nickname))
    earlier = EarlierNickname.objects.filter(alike).exclude(reader=but_by)
    return Reader.objects.filter(alike).exclude(pk=but_by).exists() or earlier.exists()


def nickname_now(nickname: str) -> str | None:
    """What a reader is called who was once called so; ``None`` where nobody was."""
    row = EarlierNickname.objects.filter(nickname_key=casefold_key(nickname)).select_related("reader").first()
    return row.reader.nickname if row is not None else None


def nicknames_beginning(begin: str, *, among: Any, limit: int = 8) -> list[str]:
    """Nicknames of the readers ``among`` (a condition on a reader) that begin so, by the alphabet. One query."""
    key = casefold_key(begin)
    if not key:
        return []
    rows = Reader.objects.filter(among, nickname_key__startswith=key, is_active=True)
    return list(rows.order_by("nickname_key").values_list("nickname", flat=True)[:limit])


def _named(keys: Any) -> Any:
    named = Reader.objects.filter(Q(nickname_key__in=keys) | Q(real_name_key__in=keys))
    return named.values_list("id", "nickname", "nickname_key", "real_name", "real_name_key")


_NAMED = Select(_named)


def names_matching(keys: Collection[str]) -> dict[int, set[str]]:
    """Names of which one of the keys is the key, by reader. One query.

    ``keys`` are casefolded words and phrases of a text.
    """
    found: dict[int, set[str]] = {}
    for pk, *pairs in _NAMED(list(keys)) if keys else ():
        found[pk] = {name for name, key in (pairs[:2], pairs[2:]) if key in keys}
    return found
