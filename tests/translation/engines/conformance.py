"""Every engine as a case of the one conformance suite.

A case is a function that prepares what its engine needs (a folder, a server),
yields a :class:`Case`, and cleans up. A new engine adds one function to this
file, and its name to ``CASES`` at the end.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.models import build_ctranslate2, build_firefox
from dragoman.translation.engines import registry
from dragoman.translation.engines.base import Engine
from tests.translation.engines.remote_server import KEY, MODEL, RemoteServer

PLAIN = ("The house is big.", "The red car is here.", "I read a good book on Thursday.")
MARKED = ("The ⟦+1⟧big house⟦-1⟧ of ⟦2⟧ is here.", "Read ⟦1⟧ with a ⟦*2⟧good⟦/2⟧ friend.")
ODD = (
    'She said: "I\'m here & there", and 3 < 5.',
    "Two\nlines, a backslash \\ and a tab\there.",
    "Good 👍🏽 👨‍👩‍👧 morning 🏠.",
    "The word \u202bשלום עולם\u202c is a greeting, and مرحبا too.",
    "Old letters 𐍈𐌰 and 𝔸 are of four bytes.",
    "100 % of {braces}, [brackets], ^carets^ and $signs.",
    "<b>typed</b> &lt;by hand&gt; <x id='1'/>",
)
# Signs of the odd texts that no translation may lose, whatever it makes of the words.
SIGNS = '"&<\\👍🏠אלםע𐍈𝔸%{}[]^$'
HALF = "half \ud83d a character"
LONG = "A house is big. " * 6_250  # 100,000 characters


@dataclass(frozen=True)
class Case:
    """An engine and what may be expected of it: English to Spanish, unless said."""

    kind: str
    options: dict[str, Any]
    source: str = "en"
    target: str = "es"
    # A model of a few random weights translates nothing and keeps no marker; its adapter is tested all the same.
    keeps_markers: bool = True
    # What of ``SIGNS`` comes back; a small vocabulary has none of them.
    keeps: str = SIGNS
    # An engine that is told what to answer, for any pair and any text, declines nothing.
    declines: bool = True

    def build(self, name: str = "") -> Engine:
        """The engine in its own process, as the worker has it."""
        return registry.build(self.kind, name or self.kind, self.options)


@contextmanager
def apertium(_folder: Path) -> Iterator[Case]:
    """Debian's, where it is installed."""
    if shutil.which("apertium") is None:
        pytest.skip("apertium is not installed")
    yield Case("apertium", {})


@contextmanager
def echo(_folder: Path) -> Iterator[Case]:
    """Its own words in another order."""
    yield Case("echo", {"pairs": "en-es"}, declines=False)


@contextmanager
def scripted(_folder: Path) -> Iterator[Case]:
    """The one that runs in the worker itself; it puts the language into brackets."""
    yield Case("scripted", {"pairs": [["en", "es"]]}, keeps=SIGNS.replace("[]", ""), declines=False)


@contextmanager
def replay(folder: Path) -> Iterator[Case]:
    """A recording of all that the suite asks, but the long text."""
    pair = folder / "en-es"
    pair.mkdir()
    recorded = "".join(f"{text}\n" for text in [*PLAIN, *MARKED, *ODD])
    (pair / "talk.en").write_text(recorded, "utf-8")
    (pair / "talk.parrot.es").write_text(recorded, "utf-8")
    yield Case("replay", {"folder": str(folder), "system": "parrot"})


@contextmanager
def libretranslate(_folder: Path) -> Iterator[Case]:
    """Against a server of its protocol."""
    with RemoteServer().running() as server:
        # It undoes the escapes of its answers: tags that a reader typed look like elements then. Real ones never come.
        yield Case("libretranslate", {"url": server.url, "key": KEY}, keeps=SIGNS.replace("&<", ""))


@contextmanager
def deepl(_folder: Path) -> Iterator[Case]:
    """Its own client, against a server of its protocol."""
    with RemoteServer().running() as server:
        yield Case("deepl", {"url": server.url, "key": KEY, "languages": "en,es,fr"})


@contextmanager
def openai(_folder: Path) -> Iterator[Case]:
    """Against a server of its protocol."""
    with RemoteServer().running() as server:
        yield Case("openai", {"url": f"{server.url}/v1", "key": KEY, "model": MODEL, "languages": "en,es"})


@contextmanager
def ctranslate2(folder: Path) -> Iterator[Case]:
    """The library itself, with a model that was built a moment ago."""
    model = build_ctranslate2(folder / "tiny")
    yield Case("ctranslate2", {"model": str(model), "pairs": "en-es"}, keeps_markers=False, keeps="")


@contextmanager
def fxtranslate(folder: Path) -> Iterator[Case]:
    """The library itself, with a model that was built a moment ago."""
    build_firefox(folder / "ff" / "en-es")
    yield Case("fxtranslate", {"models": str(folder / "ff")}, keeps_markers=False, keeps="")


CASES: list[Callable[[Path], AbstractContextManager[Case]]] = [
    apertium,
    echo,
    scripted,
    replay,
    libretranslate,
    deepl,
    openai,
    ctranslate2,
    fxtranslate,
]
