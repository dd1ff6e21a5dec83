"""A comment at the moderators' desk, ready for a template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from dragoman.conversation.places import number_of as article_of
from dragoman.conversation.queries import ReaderView
from dragoman.conversation.waiting import AtDesk, at_desk
from dragoman.desk.marking import Piece, marked
from dragoman.foundation.languages import direction, name
from dragoman.moderation.queries import LoggedDecision
from dragoman.moderation.reasons import REASONS
from dragoman.moderation.rules.lists import Matcher
from dragoman.moderation.screening import Rulebook
from dragoman.moderation.wording import RULES
from dragoman.publication.queries import Card, cards_by_number
from dragoman.translation.presented import Presented


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A comment at the desk with its words in pieces, marked where something was found."""

    desk: AtDesk
    card: Card | None
    language: str
    direction: str
    original: list[Piece]
    translation: list[Piece]
    translated_into: str
    state: str  # of the translation
    found: list[str]
    only_in: str  # “original” or “translation” where listed words are in one of them alone
    past: list[tuple[LoggedDecision, str, str]]  # what was decided before, with act and reason in words
    states: str
    next: int

    @property
    def id_text(self) -> str:
        """The comment's id as forms have it."""
        return str(self.desk.comment.id)


def case_cards(ids: Sequence[int], view: ReaderView, rulebook: Rulebook) -> list[CaseCard]:
    """Some comments for a moderator, in this order. In a fixed number of queries."""
    desks = at_desk(ids, view)
    cards = cards_by_number({article_of(one.place) for one in desks}, view.language)
    following = [*(one.comment.id for one in desks[1:]), 0]
    return [
        _one(one, cards.get(article_of(one.place)), rulebook, view.language, following[place])
        for place, one in enumerate(desks)
    ]


def _one(desk: AtDesk, card: Card | None, rulebook: Rulebook, spoken: str, following: int) -> CaseCard:
    comment, matcher = desk.comment, rulebook.known.matcher
    text = comment.text
    is_translated = text is not None and text.is_translated
    translation = text.text if text is not None and is_translated else ""
    findings = desk.case.findings if desk.case else ()
    of_its_own = [one for one in findings if one.language == comment.language]
    listed = _spans(matcher, desk.typed, comment.language)
    listed += [span for one in of_its_own if one.word_list for span in one.spans]  # also in another language
    in_translation = _spans(matcher, translation, _language_of(text, spoken))
    spans = [*listed, *(span for one in of_its_own for span in one.spans)]
    only_in = (
        "" if not is_translated or bool(listed) == bool(in_translation) else "original" if listed else "translation"
    )
    return CaseCard(
        desk,
        card,
        name(comment.language, seen_in=spoken),
        direction(comment.language),
        marked(desk.typed, spans),
        marked(translation, in_translation),
        _language_of(text, spoken),
        text.state if text is not None else "",
        [_told(one.rule, one.word_list, rulebook) for one in findings],
        only_in,
        [(one, str(_ACTS.get(one.act, one.act)), str(REASONS.get(one.reason, ""))) for one in desk.decisions],
        str(_STATES.get(comment.state, "")),
        following,
    )


def _language_of(text: Presented | None, otherwise: str) -> str:
    return str(text.language) if text is not None else otherwise


_STATES: Mapping[str, Promise] = {
    "visible": gettext_lazy("shown"),
    "held": gettext_lazy("held"),
    "withdrawn": gettext_lazy("taken back by its writer"),
    "removed": gettext_lazy("removed"),
    "erased": gettext_lazy("erased"),
    "moved": gettext_lazy("moved"),
}


_ACTS: Mapping[str, Promise] = {
    "release": gettext_lazy("Approve"),
    "keep": gettext_lazy("Nothing is wrong with it"),
    "remove": gettext_lazy("Remove"),
    "hold": gettext_lazy("Hold"),
    "ask": gettext_lazy("Ask for other words"),
    "restore": gettext_lazy("Restore"),
    "uphold": gettext_lazy("The decision stands"),
    "move": gettext_lazy("Move"),
    "undo": gettext_lazy("undo"),
}


def _spans(matcher: Matcher, text: str, language: str) -> list[tuple[int, int]]:
    return [(hit.start, hit.end) for hit in matcher.find(text, language)] if text else []


def _told(rule: str, word_list: int, rulebook: Rulebook) -> str:
    listed = rulebook.lists.get(word_list)
    return f"{RULES.get(rule, rule)}: {listed.name}" if listed is not None else str(RULES.get(rule, rule))
