"""Profiles and what a reader says of himself or herself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dragoman.conversation import queries as conversation
from dragoman.conversation.places import number_of
from dragoman.conversation.screening import check_may_write
from dragoman.foundation.errors import DragomanError, NotFound
from dragoman.publication import queries as publication
from dragoman.readers import actions, queries
from dragoman.website.editions import EditionRequest, reader_view
from dragoman.website.forms import ProfileForm


def profile(request: EditionRequest, language: str, nickname: str) -> HttpResponse:
    """A reader and his or her comments, in every language. What he or she was called before leads here."""
    view = reader_view(request)
    try:
        shown = queries.profile_by_nickname(nickname)
    except NotFound:
        called_now = queries.nickname_now(nickname)
        if called_now is None:
            raise
        return HttpResponseRedirect(reverse("profile", args=[language, called_now]))
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 16 else None
    comments, older = conversation.by_author(shown.id, view, before=before)
    numbers = {number_of(key) for _comment, key in comments}
    cards = publication.cards_by_number(numbers, language, view.actor.languages)
    context = {
        "profile": shown,
        "sections": publication.sections(language, view.actor.languages),
        # A comment is shown where its article is: not while that is unpublished.
        "comments": [(comment, cards[number_of(key)]) for comment, key in comments if number_of(key) in cards],
        "written": conversation.written_by(shown.id),
        "older": older,
        "is_own": shown.id == request.actor.id,
    }
    return render(request, "website/profile.html", context)


@login_required
def profile_settings(request: EditionRequest, language: str) -> HttpResponse:
    """Real name, languages, presence."""
    reader = request.user
    initial = {
        "nickname": reader.nickname,  # type: ignore[union-attr]
        "edition": queries.edition_of(reader),  # type: ignore[arg-type]
        "real_name": reader.real_name,  # type: ignore[union-attr]
        "shows_real_name": reader.shows_real_name,  # type: ignore[union-attr]
        "languages": reader.languages,  # type: ignore[union-attr]
        "reads_originals": reader.reads_originals,  # type: ignore[union-attr]
        "shows_presence": not reader.hides_presence,  # type: ignore[union-attr]
    }
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return render(request, "website/settings.html", {"form": form}, status=422 if form.errors else 200)
    sent = form.cleaned_data
    try:
        if sent["nickname"] != initial["nickname"]:
            check_may_write(request.actor)
        actions.rename_reader(actor=request.actor, nickname=sent["nickname"])
    except DragomanError as error:
        form.add_error("nickname", str(error))
        return render(request, "website/settings.html", {"form": form}, status=error.status)
    actions.change_profile(
        actor_id=reader.pk or 0,
        edition=sent["edition"],
        real_name=sent["real_name"],
        shows_real_name=sent["shows_real_name"],
        languages=sent["languages"],
        hides_presence=not sent["shows_presence"],
        reads_originals=sent["reads_originals"],
    )
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(request.path)
