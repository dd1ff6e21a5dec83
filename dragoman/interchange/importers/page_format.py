"""The text of a captured page, read into an article and its comments. Pure.

The format is described in ``docs/operate/import-page.md``.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from dragoman.foundation.text import clean
from dragoman.interchange.importers.errors import BadFile
from dragoman.interchange.signin import is_sign_in_line

_HEADER = re.compile(r"^\s*(\d{1,7})\.\s+(\S.*?)\s+(Offline|Online)\s+(\S.*?)\s*$")
_AFTER_NICKNAME = r"\s+\((.*)\)\s+(\d{1,2})\s+([A-Za-z]+)\s+(\d{4})\s+(\d{1,2}):\s*(\d{2})\s*$"
_NAME_LINE = re.compile(r"^\s*(\S.*?)" + _AFTER_NICKNAME)
_ATTRIBUTION = re.compile(r"^\s*[-–—]\s+(\S.*)$")
_MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
}


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A paragraph, or a pull quote with its attribution."""

    kind: str
    text: str
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class PageComment:
    """A comment as captured. ``at`` is local time, naive; ``line`` is where it begins in the file."""

    number: int
    nickname: str
    real_name: str
    online: bool
    at: datetime
    paragraphs: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """A captured page; ``removed`` counts control and bidi characters that were taken out."""

    headline: str
    lead: str
    blocks: tuple[PageBlock, ...]
    comments: tuple[PageComment, ...]
    removed: int


def read_page(data: bytes, language: str, *, file: str) -> Page:
    """Read a page; raises :class:`BadFile`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadFile(file, line, f"byte {error.start} is no UTF-8. Save the file as UTF-8.") from None
    cleaned = clean(text)
    lines = cleaned.text.split("\n")
    end = next((index for index, line in enumerate(lines) if is_sign_in_line(line, language)), None)
    if end is None:
        raise BadFile(
            file,
            len(lines),
            f"the line that asks readers to sign in, in the language “{language}”, is missing.",
        )
    headline, lead, blocks = _article(lines[:end], file)
    return Page(headline, lead, blocks, tuple(_comments(lines, end + 1, file)), cleaned.removed)


def _article(lines: list[str], file: str) -> tuple[str, str, tuple[PageBlock, ...]]:
    paragraphs = _paragraphs(lines)
    if not paragraphs:
        raise BadFile(file, 1, "there is no headline.")
    headline, rest = paragraphs[0], paragraphs[1:]
    if "\n" in headline:
        raise BadFile(file, 1, "the headline must be one line with an empty line after it.")
    if len(headline) > 255:
        raise BadFile(file, 1, f"the headline has {len(headline)} characters; at most 255 are possible.")
    if not rest:
        raise BadFile(file, len(lines), "there is no lead after the headline.")
    blocks: list[PageBlock] = []
    for paragraph in rest[1:]:
        attribution = _ATTRIBUTION.match(paragraph)
        if attribution and blocks and blocks[-1].kind == "paragraph":
            blocks[-1] = PageBlock("pullquote", blocks[-1].text, attribution[1].strip())
        else:
            blocks.append(PageBlock("paragraph", paragraph))
    return headline, rest[0], tuple(blocks)


def _paragraphs(lines: list[str]) -> list[str]:
    text = "\n".join(line.strip() for line in lines)
    return [part.strip() for part in re.split(r"\n{2,}", text) if part.strip()]


def _comments(lines: list[str], start: int, file: str) -> list[PageComment]:
    begins = _headers(lines, start)
    first = begins[0] if begins else len(lines)
    for index in range(start, first):
        if lines[index].strip():
            raise BadFile(
                file,
                index + 1,
                "a comment must begin with “NUMBER. nickname Offline|Online nickname” and a line with name and time.",
            )
    return [_comment(lines, begin, following, file) for begin, following in pairwise([*begins, len(lines)])]


def _headers(lines: list[str], start: int) -> list[int]:
    """Lines that begin a comment: the number is one higher and a line with name and time follows."""
    begins: list[int] = []
    wanted: int | None = None
    for index in range(start, len(lines) - 1):
        match = _HEADER.match(lines[index])
        if match is None or _NAME_LINE.match(lines[index + 1]) is None:
            continue
        if wanted is None or int(match[1]) == wanted:
            begins.append(index)
            wanted = int(match[1]) + 1
    return begins


def _comment(lines: list[str], begin: int, end: int, file: str) -> PageComment:
    header, name = _HEADER.match(lines[begin]), _NAME_LINE.match(lines[begin + 1])
    if header is None or name is None:  # _headers found both
        raise BadFile(file, begin + 1, "the comment has no header.")
    nickname = header[2].strip()
    # Brackets may be part of a nickname: where it stands again, they are not the real name's.
    name = re.match(rf"\s*({re.escape(nickname)}){_AFTER_NICKNAME}", lines[begin + 1]) or name
    if header[4].strip() != nickname or name[1].strip() != nickname:
        raise BadFile(
            file, begin + 1, f"the nickname “{nickname}” is written in two ways in the comment's first lines."
        )
    if len(nickname) > 40:
        raise BadFile(file, begin + 1, f"the nickname “{nickname[:20]}…” has more than 40 characters.")
    paragraphs = _paragraphs(lines[begin + 2 : end])
    if not paragraphs:
        raise BadFile(file, begin + 1, f"comment {header[1]} has no text.")
    at = _time(name, begin + 2, file)
    return PageComment(
        int(header[1]), nickname, name[2].strip(), header[3] == "Online", at, tuple(paragraphs), begin + 1
    )


def _time(match: re.Match[str], line: int, file: str) -> datetime:
    month = _MONTHS.get(match[4].lower())
    if month is None:
        raise BadFile(file, line, f"“{match[4]}” is no English month.")
    try:
        return datetime(int(match[5]), month, int(match[3]), int(match[6]), int(match[7]))  # noqa: DTZ001 — local, see PageComment
    except ValueError:
        raise BadFile(file, line, "there is no such day or time.") from None
