"""Real comments, where a corpus is named by ``DRAGOMAN_CORPUS``: ``comments/*.csv`` with a column ``comment_text``."""

import csv
import os
from pathlib import Path

from dragoman.conversation.rules.quoting import LONGEST


def comments() -> list[str]:
    """All of them, each as long as a comment may be; none where there is no corpus."""
    folder = os.environ.get("DRAGOMAN_CORPUS", "")
    found: list[str] = []
    for path in sorted(Path(folder).glob("comments/*.csv")) if folder else []:
        with path.open(encoding="utf-8", newline="") as file:
            texts = (row["comment_text"].strip()[:LONGEST] for row in csv.DictReader(file))
            found += [text for text in texts if text]
    return found
