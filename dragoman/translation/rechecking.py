"""After a change of the glossary: finding the sentences that it touches, a page at a time, and asking for them anew.

What a worker has not finished is done by the next one: the change and the wish
to look through the sentences are written together.
"""

import logging
from collections.abc import Collection, Iterable, Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.translation.models import Occurrence, Recheck, Segment
from dragoman.translation.rules.glossary import Form, Glossary, Term, needle
from dragoman.translation.switchboard import Switchboard
from dragoman.translation.terms import applies
from dragoman.translation.wishes import request_anew

_log = logging.getLogger(__name__)
PAGE = 1000  # sentences
_MOST_NEEDLES = 20  # forms that the database looks for; of more, all sentences are read


def recheck_a_page() -> bool:
    """Look through the next page of sentences; whether there was one.

    While no engine is there, sentences wait. A page that cannot be looked through goes last, and its reason to the log.
    """
    one = Recheck.objects.order_by("id").first()
    if one is None or not (one.is_at_names or Switchboard().engines):
        return False
    try:
        _look(one)
    except Exception:
        _log.exception("a change of the glossary could not be followed up")
        with transaction.atomic():
            Recheck.objects.filter(pk=one.pk).delete()
            one.pk = None
            one.save()
        return False
    return True


def _look(one: Recheck) -> None:
    languages = [tag for tag in settings.DRAGOMAN.languages if applies(one.target or tag, tag)]
    # Before the transaction: it may be long, and SQLite has one writer.
    page, found = _names_page(one) if one.is_at_names else _sentences_page(one)
    with transaction.atomic():
        rows = Recheck.objects.select_for_update().filter(pk=one.pk, up_to=one.up_to, is_at_names=one.is_at_names)
        if rows.first() is None:
            return  # another worker was faster
        if one.is_at_names:
            announce(*(Announcement(topic, "changed", data) for topic, data in _owners(found)))
        else:
            request_anew(found, languages)
        if page:
            Recheck.objects.filter(pk=one.pk).update(up_to=page[-1])
        elif one.is_at_names:
            Recheck.objects.filter(pk=one.pk).update(is_at_names=False, up_to=0)
        else:
            Recheck.objects.filter(pk=one.pk).delete()


def _sentences_page(one: Recheck) -> tuple[list[int], list[int]]:
    """Ids of the segments that were looked at, and of those that are to be asked for where their terms are others."""
    if one.topic:
        shown = Occurrence.objects.filter(unit__topic=one.topic, last_revision=None).values("segment")
        stored = Segment.objects.filter(pk__in=shown, pk__gt=one.up_to).order_by("pk")
        page = list(stored.values_list("pk", flat=True)[:PAGE])
        return page, page
    rows = list(sentences_with(one.source, one.forms).filter(pk__gt=one.up_to).order_by("pk")[:PAGE])
    finder = finder_of(one.source, one.forms)
    return [row.pk for row in rows], [row.pk for row in rows if finder.finds_in(row.text)]


def _names_page(one: Recheck) -> tuple[list[int], list[int]]:
    """Ids of the places that were looked at, and of those with such a name: they are shown otherwise at once."""
    if one.topic:
        return [], []
    finder = finder_of(one.source, one.forms)
    page = list(_with_names(one.source, one.forms).filter(pk__gt=one.up_to).order_by("pk")[:PAGE])
    return [row.pk for row in page], [row.pk for row in page if _has_name(row, finder)]


def _owners(places: Collection[int]) -> list[tuple[str, dict[str, int | str | bool]]]:
    """The topics of these places' texts, and what pages must hear of them."""
    rows = Occurrence.objects.filter(pk__in=places, unit__is_released=True).exclude(unit__topic="")
    owners = rows.values_list("unit__topic", "unit__owner_kind", "unit__owner_id", "unit_id").distinct()
    return [(topic, {"of": kind, "id": owner, "unit": unit}) for topic, kind, owner, unit in sorted(owners)]


def names_among(source: str, forms: Collection[str]) -> Iterator[Occurrence]:
    """Places of texts, as they stand, in which one of these forms is a name."""
    finder = finder_of(source, forms)
    for row in _with_names(source, forms).filter(unit__is_released=True).iterator(PAGE):
        if _has_name(row, finder):
            yield row


def _with_names(source: str, forms: Collection[str]) -> QuerySet[Occurrence]:
    """Places that may have one of these forms as a name."""
    rows = Occurrence.objects.filter(_in_language("unit__language", source), last_revision=None).exclude(contents={})
    return rows.annotate(kept=Cast("contents", TextField())).filter(_with_needles("kept", forms))


def _has_name(row: Occurrence, finder: Glossary) -> bool:
    return any(kind == "name" and finder.whole(text) for kind, text in row.contents.values())


def sentences_with(source: str, forms: Collection[str]) -> QuerySet[Segment]:
    """Sentences that may have one of these forms; whether they do, :func:`finder_of` knows."""
    return Segment.objects.filter(_in_language("language", source) & _with_needles("text", forms))


def finder_of(source: str, forms: Iterable[str]) -> Glossary:
    """Finds these forms, in whatever case."""
    return Glossary([Term(0, source, "", "keep", tuple(Form(one) for one in forms))], source)


def _in_language(field: str, source: str) -> Q:
    return Q(**{field: source}) | Q(**{f"{field}__startswith": f"{source}-"})


def _with_needles(field: str, forms: Collection[str]) -> Q:
    needles = [needle(form) for form in forms]
    wanted = Q()
    if len(needles) <= _MOST_NEEDLES and all(needles):
        for one in set(needles):
            wanted |= Q(**{f"{field}__icontains": one})
    return wanted
