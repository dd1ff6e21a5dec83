"""The settings of a home, with one address and nothing in front of it. Used by ``bare_insert``."""

from dragoman.config.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "benchmarks.bare_urls"
INSTALLED_APPS = ["dragoman.live"]
MIDDLEWARE = []
