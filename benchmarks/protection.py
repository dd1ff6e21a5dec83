"""What no engine may touch comes back exactly: mask, an engine that reorders, unmask.

Texts are made by Hypothesis of words in many scripts, and of names, mentions,
addresses, emoji sequences, code, raw HTML and links between them. Each goes
through parsing, cutting, writing in one of the styles, an engine that turns all
words round, reading and rebuilding.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.report import line
from dragoman.translation.rules.document import Document
from dragoman.translation.rules.layout import lay_out, rebuild
from dragoman.translation.rules.markdown import parse
from dragoman.translation.rules.marker_styles import Style, Written, read, write
from dragoman.translation.rules.markers import pieces, same_markers, well_formed
from dragoman.translation.rules.rendering import inlines_text
from dragoman.translation.rules.segmenting import inlines

STYLES: tuple[Style, ...] = ("marked", "xml", "html", "underscores", "letters", "digits")
NAMES = ("Ruben Askelund", "_AMUHb_", "Ada", "O'Dowda", "Жанна Орлова", "أمينة", "Nguyễn Thị Hà", "李小龙")
_SPANS = (
    *NAMES,
    *("@maria", "@the_house", "@Ölaf.b", "#casa", "#Año2026", "#новости"),
    *("https://example.org/a?b=1&c=%20#d", "www.example.com/Casa", "http://пример.example/путь", "example.org"),
    *("redaktion@example.org", "a.b+c@sub.example.com"),
    *("🙂", "👩‍👩‍👧", "🇪🇸", "👍🏽", "❤️‍🔥", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
    *('`print("house")`', "`<b>`", "``a ` b``", "`casa = 1`"),
    *("<b>", "</script>", "<!-- casa -->", "&amp;", "<img src=x onerror=alert(1)>"),
)
_WORDS = (
    *("the lamps are green", "casa grande", "очень хорошо", "البيت الكبير", "הבית", "大房子", "घर", "σπίτι"),
    *("a", "и", "don't", "5,000", "3.14", "“yes”", "(no)", "e.g.", "Dr.", "…", "—", "XX", "47", "«sí»", "?", "!"),
    *("\u202eabc\u202c", "é", "ﬁ", "𝒜", "\u00a0"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """A text, and the spans that were put into it."""

    text: str
    spans: tuple[str, ...]


@st.composite
def texts(draw: st.DrawFn) -> Made:
    """Words and spans in turn, some of them in links and emphases, in one or more lines."""
    parts: list[str] = []
    spans: list[str] = []
    for _part in range(draw(st.integers(1, 8))):
        parts.append(draw(st.sampled_from(_WORDS)))
        span = draw(st.sampled_from(_SPANS))
        spans.append(span)
        shape = draw(st.sampled_from(["{}", "{}", "{}", "[see {} there](https://example.net/x)", "*so {} it is*"]))
        parts.append(shape.replace("{}", span))
        parts.append(draw(st.sampled_from(["", "", ".", "\n", "?\n\n"])))
    return Made(" ".join(parts), tuple(spans))


def survive(made: Made, style: Style, dice: random.Random) -> bool:
    """Whether every span of a text comes back as often as it went in."""
    document = parse(made.text, NAMES)
    layout = lay_out(document, "en", NAMES)
    sentences = [sentence for _block, sentence in layout.sentences]
    back = []
    for sentence in sentences:
        written = write(sentence.marked, style)
        answer = sentence.marked if written is None else read(_engine(written, dice), written)
        if not (same_markers(sentence.marked, answer) and well_formed(answer)):
            return False
        back.append(inlines(sentence.before + answer + sentence.after, sentence.contents))
    rebuilt = rebuild(layout.template(range(len(back))), lambda anchor: back[anchor])
    return _counted(rebuilt, made) == _counted(document, made)


def _counted(document: Document, made: Made) -> Counter[str]:
    """How often each span stands in what a reader sees."""
    shown = "\n".join(inlines_text(block.inlines) for block in document.text_blocks())
    return Counter({span: shown.count(_shown(span)) for span in set(made.spans)})


def _shown(span: str) -> str:
    return span.strip("`").strip() if span.startswith("`") else span


def _engine(written: Written, dice: random.Random) -> str:
    """The text with its words in another order, in the same style; marks stay around their words."""
    units = _units(written.marked)
    dice.shuffle(units)
    turned = " ".join(units)
    again = write(turned, written.style)
    if again is None or written.style in ("marked", "xml", "html"):
        return again.text if again else turned
    # Tokens are numbered by their places in the question, not in the answer.
    text = again.text
    numbers = {marker: place for place, marker in enumerate(written.markers, 1)}
    tokens = {place: _token(written.style, place) for place in range(1, len(again.markers) + 1)}
    for place, marker in enumerate(again.markers, 1):
        text = (
            text.replace(f" {tokens[place]} ", f" \0{numbers[marker]}\0 ", 1)
            if f" {tokens[place]} " in text
            else (text.replace(tokens[place], f"\0{numbers[marker]}\0", 1))
        )
    for place, token in tokens.items():
        text = text.replace(f"\0{place}\0", token)
    return text


def _token(style: Style, number: int) -> str:
    return {"underscores": f"__{number}__", "letters": f"XX{number}", "digits": f"4711{number}"}[style]


def _units(marked: str) -> list[str]:
    """Words, atoms, and whole marks with what is in them."""
    units: list[str] = []
    depth, held = 0, ""
    for piece in pieces(marked):
        shown = piece.text if piece.kind == "words" else _spelled(piece.kind, piece.number, marked)
        depth += (piece.kind == "open") - (piece.kind == "close")
        held += shown
        if depth == 0:
            units += held.split() if piece.kind == "words" else [held.strip()]
            held = ""
    return units


def _spelled(kind: str, number: int, marked: str) -> str:
    signs = {"atom": ("",), "open": ("+", "*"), "close": ("-", "/")}[kind]
    return next(f"⟦{sign}{number}⟧" for sign in signs if f"⟦{sign}{number}⟧" in marked)


def run(*, quick: bool) -> None:
    """Print how many of the texts kept every span."""
    count = 500 if quick else 10_000
    dice = random.Random(1)
    tally: Counter[bool] = Counter()

    @settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(texts(), st.sampled_from(STYLES))
    def each(made: Made, style: Style) -> None:
        tally[survive(made, style, dice)] += 1

    started = time.perf_counter()
    each()
    seconds = time.perf_counter() - started
    line("protection", "texts", tally.total(), "texts", goal=f">= {count}")
    line("protection", "lost_a_span", tally[False], "texts", goal="<= 0")
    line("protection", "texts_per_second", tally.total() / seconds, "1/s")
