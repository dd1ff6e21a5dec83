"""What a reader is told of: the list, the choice of ways, and the way out of mail."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dragoman.foundation.errors import InvalidInput
from dragoman.notifications import actions, queries
from dragoman.notifications.pushing import public_key
from dragoman.notifications.rules.kinds import KINDS
from dragoman.notifications.sentences import sentence
from dragoman.publication.queries import sections
from dragoman.readers.queries import addressees
from dragoman.website.editions import EditionRequest, reader_view
from dragoman.website.forms import DeviceForm, WishesForm


@require_GET
@login_required
def listing(request: EditionRequest, language: str) -> HttpResponse:
    """The newest first; whoever has opened it has seen them."""
    view = reader_view(request)
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 16 else None
    window = queries.notifications(view, before=before)
    if before is None and window.has_new:
        actions.mark_seen(actor=request.actor, up_to=window.newest)
    context = {
        "window": window,
        "items": [(one, sentence(one)) for one in window.items],
        "sections": sections(language, view.actor.languages),
    }
    return render(request, "website/notifications.html", context)


@require_GET
def bell(request: EditionRequest, language: str) -> HttpResponse:
    """The way to the list with the number of what is new, for our script."""
    response = render(request, "website/parts/bell.html")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def choose(request: EditionRequest, language: str) -> HttpResponse:
    """By which ways the reader wants to hear of what."""
    wishes = queries.wishes_for(cast(int, request.actor.id))
    form = WishesForm(request.POST if request.method == "POST" else None, wishes=wishes)
    if request.method == "POST" and "works" in request.POST:
        actions.forget_bounces(_address(request))
        return HttpResponseRedirect(request.path)
    if request.method == "POST" and form.is_valid():
        actions.choose(actor=request.actor, wishes=form.wishes())
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(request.path)
    context = {
        "form": form,
        "rows": [(form.label(kind), *form.fields_of(kind)) for kind in KINDS],
        "push_key": public_key(),
        "sections": sections(language),
        "bounced": queries.is_dead(_address(request)),
    }
    return render(request, "website/notification_settings.html", context, status=422 if form.errors else 200)


def _address(request: EditionRequest) -> str:
    """Where the reader's mail goes; empty where nobody may be written to."""
    own = cast(int, request.actor.id)
    found = addressees([own]).get(own)
    return found.address if found is not None else ""


@require_POST
@login_required
def device(request: EditionRequest, language: str) -> HttpResponse:
    """A browser that takes web push, or takes it no more."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(_("This browser gave an address that cannot be read."))
    sent = form.cleaned_data
    if sent["remove"]:
        actions.remove_device(actor=request.actor, endpoint=sent["endpoint"])
    else:
        actions.add_device(actor=request.actor, endpoint=sent["endpoint"], p256dh=sent["p256dh"], auth=sent["auth"])
    return HttpResponse(status=204)


@csrf_exempt  # RFC 8058: the mail program posts by itself, without a page of ours; the token is the key.
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: EditionRequest, language: str, token: str) -> HttpResponse:
    """Out of all mail about conversations. Opening the address asks first: programs open whatever they find."""
    actions.reader_of_token(token)
    if request.method == "POST":
        actions.unsubscribe(token=token)
    context = {"is_done": request.method == "POST", "sections": sections(language)}
    return render(request, "website/unsubscribe.html", context)
