"""Profiles and what a reader says of himself or herself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from dragoman.conversation import queries as conversation
from dragoman.publication import queries as publication
from dragoman.readers import actions, queries
from dragoman.website.editions import EditionRequest, reader_view
from dragoman.website.forms import ProfileForm
from dragoman.website.places import number_of


def profile(request: EditionRequest, language: str, nickname: str) -> HttpResponse:
    """A reader and his or her comments, in every language."""
    view = reader_view(request)
    shown = queries.profile_by_nickname(nickname)
    comments = conversation.by_author(shown.id, view)
    numbers = {number_of(key) for _comment, key in comments}
    paths = publication.paths(numbers, language)
    context = {
        "profile": shown,
        # A comment is shown where its article is: not while that is unpublished.
        "comments": [(comment, paths[number_of(key)]) for comment, key in comments if number_of(key) in paths],
    }
    return render(request, "website/profile.html", context)


@login_required
def profile_settings(request: EditionRequest, language: str) -> HttpResponse:
    """Real name, languages, presence."""
    reader = request.user
    initial = {
        "real_name": reader.real_name,  # type: ignore[union-attr]
        "shows_real_name": reader.shows_real_name,  # type: ignore[union-attr]
        "languages": reader.languages,  # type: ignore[union-attr]
        "shows_presence": not reader.hides_presence,  # type: ignore[union-attr]
    }
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return render(request, "website/settings.html", {"form": form}, status=422 if form.errors else 200)
    sent = form.cleaned_data
    actions.change_profile(
        actor_id=reader.pk or 0,
        real_name=sent["real_name"],
        shows_real_name=sent["shows_real_name"],
        languages=sent["languages"],
        hides_presence=not sent["shows_presence"],
    )
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(request.path)
