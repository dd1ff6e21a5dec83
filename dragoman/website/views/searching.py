"""Finding articles and comments."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dragoman.publication.queries import sections
from dragoman.search.queries import Finds, search
from dragoman.website.editions import EditionRequest, reader_view, require_edition
from dragoman.website.forms import SearchForm


@require_safe
def find(request: EditionRequest, language: str) -> HttpResponse:
    """What was asked for, with what was found; the empty form where nothing was asked."""
    require_edition(language)
    view = reader_view(request)
    shown_sections = sections(language, view.actor.languages)
    form = SearchForm(request.GET or None, sections=[(one.slug, one.name.text) for one in shown_sections])
    is_asked = form.is_bound and form.is_valid() and bool(form.cleaned_data["q"].strip())
    finds = search(form.asked(), view) if is_asked else Finds(())
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "finds": finds,
        "is_asked": is_asked,
        "sections": shown_sections,
        "query": query.urlencode(),
    }
    return render(request, "website/search.html", context, status=422 if form.errors else 200)
