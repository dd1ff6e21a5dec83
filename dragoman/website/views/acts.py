"""What can be done to a comment that stands: buttons and the forms behind some of them."""

from contextlib import suppress
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dragoman.conversation import editing, following, moderating, voting
from dragoman.conversation import queries as conversation
from dragoman.conversation.errors import NoSuchComment
from dragoman.conversation.places import number_of, place_key
from dragoman.conversation.policies import may_change_language, may_read_words
from dragoman.conversation.rules.quoting import LONGEST
from dragoman.foundation.errors import DragomanError, NotFound
from dragoman.moderation.actions import Grounds
from dragoman.publication import queries as publication
from dragoman.readers.actions import mute
from dragoman.readers.policies import may
from dragoman.readers.queries import profile_by_nickname
from dragoman.website.editions import EditionRequest, reader_view
from dragoman.website.forms import EditForm, GroundsForm, LanguageForm
from dragoman.website.previewing import preview_comment
from dragoman.website.views.comments import address_in, redirect, to_sign_in

_VOTES = {"up": 1, "down": -1, "none": 0}
_AGAINST = ("hold", "remove")
_PLAIN = ("release", "restore", "keep", "pick", "unpick")


def place_of(request: EditionRequest, comment: Any) -> publication.ShownArticle | None:
    """The comment's article; nothing where it was unpublished since: staff decide about its comments all the same."""
    with suppress(NotFound):
        return publication.article_by_number(number_of(comment.thread.key), request.edition)
    return None


def _address(request: EditionRequest, shown: publication.ShownArticle | None, comment: Any) -> str:
    """Where the comment stands, or the list of those that wait."""
    return address_in(shown, comment.number) if shown else reverse("waiting", args=[request.edition])


def _done(request: EditionRequest, comment: Any) -> HttpResponse:
    """Back to the comment; for our script the comment alone, as it is now."""
    shown = place_of(request, comment)
    if shown is not None and request.headers.get("HX-Request"):
        view = reader_view(request, writers=shown.writers)
        seen, _thread = conversation.comment_by_id(comment.pk, view)
        return render(request, "website/parts/comment.html", {"comment": seen, "path": shown.card.path})
    comment.refresh_from_db()
    return redirect(request, _address(request, shown, comment))


def _form(
    request: EditionRequest, template: str, comment: Any, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shown = place_of(request, comment)
    context |= {"comment": comment, "article": shown, "back": _address(request, shown, comment)}
    context["sections"] = shown.sections if shown else publication.sections(request.edition)
    return render(request, template, context, status=status)


@require_POST
def vote(request: EditionRequest, language: str, comment_id: int, vote: str) -> HttpResponse:
    """Agree, disagree, or take it back."""
    comment = conversation.access_comment(comment_id)
    if vote not in _VOTES:
        raise NotFound
    if not request.actor.is_signed_in:
        return to_sign_in(request, _address(request, place_of(request, comment), comment))
    voting.cast_vote(actor=request.actor, comment=comment, value=_VOTES[vote])
    return _done(request, comment)


@require_POST
def act(request: EditionRequest, language: str, comment_id: int, act: str) -> HttpResponse:
    """A button that needs no more words."""
    comment = conversation.access_comment(comment_id)
    if act == "withdraw":
        editing.withdraw_comment(actor=request.actor, comment=comment)
    elif act in _PLAIN:
        seen = moderating.Seen(version=request.POST.get("version", ""))
        moderating.decide(actor=request.actor, comment=comment, act=act, seen=seen)
    else:
        raise NoSuchComment
    return _done(request, comment)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: EditionRequest, language: str, comment_id: int, act: str) -> HttpResponse:
    """Hold or remove, with the reason that its writer will read."""
    comment = conversation.access_comment(comment_id)
    if act not in _AGAINST or not may(request.actor, "comment.remove"):
        raise NoSuchComment
    form = GroundsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        moderating.decide(actor=request.actor, comment=comment, act=act, grounds=_grounds(form))
        return _done(request, comment)
    context = {"form": form, "act": act}
    return _form(request, "website/grounds.html", comment, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: EditionRequest, language: str, comment_id: int) -> HttpResponse:
    """Tell the newsroom that something is wrong with a comment."""
    comment = conversation.access_comment(comment_id)
    if comment.state != "visible":
        raise NoSuchComment
    if not request.actor.is_signed_in:
        return to_sign_in(request, request.path)
    form = GroundsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        moderating.report_comment(actor=request.actor, comment=comment, grounds=_grounds(form))
        return _form(request, "website/grounds.html", comment, {"act": "reported"})
    context = {"form": form, "act": "report"}
    return _form(request, "website/grounds.html", comment, context, status=422 if form.errors else 200)


