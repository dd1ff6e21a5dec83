"""What a person types is brought onto the markers of its source."""

import pytest
from hypothesis import given

from dragoman.translation.rules.human import mark_like
from dragoman.translation.rules.markers import MARKER, Content
from dragoman.translation.rules.rendering import inlines_text
from dragoman.translation.rules.segmenting import inlines
from tests.translation.rules.strategies import BRIEFLY, TYPED

RUBEN = Content("name", "Ruben")
ADA = Content("name", "Ada")
EM = Content("em", "")
STRONG = Content("strong", "")
LINK = Content("link", "http://a.example")
URL = Content("url", "https://a.example/x")


@pytest.mark.parametrize(
    ("typed", "contents", "marked"),
    [
        ("Ruben leyó *dos* libros.", (RUBEN, EM), "⟦1⟧ leyó ⟦*2⟧dos⟦/2⟧ libros."),
        ("A Ada la vio Ruben.", (RUBEN, ADA), "A ⟦2⟧ la vio ⟦1⟧."),
        ("Ruben y Ruben", (RUBEN, RUBEN), "⟦1⟧ y ⟦2⟧"),
        ("Vea https://a.example/x, hoy.", (URL,), "Vea ⟦1⟧, hoy."),
        ("Lea [esto](http://a.example).", (LINK,), "Lea ⟦+1⟧esto⟦-1⟧."),
        ("*Ruben*", (EM, RUBEN), "⟦*1⟧⟦2⟧⟦/1⟧"),
        ("**a** y *b*", (EM, STRONG), "⟦*2⟧a⟦/2⟧ y ⟦*1⟧b⟦/1⟧"),
        ("_AMUHb_ vino.", (Content("name", "_AMUHb_"),), "⟦1⟧ vino."),
    ],
)
def test_names_and_marks_become_the_sources_markers(typed: str, contents: tuple[Content, ...], marked: str) -> None:
    assert mark_like(typed, dict(enumerate(contents, 1))) == marked


@pytest.mark.parametrize(
    ("typed", "contents", "marked"),
    [
        ("Nadie vino.", (RUBEN,), "Nadie vino."),
        ("Ruben y Ruben", (RUBEN,), "⟦1⟧ y Ruben"),
        ("dos **libros**", (EM,), "dos libros"),
        ("Lea [esto](http://b.example).", (LINK,), "Lea ⟦+1⟧esto⟦-1⟧."),
        ("Vea https://b.example/y", (URL,), "Vea https://b.example/y"),
        ("🙂 vale", (), "🙂 vale"),
    ],
)
def test_people_may_leave_a_marker_out_and_add_what_they_like(
    typed: str, contents: tuple[Content, ...], marked: str
) -> None:
    assert mark_like(typed, dict(enumerate(contents, 1))) == marked


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("3. Oktober ist frei.", "3. Oktober ist frei."),
        ("- Sí, claro.", "- Sí, claro."),
        ("> 5 lámparas", "> 5 lámparas"),
        ("Una lámpara.\n\nDos.", "Una lámpara. Dos."),
        ("", ""),
    ],
)
def test_a_sentence_is_no_list_and_no_quote(typed: str, marked: str) -> None:
    assert mark_like(typed, {}) == marked


@BRIEFLY
@given(TYPED)
def test_only_the_sources_markers_come_out(typed: str) -> None:
    contents = {1: RUBEN, 2: EM}
    marked = mark_like(typed, contents)
    numbers = [(found[1], int(found[2])) for found in MARKER.finditer(marked)]
    assert {number for _, number in numbers} <= set(contents) or "⟦" in typed
    assert len(numbers) == len(set(numbers)) or "⟦" in typed


def test_a_marker_that_a_person_types_is_the_sources() -> None:
    assert inlines_text(inlines(mark_like("⟦1⟧ vino.", {1: RUBEN}), {1: RUBEN})) == "Ruben vino."
