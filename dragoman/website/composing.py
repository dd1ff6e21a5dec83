"""The comment form's surroundings: what it answers, what may be quoted, the kept draft."""

from typing import Any

from dragoman.conversation.places import place_key
from dragoman.conversation.queries import ReaderView, comment_by_number, find_thread
from dragoman.publication.queries import ShownArticle
from dragoman.translation.passages import PassageKey, Sentence, present_passages, sentences_of
from dragoman.website.editions import EditionRequest
from dragoman.website.forms import CommentForm, passage_token, read_passage

_MOST_DRAFTS = 20


def composer(request: EditionRequest, shown: ShownArticle, language: str) -> dict[str, Any]:
    """An empty form, or the kept draft, for an article."""
    kept = kept_draft(request, shown.card.number)
    asked = {"reply_to": _number(request.GET.get("reply_to", "")), "quote": request.GET.get("quote", "")}
    initial = {
        "key": CommentForm.fresh_key(),
        **{name: value for name, value in kept.items() if value},
        **{name: value for name, value in asked.items() if value},
    }
    return {"form": CommentForm(initial=initial), **answering(initial, shown, language)}


def answering(values: dict[str, Any], shown: ShownArticle, language: str) -> dict[str, Any]:
    """What the draft replies to, what it quotes, and what else of that paragraph may be quoted."""
    passage = read_passage(str(values.get("quote") or ""))
    quoted = None
    if passage is not None:
        key = PassageKey(passage.unit, passage.occurrence, passage.revision)
        quoted = present_passages([key], language).get(key)
    return {"reply_to": values.get("reply_to"), "quoted": quoted, "write_path": f"{shown.card.path}/write"}


def choices(shown: ShownArticle, block: str) -> list[tuple[str, Sentence, str]]:
    """The sentences of a paragraph, each as (form value, sentence, its words in this edition)."""
    presented = shown.card.text.blocks.get(block)
    words = dict(presented.sentences) if presented else {}
    return [
        (passage_token(sentence), sentence, words.get(sentence.occurrence, sentence.text))
        for sentence in sentences_of(shown.unit)
        if sentence.block == block
    ]


def choices_in_comment(shown: ShownArticle, asked: str, view: ReaderView) -> list[tuple[str, Sentence, str]]:
    """The sentences of a comment of the article's thread; none where there is no such comment to be read."""
    thread, number = find_thread(place_key(shown.card.number)), _number(asked)
    if thread is None or number is None:
        return []
    text = comment_by_number(thread, number, view).text
    if text is None:
        return []
    words = dict(sentence for block in text.blocks.values() for sentence in block.sentences)
    return [
        (passage_token(sentence), sentence, words.get(sentence.occurrence, sentence.text))
        for sentence in sentences_of(text.unit)
    ]


def kept_draft(request: EditionRequest, number: int) -> dict[str, Any]:
    """What the reader had written before signing in."""
    drafts: dict[str, dict[str, Any]] = request.session.get("drafts", {})
    return drafts.get(str(number), {})


def keep_draft(request: EditionRequest, number: int, values: dict[str, Any]) -> None:
    """Keep a draft through sign-in or sign-up."""
    drafts = dict(request.session.get("drafts", {}))
    drafts.pop(str(number), None)
    drafts[str(number)] = values
    request.session["drafts"] = dict(list(drafts.items())[-_MOST_DRAFTS:])


def forget_draft(request: EditionRequest, number: int) -> None:
    """It was posted."""
    drafts = dict(request.session.get("drafts", {}))
    if drafts.pop(str(number), None) is not None:
        request.session["drafts"] = drafts


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
