"""After a change of the glossary: finding the sentences that it touches, a page at a time, and asking for them anew.

What a worker has not finished is done by the next one: the change and the wish
to look through the sentences are written together.
"""

from collections.abc import Collection, Iterable, Iterator

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.translation.models import Occurrence, Recheck, Segment
from dragoman.translation.rules.glossary import Form, Glossary, Term, needle
from dragoman.translation.terms import applies
from dragoman.translation.wishes import request_anew

PAGE = 1000  # sentences
_MOST_NEEDLES = 20  # forms that the database looks for; of more, all sentences are read


def recheck_a_page() -> bool:
    """Look through the next page of sentences; whether there was one."""
    if not Recheck.objects.exists():
        return False
    with transaction.atomic():
        waiting = Recheck.objects.order_by("id")
        if connection.vendor == "postgresql":
            waiting = waiting.select_for_update(skip_locked=True)
        one = waiting.first()
        if one is None:
            return False
        languages = [tag for tag in settings.DRAGOMAN.languages if applies(one.target or tag, tag)]
        page = _names_page(one) if one.is_at_names else _sentences_page(one, languages)
        if page:
            one.up_to = page[-1]
        elif one.is_at_names or one.topic:
            one.delete()
            return True
        else:
            one.is_at_names, one.up_to = True, 0
        one.save(update_fields=["up_to", "is_at_names"])
    return True


def _sentences_page(one: Recheck, languages: Collection[str]) -> list[int]:
    """Ids of the segments that were looked at."""
    if one.topic:
        shown = Occurrence.objects.filter(unit__topic=one.topic, last_revision=None).values("segment")
        stored = Segment.objects.filter(pk__in=shown, pk__gt=one.up_to).order_by("pk")
        page = list(stored.values_list("pk", flat=True)[:PAGE])
        request_anew(page, languages)
        return page
    rows = list(sentences_with(one.source, one.forms).filter(pk__gt=one.up_to).order_by("pk")[:PAGE])
    finder = finder_of(one.source, one.forms)
    request_anew([row.pk for row in rows if finder.finds_in(row.text)], languages)
    return [row.pk for row in rows]


def _names_page(one: Recheck) -> list[int]:
    """Ids of the places that were looked at. A name is shown in its fixed form at once; pages must hear of it."""
    places = _with_names(one.source, one.forms).filter(pk__gt=one.up_to)
    page = list(places.select_related("unit").order_by("pk")[:PAGE])
    finder = finder_of(one.source, one.forms)
    owners = {
        (row.unit.topic, row.unit.owner_kind, row.unit.owner_id)
        for row in page
        if row.unit.is_released and row.unit.topic and _has_name(row, finder)
    }
    announce(*(Announcement(topic, "changed", {"of": kind, "id": owner}) for topic, kind, owner in sorted(owners)))
    return [row.pk for row in page]


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
