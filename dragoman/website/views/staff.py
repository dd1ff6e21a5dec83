"""Where staff find the comments that wait for a decision."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from dragoman.readers.policies import require
from dragoman.website.editions import EditionRequest, require_edition


@require_safe
def waiting(request: EditionRequest, language: str) -> HttpResponse:
    """At the desk."""
    require_edition(language)
    require(request.actor, "comment.read_held")
    return redirect("desk-cases")
