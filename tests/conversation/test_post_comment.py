"""Posting: numbers, order, idempotency, quotes, bad input."""

from collections.abc import Callable
from typing import Any

import pytest

from dragoman.conversation import actions, errors, queries
from dragoman.conversation.actions import Draft
from dragoman.conversation.editing import withdraw_comment
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import decide
from dragoman.conversation.rules.quoting import LONGEST, Passage
from dragoman.conversation.windows import window
from dragoman.foundation.errors import SignInNeeded
from dragoman.live.models import OutboxEvent
from dragoman.moderation.actions import Grounds
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import ANONYMOUS, Actor
from dragoman.translation.models import Job
from dragoman.translation.passages import sentences_of
from tests.conftest import MakeArticle, Script, comments_wait

ThreadOf = Callable[[ArticlePage], Any]


@pytest.fixture
def thread(make_article: MakeArticle, thread_of: ThreadOf) -> Any:
    return thread_of(make_article())


def _post(actor: Actor, thread: Any, text: str = "I like the green lamps.", **rest: Any) -> Comment:
    return actions.post_comment(actor=actor, thread=thread, draft=Draft(text, "en", **rest)).comment


def test_numbers_count_from_one_in_the_order_of_posting(ada: Actor, thread: Any) -> None:
    assert [_post(ada, thread, f"Comment {n} is here.").number for n in (1, 2, 3)] == [1, 2, 3]


def test_a_comment_is_announced_and_its_translations_are_asked_for(ada: Actor, thread: Any, engine: Script) -> None:
    OutboxEvent.objects.all().delete()
    comment = _post(ada, thread)
    event = OutboxEvent.objects.get(kind="comment")
    assert (event.topic, event.data) == (thread.topic, {"id": comment.pk, "number": 1, "by": ada.id, "reply_to": 0})
    assert set(Job.objects.values_list("language", flat=True)) == {"es", "ca", "fr", "ar", "pt"}


def test_only_a_signed_in_reader_may_post(thread: Any) -> None:
    with pytest.raises(SignInNeeded):
        _post(ANONYMOUS, thread)


def test_the_same_key_posts_once(ada: Actor, thread: Any) -> None:
    first = actions.post_comment(actor=ada, thread=thread, draft=Draft("Once.", "en", key="k"))
    second = actions.post_comment(actor=ada, thread=thread, draft=Draft("Once.", "en", key="k"))
    assert (first.is_new, second.is_new, second.comment.pk) == (True, False, first.comment.pk)


def test_the_same_key_with_another_text_is_refused(ada: Actor, thread: Any) -> None:
    _post(ada, thread, key="k")
    with pytest.raises(errors.KeyReused):
        _post(ada, thread, "Something else.", key="k")


