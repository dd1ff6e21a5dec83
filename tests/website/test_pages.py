"""Readers' pages through the real middleware."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dragoman.conversation import actions as conversation
from dragoman.conversation.importing import Imported, import_comments
from dragoman.conversation.models import Comment
from dragoman.publication import actions as publication
from dragoman.publication.models import ArticlePage
from dragoman.readers.models import Reader
from dragoman.readers.policies import Actor
from dragoman.website import recalled
from tests.conftest import NOON, MakeArticle, Script, Work, account_of

ThreadOf = Callable[[ArticlePage], Any]


@pytest.fixture
def page(make_article: MakeArticle) -> ArticlePage:
    return make_article()


@pytest.fixture
def signed_in(client: Client, ada: Actor) -> Client:
    client.force_login(account_of(ada), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _path(page: ArticlePage, language: str = "en") -> str:
    return f"/{language}/town/{page.number}-the-library-stays-open-at-night"


def _text(response: Any) -> str:
    return str(response.content.decode())


def test_the_root_leads_to_the_edition_of_the_browsers_language(client: Client, page: ArticlePage) -> None:
    response = client.get("/", headers={"accept-language": "pt-BR,es;q=0.5"})
    assert (response.status_code, response.headers["Location"]) == (302, "/pt/")


def test_front_section_and_article_answer_in_every_edition(client: Client, page: ArticlePage) -> None:
    for language in ("en", "es", "ca", "fr", "ar", "pt"):
        for path in (f"/{language}/", f"/{language}/town/", _path(page, language)):
            assert client.get(path).status_code == 200, path


def test_another_slug_leads_to_the_articles_address(client: Client, page: ArticlePage) -> None:
    response = client.get(f"/en/elsewhere/{page.number}-old?from=51")
    assert (response.status_code, response.headers["Location"]) == (301, _path(page) + "?from=51")


def test_every_edition_leads_to_all_the_others(client: Client, page: ArticlePage) -> None:
    text = _text(client.get(_path(page, "es")))
    for language in ("en", "es", "ca", "fr", "ar", "pt"):
        assert f'<a href="{_path(page, language)}" hreflang="{language}"' in text
    assert f'rel="canonical" href="http://testserver{_path(page, "es")}"' in text


def test_language_and_direction_are_right_also_where_a_text_is_not_translated(
    client: Client, page: ArticlePage
) -> None:
    text = _text(client.get(_path(page, "ar")))
    assert '<html lang="ar" dir="rtl">' in text
    assert '<h1 id="b-headline"><span lang="en" dir="ltr">' in text
    assert "لا تتوفر" in text or "ترجمة" in text


def test_an_edition_without_a_catalogue_marks_its_interface(client: Client, page: ArticlePage) -> None:
    text = _text(client.get(_path(page, "pt")))
    assert '<html lang="pt" dir="ltr">' in text
    assert '<footer class="colophon" lang="en" dir="ltr">' in text
    assert "4 de maio de 2026" in text


def test_names_are_set_apart_from_the_text_around_them(client: Client, page: ArticlePage) -> None:
    assert '<bdi translate="no">Ruben Askelund</bdi>' in _text(client.get(_path(page)))


@pytest.mark.parametrize(
    "path", ["/xx/", "/de/", "/en/town/999-nothing", "/en/nowhere/", "/en/readers/nobody", "/zz-yy/a"]
)
def test_what_does_not_exist_is_a_page_that_says_so(client: Client, page: ArticlePage, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (404, 422)
    assert "<h1>" in _text(response)


def test_an_unknown_edition_says_which_ones_there_are(client: Client, page: ArticlePage) -> None:
    assert "en, es, ca, fr, ar, pt" in _text(client.get("/de/"))


def test_another_spelling_of_an_edition_leads_to_it(client: Client, page: ArticlePage) -> None:
    assert client.get("/EN/town/").headers["Location"] == "/en/town/"


def test_reader_pages_run_under_a_strict_policy_and_hold_no_inline_code(client: Client, page: ArticlePage) -> None:
    response = client.get(_path(page))
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "<style" not in _text(response)
    assert " style=" not in _text(response)
    assert "onclick" not in _text(response)


def _comments(page: ArticlePage, author: int, count: int, start: int) -> None:
    import_comments(
        thread=conversation.thread_at(key=f"article:{page.number}"),
        comments=[
            Imported(author, f"This is comment number {n} of them.", "es", NOON, n) for n in range(start, start + count)
        ],
    )


def _queries(client: Client, path: str) -> int:
    recalled.forget()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_an_article_takes_the_same_number_of_queries_with_10_and_1000_comments(
    client: Client, page: ArticlePage, ada: Actor, engine: Script
) -> None:
    _comments(page, ada.id or 0, 10, 1)
    client.get(_path(page))  # content types and the like are looked up once
    few = _queries(client, _path(page))
    _comments(page, ada.id or 0, 990, 11)
    assert _queries(client, _path(page)) == few
    assert _queries(client, _path(page) + "?from=501") == few


def test_an_article_takes_the_same_number_of_queries_with_1_and_6_languages(
    client: Client, page: ArticlePage, ada: Actor, engine: Script, work: Work, settings: Any
) -> None:
    _comments(page, ada.id or 0, 10, 1)
    settings.DRAGOMAN.values["publication.languages"] = ["en"]
    try:
        client.get(_path(page))
        one = _queries(client, _path(page))
    finally:
        settings.DRAGOMAN.values["publication.languages"] = ["en", "es", "ca", "fr", "ar", "pt"]
    publication.request_article_translations(page)
    work()
    assert _queries(client, _path(page)) == one


def test_a_window_holds_fifty_comments_and_leads_to_the_next(client: Client, page: ArticlePage, ada: Actor) -> None:
    _comments(page, ada.id or 0, 120, 1)
    text = _text(client.get(_path(page)))
    assert text.count('class="comment') == 50
    assert f'href="{_path(page)}?from=51#conversation"' in text
    assert client.get("/en/comments/1/101").headers["Location"] == f"{_path(page)}?from=101#c101"


def test_reading_needs_no_account_and_writing_leads_to_sign_in(client: Client, page: ArticlePage) -> None:
    assert "Dear reader, to leave comments on the publication, you must sign in." in _text(client.get(_path(page)))
    response = client.get(f"{_path(page)}/write?block=lead")
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/en/account/login/?next=%2Fen%2Ftown%2F")


def test_a_comment_posted_by_form_is_there(signed_in: Client, page: ArticlePage) -> None:
    response = signed_in.post(f"{_path(page)}/write", {"text": "I like the lamps.", "language": "en", "key": "k"})
    assert (response.status_code, response.headers["Location"]) == (303, f"{_path(page)}#c1")
    assert "I like the lamps." in _text(signed_in.get(_path(page)))


def test_a_form_sent_twice_makes_one_comment(signed_in: Client, page: ArticlePage) -> None:
    for _twice in range(2):
        signed_in.post(f"{_path(page)}/write", {"text": "Only once, please.", "language": "en", "key": "k"})
    assert Comment.objects.count() == 1


def test_a_post_by_our_script_makes_the_page_load_anew(signed_in: Client, page: ArticlePage) -> None:
    sent = {"text": "I like the lamps.", "language": "en", "key": "k"}
    from_page = {"hx-request": "true", "hx-current-url": f"http://testserver{_path(page)}#c9"}
    response = signed_in.post(f"{_path(page)}/write", sent, headers=from_page)
    assert (response.status_code, response.headers["HX-Refresh"]) == (204, "true")
    again = signed_in.post(f"{_path(page)}/write", sent | {"text": "Another one."}, headers={"hx-request": "true"})
    assert again.status_code == 422
    assert 'name="key" value="k"' not in _text(again)
    assert "Another one.</textarea>" in _text(again)


@pytest.mark.parametrize("path", ["/english/town/1", "/xxxx/town/1/write", "//EN//evil.example", "/en/town/1/nothing"])
def test_odd_addresses_lead_nowhere(client: Client, page: ArticlePage, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_edition_without_its_slash_is_found(client: Client, page: ArticlePage) -> None:
    assert client.get("/en").headers["Location"] == "/en/"


def test_beyond_the_end_of_a_thread_is_its_last_window(client: Client, page: ArticlePage, ada: Actor) -> None:
    _comments(page, ada.id or 0, 60, 1)
    assert 'id="c60"' in _text(client.get(_path(page) + "?from=999999999"))


def test_the_preview_stores_nothing_and_keeps_the_draft(signed_in: Client, page: ArticlePage) -> None:
    response = signed_in.post(f"{_path(page)}/write", {"text": "So *very* green", "language": "en", "preview": "1"})
    assert "<em>very</em>" in _text(response)
    assert "So *very* green</textarea>" in _text(response)
    assert not Comment.objects.exists()


def test_a_paragraphs_sentences_are_offered_for_quoting_without_scripts(signed_in: Client, page: ArticlePage) -> None:
    block = next(str(block.id) for block in page.body)
    text = _text(signed_in.get(f"{_path(page)}/write?block={block}"))
    assert text.count('type="radio"') == 3
    token = text.split('name="quote" value="')[2].split('"')[0]
    sent = signed_in.post(f"{_path(page)}/write", {"text": "With butter, I hope.", "language": "en", "quote": token})
    assert sent.status_code == 303, (token, _text(sent))
    assert "quoted in 1 comment" in _text(signed_in.get(_path(page)))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": ""}, "Please write something first."),
        ({"text": "x" * 1_000_000}, "at most 10000 are possible"),
        ({"text": "Fine.", "reply_to": "77"}, "There is no comment with this number here."),
        ({"text": "Fine.", "reply_to": "minus"}, "Please check the form"),
        ({"text": "Fine.", "language": "tlh"}, "Please check the form"),
        ({"text": "Fine.", "quote": "1:lead:99:1:0:4"}, "The quoted words do not stand there."),
    ],
)
def test_bad_input_gets_a_clear_answer_and_keeps_the_draft(
    signed_in: Client, page: ArticlePage, sent: dict[str, str], said: str
) -> None:
    response = signed_in.post(f"{_path(page)}/write", {"language": "en", **sent})
    assert 400 <= response.status_code < 500
    assert said in _text(response)
    assert sent["text"][:1000] in _text(response)
    assert not Comment.objects.exists()


def test_damaged_bytes_are_refused_with_the_draft(signed_in: Client, page: ArticlePage) -> None:
    response = signed_in.post(
        f"{_path(page)}/write", b"text=caf%E9+ole&language=en", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 422
    assert "arrived damaged" in _text(response)


def test_an_expired_session_keeps_the_draft_through_sign_in(client: Client, ada: Actor, page: ArticlePage) -> None:
    response = client.post(f"{_path(page)}/write", {"text": "I wrote this for an hour.", "language": "en"})
    assert response.status_code == 303
    login = response.headers["Location"]
    signed = client.post(login, {"login": "ada@example.org", "password": "a long passphrase"})
    assert signed.headers["Location"] == f"{_path(page)}/write"
    assert "I wrote this for an hour.</textarea>" in _text(client.get(signed.headers["Location"]))


def test_a_wrong_token_shows_the_draft_again(ada: Actor, page: ArticlePage) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(f"{_path(page)}/write", {"text": "Still mine."}, headers={"accept-language": "en"})
    assert response.status_code == 403
    assert "Still mine.</textarea>" in _text(response)
    assert "Nothing was lost" in _text(response)


def test_the_answer_to_bad_input_is_in_the_readers_language(signed_in: Client, page: ArticlePage) -> None:
    response = signed_in.post(f"{_path(page, 'es')}/write", {"text": "", "language": "es"})
    assert "Please" not in _text(response).split("<main")[1].split("</main")[0]


def test_ten_thousand_nested_quotes_are_a_comment_like_any_other(signed_in: Client, page: ArticlePage) -> None:
    signed_in.post(f"{_path(page)}/write", {"text": ">" * 9_990 + " deep", "language": "en"})
    text = _text(signed_in.get(_path(page)))
    assert "deep" in text
    assert text.count("<blockquote>") <= 10


def test_a_profile_shows_comments_in_every_language(signed_in: Client, page: ArticlePage) -> None:
    signed_in.post(f"{_path(page)}/write", {"text": "Me gustan mucho las lámparas.", "language": "es"})
    text = _text(signed_in.get("/en/readers/Ada"))
    assert "Me gustan mucho las lámparas." in text
    assert "(<bdi" in text


def test_settings_of_a_reader_are_kept(signed_in: Client, page: ArticlePage, ada: Actor) -> None:
    sent = {
        "nickname": "Ada",
        "edition": "ca",
        "real_name": "Ada L.",
        "shows_real_name": "on",
        "languages": ["es", "ca"],
    }
    assert signed_in.post("/en/settings", sent).status_code == 302
    reader = account_of(ada)
    assert (reader.real_name, reader.languages, reader.hides_presence) == ("Ada L.", ["es", "ca"], True)
    assert reader.edition == "ca"


def test_a_reader_who_wants_no_translations_gets_none_but_where_he_or_she_asks(
    signed_in: Client, make_article: MakeArticle, engine: Script, work: Work
) -> None:
    engine(answers={"es|The lamps are green.": "Las lámparas son verdes.", "es|At night": "De noche"})
    page = make_article("At night", lead="", body=("The lamps are green.",))
    work()
    settings = {"nickname": "Ada", "edition": "es", "reads_originals": "on"}
    assert signed_in.post("/en/settings", settings).status_code == 302
    response = signed_in.get(_path(page, "es"), follow=True)
    address, text = response.request["PATH_INFO"], _text(response)
    assert "The lamps are green." in text
    assert "Las lámparas son verdes." not in text
    assert f'href="{address}?view=translated"' in text
    assert "Las lámparas son verdes." in _text(signed_in.get(f"{address}?view=translated"))
    assert signed_in.post("/en/settings", {"nickname": "Ada", "edition": "es"}).status_code == 302
    assert "Las lámparas son verdes." in _text(signed_in.get(address))


def test_understood_languages_stay_untranslated(
    signed_in: Client, page: ArticlePage, carmen: Actor, thread_of: ThreadOf, engine: Script, work: Work, ada: Actor
) -> None:
    engine(answers={"en|Las lámparas verdes me gustan.": "I like the green lamps."})
    conversation.post_comment(
        actor=carmen, thread=thread_of(page), draft=conversation.Draft("Las lámparas verdes me gustan.", "es")
    )
    work()
    assert "I like the green lamps." in _text(signed_in.get(_path(page)))
    Reader.objects.filter(nickname="Ada").update(languages=["es"])
    assert "I like the green lamps." not in _text(signed_in.get(_path(page)))


def test_translation_can_be_switched_off_for_a_page(
    client: Client, page: ArticlePage, engine: Script, work: Work
) -> None:
    answers = {
        "The library stays open at night": "La biblioteca abre de noche",
        "Readers asked for it for years.": "Los lectores lo pidieron durante años.",
        "The lamps are green.": "Las lámparas son verdes.",
        "⟦1⟧ brings bread.": "⟦1⟧ trae pan.",
        "Nobody whispers loudly.": "Nadie susurra en voz alta.",
    }
    engine(answers={f"es|{source}": answer for source, answer in answers.items()})
    publication.request_article_translations(page)
    work()
    assert "Las lámparas son verdes." in _text(client.get(f"/es/town/{page.number}", follow=True))
    assert (
        "Las lámparas" not in _text(client.get(f"/es/town/{page.number}?view=original", follow=True)).split("<main")[1]
    )


def test_fragments_declare_what_they_show_and_are_kept_by_no_browser(
    client: Client, ada: Actor, page: ArticlePage, thread_of: ThreadOf
) -> None:
    draft = conversation.Draft("I like the lamps.", "en")
    comment = conversation.post_comment(actor=ada, thread=thread_of(page), draft=draft).comment
    response = client.get(f"/en/fragment/comment/{comment.pk}@1.0")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Surrogate-Key"].split() == [
        f"article:{page.number}",
        f"comment:{comment.pk}",
        "names",
        f"reader:{ada.id}",
    ]
    # What is the same for everybody carries nothing personal.
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in _text(response)


def test_what_is_new_is_counted_and_brought(client: Client, ada: Actor, page: ArticlePage) -> None:
    _comments(page, ada.id or 0, 3, 1)
    assert "2 new comments" in _text(client.get(f"/en/fragment/new/{page.number}?after=1"))
    assert _text(client.get(f"/en/fragment/window/{page.number}?after=1")).count('class="comment') == 2


def test_a_moderator_removes_and_a_reader_may_not(
    client: Client, ada: Actor, carmen: Actor, mina: Actor, page: ArticlePage, thread_of: ThreadOf
) -> None:
    draft = conversation.Draft("Buy cheap lamps at my shop.", "en")
    comment = conversation.post_comment(actor=ada, thread=thread_of(page), draft=draft).comment
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(account_of(carmen), backend=backend)
    address = f"/en/comments/{comment.pk}/decide/remove"
    assert client.post(address, {"reason": "spam"}).status_code == 404
    client.force_login(account_of(mina), backend=backend)
    assert client.post(address, {"note": "no reason given"}).status_code == 422
    assert client.post(address, {"reason": "spam"}).status_code == 303
    shown = _text(client.get(_path(page)))
    assert "Buy cheap lamps" not in shown
    assert "A moderator removed this comment: advertising or spam." in shown


def test_an_unpublished_article_is_gone(client: Client, page: ArticlePage) -> None:
    page.unpublish()
    assert client.get(_path(page)).status_code == 404


def test_the_key_of_a_kept_draft_stays_inside_its_field(client: Client, page: ArticlePage, ada: Actor) -> None:
    client.force_login(account_of(ada), backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["drafts"] = {str(page.number): {"key": '"><script>alert(1)</script>'}}
    session.save()
    html = client.get(_path(page)).content.decode()
    assert "<script>alert" not in html
    assert 'name="key" value="&quot;&gt;&lt;script&gt;' in html
