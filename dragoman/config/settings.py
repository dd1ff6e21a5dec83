"""Django's settings, made from the home that ``DRAGOMAN_HOME`` names."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from django.conf import locale

from dragoman.config import home as _home
from dragoman.config.logs import logging_settings
from dragoman.config.media import media_url, storage_of

django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent.parent
DRAGOMAN = _home.load(Path(os.environ.get("DRAGOMAN_HOME", "var")))
HOME = DRAGOMAN.home

SECRET_KEY = DRAGOMAN.values["site.secret"]
DEBUG = False
ALLOWED_HOSTS = [*DRAGOMAN.values["site.hosts"]]
USE_X_FORWARDED_HOST = False
if DRAGOMAN.site_url:
    _host = DRAGOMAN.site_url.split("://")[-1].split("/")[0]
    ALLOWED_HOSTS.append(_host.rsplit(":", 1)[0] if "]" not in _host else _host)
    CSRF_TRUSTED_ORIGINS = [DRAGOMAN.site_url]
_IS_HTTPS = DRAGOMAN.site_url.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "dragoman.readers.sessions"
CSRF_FAILURE_VIEW = "dragoman.website.views.failures.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# Larger than the longest comment in any encoding of a form: the form itself says what is too long.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

INSTALLED_APPS = [
    "dragoman.website",
    "dragoman.desk",
    "dragoman.api",
    "dragoman.interchange",
    "dragoman.notifications",
    "dragoman.search",
    "dragoman.publication",
    "dragoman.conversation",
    "dragoman.moderation",
    "dragoman.translation",
    "dragoman.readers",
    "dragoman.live",
    "allauth",
    "allauth.account",
    "django_htmx",
    "wagtail.images",
    "wagtail.documents",
    "dragoman.desk.apps.UsersConfig",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "dragoman.config.middleware.RequestLog",
    "dragoman.config.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    # Readers' own pages; a shared one is kept in all codings (see delivery).
    "dragoman.config.middleware.CompressedText",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dragoman.website.middleware.EditionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dragoman.website.middleware.ActorMiddleware",
    "dragoman.website.middleware.ErrorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "dragoman.config.urls"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dragoman.website.context.page",
            ],
        },
    },
]

if DRAGOMAN.values["database.url"]:
    DATABASES: dict[str, Any] = {"default": dict(dj_database_url.parse(DRAGOMAN.values["database.url"]))}
    # One connection for each thread of a fixed pool (see config/front.py): kept open, checked when it broke.
    DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    # Behind PgBouncer the next statement may meet another connection: a cursor would be gone, and what was prepared.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = DRAGOMAN.has_pooler
    # A network that falls silent is an error after seconds, not a wait of hours. Source: libpq's documentation.
    _silence = {
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,  # ms
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
    }
    # Else PostgreSQL keeps what a connection is asked a third time, parsed and planned (see foundation/statements.py).
    _told = DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["OPTIONS"] = {"prepare_threshold": None if DRAGOMAN.has_pooler else 2, **_silence, **_told}
    if DRAGOMAN.has_replica:
        _replica: dict[str, Any] = dict(dj_database_url.parse(DRAGOMAN.values["database.replica"]))
        # It may be reached by way of a pooler of its own, of which we are not told.
        _told = _replica.get("OPTIONS", {})
        _replica["OPTIONS"] = {**_silence, "connect_timeout": 2, "prepare_threshold": None, **_told}
        DATABASES["replica"] = {**DATABASES["default"], **_replica, "TEST": {"MIRROR": "default"}}
        DATABASE_ROUTERS = ["dragoman.config.replica.Router"]
        MIDDLEWARE.insert(1, "dragoman.config.replica.ReadFromReplica")
else:
    DATABASES = {
        "default": {
            "ENGINE": "dragoman.foundation.sqlite",
            "NAME": HOME / "dragoman.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                " PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;",
            },
        }
    }
# By default some hundred addresses of a stranger would push out how often he has failed.
_REMEMBERED = {"MAX_ENTRIES": 50_000}
CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": _REMEMBERED}
}
if DRAGOMAN.bus:
    # Limits on sign-in and sign-up: of all nodes together.
    CACHES = {
        "default": {
            "BACKEND": "dragoman.config.shared_cache.SharedCache",
            "LOCATION": DRAGOMAN.bus,
            "KEY_PREFIX": "dragoman",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
# A nickname is unique by its key and its skeleton.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Interface. Editions without a catalogue of ours show it in the default language, marked so.
CATALOGUES = ("en", "es", "fr", "ca", "ar", "ru")
LANGUAGE_CODE = DRAGOMAN.default_language if DRAGOMAN.default_language in CATALOGUES else "en"
LANGUAGES = [(tag, tag) for tag in dict.fromkeys((*CATALOGUES, *DRAGOMAN.languages))]
# Django knows the names of its own languages only; an edition may be in any.
locale.LANG_INFO.update(
    {
        tag.lower(): {"bidi": False, "code": tag.lower(), "name": tag, "name_local": tag}
        for tag in DRAGOMAN.languages
        if tag.lower() not in locale.LANG_INFO
    }
)
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = DRAGOMAN.timezone

AUTH_USER_MODEL = "readers.Reader"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "dragoman.readers.accounts.AccountAdapter"
ACCOUNT_FORMS = {"signup": "dragoman.readers.accounts.EffortSignupForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "nickname"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{DRAGOMAN.name}] "
ACCOUNT_SESSION_REMEMBER = True
if not DRAGOMAN.values["limits.enabled"]:
    ACCOUNT_RATE_LIMITS = False

_MAIL = {
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
}
EMAIL_BACKEND = _MAIL.get(DRAGOMAN.values["mail.backend"], _MAIL["console"])
EMAIL_FILE_PATH = str(HOME / "mail")
EMAIL_HOST, EMAIL_PORT = DRAGOMAN.values["mail.host"], DRAGOMAN.values["mail.port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = DRAGOMAN.values["mail.user"], DRAGOMAN.values["mail.password"]
EMAIL_TIMEOUT = 10  # seconds; a server that falls silent must not hold up the others' mails
EMAIL_USE_TLS = DRAGOMAN.values["mail.tls"]
DEFAULT_FROM_EMAIL = DRAGOMAN.values["mail.from"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_URL = media_url(DRAGOMAN)
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": storage_of(DRAGOMAN),
    "staticfiles": {"BACKEND": "dragoman.config.static_files.StaticFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

WAGTAIL_SITE_NAME = DRAGOMAN.name
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_BASE_URL = DRAGOMAN.site_url or "http://localhost"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # a password is changed where readers change theirs
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database", "AUTO_UPDATE": False}}

LOGGING = logging_settings(DRAGOMAN.values["logs.format"], DRAGOMAN.values["logs.level"])