def test_two_readers_may_use_the_same_key(ada: Actor, carmen: Actor, thread: Any) -> None:
    assert _post(ada, thread, key="k").pk != _post(carmen, thread, key="k").pk


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", errors.EmptyComment),
        (" \n\t\u200b ", errors.EmptyComment),
        ("\x00\x01\u202e", errors.EmptyComment),
        ("x" * (LONGEST + 1), errors.CommentTooLong),
        ("a" * 1_000_000, errors.CommentTooLong),
        ("bad \ufffd bytes", errors.UnreadableText),
    ],
)
def test_what_is_no_comment_is_refused_and_nothing_is_stored(
    ada: Actor, thread: Any, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _post(ada, thread, text)
    assert not Comment.objects.exists()


def test_control_and_bidi_characters_are_taken_out(ada: Actor, thread: Any) -> None:
    assert _post(ada, thread, "a\x00b\u202ec\u2066d").source == "abcd"


def test_a_reply_knows_its_parent_and_the_parent_its_replies(ada: Actor, carmen: Actor, thread: Any) -> None:
    _post(ada, thread)
    _post(carmen, thread, "So do I, very much.", reply_to=1)
    first, second = window(thread, queries.ReaderView("en")).comments
    assert (first.replies, second.reply_to, second.reply_to_nickname) == ((2,), 1, "Ada")


def test_a_reply_to_a_number_that_was_never_given_is_refused(ada: Actor, thread: Any) -> None:
    with pytest.raises(errors.NoSuchComment):
        _post(ada, thread, reply_to=7)


def _quote(page: ArticlePage, exact: str) -> Passage:
    sentence = next(one for one in sentences_of(page.unit_id or 0) if exact in one.text)
    start = sentence.text.index(exact)
    return Passage(sentence.unit, sentence.block, sentence.occurrence, 0, start, start + len(exact), exact)


def test_a_quote_is_shown_in_each_readers_language(
    ada: Actor, make_article: MakeArticle, thread_of: ThreadOf, engine: Script, work: Callable[[], int]
) -> None:
    page = make_article()
    engine(answers={"es|The lamps are green.": "Las lámparas son verdes."})
    from dragoman.publication.actions import request_article_translations  # noqa: PLC0415

    request_article_translations(page)
    thread = thread_of(page)
    _post(ada, thread, quote=_quote(page, "The lamps are green."))
    work()
    shown = window(thread, queries.ReaderView("es")).comments[0].quotes[0]
    assert (shown.exact, shown.passage.shown, shown.partial) == (
        "The lamps are green.",
        "Las lámparas son verdes.",
        False,
    )


def test_a_part_of_a_sentence_keeps_its_exact_words(ada: Actor, make_article: MakeArticle, thread_of: ThreadOf) -> None:
    page = make_article()
    _post(ada, thread_of(page), quote=_quote(page, "lamps are"))
    shown = window(thread_of(page), queries.ReaderView("en")).comments[0].quotes[0]
    assert (shown.exact, shown.partial) == ("lamps are", True)


def test_words_that_do_not_stand_there_cannot_be_quoted(
    ada: Actor, make_article: MakeArticle, thread_of: ThreadOf
) -> None:
    page = make_article()
    true = _quote(page, "The lamps are green.")
    false = Passage(true.unit, true.block, true.occurrence, 1, 0, 20, "The lamps are on fire")
    with pytest.raises(errors.BadQuote):
        _post(ada, thread_of(page), quote=false)


def test_a_held_comment_has_no_number_until_it_is_released(ada: Actor, mina: Actor, thread: Any) -> None:
    with comments_wait():
        held = actions.post_comment(actor=ada, thread=thread, draft=Draft("Wait for me, please.", "en")).comment
    assert (held.number, held.state) == (None, "held")
    assert _post(mina, thread).number == 1
    decide(actor=mina, comment=held, act="release")
    held.refresh_from_db()
    assert (held.number, held.state) == (2, "visible")


def test_a_held_comment_is_seen_by_its_writer_and_staff_only(
    ada: Actor, carmen: Actor, mina: Actor, thread: Any
) -> None:
    with comments_wait():
        actions.post_comment(actor=ada, thread=thread, draft=Draft("Wait for me, please.", "en"))
    seen = [len(window(thread, queries.ReaderView("en", who)).held) for who in (ada, mina, carmen, ANONYMOUS)]
    assert seen == [1, 1, 0, 0]


def test_a_held_or_removed_text_cannot_be_read_by_quoting_it(
    ada: Actor, carmen: Actor, mina: Actor, thread: Any
) -> None:
    secret = "Only moderators know this sentence."
    with comments_wait():
        held = actions.post_comment(actor=ada, thread=thread, draft=Draft(secret, "en")).comment
    quote = Passage(held.unit_id or 0, "b1", 1, 1, 0, len(secret), "")
    with pytest.raises(errors.BadQuote):
        _post(carmen, thread, quote=quote)
    decide(actor=mina, comment=held, act="release")
    answer = _post(carmen, thread, quote=quote)
    decide(actor=mina, comment=held, act="remove", grounds=Grounds("spam"))
    assert queries.comment_by_id(answer.pk, queries.ReaderView("en"))[0].quotes == ()
    with pytest.raises(errors.BadQuote):
        _post(carmen, thread, quote=quote)


def test_a_held_comment_that_is_removed_leaves_no_trace_for_others(ada: Actor, mina: Actor, thread: Any) -> None:
    with comments_wait():
        held = actions.post_comment(actor=ada, thread=thread, draft=Draft("Wait for me, please.", "en")).comment
    decide(actor=mina, comment=held, act="remove", grounds=Grounds("spam"))
    with pytest.raises(errors.NoSuchComment):
        queries.comment_by_id(held.pk, queries.ReaderView("en"))
    assert window(thread, queries.ReaderView("en")).comments == ()
    assert _post(mina, thread).number == 1


def test_a_withdrawn_comment_leaves_its_number_and_no_text(ada: Actor, thread: Any) -> None:
    comment = _post(ada, thread)
    withdraw_comment(actor=ada, comment=comment)
    shown = window(thread, queries.ReaderView("es")).comments[0]
    assert (shown.number, shown.state, shown.text) == (1, "withdrawn", None)
    assert _post(ada, thread).number == 2


def test_nobody_withdraws_what_another_wrote(ada: Actor, carmen: Actor, thread: Any) -> None:
    with pytest.raises(errors.NoSuchComment):
        withdraw_comment(actor=carmen, comment=_post(ada, thread))


def test_nicknames_in_the_thread_are_the_same_in_every_language(
    ada: Actor, carmen: Actor, thread: Any, engine: Script, work: Callable[[], int]
) -> None:
    _post(carmen, thread)
    comment = _post(ada, thread, "I think Carmen should open the window again.")
    work()
    shown = queries.comment_by_id(comment.pk, queries.ReaderView("es"))[0]
    assert shown.text is not None
    assert shown.text.html.count('<bdi translate="no">Carmen</bdi>') == 1


def test_the_writers_word_decides_the_language_and_detection_helps_where_there_is_none(ada: Actor, thread: Any) -> None:
    said = actions.post_comment(
        actor=ada, thread=thread, draft=Draft("La biblioteca cierra muy tarde los viernes.", "en")
    )
    found = actions.post_comment(
        actor=ada, thread=thread, draft=Draft("La biblioteca cierra muy tarde todos los viernes.", "", "en")
    )
    short = actions.post_comment(actor=ada, thread=thread, draft=Draft("Ok!", "", "fr"))
    words = [(one.comment.language, one.comment.language_by) for one in (said, found, short)]
    assert words == [("en", "declared"), ("es", "detected"), ("fr", "prior")]


@pytest.mark.parametrize("hold", [False, True])
def test_a_new_comment_is_shown_to_its_writer_as_it_is_found_later(ada: Actor, thread: Any, hold: bool) -> None:
    first = actions.post_comment(actor=ada, thread=thread, draft=Draft("The first. It has *two* sentences.", "en"))
    draft = Draft("An answer to 1, with a [link](https://example.org/).", "en", reply_to=first.comment.number)
    with comments_wait(wait=hold):
        posted = actions.post_comment(actor=ada, thread=thread, draft=draft)
    assert posted.layout is not None
    found, _thread = queries.comment_by_id(posted.comment.pk, queries.ReaderView("en", ada))
    assert queries.just_posted(posted.comment, posted.layout, ada) == found
