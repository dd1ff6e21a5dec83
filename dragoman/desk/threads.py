"""Keeping order in one conversation."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dragoman.conversation.places import number_of
from dragoman.conversation.threads import LONGEST, SLOWEST, Order, keep_order, order_of
from dragoman.desk.access import actor_of_request, staff_only
from dragoman.desk.frames import languages_to_choose, spoken_by, titles
from dragoman.foundation.errors import DragomanError, NotFound
from dragoman.publication.queries import cards_by_number


class OrderForm(forms.Form):
    """Open or closed, until when, how slow, and what is pinned above it."""

    is_open = forms.BooleanField(label=gettext_lazy("Readers may write here"), required=False)
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Closes by itself"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    slow_seconds = forms.IntegerField(
        label=gettext_lazy("Seconds between two comments of one reader; 0: as fast as everywhere"),
        min_value=0,
        max_value=SLOWEST,
    )
    announcement = forms.CharField(
        label=gettext_lazy("Pinned above the conversation, in every language"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Written in"))

    def __init__(self, data: QueryDict | None, order: Order, spoken: str) -> None:
        told = {name: getattr(order, name) for name in ("is_open", "closes_at", "slow_seconds", "announcement")}
        super().__init__(data, initial=told | {"language": order.language or spoken})
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = languages_to_choose(settings.DRAGOMAN.known_languages, spoken)


@require_http_methods(["GET", "POST"])
@staff_only("thread.close")
def show(request: HttpRequest, thread: int) -> HttpResponse:
    """Look at it and change it."""
    spoken = spoken_by(request)
    try:
        found, order = order_of(thread)
        form = OrderForm(request.POST if request.method == "POST" else None, order, spoken)
        if form.is_valid():
            keep_order(actor=actor_of_request(request), thread_id=thread, order=Order(**form.cleaned_data))
            messages.success(request, _("Saved. Readers see it now."))
            return redirect("desk-thread", thread)
    except NotFound:
        raise Http404 from None
    except DragomanError as error:
        messages.error(request, str(error))
    card = cards_by_number([number_of(found.key)], spoken).get(number_of(found.key))
    title = card.headline.text if card else found.key
    return render(request, "desk/thread.html", {"form": form, "card": card, **titles(title, "comment")})
