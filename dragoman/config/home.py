"""A home: the folder with ``dragoman.toml``, the SQLite file, media and sockets."""

import os
import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import tomli_w

from dragoman.foundation.errors import ConfigurationError
from dragoman.foundation.languages import UnknownLanguage, canonical, same_to_a_reader

FILE = "dragoman.toml"
# Besides the editions, what a reader may write in and what a text is recognised as.
_WORLD = [
    "en",
    "es",
    "fr",
    "de",
    "it",
    "pt",
    "ca",
    "gl",
    "ro",
    "nl",
    "pl",
    "cs",
    "sv",
    "tr",
    "el",
    "ru",
    "uk",
    "bg",
    "ar",
    "he",
    "fa",
    "hi",
    "zh-Hans",
    "ja",
    "ko",
    "id",
    "vi",
]

# Every setting with its default; anything else in the file or after --set is refused.
DEFAULTS: dict[str, Any] = {
    "publication.name": "Dragoman",
    "publication.languages": ["en"],
    "publication.timezone": "UTC",
    "site.url": "",
    "site.hosts": ["localhost", "127.0.0.1", "[::1]"],
    "site.secret": "",
    "database.url": "",
    "database.replica": "",
    "database.direct": "",
    "bus.url": "",
    "limits.enabled": True,
    "limits.throwaway_addresses": False,
    "moderation.enabled": True,
    "moderation.before_publication": False,
    "moderation.alert_after": 0,
    "moderation.alert_webhook": "",
    "moderation.alert_key": "",
    "moderation.classifier": "",
    "moderation.classifier_key": "",
    "translation.enabled": True,
    "translation.in_house_only": [],
    "translation.lanes": 2,
    "live.enabled": True,
    "delivery.enabled": True,
    "delivery.memory": 64,
    "delivery.files": "",
    "delivery.cdn": "",
    "delivery.cdn_key": "",
    "media.storage": "files",
    "media.url": "",
    "media.bucket": "",
    "media.endpoint": "",
    "media.region": "",
    "media.key": "",
    "media.secret": "",
    "server.threads": 4,
    "server.proxies": ["127.0.0.1", "::1"],
    "logs.format": "text",
    "logs.level": "warning",
    "push.services": [
        "fcm.googleapis.com",
        "push.services.mozilla.com",
        "notify.windows.com",
        "push.apple.com",
    ],
    "mail.backend": "console",
    "mail.from": "dragoman@localhost",
    "mail.host": "localhost",
    "mail.port": 25,
    "mail.user": "",
    "mail.password": "",
    "mail.tls": False,
}

# What a text may say, and each part of a list.
CHOICES = {
    "logs.format": ("text", "json"),
    "logs.level": ("debug", "info", "warning", "error"),
    "media.storage": ("files", "s3"),
    "mail.backend": ("console", "file", "smtp"),
    "translation.in_house_only": ("article", "comment", "section"),
}
# How an address must begin; libraries say less clearly what is wrong with one.
SCHEMES = {"bus.url": ("redis://", "rediss://", "unix://")}


@lru_cache(maxsize=16)  # every checked answer asks for it
def _with_the_world(languages: tuple[str, ...]) -> tuple[str, ...]:
    others = [tag for tag in _WORLD if not any(same_to_a_reader(tag, one) for one in languages)]
    return (*languages, *others)


