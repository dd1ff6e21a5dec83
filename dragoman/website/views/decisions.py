"""What was decided about a reader: statements of reasons, and objecting to them."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dragoman.conversation import queries as conversation
from dragoman.conversation.appealing import object_to, statement
from dragoman.conversation.editing import is_asked_for
from dragoman.conversation.sanctions import notes_of_sanctions
from dragoman.foundation.errors import DragomanError
from dragoman.moderation.actions import LONGEST_NOTE
from dragoman.moderation.queries import sanctions_of
from dragoman.moderation.reasons import REASONS
from dragoman.moderation.wording import RULES, SANCTIONS
from dragoman.publication import queries as publication
from dragoman.website.editions import EditionRequest, reader_view
from dragoman.website.views.acts import place_of
from dragoman.website.views.comments import redirect


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: EditionRequest, language: str, comment_id: int) -> HttpResponse:
    """Why a comment was held or removed, for its writer, who may object once."""
    comment = conversation.access_comment(comment_id)
    view = reader_view(request)
    found = statement(comment, view)
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        words = request.POST.get("words", "").replace("\r\n", "\n")
        try:
            object_to(actor=request.actor, comment=comment, decision_id=found.decision.id, words=words)
            return redirect(request, reverse("comment-decision", args=[language, comment_id]))
        except DragomanError as error:
            context, status = {"error": error, "words": words}, error.status
    context |= {
        "statement": found,
        "reason": REASONS.get(found.decision.reason, ""),
        "passages": [(RULES.get(rule, rule), passages) for rule, passages in found.passages],
        "comment": comment,
        "article": place_of(request, comment),
        "sections": publication.sections(language),
        "longest": LONGEST_NOTE,
        "may_edit": is_asked_for(comment),
    }
    response = render(request, "website/decision.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@login_required
def standing(request: EditionRequest, language: str) -> HttpResponse:
    """Sanctions against the reader, with their reasons in the own language, and when they end."""
    reader = cast(int, request.actor.id)
    found = sanctions_of(reader)
    context = {
        "sanctions": [
            (one, SANCTIONS[one.kind], REASONS[one.reason], words)
            for one, words in zip(found, notes_of_sanctions(found, reader_view(request)), strict=True)
        ],
        "sections": publication.sections(language),
    }
    response = render(request, "website/standing.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
