"""Which styles of markers a model bears: five sentences in each style, asked when it is started."""

from collections.abc import Callable, Sequence
from typing import Any

from dragoman.translation.engines.base import Misconfigured, Pair, Style
from dragoman.translation.rules.marker_styles import read, write
from dragoman.translation.rules.markers import same_markers, well_formed

_STYLES: tuple[Style, ...] = ("letters", "underscores", "digits", "marked")
_ENOUGH = 4  # of five: one odd sentence is the checks' to find
_SENTENCES = {
    "en": (
        "Yesterday ⟦1⟧ wrote to me.",
        "We met ⟦1⟧ and ⟦2⟧ in the park.",
        "The house of ⟦1⟧ is very old.",
        "Please read ⟦+1⟧this article⟦-1⟧ first.",
        "I agree with ⟦1⟧.",
    ),
    "es": (
        "Ayer me escribió ⟦1⟧.",
        "Vimos a ⟦1⟧ y a ⟦2⟧ en el parque.",
        "La casa de ⟦1⟧ es muy vieja.",
        "Lee primero ⟦+1⟧este artículo⟦-1⟧.",
        "Estoy de acuerdo con ⟦1⟧.",
    ),
    "fr": (
        "Hier, ⟦1⟧ m’a écrit.",
        "Nous avons vu ⟦1⟧ et ⟦2⟧ au parc.",
        "La maison de ⟦1⟧ est très vieille.",
        "Lisez d’abord ⟦+1⟧cet article⟦-1⟧.",
        "Je suis d’accord avec ⟦1⟧.",
    ),
    "de": (
        "Gestern hat mir ⟦1⟧ geschrieben.",
        "Wir haben ⟦1⟧ und ⟦2⟧ im Park gesehen.",
        "Das Haus von ⟦1⟧ ist sehr alt.",
        "Lies zuerst ⟦+1⟧diesen Artikel⟦-1⟧.",
        "Ich bin mit ⟦1⟧ einverstanden.",
    ),
    "ru": (
        "Вчера мне написал ⟦1⟧.",
        "Мы видели ⟦1⟧ и ⟦2⟧ в парке.",
        "Дом ⟦1⟧ очень старый.",
        "Сначала прочитайте ⟦+1⟧эту статью⟦-1⟧.",
        "Я согласен с ⟦1⟧.",
    ),
}


def styles_of(value: Any) -> tuple[Style, ...] | None:
    """``"letters,digits"``, ``"none"``, or nothing at all: then they are to be found out."""
    named = value.split(",") if isinstance(value, str) else list(value or ())
    named = [str(one).strip() for one in named if str(one).strip()]
    if not named:
        return None
    if named == ["none"]:
        return ()
    if strange := [one for one in named if one not in _STYLES]:
        raise Misconfigured(f"there is no style “{strange[0]}” for it; there are {', '.join(_STYLES)}, or none")
    return tuple(style for one in named for style in _STYLES if style == one)


def pair_to_probe(pairs: Sequence[Pair]) -> Pair:
    """The first whose source has sentences here; else the first, which is then asked in English."""
    return next((pair for pair in pairs if pair[0] in _SENTENCES), pairs[0])


def surviving(ask: Callable[[list[str]], list[str | None]], source: str) -> tuple[Style, ...]:
    """The styles that come through, in the order of their worth; all are asked in one call, once."""
    asked = [
        (style, sentence, written)
        for style in _STYLES
        for sentence in _SENTENCES.get(source, _SENTENCES["en"])
        if (written := write(sentence, style)) is not None
    ]
    survived = dict.fromkeys(_STYLES, 0)
    for (style, sentence, written), answer in zip(asked, ask([one.text for *_, one in asked]), strict=True):
        back = read(answer or "", written)
        survived[style] += same_markers(sentence, back) and well_formed(back)
    return tuple(style for style in _STYLES if survived[style] >= _ENOUGH)
