"""The product's own settings over a throw-away home; the database is the one that the run asks for."""

import os
import tempfile
from pathlib import Path

_HOME = Path(tempfile.mkdtemp(prefix="dragoman-tests-"))
_DATABASE = os.environ.get("DRAGOMAN_TEST_DATABASE", "")
(_HOME / "dragoman.toml").write_text(
    f"""
[publication]
name = "The Test Courier"
languages = ["en", "es", "ca", "fr", "ar", "pt"]
[site]
secret = "tests only"
hosts = ["testserver", "localhost", "127.0.0.1"]
[limits]
enabled = false
[delivery]
enabled = false
[database]
url = "{_DATABASE}"
""",
    encoding="utf-8",
)
os.environ["DRAGOMAN_HOME"] = str(_HOME)
(_HOME / "static").mkdir()  # WhiteNoise warns where there is none

from dragoman.config.settings import *  # noqa: E402
from dragoman.config.settings import DATABASES  # noqa: E402 — changed below

if not _DATABASE:
    # A file as in production: threads that share a database in memory lock each other's tables out.
    DATABASES["default"]["TEST"] = {"NAME": str(_HOME / "test.sqlite3")}

# One cheap hasher, one mailbox in memory, unhashed static files: nothing that a test asks about.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
