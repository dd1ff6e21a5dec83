"""A throw-away publication for a measurement, in this very process. One a process: Django is set up once.

Modules that import the product's models are imported after it: ``__main__`` sees to that.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

from dragoman.config.home import create


def open_home(*languages: str, **settings: Any) -> Path:
    """A new home with an empty database; the folder is removed by whoever removes temporary folders."""
    home = Path(tempfile.mkdtemp(prefix="dragoman-benchmark-"))
    create(home / "home", {"publication.name": "Benchmark", "publication.languages": list(languages), **settings})
    os.environ["DRAGOMAN_HOME"] = str(home / "home")
    os.environ["DJANGO_SETTINGS_MODULE"] = "dragoman.config.settings"
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    return home / "home"
