"""Changing the glossary, and what a change would do."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from dragoman.foundation.clock import now
from dragoman.foundation.errors import InvalidInput
from dragoman.foundation.languages import canonical, same_to_a_reader
from dragoman.foundation.text import one_line
from dragoman.readers.policies import Actor, require
from dragoman.translation import errors
from dragoman.translation.models import GlossaryChange, GlossaryTerm, GlossaryVersion, Occurrence, Recheck
from dragoman.translation.rechecking import PAGE, finder_of, names_among, sentences_with
from dragoman.translation.rules.glossary import TREATMENTS, Form, Term, clean, contradiction, has_word
from dragoman.translation.rules.markers import contents_of, plain
from dragoman.translation.terms import Terms, applies, current_terms, term_of
from dragoman.translation.wishes import would_be_asked

LONGEST = 200  # characters of a form
MOST_FORMS = 100
_MOST_EXAMPLES = 20
_MOST_TRIED = 20_000  # sentences that would change, which take a few seconds
_MOST_READ = 300_000  # sentences that were read for it
_PRIORITIES = range(-100, 101)


@dataclass(frozen=True, slots=True)
class Row:
    """A term with what people know of it. ``changed`` is the id of its last change (0: it is new)."""

    term: Term
    note: str = ""
    changed: int = 0
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TryOut:
    """What a change would do: sentences that engines would be asked for again, some of them, and names shown.

    ``is_more``: there are more; somebody waits for the answer, so not all of them were looked for.
    """

    sentences: int
    names: int
    examples: tuple[str, ...]
    is_more: bool = False


def save_term(*, actor: Actor, row: Row) -> int:
    """Write a term, a new one where its id is 0; the id.

    Raises where it contradicts another one, naming both, or was changed since ``row.changed``. The sentences that it
    touches are asked for again by the workers; what stands meanwhile stays.
    """
    require(actor, "translation.manage_glossary")
    term = checked(row.term)
    with transaction.atomic():
        _begin()
        before = _existing(term.id, row.changed) if term.id else None
        _refuse_contradictions([*_others({term.id}), term])
        kept = _write(term, row.note, before)
        _remember(kept.pk, before, kept, by=actor.nickname)
        _recheck([one for one in (before and term_of(before), term) if one])
    return kept.pk


def delete_term(*, actor: Actor, term_id: int, changed: int) -> None:
    """Take a term away; its sentences are asked for again."""
    require(actor, "translation.manage_glossary")
    with transaction.atomic():
        _begin()
        before = _existing(term_id, changed)
        GlossaryTerm.objects.filter(pk=term_id).delete()
        _remember(term_id, before, None, by=actor.nickname)
        _recheck([term_of(before)])


def import_terms(rows: Iterable[Row], *, by: str) -> int:
    """Add terms, all or none; those that are there already, word for word, are left as they are. How many were new."""
    with transaction.atomic():
        _begin()
        there = [(term_of(one), one.note) for one in GlossaryTerm.objects.order_by("id")]
        known = {(replace(term, id=0), note) for term, note in there}
        new: list[Row] = []
        for row in rows:
            cleaned = replace(row, term=replace(checked(row.term), id=0), note=one_line(row.note)[:500])
            if (cleaned.term, cleaned.note) not in known:
                known.add((cleaned.term, cleaned.note))
                new.append(cleaned)
        _refuse_contradictions([*(term for term, _note in there), *(one.term for one in new)])
        made = [GlossaryTerm(**_columns(one.term), note=one.note) for one in new]
        GlossaryTerm.objects.bulk_create(made, batch_size=1000)
        moment = now()
        GlossaryChange.objects.bulk_create(
            (GlossaryChange(term=one.pk, after=_told(one), by=by, at=moment) for one in made), batch_size=1000
        )
        _recheck([one.term for one in new])
    return len(new)


def try_out(row: Row | None, *, term_id: int = 0) -> TryOut:
    """What would change if a term were so, or (none) taken away. Nothing is written."""
    terms = current_terms()
    old = next((one for one in terms.all if one.id == term_id), None)
    new = replace(checked(row.term), id=term_id) if row is not None else None
    others = [one for one in terms.all if one.id != term_id]
    if new is not None:
        _refuse_contradictions([*others, new])
    touched = [one for one in (old, new) if one is not None]
    if not touched:
        raise errors.NoSuchTerm
    proposed = Terms("", [*others, *([new] if new else [])])
    found: set[int] = set()
    names, is_more = 0, False
    for source, target, forms in _reach(touched):
        languages = [tag for tag in settings.DRAGOMAN.languages if applies(target or tag, tag)]
        for read, page in _pages(source, forms):
            found |= would_be_asked(page, languages, proposed)
            if len(found) > _MOST_TRIED or read > _MOST_READ:
                is_more = True
                break
        names += sum(1 for _row in islice(names_among(source, forms), _MOST_TRIED))
    return TryOut(len(found), names, tuple(_as_read(segment) for segment in sorted(found)[:_MOST_EXAMPLES]), is_more)


def _as_read(segment: int) -> str:
    """A sentence as one of its texts has it, with the names in it."""
    place = Occurrence.objects.filter(segment=segment, last_revision=None).select_related("segment").first()
    return plain(place.segment.text, contents_of(place.contents)) if place else ""


def _pages(source: str, forms: Sequence[str]) -> Iterable[tuple[int, list[int]]]:
    """How many sentences were read so far, and those of the page that have one of the forms."""
    finder, last, read = finder_of(source, forms), 0, 0
    while page := list(sentences_with(source, forms).filter(pk__gt=last).order_by("pk")[:PAGE]):
        last, read = page[-1].pk, read + len(page)
        yield read, [row.pk for row in page if finder.finds_in(row.text)]


def terms_of(*, source: str = "", target: str = "", words: str = "") -> list[Row]:
    """The glossary's rows of these languages and with these words in a form or the note, by their first forms."""
    rows = GlossaryTerm.objects.order_by("source", "target", "id")
    if source:
        rows = rows.filter(source=source)
    if target:
        rows = rows.filter(target__in=[target, ""])
    wanted = clean(words).casefold()
    found = [
        (row, term)
        for row in rows
        for term in [term_of(row)]
        if wanted
        in " ".join([row.note, *(part for one in term.forms for part in (one.written, one.translated))]).casefold()
    ]
    last = _last_changes([row.pk for row, _term in found])
    return sorted(
        (_row(row, last) for row, _term in found),
        key=lambda one: (one.term.from_language, one.term.to_language, one.term.forms[0].written.casefold()),
    )


