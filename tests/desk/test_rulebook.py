"""The rulebook at the desk."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dragoman.conversation.actions import Draft, post_comment
from dragoman.moderation.models import Mode, RuleSetting, WordList
from dragoman.readers.policies import Actor
from tests.conftest import MakeArticle, account_of
from tests.desk.conftest import BACKEND

TYPED = {"name": "Insults", "language": "en", "matching": "stem", "act": "hold", "words": "fool\nscoundrel"}


@pytest.fixture
def at_desk(client: Client, mina: Actor, section: object) -> Client:
    client.force_login(account_of(mina), backend=BACKEND)
    return client


def test_a_list_is_made_changed_exported_and_deleted(at_desk: Client) -> None:
    assert "There is no list yet." in at_desk.get("/admin/rulebook/").content.decode()
    at_desk.post("/admin/rulebook/lists/new/", TYPED)
    row = WordList.objects.get()
    assert (row.words, row.changed_by) == ("fool\nscoundrel", "Mina")
    assert "Insults" in at_desk.get("/admin/rulebook/").content.decode()
    address = f"/admin/rulebook/lists/{row.pk}/"
    file = SimpleUploadedFile("words.txt", "\ufeffidiot\r\nfool # mild\r\n".encode())
    at_desk.post(address, TYPED | {"file": file})
    assert at_desk.get(f"{address}export/").content.decode() == "idiot\nfool\n"
    at_desk.post(address, TYPED | {"delete": "1"})
    assert not WordList.objects.exists()
    assert at_desk.get(address).status_code == at_desk.get(f"{address}export/").status_code == 404


def test_a_bad_line_is_named_and_what_was_typed_is_kept(at_desk: Client) -> None:
    html = at_desk.post("/admin/rulebook/lists/new/", TYPED | {"words": "fool\n(a+)+$"}).content.decode()
    assert "Line 2: “(a+)+$” looks like a pattern." in html
    assert "fool\n(a+)+$" in html
    assert not WordList.objects.exists()


def test_a_list_is_tried_on_the_latest_comments_and_nothing_is_changed(
    at_desk: Client, ada: Actor, make_article: MakeArticle, thread_of: Callable[..., Any]
) -> None:
    thread = thread_of(make_article())
    for text in ("Only fools walk there.", "Nobody walks there.", "What an idiotic thing."):
        post_comment(actor=ada, thread=thread, draft=Draft(text, "en"))
    at_desk.post("/admin/rulebook/lists/new/", TYPED)
    address = f"/admin/rulebook/lists/{WordList.objects.get().pk}/"
    html = at_desk.post(address, TYPED | {"words": "fool\nidiot", "try": "1"}).content.decode()
    assert "In the latest 3 comments: 2, of which 1 new. Nothing was changed." in html
    assert "Only <mark>fools</mark> walk there." in html
    assert WordList.objects.get().words == "fool\nscoundrel"


def test_rules_and_modes_are_set(at_desk: Client, section: Any) -> None:
    at_desk.post("/admin/rulebook/rule/links/", {"act": "flag", "newcomer": 2, "most": 5})
    assert RuleSetting.objects.get().numbers == {"newcomer": 2, "most": 5}
    bad = at_desk.post("/admin/rulebook/rule/links/", {"act": "flag", "newcomer": 0, "most": 5}, follow=True)
    assert "out of range" in bad.content.decode()
    assert at_desk.post("/admin/rulebook/rule/nothing/").status_code == 404
    for scope, key in (("site", ""), ("section", str(section.pk)), ("language", "ar"), ("place", "7")):
        at_desk.post("/admin/rulebook/mode/", {"scope": scope, "key": key, "mode": "before"})
    assert set(Mode.objects.values_list("scope", "key")) == {
        ("site", ""),
        ("section", str(section.pk)),
        ("language", "ar"),
        ("place", "article:7"),
    }
    html = at_desk.get("/admin/rulebook/").content.decode()
    for words in ("everywhere", "in Town", "in the language Arabic", "on article 7"):
        assert words in html
    at_desk.post("/admin/rulebook/mode/", {"scope": "site", "key": "", "mode": ""})
    assert not Mode.objects.filter(scope="site").exists()
    assert (
        "no such rule"
        in at_desk.post(
            "/admin/rulebook/mode/", {"scope": "moon", "key": "", "mode": "before"}, follow=True
        ).content.decode()
    )


def test_editors_do_not_change_the_rulebook(client: Client, make_actor: Any, section: object) -> None:
    client.force_login(account_of(make_actor("Edda", "editor")), backend=BACKEND)
    assert client.get("/admin/rulebook/").status_code == 302
    assert client.post("/admin/rulebook/lists/new/", TYPED).status_code == 302
    assert not WordList.objects.exists()


def test_a_rule_is_tried_on_the_latest_comments_as_they_were_posted(
    at_desk: Client, ada: Actor, carmen: Actor, make_article: MakeArticle, thread_of: Callable[..., Any]
) -> None:
    thread = thread_of(make_article())
    for actor, text in ((ada, "The first of Ada."), (ada, "The second of Ada."), (carmen, "The first of Carmen.")):
        post_comment(actor=actor, thread=thread, draft=Draft(text, "en"))
    html = at_desk.post("/admin/rulebook/rule/newcomers/", {"act": "hold", "first": 1, "try": "1"}).content.decode()
    assert "In the latest 3 comments: 2, of which 2 new. Nothing was changed." in html
    assert ("The first of Ada." in html, "The second of Ada." in html) == (True, False)
    assert not RuleSetting.objects.exists()
    assert '<option value="hold" selected>' in html.split('id="act-newcomers"')[1].split("</select>")[0]
    html = at_desk.post("/admin/rulebook/rule/newcomers/", {"act": "hold", "first": 5, "try": "1"}).content.decode()
    assert "In the latest 3 comments: 3, of which 3 new." in html
    bad = at_desk.post("/admin/rulebook/rule/newcomers/", {"act": "hold", "first": 0, "try": "1"}, follow=True)
    assert "out of range" in bad.content.decode()