@dataclass(frozen=True, slots=True)
class Home:
    """What the rest of the house asks as ``settings.DRAGOMAN``."""

    home: Path
    values: dict[str, Any]

    @property
    def name(self) -> str:
        """The publication's name."""
        return str(self.values["publication.name"])

    @property
    def languages(self) -> tuple[str, ...]:
        """The editions, the default one first."""
        return tuple(self.values["publication.languages"])

    @property
    def default_language(self) -> str:
        """The first edition."""
        return self.languages[0]

    @property
    def known_languages(self) -> tuple[str, ...]:
        """What a reader may write in: the editions, then the rest."""
        return _with_the_world(self.languages)

    @property
    def timezone(self) -> str:
        """Of the publication, an IANA name."""
        return str(self.values["publication.timezone"])

    @property
    def has_pooler(self) -> bool:
        """Whether the database is asked through one that gives a connection for each transaction."""
        return bool(self.values["database.direct"])

    @property
    def database_itself(self) -> str:
        """The address of PostgreSQL without a pooler before it, or empty for SQLite."""
        return str(self.values["database.direct"] or self.values["database.url"])

    @property
    def has_replica(self) -> bool:
        """Whether pages are read from a replica."""
        return bool(self.values["database.replica"])

    @property
    def has_media_elsewhere(self) -> bool:
        """Whether pictures lie in a store that speaks S3."""
        return bool(self.values["media.storage"] == "s3")

    @property
    def bus(self) -> str:
        """A Redis address, or empty for the embedded profile."""
        return str(self.values["bus.url"])

    @property
    def translation_enabled(self) -> bool:
        """Whether jobs are opened at all."""
        return bool(self.values["translation.enabled"])

    @property
    def kept_in_house(self) -> frozenset[str]:
        """Kinds of texts that no engine outside the house gets: article, comment, section."""
        return frozenset(self.values["translation.in_house_only"])

    @property
    def lanes(self) -> int:
        """How many batches one worker has in hand at a time."""
        return max(1, int(self.values["translation.lanes"]))

    @property
    def has_limits(self) -> bool:
        """Whether anybody may do only so much in a time."""
        return bool(self.values["limits.enabled"])

    @property
    def takes_throwaway_addresses(self) -> bool:
        """Whether readers may sign up with addresses of services for such that live an hour."""
        return bool(self.values["limits.throwaway_addresses"])

    @property
    def is_live(self) -> bool:
        """Whether open pages hear what happens."""
        return bool(self.values["live.enabled"])

    @property
    def has_delivery(self) -> bool:
        """Whether what is the same for everybody is answered from memory."""
        return bool(self.values["delivery.enabled"])

    @property
    def shows_copies(self) -> bool:
        """Whether a page may be older than the database: from memory, or from a replica."""
        return self.has_delivery or self.has_replica

    @property
    def page_files(self) -> Path | None:
        """The folder where a proxy finds shared pages, if there is one."""
        named = str(self.values["delivery.files"])
        return Path(named) if named and self.has_delivery else None

    @property
    def cdn(self) -> str:
        """The address where a cache before us hears what to forget, or empty."""
        return str(self.values["delivery.cdn"]) if self.has_delivery else ""

    @property
    def push_services(self) -> tuple[str, ...]:
        """Hosts of the push services that this server speaks to, with all below them."""
        return tuple(str(one).lower() for one in self.values["push.services"])

    @property
    def proxies(self) -> frozenset[str]:
        """Addresses whose word on the client's address is believed."""
        return frozenset(self.values["server.proxies"])

    @property
    def has_moderation(self) -> bool:
        """Whether comments are looked at by the rules before they are shown."""
        return bool(self.values["moderation.enabled"])

    @property
    def classifier(self) -> str:
        """The address of an outside program that looks at comments, or empty."""
        return str(self.values["moderation.classifier"]) if self.has_moderation else ""

    @property
    def classifier_key(self) -> str:
        """What questions to it are signed with."""
        return str(self.values["moderation.classifier_key"])

    @property
    def holds_new_comments(self) -> bool:
        """Whether comments wait for a moderator where the desk says nothing else."""
        return bool(self.values["moderation.enabled"] and self.values["moderation.before_publication"])

    @property
    def site_url(self) -> str:
        """The public address without a slash at its end, or empty: then the request's own."""
        return str(self.values["site.url"]).rstrip("/")