def term(term_id: int) -> Row:
    """One row; raises where there is none."""
    found = GlossaryTerm.objects.filter(pk=term_id).first()
    if found is None:
        raise errors.NoSuchTerm
    return _row(found, _last_changes([term_id]))


def _row(row: GlossaryTerm, last: dict[int, GlossaryChange]) -> Row:
    change = last.get(row.pk)
    seen = (change.pk, change.by, change.at) if change else (0, "", None)
    return Row(term_of(row), row.note, *seen)


def _last_changes(terms: Collection[int]) -> dict[int, GlossaryChange]:
    # In the order of their ids, so that of each the last one stays.
    rows = GlossaryChange.objects.filter(term__in=terms).defer("before", "after").order_by("id")
    return {one.term: one for one in rows}


def _begin() -> None:
    """From here on nobody else changes the glossary until we are done, and whoever asks sees another version."""
    GlossaryVersion.objects.get_or_create(pk=1)
    GlossaryVersion.objects.filter(pk=1).update(token=secrets.token_hex(16))


def _existing(term_id: int, changed: int) -> GlossaryTerm:
    found = GlossaryTerm.objects.filter(pk=term_id).first()
    if found is None:
        raise errors.NoSuchTerm
    if GlossaryChange.objects.filter(term=term_id, pk__gt=changed).exists():
        raise errors.TermChanged
    return found


def _others(without: Collection[int]) -> list[Term]:
    return [term_of(one) for one in GlossaryTerm.objects.exclude(pk__in=without).order_by("id")]


