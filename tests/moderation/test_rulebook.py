"""Changing the rulebook."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache

from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.editing import edit_comment
from dragoman.conversation.models import Comment
from dragoman.conversation.screening import Origin
from dragoman.foundation.errors import NotAllowed, NotFound
from dragoman.moderation import rulebook
from dragoman.moderation.errors import BadRule, BadWordList, Refused
from dragoman.moderation.models import Case, WordList
from dragoman.moderation.rulebook import ListNameTaken, TypedList
from dragoman.moderation.screening import current_rulebook
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from tests.conftest import MakeArticle, comments_wait

Post = Callable[..., Comment]
INSULTS = TypedList("Insults", "en", "stem", "hold", "fool\nscoundrel\n")


@pytest.fixture
def page(make_article: MakeArticle) -> ArticlePage:
    return make_article()


@pytest.fixture
def post(page: ArticlePage, thread_of: Callable[..., Any]) -> Post:
    def write(actor: Actor, text: str, language: str = "en", **draft: Any) -> Comment:
        return post_comment(actor=actor, thread=thread_of(page), draft=Draft(text, language, **draft)).comment

    return write


def test_a_list_is_at_work_at_once_and_no_longer_when_it_is_deleted(ada: Actor, mina: Actor, post: Post) -> None:
    pk = rulebook.save_list(actor=mina, typed=INSULTS)
    held = post(ada, "Only fools walk there.")
    assert (held.state, held.number) == ("held", None)
    case = Case.objects.get()
    assert (case.queue, case.language, case.place, case.subject) == ("held", "en", "article:1", held.pk)
    assert case.findings == [{"rule": "listed", "act": "hold", "spans": [[5, 10]], "language": "en", "word_list": pk}]
    rulebook.save_list(actor=mina, typed=TypedList("Insults", "en", "word", "hold", "fool"), list_id=pk)
    assert post(ada, "Some fools run there.").state == "visible"
    rulebook.delete_list(actor=mina, list_id=pk)
    assert post(ada, "A fool walks there.").state == "visible"


def test_a_flagged_comment_is_shown_and_waits_for_a_look(ada: Actor, mina: Actor, post: Post) -> None:
    rulebook.save_list(actor=mina, typed=TypedList("Doubtful", "", "word", "flag", "lamps"))
    assert post(ada, "The lamps again.").state == "visible"
    assert Case.objects.get().queue == "reported"


def test_a_refused_comment_leaves_nothing_behind(ada: Actor, mina: Actor, post: Post) -> None:
    rulebook.save_list(actor=mina, typed=TypedList("Never", "", "word", "refuse", "scoundrel"))
    with pytest.raises(Refused) as caught:
        post(ada, "You scoundrel, you.")
    assert "words in it that are not taken" in str(caught.value)
    with pytest.raises(Refused):
        post(ada, "I fill in everything.", origin=Origin("", is_trapped=True))
    assert not Comment.objects.exists()
    assert not Case.objects.exists()


def test_the_same_text_twice_is_told_to_its_writer(ada: Actor, carmen: Actor, post: Post) -> None:
    text = "The lamps of the library are green tonight."
    first = post(ada, text)
    with pytest.raises(Refused, match="just written the same"):
        post(ada, text)
    assert post(carmen, text).state == "visible"
    edit_comment(actor=ada, comment=first, text="The lamps of the library are blue tonight.")
    assert post(ada, text).state == "visible"


def test_an_edit_is_looked_at_like_a_new_text(ada: Actor, mina: Actor, post: Post) -> None:
    rulebook.save_list(actor=mina, typed=INSULTS)
    comment = post(ada, "A friendly word.")
    edit_comment(actor=ada, comment=comment, text="A word to fools.")
    comment.refresh_from_db()
    assert (comment.state, comment.number) == ("held", 1)
    assert Case.objects.get().findings[0]["spans"] == [[10, 15]]
    edit_comment(actor=ada, comment=comment, text="A word to friends, mended.")
    assert (Case.objects.get().queue, Case.objects.get().findings) == ("held", [])


def test_many_accounts_at_one_address_wait(
    ada: Actor, make_actor: Any, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DRAGOMAN.values, "limits.enabled", True)
    cache.clear()
    for number in range(10):
        reader = make_actor(f"Reader {number}")
        assert post(reader, f"I am number {number}.", origin=Origin(f"2a02:ab8::{number}")).state == "visible"
    assert post(ada, "I share the line.", origin=Origin("2a02:ab8::ffff")).state == "held"
    assert post(ada, "I am elsewhere.", origin=Origin("2a02:ab8:1::1")).state == "visible"


def test_where_comments_wait_the_closest_word_counts(
    ada: Actor, mina: Actor, post: Post, page: ArticlePage, section: Any
) -> None:
    def set_mode(scope: str, key: str, mode: str) -> None:
        rulebook.set_mode(actor=mina, scope=scope, key=key, mode=mode)

    with comments_wait():
        assert post(ada, "One.").state == "held"
        set_mode("section", str(section.pk), "after")
        assert post(ada, "Two.").state == "visible"
        set_mode("place", f"article:{page.number}", "before")
        assert post(ada, "Three.").state == "held"
        set_mode("reader", str(ada.id), "after")
        assert post(ada, "Four.").state == "visible"
    set_mode("reader", str(ada.id), "")
    set_mode("place", f"article:{page.number}", "")
    set_mode("language", "pt", "before")
    assert post(ada, "Cinco, então.", "pt-BR").state == "held"


def test_without_moderation_everything_is_shown(
    ada: Actor, mina: Actor, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    rulebook.save_list(actor=mina, typed=INSULTS)
    monkeypatch.setitem(settings.DRAGOMAN.values, "moderation.enabled", False)
    with comments_wait():
        assert post(ada, "Fools.").state == "visible"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (TypedList("", words="fool"), "give the list a name"),
        (TypedList("x", words="fool\n(a+)+"), "Line 2: “(a+)+” looks like a pattern"),
        (TypedList("x", words="ab*"), "Line 1: “ab*” needs three letters"),
        (TypedList("x", words="w\n" + "y" * 90), "Line 2"),
        (TypedList("x", words="\n".join(str(one) for one in range(30_000))), "at most 20000 words"),
    ],
)
def test_a_bad_list_is_refused_with_its_line_and_nothing_is_changed(mina: Actor, typed: TypedList, says: str) -> None:
    with pytest.raises(BadWordList) as caught:
        rulebook.save_list(actor=mina, typed=typed)
    assert says in str(caught.value)
    assert not WordList.objects.exists()


def test_a_name_stands_for_one_list(mina: Actor) -> None:
    rulebook.save_list(actor=mina, typed=INSULTS)
    with pytest.raises(ListNameTaken):
        rulebook.save_list(actor=mina, typed=INSULTS)
    with pytest.raises(NotFound):
        rulebook.save_list(actor=mina, typed=INSULTS, list_id=999)


@pytest.mark.parametrize(
    ("rule", "act", "numbers"),
    [
        ("nothing", "hold", {}),
        ("links", "burn", {"newcomer": 1, "most": 3}),
        ("links", "hold", {"newcomer": 1}),
        ("links", "hold", {"newcomer": 0, "most": 3}),
        ("links", "hold", {"newcomer": 1, "most": 101}),
    ],
)
def test_a_rule_with_an_impossible_number_is_refused(mina: Actor, rule: str, act: str, numbers: dict[str, int]) -> None:
    with pytest.raises(BadRule):
        rulebook.set_rule(actor=mina, rule=rule, act=act, numbers=numbers)
    assert current_rulebook().known.acts == {}


def test_a_rules_numbers_hold_from_now_on(ada: Actor, mina: Actor, post: Post) -> None:
    rulebook.set_rule(actor=mina, rule="newcomers", act="hold", numbers={"first": 2})
    assert post(ada, "First.").state == "held"
    rulebook.set_rule(actor=mina, rule="newcomers", act="off", numbers={"first": 2})
    assert post(ada, "Second.").state == "visible"


def test_only_moderators_change_the_rulebook(carmen: Actor) -> None:
    for change in (
        lambda: rulebook.save_list(actor=carmen, typed=INSULTS),
        lambda: rulebook.delete_list(actor=carmen, list_id=1),
        lambda: rulebook.set_rule(actor=carmen, rule="trap", act="off", numbers={}),
        lambda: rulebook.set_mode(actor=carmen, scope="site", key="", mode="before"),
    ):
        with pytest.raises(NotAllowed):
            change()


@pytest.mark.parametrize("named", ["es", "en", "ar"])
def test_naming_another_language_does_not_get_around_a_list(carmen: Actor, mina: Actor, post: Post, named: str) -> None:
    rulebook.save_list(actor=mina, typed=TypedList("Insultos", "es", "stem", "hold", "tonto"))
    comment = post(carmen, "El panadero de la plaza es un tonto y nadie le compra el pan.", named)
    assert comment.state == "held"
    [finding] = Case.objects.get().findings
    assert (finding["language"], finding["spans"]) == (named, [[30, 35]])


def test_words_of_another_language_that_only_look_alike_are_no_hit(ada: Actor, mina: Actor, post: Post) -> None:
    rulebook.save_list(actor=mina, typed=TypedList("Insultos", "es", "word", "hold", "son"))
    assert post(ada, "My son reads every evening in the library.", "en").state == "visible"


def test_a_list_for_all_languages_is_asked_in_the_one_that_a_comment_is_in(
    carmen: Actor, mina: Actor, post: Post
) -> None:
    rulebook.save_list(actor=mina, typed=TypedList("Insultos", "", "stem", "hold", "tonto"))
    assert post(carmen, "Los panaderos de la plaza son unos tontos y nadie les compra el pan.", "ar").state == "held"
