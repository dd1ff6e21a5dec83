"""Compile the interface's catalogues where they are newer than what was compiled.

Babel does it, so that no gettext program is needed to run Dragoman.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

for source in sorted((Path(__file__).parent.parent / "dragoman" / "locale").glob("*/LC_MESSAGES/*.po")):
    target = source.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        with source.open("rb") as file:
            catalogue = read_po(file)
        with target.open("wb") as file:
            write_mo(file, catalogue)