def _write(term: Term, note: str, before: GlossaryTerm | None) -> GlossaryTerm:
    kept = GlossaryTerm(pk=before.pk if before else None, **_columns(term), note=one_line(note)[:500])
    kept.save()
    return kept


def _columns(term: Term) -> dict[str, Any]:
    return {
        "source": term.from_language,
        "target": term.to_language,
        "treatment": term.treatment,
        "forms": [[one.written, one.translated] for one in term.forms],
        "section": term.section,
        "heeds_case": term.heeds_case,
        "priority": term.priority,
    }


def _told(row: GlossaryTerm | None) -> dict[str, Any] | None:
    return None if row is None else {**_columns(term_of(row)), "note": row.note}


def _remember(term_id: int, before: GlossaryTerm | None, after: GlossaryTerm | None, *, by: str) -> None:
    GlossaryChange.objects.create(term=term_id, before=_told(before), after=_told(after), by=by, at=now())


def _recheck(touched: Collection[Term]) -> None:
    Recheck.objects.bulk_create(
        Recheck(source=source, target=target, forms=forms) for source, target, forms in _reach(touched)
    )


def _reach(touched: Iterable[Term]) -> list[tuple[str, str, list[str]]]:
    """The languages and words of terms, by pair."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for one in touched:
        found.setdefault((one.from_language, one.to_language), {}).update(
            (clean(form.written), None) for form in one.forms
        )
    return [(*pair, list(forms)) for pair, forms in found.items()]


def _refuse_contradictions(terms: Sequence[Term]) -> None:
    found = contradiction(terms)
    if found is not None:
        one, other = map(spelled, found)
        raise errors.GlossaryContradicts(
            _("Two rows say what becomes of one word: “%(one)s” and “%(other)s”. Change one of them, or its priority.")
            % {"one": one, "other": other}
        )


def spelled(term: Term) -> str:
    """A row in a line: ``en → es: ferry = transbordador, ferries = transbordadores (fixed)``."""
    forms = ", ".join(f"{one.written} = {one.translated}" if one.translated else one.written for one in term.forms)
    return f"{term.from_language} → {term.to_language or '*'}: {forms} ({term.treatment})"


def checked(term: Term) -> Term:
    """A term as it is kept: canonical tags, forms without superfluous spaces. Raises what is wrong with it."""
    source, target = canonical(term.from_language), canonical(term.to_language) if term.to_language else ""
    if term.treatment not in TREATMENTS:
        raise InvalidInput(_("A term is kept, fixed or soft."))
    if target and same_to_a_reader(source, target):
        raise InvalidInput(_("A term needs two languages."))
    if term.treatment != "keep" and not target:
        raise InvalidInput(_("Say into which language the term is translated. Only what is kept holds for all."))
    if term.priority not in _PRIORITIES:
        raise InvalidInput(_("A priority is a number from -100 to 100."))
    return replace(term, from_language=source, to_language=target, forms=_checked_forms(term))


def _checked_forms(term: Term) -> tuple[Form, ...]:
    # Signs that no text keeps would never be found in one, and some cannot be written into a file.
    typed = [(clean(one_line(one.written)), clean(one_line(one.translated))) for one in term.forms]
    forms = [Form(written, translated) for written, translated in typed if written]
    if not forms or len(forms) > MOST_FORMS:
        raise InvalidInput(_("A term has a form, and no more than %(most)s.") % {"most": MOST_FORMS})
    for one in forms:
        if not has_word(one.written):
            raise InvalidInput(_("“%(form)s” has neither a letter nor a digit.") % {"form": one.written[:80]})
        if max(len(one.written), len(one.translated)) > LONGEST:
            raise InvalidInput(_("A form has up to %(most)s characters.") % {"most": LONGEST})
    if term.treatment == "keep":
        return tuple(dict.fromkeys(Form(one.written) for one in forms))
    first = forms[0].translated
    if not first:
        raise InvalidInput(_("“%(form)s” has no translation.") % {"form": forms[0].written})
    return tuple(dict.fromkeys(replace(one, translated=one.translated or first) for one in forms))
