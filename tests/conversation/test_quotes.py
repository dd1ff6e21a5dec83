"""Quotes when what they quote changes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.editing import edit_comment
from dragoman.conversation.models import Comment, Thread
from dragoman.conversation.moderating import decide
from dragoman.conversation.queries import ReaderView, comment_by_id
from dragoman.conversation.quotes import ShownQuote
from dragoman.conversation.rules.quoting import Passage
from dragoman.foundation import clock
from dragoman.live.models import OutboxEvent
from dragoman.moderation.actions import Grounds
from dragoman.readers.policies import Actor
from dragoman.translation.passages import sentences_of
from tests.conftest import NOON, MakeArticle, Script, Work

FIRST = "The lamps in the library are green. They were lit in the spring."


@pytest.fixture
def thread(make_article: MakeArticle, thread_of: Callable[..., Any]) -> Thread:
    found: Thread = thread_of(make_article())
    return found


def _quote(quoted: Comment, part: str, actor: Actor, thread: Thread) -> Comment:
    sentence = next(one for one in sentences_of(quoted.unit_id or 0) if part in one.text)
    start = sentence.text.index(part)
    passage = Passage(
        sentence.unit, sentence.block, sentence.occurrence, sentence.revision, start, start + len(part), part
    )
    return post_comment(actor=actor, thread=thread, draft=Draft("I doubt it.", "en", quote=passage)).comment


def _shown(comment: Comment, language: str = "en") -> ShownQuote:
    return comment_by_id(comment.pk, ReaderView(language))[0].quotes[0]


def _edit(comment: Comment, actor: Actor, text: str) -> None:
    edit_comment(actor=actor, comment=comment, text=text)


def test_a_quote_follows_its_sentence_when_others_change(ada: Actor, carmen: Actor, thread: Thread) -> None:
    first = post_comment(actor=ada, thread=thread, draft=Draft(FIRST, "en")).comment
    quoting = _quote(first, "lamps in the library", carmen, thread)
    _edit(first, ada, f"Let me begin anew. {FIRST}")
    quote = _shown(quoting)
    assert quote.passage.is_current
    assert quote.passage.at is None
    assert quote.exact == "lamps in the library"


def test_a_quote_of_words_that_still_stand_shows_the_mended_sentence(ada: Actor, carmen: Actor, thread: Thread) -> None:
    first = post_comment(actor=ada, thread=thread, draft=Draft(FIRST, "en")).comment
    quoting = _quote(first, "lamps in the library", carmen, thread)
    _edit(first, ada, FIRST.replace("are green", "are quite green"))
    quote = _shown(quoting)
    assert quote.passage.is_current
    assert quote.passage.exact == "The lamps in the library are quite green."


@pytest.mark.parametrize(
    "text",
    [
        FIRST.replace("lamps in the library", "lights in the library"),  # the same sentence with other words
        "Something else altogether stands here now.",  # another one
    ],
)
def test_a_quote_of_words_that_are_gone_shows_them_with_the_time_of_their_version(
    text: str, ada: Actor, carmen: Actor, thread: Thread
) -> None:
    with clock.stopped_at(NOON):
        first = post_comment(actor=ada, thread=thread, draft=Draft(FIRST, "en")).comment
        quoting = _quote(first, "lamps in the library", carmen, thread)
    with clock.stopped_at(NOON + timedelta(minutes=9)):
        _edit(first, ada, text)
    quote = _shown(quoting)
    assert not quote.passage.is_current
    assert quote.passage.at == NOON
    assert quote.passage.exact == "The lamps in the library are green."
    assert quote.exact == "lamps in the library"


def test_the_page_says_from_when_the_words_are(ada: Actor, carmen: Actor, thread: Thread, client: Any) -> None:
    with clock.stopped_at(NOON):
        first = post_comment(actor=ada, thread=thread, draft=Draft(FIRST, "en")).comment
        quoting = _quote(first, "lamps in the library", carmen, thread)
    with clock.stopped_at(NOON + timedelta(minutes=9)):
        _edit(first, ada, "Something else altogether stands here now.")
    page = client.get(f"/en/fragment/comment/{quoting.pk}@1").content.decode()
    assert "quoted from the version of" in page
    assert "lamps in the library" in page


def test_in_another_edition_the_quoted_words_are_there_on_demand(
    ada: Actor, carmen: Actor, thread: Thread, engine: Script, work: Work, client: Any
) -> None:
    engine(answers={"es|The lamps in the library are green.": "Las lámparas de la biblioteca son verdes."})
    first = post_comment(actor=ada, thread=thread, draft=Draft(FIRST, "en")).comment
    quoting = _quote(first, "lamps in the library", carmen, thread)
    work()
    with translation.override("es"):
        page = client.get(f"/es/fragment/comment/{quoting.pk}@1").content.decode()
    quote = page[page.index("<blockquote") : page.index("</blockquote>")]
    assert "Las lámparas de la biblioteca son verdes." in quote
    assert '<p class="quoted-words" lang="en" dir="ltr" translate="no">lamps in the library</p>' in quote


def test_quoting_a_quote_does_not_nest(ada: Actor, carmen: Actor, thread: Thread) -> None:
    comment = post_comment(actor=ada, thread=thread, draft=Draft(FIRST, "en")).comment
    for actor in (carmen, ada, carmen):
        comment = _quote(comment, "I doubt it" if comment.source != FIRST else "lamps", actor, thread)
    shown = comment_by_id(comment.pk, ReaderView("en"))[0]
    assert len(shown.quotes) == 1
    assert shown.quotes[0].passage.exact == "I doubt it."


def test_pages_that_quote_what_is_taken_away_are_told(ada: Actor, carmen: Actor, mina: Actor, thread: Thread) -> None:
    first = post_comment(actor=ada, thread=thread, draft=Draft(FIRST, "en")).comment
    quoting = _quote(first, "lamps in the library", carmen, thread)
    OutboxEvent.objects.all().delete()
    decide(actor=mina, comment=first, act="remove", grounds=Grounds("spam"))
    told = OutboxEvent.objects.filter(kind="changed")
    assert {event.data["id"] for event in told} == {first.pk, quoting.pk}
    assert comment_by_id(quoting.pk, ReaderView("en"))[0].quotes == ()
