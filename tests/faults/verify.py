"""Wait until all is translated and told, and compare with the ledger.

``python -m tests.faults.verify HOME LEDGER SECONDS``
"""

import importlib
import json
import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Print what was found as one line of JSON."""
    os.environ["DRAGOMAN_HOME"], os.environ["DJANGO_SETTINGS_MODULE"] = sys.argv[1], "dragoman.config.settings"
    django.setup()
    print(json.dumps(importlib.import_module("tests.faults.comparing").compare(Path(sys.argv[2]), float(sys.argv[3]))))


if __name__ == "__main__":
    main()
