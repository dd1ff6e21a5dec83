"""What a phone loads in a fresh browser: an article with the first fifty comments of its thread, without pictures.

Bytes over the wire as Chromium counts them, headers and all; of them scripts. Then Lighthouse's four scores for a
phone, where npm can fetch Lighthouse.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from playwright.sync_api import sync_playwright

from benchmarks.chromium import CHROMIUM, FLAGS
from benchmarks.papers import publish_threads
from benchmarks.report import line
from benchmarks.servers import served

_LIGHTHOUSE = "lighthouse@12"
_SETTLED = 3000  # milliseconds in which a page loads what it loads of itself
_KIB = 1024


def run(*, quick: bool) -> None:
    """Print KiB and scores."""
    path = publish_threads((100,), writers=20)[100]
    connection.close()
    with served(settings.DRAGOMAN.home, core=None) as place:
        weights = _weights(place.url + path)
        line("weight", "page", sum(weights.values()) / _KIB, "KiB", goal="<= 60")
        line("weight", "scripts", weights.get("Script", 0) / _KIB, "KiB", goal="<= 30")
        for kind, weight in sorted(weights.items()):
            line("weight", f"page_{kind.lower()}", weight / _KIB, "KiB")
        if not quick and shutil.which("npx"):
            for name, score in _scores(place.url + path).items():
                line("weight", f"lighthouse_{name.replace('-', '_')}", score, "of 100", goal=">= 95")


def _weights(url: str) -> Mapping[str, int]:
    """Bytes by the kind of what was loaded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(**playwright.devices["Pixel 5"])
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        kinds: dict[str, str] = {}
        weights: dict[str, int] = {}

        def finished(told: dict[str, Any]) -> None:
            kind = kinds.get(told["requestId"], "Other")
            weights[kind] = weights.get(kind, 0) + int(told["encodedDataLength"])

        session.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
        session.on("Network.loadingFinished", finished)
        page.goto(url)
        page.wait_for_timeout(_SETTLED)
        browser.close()
    return weights


def _scores(url: str) -> Mapping[str, float]:
    """Lighthouse's, for a phone."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        flags = f"--chrome-flags={' '.join(FLAGS)} --user-data-dir={folder}/profile"
        told = ["npx", "--yes", _LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}", flags]
        subprocess.run(told, check=True, env=os.environ | {"CHROME_PATH": CHROMIUM}, stdout=subprocess.DEVNULL)
        categories = json.loads(report.read_text())["categories"]
    return {name: 100 * one["score"] for name, one in categories.items() if one["score"] is not None}
