"""The editors' rich text (a small HTML) read into inlines.

Emphasis, strong and links are kept; anything else becomes its words. Source:
Wagtail stores internal links as ``<a linktype="page" id="3">``; the owner
resolves them before the text comes here.
"""

from html.parser import HTMLParser

from dragoman.translation.rules.document import Atom, Break, Close, Inline, MarkKind, Open, Text

_MARKS: dict[str, MarkKind] = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inlines: list[Inline] = []
        self._open: list[str] = []
        self._code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _MARKS:
            self.inlines.append(Open(_MARKS[tag]))
            self._open.append(tag)
        elif tag == "a":
            self.inlines.append(Open("link", dict(attrs).get("href") or ""))
            self._open.append(tag)
        elif tag == "br":
            self.inlines.append(Break())
        elif tag == "code":
            self._code = True
        elif tag == "p" and self.inlines:
            self.inlines.append(Break())

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self._code = False
        elif tag in self._open:
            while self._open:
                self.inlines.append(Close())
                if self._open.pop() == tag:
                    break

    def handle_data(self, data: str) -> None:
        if self._code:
            self.inlines.append(Atom("code", data))
        elif data:
            self.inlines.append(Text(data))


def parse(html: str) -> tuple[Inline, ...]:
    """Read one paragraph's rich text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return (*reader.inlines, *(Close() for _ in reader._open))
