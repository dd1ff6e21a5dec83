"""What measurements do inside a home that they serve.

``python -m benchmarks.writing HOME fill N | publish COMMENTS ARTICLES | check | count | release N | render PATH TIMES``
"""

import importlib
import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Parse and run."""
    os.environ["DRAGOMAN_HOME"] = str(Path(sys.argv[1]))
    os.environ["DJANGO_SETTINGS_MODULE"] = "dragoman.config.settings"
    django.setup()
    act, *rest = sys.argv[2:]
    getattr(importlib.import_module("benchmarks.writing_acts"), act)(
        *(int(one) if one.isdigit() else one for one in rest)
    )


if __name__ == "__main__":
    main()
