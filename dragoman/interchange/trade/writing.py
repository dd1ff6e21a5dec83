"""Writing XML as it comes, into a file of any length."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import TextIOBase
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

# What no XML may hold; our texts have no other control characters.
_FORBIDDEN = {ord("\ufffe"): None, ord("\uffff"): None}


class XmlWriter:
    """A document that is being written."""

    def __init__(self, file: TextIOBase) -> None:
        self._out = XMLGenerator(file, "UTF-8", short_empty_elements=True)
        self._out.startDocument()

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        """An element around what is written inside."""
        self.begin(name, attributes)
        yield
        self.close(name)

    def begin(self, name: str, attributes: Mapping[str, str] | None = None) -> None:
        """An element begins; what comes until it is closed stands in it."""
        self._out.startElement(name, AttributesImpl({key: _clean(value) for key, value in (attributes or {}).items()}))

    def close(self, name: str) -> None:
        """It ends."""
        self._out.endElement(name)

    def leaf(self, name: str, attributes: Mapping[str, str] | None = None, text: str = "") -> None:
        """An element with nothing but text."""
        with self.element(name, attributes):
            if text:
                self.text(text)

    def text(self, text: str) -> None:
        """Text, escaped."""
        self._out.characters(_clean(text))

    def end(self) -> None:
        """Nothing comes any more."""
        self._out.endDocument()


def _clean(text: str) -> str:
    return text.translate(_FORBIDDEN)
