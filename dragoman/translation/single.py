"""One text, now: through memory, routes and checks, without the queue. Nothing is stored."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from dragoman.foundation.errors import DragomanError
from dragoman.foundation.languages import canonical, same_to_a_reader
from dragoman.translation.attempts import Attempt, Pair
from dragoman.translation.engines.base import EngineError
from dragoman.translation.errors import NoRoute
from dragoman.translation.ledger import Sentence
from dragoman.translation.models import Current
from dragoman.translation.queries import chosen_of
from dragoman.translation.rules import markdown
from dragoman.translation.rules.assembling import Chosen, Placed
from dragoman.translation.rules.layout import Layout, lay_out, rebuild
from dragoman.translation.rules.markers import has_words
from dragoman.translation.switchboard import Switchboard
from dragoman.translation.terms import current_terms
from dragoman.translation.workshop import Workshop

_KIND = "comment"


class NotTranslated(DragomanError):
    """No engine's answer passed the checks."""

    code = "not-translated"
    status = 502


def translate_text(text: str, *, source: str, target: str, names: Sequence[str]) -> str:
    """Comment Markdown in ``target``. Raises :class:`NoRoute` or :class:`NotTranslated`; never answers by halves."""
    source, target = canonical(source), canonical(target)
    if same_to_a_reader(source, target):
        return text
    layout = lay_out(markdown.parse(text, names), source, names)
    sentences = [sentence for _block, sentence in layout.sentences]
    found = _remembered(layout, source, target)
    missing = {
        anchor: one.marked for anchor, one in enumerate(sentences, 1) if has_words(one.marked) and one.key not in found
    }
    answers = _ask(missing, source, target) if missing else {}
    placed = {
        anchor: Placed(
            anchor, one.marked, one.contents, one.before, one.after, found.get(one.key) or answers.get(anchor)
        )
        for anchor, one in enumerate(sentences, 1)
    }
    template = layout.template(range(1, len(sentences) + 1))
    return markdown.write(rebuild(template, lambda anchor: placed[anchor].inlines(translated=True)))


def _remembered(layout: Layout, source: str, target: str) -> dict[str, Chosen]:
    keys = [sentence.key for _block, sentence in layout.sentences]
    rows = Current.objects.filter(unit=None, language=target, segment__language=source, segment__key__in=keys)
    return {
        row.segment.key: chosen_of(row.translation)
        for row in rows.exclude(translation__quality="rejected").select_related("segment", "translation")
    }


def _ask(texts: dict[int, str], source: str, target: str) -> dict[int, Chosen]:
    board = Switchboard()
    if not board.routes(source, target, _KIND):
        raise NoRoute
    ways = board.ways_now(source, target, _KIND, in_house=False)
    if not ways:
        raise NotTranslated(_("No engine can be asked now; “dragoman translate engines” says why."))
    workshop = Workshop()
    glossary = current_terms().of(source, target)
    prepared = {key: glossary.prepare(text) for key, text in texts.items()}
    try:
        outcomes = Attempt(workshop, ways, Pair(source, target, _KIND)).run(
            {
                key: Sentence(one.marked, terms=one.expected, hints=one.hints)
                for key, one in prepared.items()
                if has_words(one.marked)
            }
        )
    except EngineError as error:
        raise NotTranslated(_("The engine cannot be used now: %(reason)s") % {"reason": error}) from None
    finally:
        workshop.close()
    failed = sorted(
        {finding for one in outcomes.values() if one.quality in ("rejected", "later") for finding in one.findings}
    )
    if failed or any(key not in outcomes for key, one in prepared.items() if has_words(one.marked)):
        reasons = ", ".join(failed) or "no answer"
        raise NotTranslated(_("No translation passed the checks: %(reasons)s.") % {"reasons": reasons})
    answers = {key: (one.text, one.quality) for key, one in outcomes.items()}
    return {
        key: Chosen(0, one.restored(text), quality, "machine")
        for key, one in prepared.items()
        for text, quality in [answers.get(key, (one.marked, "ok"))]
    }
