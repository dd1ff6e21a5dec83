"""Whatever several people do to comments, in whatever order: nothing is lost, nothing is in two states."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.appealing import object_to
from dragoman.conversation.editing import edit_comment, withdraw_comment
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import decide, report_comment, undo
from dragoman.conversation.sanctions import impose
from dragoman.foundation.errors import DragomanError
from dragoman.moderation.actions import Grounds
from dragoman.moderation.models import Appeal, Case, Decision, Report, Sanction
from dragoman.moderation.queries import decisions_on
from dragoman.moderation.sanctioning import lift
from dragoman.readers.policies import Actor
from dragoman.translation.models import Unit
from tests.conftest import MakeActor, MakeArticle, comments_wait, rules_off

ACTS = ("release", "hold", "ask", "remove", "restore", "keep", "uphold", "pick")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("post", "wait", "edit", "withdraw", "report", "undo", "appeal", "sanction", "lift", *ACTS)),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=25,
)
RUDE = Grounds("abuse")


class Undone(Exception):
    """Ends an example without leaving anything behind."""


class Play:
    """Two writers, two moderators, one thread."""

    def __init__(self, thread: Any, writers: list[Actor], moderators: list[Actor]) -> None:
        self.thread, self.writers, self.moderators = thread, writers, moderators
        self.texts = iter(range(10_000))
        self.logged = 0
        self.numbered: dict[int, int] = {}

    def step(self, act: str, choice: int) -> None:
        """One step; what cannot be done is refused with one of our errors and changes nothing."""
        before = self.facts()
        try:
            with transaction.atomic():
                self.do(act, choice)
        except DragomanError:
            assert self.facts() == before
        self.check()

    def facts(self) -> tuple[Any, ...]:
        """All that a refused act must leave as it was."""
        return (
            list(Comment.objects.order_by("id").values_list("id", "state", "number", "source")),
            list(Case.objects.order_by("id").values_list("id", "queue", "closed_at", "reports", "decision")),
            *(model.objects.count() for model in (Decision, Report, Appeal, Sanction, Unit)),
        )

    def do(self, act: str, choice: int) -> None:
        writer, moderator = self.writers[choice % 2], self.moderators[choice % 2]
        comments = list(Comment.objects.order_by("id"))
        if act in ("post", "wait"):
            with comments_wait(wait=act == "wait"):
                draft = Draft(f"Text number {next(self.texts)}.", "en")
                post_comment(actor=writer, thread=self.thread, draft=draft)
            return
        if act == "sanction":
            impose(actor=moderator, kind=("warn", "hold", "ban")[choice % 3], grounds=RUDE, reader_id=writer.id)
        elif act == "lift" and Sanction.objects.exists():
            lift(actor=moderator, sanction_id=Sanction.objects.order_by("-id").values_list("id", flat=True)[0])
        elif act not in ("sanction", "lift") and comments:
            self.do_to(comments[choice % len(comments)], act, choice)

    def do_to(self, comment: Comment, act: str, choice: int) -> None:
        moderator = self.moderators[choice % 2]
        author = next(one for one in self.writers if one.id == comment.author_id)
        other = next(one for one in self.writers if one.id != comment.author_id)
        if act == "edit":
            with comments_wait(wait=choice % 2 == 0):
                edit_comment(actor=author, comment=comment, text=f"Text number {next(self.texts)}.")
        elif act == "withdraw":
            withdraw_comment(actor=author, comment=comment)
        elif act == "report":
            report_comment(actor=other, comment=comment, grounds=RUDE)
        elif act == "appeal":
            against = [one for one in decisions_on("comment", [comment.pk]) if one.act in ("hold", "ask", "remove")]
            if against:
                object_to(actor=author, comment=comment, decision_id=against[0].id, words="I do not agree.")
        elif act == "undo":
            last = Decision.objects.filter(subject=comment.pk).order_by("-id").first()
            if last is not None:
                undo(actor=moderator, comment=comment, decision=last.pk)
                self.logged += 1
        else:
            decide(actor=moderator, comment=comment, act=act, grounds=RUDE)
            self.logged += 1

    def check(self) -> None:
        """All that must hold after every step."""
        assert Decision.objects.count() == self.logged
        waiting = {one.subject: one for one in Case.objects.filter(closed_at=None)}
        reports = Counter(Report.objects.filter(decision=None).values_list("subject", flat=True))
        appeals = set(Appeal.objects.filter(answer=None).values_list("decision__subject", flat=True))
        for comment in Comment.objects.all():
            case = waiting.get(comment.pk)
            queue = case.queue if case else None
            allowed: dict[str, set[str | None]] = {
                "visible": {None, "reported"},
                "held": {"held", "asked", "appeal"},
                "removed": {None, "appeal"},
                "withdrawn": {None},
            }
            assert queue in allowed[comment.state], (comment.state, queue)
            # What readers reported and nobody has answered still waits.
            assert not (comment.state == "visible" and reports[comment.pk]) or queue == "reported"
            # An objection waits for as long as there is something to restore.
            assert not (comment.state == "removed" and comment.pk in appeals) or queue == "appeal"
            assert comment.state != "visible" or comment.number is not None
            if comment.number is not None:
                assert self.numbered.setdefault(comment.pk, comment.number) == comment.number
        assert sorted(self.numbered.values()) == list(range(1, len(self.numbered) + 1))


@given(steps=STEPS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_case_is_lost_and_no_state_is_undefined_whatever_is_done(
    steps: list[tuple[str, int]], make_actor: MakeActor, make_article: MakeArticle, thread_of: Callable[..., Any]
) -> None:
    with suppress(Undone), transaction.atomic():
        rules_off()
        writers = [make_actor("Ada"), make_actor("Carmen")]
        moderators = [make_actor("Mina", "moderator"), make_actor("Mo", "moderator")]
        play = Play(thread_of(make_article()), writers, moderators)
        for act, choice in steps:
            play.step(act, choice)
        raise Undone
