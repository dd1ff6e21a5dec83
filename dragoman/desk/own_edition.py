"""What one edition has of its own."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser

from dragoman.desk.access import actor_of_request, staff_only
from dragoman.desk.frames import spoken_by, titles
from dragoman.foundation.errors import DragomanError
from dragoman.foundation.languages import name
from dragoman.publication import releasing
from dragoman.publication.overview import OwnAtWork, own_at_work
from dragoman.translation.editions import Own


class OwnForm(forms.Form):
    """A note, a text for those who link to it, other pictures, blocks that are left out."""

    note = forms.CharField(
        label=gettext_lazy("Note of the editors, above the text"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    social_text = forms.CharField(
        label=gettext_lazy("What others show who link to it"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    def __init__(self, data: QueryDict | None, at_work: OwnAtWork) -> None:
        own = at_work.own
        super().__init__(data, initial={"note": own.note, "social_text": own.social_text})
        # A block that has gone since the page was opened is no mistake of whoever saves.
        self._left_out = {key for key, _words in at_work.blocks}.intersection(data.getlist("left_out") if data else ())
        self._pictures = {f"picture-{block}": block for block, _words in at_work.pictures}
        for key, words in at_work.pictures:
            self.fields[f"picture-{key}"] = forms.ModelChoiceField(
                get_image_model().objects.all(),
                label=words,
                required=False,
                initial=own.pictures.get(key),
                widget=AdminImageChooser(),
            )

    @property
    def pictures(self) -> list[forms.BoundField]:
        """The fields of other pictures."""
        return [self[name] for name in self._pictures]

    @property
    def own(self) -> Own:
        """What was chosen; the form is valid."""
        told = self.cleaned_data
        chosen = {block: told[name].pk for name, block in self._pictures.items() if told[name] is not None}
        return Own(told["note"], told["social_text"], frozenset(self._left_out), chosen)


@require_http_methods(["GET", "POST"])
@staff_only("article.publish")
def edit(request: HttpRequest, number: int, language: str) -> HttpResponse:
    """Look at it and change it."""
    try:
        found = own_at_work(number, language)
        form = OwnForm(request.POST if request.method == "POST" else None, found)
        if form.is_valid():
            releasing.give_its_own(actor=actor_of_request(request), number=number, language=language, own=form.own)
            messages.success(request, _("Saved."))
            return redirect("desk-article-editions", number)
    except DragomanError:
        raise Http404 from None
    context = {
        "number": number,
        "at_work": found,
        "form": form,
        "media": form.media,
        **titles(f"{number}. {name(language, seen_in=spoken_by(request))}", "globe"),
    }
    return render(request, "desk/own_edition.html", context)