def _grounds(form: GroundsForm) -> Grounds:
    return Grounds(form.cleaned_data["reason"], form.cleaned_data["note"])


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: EditionRequest, language: str, comment_id: int) -> HttpResponse:
    """Changing one's own comment, for a while."""
    comment = conversation.access_comment(comment_id)
    typed = editing.text_to_edit(actor=request.actor, comment=comment)
    form = EditForm(request.POST if request.method == "POST" else None, initial={"text": typed})
    context: dict[str, Any] = {"form": form, "longest": LONGEST}
    if request.method != "POST" or not form.is_valid():
        return _form(request, "website/edit.html", comment, context, status=422 if form.errors else 200)
    text = str(form.cleaned_data["text"]).replace("\r\n", "\n")
    if "preview" in request.POST:
        return _form(
            request, "website/edit.html", comment, context | {"preview": preview_comment(text, comment.language)}
        )
    try:
        editing.edit_comment(
            actor=request.actor,
            comment=comment,
            text=text,
            kept_names=_kept_names(request, comment),
        )
    except DragomanError as error:
        return _form(request, "website/edit.html", comment, context | {"error": error}, status=error.status)
    return _done(request, comment)


def _kept_names(request: EditionRequest, comment: Any) -> tuple[str, ...]:
    shown = place_of(request, comment)
    return shown.kept_names if shown else ()


@require_GET
def history(request: EditionRequest, language: str, comment_id: int) -> HttpResponse:
    """All that a comment has said. What was taken away says nothing any more."""
    comment = conversation.access_comment(comment_id)
    if comment.state not in ("visible", "held") or not may_read_words(request.actor, comment):
        raise NoSuchComment
    context = {"versions": conversation.history(comment)}
    response = _form(request, "website/history.html", comment, context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def language(request: EditionRequest, language: str, comment_id: int) -> HttpResponse:
    """Saying in which language a comment is, by its writer or a moderator."""
    comment = conversation.access_comment(comment_id)
    if not may_change_language(request.actor, comment):
        raise NoSuchComment
    form = LanguageForm(request.POST if request.method == "POST" else None, initial={"language": comment.language})
    if request.method == "POST" and form.is_valid():
        editing.change_language(
            actor=request.actor,
            comment=comment,
            language=form.cleaned_data["language"],
            kept_names=_kept_names(request, comment),
        )
        return _done(request, comment)
    return _form(request, "website/language.html", comment, {"form": form}, status=422 if form.errors else 200)


@require_POST
def follow(request: EditionRequest, language: str, number: int) -> HttpResponse:
    """Begin or stop following an article's conversation."""
    shown = publication.article_by_number(number, language)
    thread = conversation.find_thread(place_key(number))
    if thread is None:
        raise NotFound
    following.follow(actor=request.actor, thread=thread, follows=request.POST.get("follows") == "yes")
    return redirect(request, f"{shown.card.path}#conversation")


@require_POST
def seen(request: EditionRequest, language: str, number: int) -> HttpResponse:
    """Our script says how far the reader has read."""
    thread = conversation.find_thread(place_key(number))
    up_to = request.POST.get("up_to", "")
    if thread is None or not up_to.isdecimal() or len(up_to) > 9:
        raise NotFound
    following.mark_read(actor=request.actor, thread=thread, up_to=int(up_to))
    return HttpResponse(status=204)


@require_POST
def mute_reader(request: EditionRequest, language: str, nickname: str) -> HttpResponse:
    """Not wanting to read somebody, or wanting to again."""
    profile = profile_by_nickname(nickname)
    mute(actor=request.actor, reader_id=profile.id, muted=request.POST.get("muted") == "yes")
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and not back.startswith(("//", "/\\"))
    return redirect(request, back if is_ours else f"/{language}/readers/{profile.nickname}")
