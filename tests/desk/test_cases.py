"""The moderators' desk."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dragoman.conversation import moderating
from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.appealing import object_to
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import report_comment
from dragoman.moderation import rulebook
from dragoman.moderation.actions import Grounds
from dragoman.moderation.models import Case, Decision, Duty
from dragoman.moderation.rulebook import TypedList
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from tests.conftest import MakeActor, MakeArticle, Script, Work, account_of, comments_wait
from tests.desk.conftest import BACKEND

Post = Callable[..., Comment]
SPANISH = "Eres un tonto de pueblo."


@pytest.fixture
def page(make_article: MakeArticle) -> ArticlePage:
    return make_article()


@pytest.fixture
def post(page: ArticlePage, thread_of: Callable[..., Any]) -> Post:
    def write(actor: Actor, text: str, language: str = "en", *, wait: bool = True, **draft: Any) -> Comment:
        with comments_wait(wait=wait):
            return post_comment(actor=actor, thread=thread_of(page), draft=Draft(text, language, **draft)).comment

    return write


@pytest.fixture
def at_desk(client: Client, mina: Actor) -> Client:
    client.force_login(account_of(mina), backend=BACKEND)
    return client


def decide(client: Client, act: str, *comments: Comment, **data: Any) -> str:
    cases = dict(Case.objects.filter(closed_at=None).values_list("subject", "id"))
    told = [f"{one.pk}:{cases.get(one.pk, '')}" for one in comments]
    answer = client.post("/admin/comments/decide/", {"act": act, "comments": told, "tab": "held", **data}, follow=True)
    return answer.content.decode()


def test_original_and_translation_stand_side_by_side_with_what_was_found(
    at_desk: Client, carmen: Actor, mina: Actor, post: Post, engine: Script, work: Work
) -> None:
    engine(answers={f"en|{SPANISH}": "You are a village fool."})
    rulebook.save_list(actor=mina, typed=TypedList("Insultos", "es", "stem", "hold", "tonto"))
    post(carmen, SPANISH, "es", wait=False)
    work()
    html = at_desk.get("/admin/comments/held/").content.decode()
    assert "Eres un <mark>tonto</mark> de pueblo." in html
    assert "You are a village fool." in html
    assert "listed words: Insultos" in html
    assert "The original has listed words that this translation lacks" in html
    rulebook.save_list(actor=mina, typed=TypedList("Insults", "en", "word", "hold", "fool"))
    html = at_desk.get("/admin/comments/held/").content.decode()
    assert "You are a village <mark>fool</mark>." in html
    assert "this translation lacks" not in html


def test_without_an_engine_of_the_house_the_desk_says_so(at_desk: Client, carmen: Actor, post: Post) -> None:
    post(carmen, SPANISH, "es")
    assert "No engine in the house translates this." in at_desk.get("/admin/comments/held/").content.decode()


def test_a_click_decides_and_another_takes_it_back(at_desk: Client, ada: Actor, post: Post) -> None:
    comment = post(ada, "Wait for me.")
    assert "1 comment decided." in decide(at_desk, "release", comment)
    comment.refresh_from_db()
    assert (comment.state, comment.number) == ("visible", 1)
    assert "1 decision taken back." in at_desk.post("/admin/comments/undo/", follow=True).content.decode()
    comment.refresh_from_db()
    assert (comment.state, comment.number) == ("held", 1)
    assert "taken back" not in at_desk.post("/admin/comments/undo/", follow=True).content.decode()


def test_several_are_decided_at_once_and_what_does_not_go_is_said(at_desk: Client, ada: Actor, post: Post) -> None:
    comments = [post(ada, f"Number {number}.") for number in range(3)]
    decide(at_desk, "release", comments[0])
    Case.objects.filter(subject=comments[1].pk).update(closed_at=comments[1].posted_at)
    told = [f"{comments[1].pk}:{Case.objects.get(subject=comments[1].pk).pk}", f"{comments[2].pk}:", "x:y", "99:1"]
    html = at_desk.post(
        "/admin/comments/decide/", {"act": "remove", "reason": "spam", "comments": told}, follow=True
    ).content.decode()
    assert "Somebody has decided about this meanwhile." in html
    assert "There is no comment with this number here." in html
    assert "1 comment decided." in html
    assert list(Decision.objects.order_by("id").values_list("act", "subject")) == [
        ("release", comments[0].pk),
        ("remove", comments[2].pk),
    ]


def test_a_removal_needs_a_reason(at_desk: Client, ada: Actor, post: Post) -> None:
    comment = post(ada, "Wait for me.")
    html = decide(at_desk, "remove", comment, note="Please mend it.")
    assert "choose one of the reasons" in html
    assert ">Please mend it.</textarea>" in html
    assert not Decision.objects.exists()
    assert at_desk.post("/admin/comments/decide/", {"act": "burn"}).status_code == 404


def test_an_objection_to_what_is_held_is_granted_by_showing_it(
    at_desk: Client, ada: Actor, mina: Actor, make_actor: MakeActor, post: Post
) -> None:
    comment = post(ada, "Wait for me.", wait=False)
    mo = make_actor("Mo", "moderator")
    hold = moderating.decide(actor=mo, comment=comment, act="hold", grounds=Grounds("spam"))
    object_to(actor=ada, comment=comment, decision_id=hold, words="Why?")
    assert "1 comment decided." in decide(at_desk, "restore", comment)
    comment.refresh_from_db()
    assert comment.state == "visible"


def test_each_sees_what_he_or_she_reads_and_what_nobody_reads(
    client: Client, make_actor: MakeActor, ada: Actor, post: Post
) -> None:
    mina = make_actor("Mina", "moderator", languages=("en",))
    make_actor("Mo", "moderator", languages=("ar",))
    post(ada, "An English one.", "en")
    post(ada, "Una frase castellana.", "es")
    post(ada, "جملة عربية هنا.", "ar")
    client.force_login(account_of(mina), backend=BACKEND)
    html = client.get("/admin/comments/held/").content.decode()
    assert "An English one." in html
    assert "Una frase castellana." in html
    assert "جملة عربية" not in html
    assert "Nobody on duty reads Spanish: 1 comment waits." in html
    assert "جملة عربية" in client.get("/admin/comments/held/?for=all").content.decode()
    only = client.get("/admin/comments/held/?language=ar").content.decode()
    assert ("جملة عربية" in only, "An English one." in only) == (True, False)


def test_two_moderators_get_different_windows(
    client: Client, at_desk: Client, make_actor: MakeActor, ada: Actor, post: Post
) -> None:
    post(ada, "An English one.")
    assert "An English one." in at_desk.get("/admin/comments/held/").content.decode()
    other = Client()
    other.force_login(account_of(make_actor("Mo", "moderator")), backend=BACKEND)
    assert "An English one." not in other.get("/admin/comments/held/").content.decode()
    html = other.get("/admin/comments/held/?for=all").content.decode()
    assert "Mina is deciding about this just now." in html


def test_a_long_queue_is_walked_through_window_by_window(at_desk: Client, ada: Actor, post: Post) -> None:
    for number in range(27):
        post(ada, f"Number {number}.")
    first = at_desk.get("/admin/comments/held/?for=all")
    assert ("Number 24." in first.content.decode(), "Number 25." in first.content.decode()) == (True, False)
    after = first.context["more"]["after"]
    second = at_desk.get("/admin/comments/held/", {"for": "all", "after": after}).content.decode()
    assert ("Number 24." in second, "Number 26." in second) == (False, True)
    for nonsense in ("x", "2026-13-45T00:00:00Z,1", "2026-01-01,-1", ",", "2026-01-01T00:00:00+00:00,9" + "9" * 30):
        assert at_desk.get("/admin/comments/held/", {"after": nonsense}).status_code == 200


def test_new_and_all_comments_are_listed_and_counts_are_told(
    at_desk: Client, ada: Actor, carmen: Actor, post: Post
) -> None:
    shown = post(ada, "A shown one.", wait=False)
    post(ada, "A held one.")
    report_comment(actor=carmen, comment=shown, grounds=Grounds("spam"))
    assert "A held one." not in at_desk.get("/admin/comments/new/").content.decode()
    both = at_desk.get("/admin/comments/all/").content.decode()
    assert ("A held one." in both, "A shown one." in both) == (True, True)
    counts = at_desk.get("/admin/comments/counts/").json()
    assert counts == {"held": 1, "reported": 1, "asked": 0, "appeal": 0}
    assert at_desk.get("/admin/comments/nothing/").status_code == 404


def test_a_moderator_says_what_he_or_she_looks_at(at_desk: Client, mina: Actor, section: Any) -> None:
    at_desk.post("/admin/comments/duty/", {"sections": [section.pk, 999, "x"], "away": "yes"})
    row = Duty.objects.get()
    assert (row.reader_id, row.sections, row.is_away) == (mina.id, [section.pk], True)


def test_editors_read_and_do_not_decide_and_readers_do_not_enter(
    client: Client, make_actor: MakeActor, ada: Actor, post: Post
) -> None:
    comment = post(ada, "Wait for me.")
    client.force_login(account_of(make_actor("Edda", "editor")), backend=BACKEND)
    html = client.get("/admin/comments/held/").content.decode()
    assert ("Wait for me." in html, "desk-bulk" in html) == (True, False)
    assert client.post("/admin/comments/decide/", {"act": "release", "comments": f"{comment.pk}:"}).status_code == 302
    assert not Decision.objects.exists()
    client.force_login(account_of(ada), backend=BACKEND)
    assert client.get("/admin/comments/").status_code == 302


def test_a_readers_history_notes_and_sanctions_stand_together(at_desk: Client, ada: Actor, post: Post) -> None:
    post(ada, "One of Ada's words.")
    address = f"/admin/readers/{ada.id}/"
    assert at_desk.get("/admin/readers/?nickname=ada").headers["Location"] == address
    assert "Nobody is called so." in at_desk.get("/admin/readers/?nickname=nobody").content.decode()
    at_desk.post(f"{address}note/", {"text": "Knows the baker."})
    told = {"reader": ada.id, "kind": "suspend", "days": 3, "reason": "abuse", "note": "Three days."}
    html = at_desk.post("/admin/readers/sanction/", told, follow=True).content.decode()
    for words in ("One of Ada's words.".replace("'", "&#x27;"), "Knows the baker.", "suspended", "Three days."):
        assert words in html
    sanction = html.split("/admin/readers/lift/")[1].split("/")[0]
    html = at_desk.post(f"/admin/readers/lift/{sanction}/", {"reader": ada.id}, follow=True).content.decode()
    assert "suspended (over)" in html
    assert "until when" in at_desk.post("/admin/readers/sanction/", told | {"days": 0}, follow=True).content.decode()
    assert at_desk.get("/admin/readers/9999/").status_code == 404
    assert at_desk.post("/admin/readers/lift/9999/").status_code == 404
    domain = {"domain": "spam.example", "kind": "hold", "days": 0, "reason": "spam"}
    assert "spam.example" in at_desk.post("/admin/readers/sanction/", domain, follow=True).content.decode()


def test_a_comment_is_moved_to_the_address_that_a_moderator_gives(
    at_desk: Client, ada: Actor, post: Post, make_article: MakeArticle
) -> None:
    other = make_article("The bridge is closed")
    first, answer = post(ada, "About the bridge.", wait=False), post(ada, "Indeed.", wait=False, reply_to=1)
    assert f"/admin/comments/{first.pk}/move/" in at_desk.get("/admin/comments/new/").content.decode()

    def move(comment: Comment, to: str) -> str:
        sent = {"to": to, "tab": "new", "next": comment.pk}
        return at_desk.post(f"/admin/comments/{comment.pk}/move/", sent, follow=True).content.decode()

    for nowhere in (
        "",
        "the bridge",
        "/en/",
        "https://elsewhere.example/en/town/2",
        "/en/town/999",
        "http://[",
        "/en/town/99999999999",
    ):
        assert "There is no article and no comment at this address." in move(first, nowhere)
    assert "2 comments moved." in move(first, f"http://testserver/en/town/{other.number}-the-bridge?from=1")
    assert set(Comment.objects.exclude(state="moved").values_list("thread__key", "number")) == {
        (f"article:{other.number}", 1),
        (f"article:{other.number}", 2),
    }
    assert "The comment stands there already." in move(answer, f"/es/comments/{other.number}/1")
    assert "1 comment moved." in move(answer, f"/en/town/{other.number}")
    assert "1 comment moved." in move(answer, f"/en/town/{other.number}-the-bridge-is-closed#c1")
    answer.refresh_from_db()
    assert answer.reply_to == first