def load(folder: Path) -> Home:
    """Read a home; raises :class:`ConfigurationError` with the file and the setting at fault."""
    path = folder / FILE
    try:
        stored = _flatten(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ConfigurationError(
            f"There is no publication in {folder}. Make one with: dragoman init --home {folder} --name NAME"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from None
    values = dict(DEFAULTS)
    for key, value in stored.items():
        values[key] = _checked(key, value, where=str(path))
    values["publication.languages"] = checked_languages(values["publication.languages"])
    for key in ("database.replica", "database.direct"):
        if values[key] and not values["database.url"]:
            raise ConfigurationError(f"{path}: “{key}” needs “database.url”.")
    if values["media.storage"] == "s3" and not (values["media.bucket"] and "://" in values["media.url"]):
        raise ConfigurationError(f"{path}: “media.storage” s3 needs “media.bucket”, and “media.url” for readers.")
    return Home(folder.resolve(), values)


def create(folder: Path, settings: dict[str, Any]) -> Home:
    """Write a new home; one that exists is refused."""
    path = folder / FILE
    if path.exists():
        raise ConfigurationError(f"There is a publication in {folder} already; nothing was changed.")
    values = {key: _checked(key, value, where="--set") for key, value in settings.items()}
    values["publication.languages"] = checked_languages(values.get("publication.languages", ["en"]))
    check_timezone(values.get("publication.timezone", "UTC"))
    values.setdefault("site.secret", secrets.token_urlsafe(48))
    folder.mkdir(parents=True, exist_ok=True)
    nested: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        room, _dot, name = key.partition(".")
        nested.setdefault(room, {})[name] = value
    # It holds the site's secret: for the owner's eyes alone, from the first moment on.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        tomli_w.dump(nested, file)
    return load(folder)


def change(folder: Path, key: str, value: Any) -> None:
    """Write one setting anew; comments in the file are lost."""
    path = folder / FILE
    nested = tomllib.loads(path.read_text(encoding="utf-8"))
    room, _dot, name = key.partition(".")
    nested.setdefault(room, {})[name] = _checked(key, value, where=str(path))
    path.write_text(tomli_w.dumps(nested), encoding="utf-8")


def _flatten(nested: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{room}.{name}": value
        for room, names in nested.items()
        for name, value in (names.items() if isinstance(names, dict) else [("", names)])
    }


def _checked(key: str, value: Any, *, where: str) -> Any:
    if key not in DEFAULTS:
        raise ConfigurationError(f"{where}: there is no setting “{key}”; see docs/operate/settings.md.")
    wanted = type(DEFAULTS[key])
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise ConfigurationError(f"{where}: “{key}” must be of the kind {wanted.__name__}, such as {DEFAULTS[key]!r}.")
    if key in CHOICES and not set(value if isinstance(value, list) else [value]) <= set(CHOICES[key]):
        raise ConfigurationError(f"{where}: “{key}” must be one of {', '.join(CHOICES[key])}.")
    if value and key in SCHEMES and not value.startswith(SCHEMES[key]):
        raise ConfigurationError(f"{where}: “{key}” must begin with one of {', '.join(SCHEMES[key])}.")
    return value


def parse_setting(text: str) -> tuple[str, Any]:
    """``KEY=VALUE`` from a command line; the value takes the type of the setting's default."""
    key, sign, value = text.partition("=")
    if not sign or key not in DEFAULTS:
        raise ConfigurationError(f"--set {text}: write KEY=VALUE with a KEY of docs/operate/settings.md.")
    default = DEFAULTS[key]
    if isinstance(default, bool):
        if value.lower() not in ("true", "false"):
            raise ConfigurationError(f"--set {key}: write true or false.")
        return key, value.lower() == "true"
    if isinstance(default, int):
        if not value.isdecimal():
            raise ConfigurationError(f"--set {key}: write a whole number.")
        return key, int(value)
    return key, value.split(",") if isinstance(default, list) else value


def checked_languages(tags: Sequence[str]) -> list[str]:
    """Canonical, none twice; raises :class:`ConfigurationError`."""
    found: list[str] = []
    for tag in tags:
        try:
            found.append(canonical(tag))
        except UnknownLanguage:
            raise ConfigurationError(f"“{tag}” is not the tag of a language; use one such as en or pt-BR.") from None
    if not found:
        raise ConfigurationError("A publication needs at least one language.")
    return list(dict.fromkeys(found))


def check_timezone(name: str) -> str:
    """The name, where there is such a time zone."""
    if name not in available_timezones():
        raise ConfigurationError(f"There is no time zone “{name}”; write one such as Europe/Madrid.")
    return name
