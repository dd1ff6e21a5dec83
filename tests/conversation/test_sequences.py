"""Whatever readers, moderators and editors do one after the other: numbers stand, quotes resolve, editions render."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.conversation import actions, errors
from dragoman.conversation.actions import Draft
from dragoman.conversation.editing import change_language, edit_comment, withdraw_comment
from dragoman.conversation.models import Comment, Quote, Thread
from dragoman.conversation.moderating import decide
from dragoman.conversation.queries import ReaderView
from dragoman.conversation.rules.ordering import ORDERS
from dragoman.conversation.rules.quoting import Passage
from dragoman.conversation.windows import window
from dragoman.moderation.actions import Grounds
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from dragoman.translation.passages import PassageKey, present_passages, sentences_of
from dragoman.translation.rules.passages import stands_in
from tests.conftest import EDITIONS, MakeArticle, comments_wait, rules_off

ThreadOf = Callable[[ArticlePage], Any]
TEXTS = (
    "The lamps are green. Nobody whispers loudly.",
    "The lamps are blue. Nobody whispers loudly.",
    "I disagree.",
    "> The lamps are green.\n\nThat is *not* what [I saw](https://example.org/a).",
    "Bread! 🍞 @Carmen brings it.",
)
ACTS = (
    "post",
    "reply",
    "quote",
    "requote",
    "edit",
    "language",
    "withdraw",
    "hold",
    "remove",
    "restore",
    "release",
    "article",
)
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 9)), min_size=1, max_size=14)


class Undone(Exception):
    """Takes back what a sequence did."""


class Play:
    """One sequence on one thread."""

    def __init__(self, writer: Actor, moderator: Actor, page: ArticlePage, thread: Thread) -> None:
        self.writer, self.moderator, self.page, self.thread = writer, moderator, page, thread
        self.given: dict[int, int] = {}  # comment → the number that it got

    def act(self, act: str, choice: int) -> None:
        """Do it to one of the comments there are; what cannot be done is refused in words."""
        rows = list(Comment.objects.filter(thread=self.thread).order_by("id"))
        one: Any = rows[choice % len(rows)] if rows else None
        text = TEXTS[choice % len(TEXTS)]
        language = EDITIONS[choice % len(EDITIONS)]
        if one is None and act != "article":
            act = "post"
        acts: dict[str, Callable[[], Any]] = {
            "article": lambda: self.edit_article(text),
            "post": lambda: self.post(text),
            "reply": lambda: self.post(text, reply_to=one.number),
            "quote": lambda: self.quote(self.page.unit_id or 0, choice, text),
            "requote": lambda: self.quote(one.unit_id, choice, text),
            "edit": lambda: edit_comment(actor=self.writer, comment=one, text=text),
            "language": lambda: change_language(actor=self.writer, comment=one, language=language),
            "withdraw": lambda: withdraw_comment(actor=self.writer, comment=one),
        }
        with suppress(errors.WrongState, errors.BadQuote):
            if act in acts:
                acts[act]()
            elif one is not None:
                decide(actor=self.moderator, comment=one, act=act, grounds=Grounds("spam"))

    def edit_article(self, text: str) -> None:
        """Another lead, published."""
        self.page.lead = f"{text.splitlines()[0]} Edited."
        self.page.save_revision().publish()

    def post(self, text: str, **rest: Any) -> None:
        """Post, now and then as one that is held."""
        with comments_wait(wait=len(text) % 2 == 0):
            actions.post_comment(actor=self.writer, thread=self.thread, draft=Draft(text, "en", **rest))

    def quote(self, unit: int, choice: int, text: str) -> None:
        """A sentence of the article or of a comment."""
        sentences = sentences_of(unit)
        said = sentences[choice % len(sentences)]
        start, end = (0, len(said.text)) if choice % 2 else (0, max(1, len(said.text) // 2))
        passage = Passage(said.unit, said.block, said.occurrence, said.revision, start, end, said.text[start:end])
        self.post(text, quote=passage)

    def check(self) -> None:
        """All that must hold after every step."""
        self.thread.refresh_from_db()
        rows = Comment.objects.filter(thread=self.thread, number__isnull=False)
        numbers = {row.pk: row.number or 0 for row in rows}
        assert sorted(numbers.values()) == list(range(1, self.thread.last_number + 1))
        assert self.given.items() <= numbers.items(), "a number was changed or lost"
        self.given = numbers
        for row in rows:
            answers = Comment.objects.filter(reply_to=row, state="visible").count()
            assert row.reply_count == answers
        away = Comment.objects.exclude(state="visible").values("unit")
        quotes = Quote.objects.exclude(unit__in=away)  # what is away is quoted no more
        keys = {one.pk: PassageKey(one.unit_id, one.occurrence, one.revision, one.exact) for one in quotes}
        found = present_passages(set(keys.values()), "en")
        for one in quotes:
            passage = found[keys[one.pk]]
            assert stands_in(one.exact, passage.exact), "a quote shows other words than it quoted"
            assert passage.is_current or passage.at is not None

    def check_pages(self) -> None:
        """Every edition renders, every order holds every comment, and what was taken away shows no words."""
        gone = Comment.objects.filter(thread=self.thread).exclude(state="visible")
        for language in EDITIONS:
            for order in ORDERS:
                shown = window(self.thread, ReaderView(language), order=order, limit=99).comments
                away = {one.pk for one in gone if order in ("best", "replied")}
                assert {one.id for one in shown} == set(self.given) - away
                assert all((one.text is None) == (one.state != "visible") for one in shown)
            page = Client().get(f"/{language}/town/{self.page.number}-x", follow=True)
            assert page.status_code == 200


@given(steps=STEPS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_stand_quotes_resolve_and_editions_render_whatever_happens(
    steps: list[tuple[str, int]], ada: Actor, mina: Actor, make_article: MakeArticle, thread_of: ThreadOf
) -> None:
    try:
        with transaction.atomic():
            page = make_article()
            rules_off()
            play = Play(ada, mina, page, thread_of(page))
            for act, choice in steps:
                play.act(act, choice)
                play.check()
            play.check_pages()
            raise Undone
    except Undone:
        pass
