"""A text sentence by sentence, as browsers without scripts use it."""

import re
from typing import Any

import pytest
from django.test import Client

from dragoman.conversation import actions
from dragoman.conversation.actions import Draft
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import decide
from dragoman.conversation.sanctions import impose
from dragoman.moderation.actions import Grounds
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from dragoman.translation.editions import editions_of
from dragoman.translation.glossary import Row, save_term
from dragoman.translation.rules.glossary import Form, Term
from dragoman.translation.sentences import text_at_work
from dragoman.translation.suggestions import waiting_suggestions
from tests.conftest import MakeActor, MakeArticle, Script, account_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def page(engine: Script, make_article: MakeArticle) -> ArticlePage:
    return make_article()


@pytest.fixture
def comment(ada: Actor, page: ArticlePage, thread_of: Any) -> Comment:
    draft = Draft("The lamps are green tonight.", "en")
    return actions.post_comment(actor=ada, thread=thread_of(page), draft=draft).comment


@pytest.fixture
def thea(make_actor: MakeActor) -> Actor:
    return make_actor("Thea", "translator")


def _as(actor: Actor) -> Client:
    client = Client()
    client.force_login(account_of(actor), backend=BACKEND)
    return client


def _form(html: str, anchor: int = 1) -> dict[str, str]:
    """The hidden fields of a sentence's form."""
    form = html.split(f'id="s{anchor}"')[1].split("</form>", maxsplit=1)[0]
    fields = dict(re.findall(r'name="(anchor|wording|seen)" value="(\d+)"', form))
    assert set(fields) == {"anchor", "wording", "seen"}
    return fields


def _send(client: Client, unit: int | None, act: str, text: str = "", **fields: str) -> Any:
    address = f"/es/translations/{unit}"
    told = _form(client.get(address).content.decode()) | {"act": act, "text": text} | fields
    return client.post(address, told)


def _thread(client: Client, page: ArticlePage) -> str:
    return client.get(f"/es/town/{page.number}", follow=True).content.decode()


def test_every_translated_text_leads_to_its_sentences(comment: Comment, page: ArticlePage, client: Client) -> None:
    shown = _thread(client, page)
    assert f"/es/translations/{comment.unit_id}" in shown
    assert f"/es/translations/{page.unit_id}" in shown
    answer = client.get(f"/es/translations/{comment.unit_id}")
    assert (answer.status_code, "/account/login" in answer.headers["Location"]) == (303, True)


def test_a_translator_mends_a_sentence_and_readers_see_it(
    comment: Comment, page: ArticlePage, thea: Actor, client: Client
) -> None:
    answer = _send(_as(thea), comment.unit_id, "correct", "Las lámparas están verdes.")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("#s1")
    shown = _thread(client, page)
    assert "Las lámparas están verdes." in shown
    assert "Thea" in shown
    assert (
        "Las lámparas están verdes." in _as(thea).get(f"/es/translations/{comment.unit_id}?history=1").content.decode()
    )


def test_a_reader_suggests_and_a_translator_takes_it_over_in_two_clicks(
    comment: Comment, page: ArticlePage, carmen: Actor, thea: Actor, client: Client
) -> None:
    assert (
        _send(_as(carmen), comment.unit_id, "suggest", "Verdes, las lámparas.", note="Suena mejor.").status_code == 302
    )
    desk = _as(thea)
    queue = desk.get("/admin/suggestions/").content.decode()
    assert "Verdes, las lámparas." in queue
    (one,) = waiting_suggestions()
    assert desk.post(f"/admin/suggestions/{one.id}/accept/").status_code == 302
    shown = _thread(client, page)
    assert "Verdes, las lámparas." in shown
    assert "Carmen" in shown
    assert "Nothing waits." in desk.get("/admin/suggestions/?language=es").content.decode()
    assert "already" in desk.post(f"/admin/suggestions/{one.id}/decline/", follow=True).content.decode()


def test_what_two_translators_write_at_once_is_kept_for_both(
    comment: Comment, make_actor: MakeActor, thea: Actor
) -> None:
    tomas = _as(make_actor("Tomas", "translator"))
    address = f"/es/translations/{comment.unit_id}"
    fields = _form(tomas.get(address).content.decode())
    _send(_as(thea), comment.unit_id, "correct", "La de Thea.")
    answer = tomas.post(address, fields | {"act": "correct", "text": "La de Tomas."})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "La de Tomas." in html
    assert "La de Thea." in html
    answer = tomas.post(address, _form(html) | {"act": "correct", "text": "La de Tomas."})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"act": "correct", "text": " "}, 422),
        ({"act": "correct", "text": "x" * 5001}, 422),
        ({"act": "everywhere", "text": "Verdes."}, 422),
        ({"act": "correct", "text": "Verdes.", "wording": "999999"}, 409),
        ({"act": "correct", "text": "Verdes.", "anchor": "77"}, 404),
        ({"act": "correct", "text": "Verdes.", "anchor": "²"}, 404),
        ({"act": "eat", "text": "Verdes."}, 404),
        ({"act": "suggest", "text": ""}, 422),
        ({"act": "widen"}, 403),
    ],
)
def test_what_cannot_be_done_is_said_beside_the_sentence(
    comment: Comment, thea: Actor, fields: dict[str, str], status: int
) -> None:
    client, address = _as(thea), f"/es/translations/{comment.unit_id}"
    answer = client.post(address, _form(client.get(address).content.decode()) | fields)
    assert answer.status_code == status
    html = answer.content.decode()
    assert html.count('role="alert"') == 1
    assert fields.get("text", "").strip()[:100] in html  # nothing that was typed is lost


def test_a_reader_without_the_role_mends_nothing(comment: Comment, carmen: Actor) -> None:
    assert _send(_as(carmen), comment.unit_id, "correct", "Verdes.").status_code == 403
    assert _as(carmen).get("/admin/suggestions/").status_code == 302


def test_what_was_taken_away_or_is_held_has_no_sentences(
    comment: Comment, thea: Actor, mina: Actor, make_actor: MakeActor
) -> None:
    decide(actor=mina, comment=comment, act="hold", grounds=Grounds("spam", ""))
    assert _as(thea).get(f"/es/translations/{comment.unit_id}").status_code == 404
    comment.refresh_from_db()
    decide(actor=mina, comment=comment, act="remove", grounds=Grounds("spam", ""))
    assert _as(make_actor("Edda", "editor")).get(f"/es/translations/{comment.unit_id}").status_code == 404


def test_a_text_in_the_editions_own_language_leads_back_to_it(comment: Comment, thea: Actor) -> None:
    answer = _as(thea).get(f"/en/translations/{comment.unit_id}")
    assert answer.headers["Location"].endswith("#c1")


def test_an_articles_sentences_are_mended_for_all_texts(page: ArticlePage, thea: Actor, client: Client) -> None:
    _send(_as(thea), page.unit_id, "everywhere", "La biblioteca abre de noche.")
    html = _as(thea).get(f"/es/translations/{page.unit_id}").content.decode()
    assert "La biblioteca abre de noche." in html
    assert html.count("<textarea") == 5


def test_a_translator_sees_terms_and_similar_sentences_goes_on_to_the_next_and_signs_off(
    page: ArticlePage, thea: Actor, make_article: MakeArticle
) -> None:
    save_term(actor=thea, row=Row(Term(0, "en", "es", "soft", (Form("lamp", "farol"), Form("lamps", "faroles")))))
    client = _as(thea)
    unit = page.unit_id
    anchors = [one.anchor for one in text_at_work(unit or 0, "es").sentences]
    for anchor, following in zip(anchors, [*anchors[1:], None], strict=True):
        address = f"/es/translations/{unit}"
        html = client.get(f"{address}?at={anchor}").content.decode()
        assert f'id="t{anchor}"' in html
        assert re.search(rf'id="t{anchor}"[^>]* autofocus', html)
        told = _form(html, anchor) | {"act": "everywhere", "text": f"Frase número {anchor}."}
        assert client.post(address, told).headers["Location"] == (
            f"{address}?at={following}" if following else f"{address}#end"
        )
    html = client.get(f"/es/translations/{unit}").content.decode()
    assert '<bdi lang="en" translate="no">lamps</bdi> = <bdi lang="es" translate="no">faroles</bdi>' in html
    version = re.findall(r'name="version" value="([^"]+)"', html)
    answer = client.post(f"/es/translations/{unit}", {"act": "sign", "version": version}, follow=True)
    assert "Aprobada en tu nombre." in answer.content.decode()
    assert [one.signed_by for one in editions_of([unit or 0])[unit or 0] if one.language == "es"] == ["Thea"]

    other = make_article("Elsewhere", body=("The lamps are red. Nobody knows anything about it.",))
    similar = next(one for one in text_at_work(other.unit_id or 0, "es").sentences if "lamps" in one.original)
    html = client.get(f"/es/translations/{other.unit_id}?history={similar.anchor}").content.decode()
    assert "The lamps are green." in html
    assert "75 %" in html or "80 %" in html


def test_readers_are_offered_neither_similar_sentences_nor_the_sign_off(page: ArticlePage, ada: Actor) -> None:
    client = _as(ada)
    html = client.get(f"/es/translations/{page.unit_id}?history=1").content.decode()
    assert 'value="sign"' not in html
    assert client.post(f"/es/translations/{page.unit_id}", {"act": "sign"}).status_code == 403


def test_what_a_translator_may_have_overlooked_is_said_and_refused_by_nobody(
    thea: Actor, make_article: MakeArticle
) -> None:
    page = make_article("In 1998 it opened", lead="", body=("The lamps are green.",))
    answer = _as(thea).post(
        f"/es/translations/{page.unit_id}",
        _form(_as(thea).get(f"/es/translations/{page.unit_id}").content.decode())
        | {"act": "correct", "text": "En 1989 abrió («"},
        follow=True,
    )
    html = answer.content.decode()
    assert "un número no es el del original" in html
    assert "se queda solo" in html
    shown = text_at_work(page.unit_id or 0, "es").sentences[0].shown
    assert shown is not None
    assert shown.text == "En 1989 abrió («"
    sound = _send(_as(thea), page.unit_id, "correct", "En 1998 abrió")
    assert "otra vez" not in _as(thea).get(sound.headers["Location"]).content.decode()


def test_translators_talk_about_a_sentence_and_readers_do_not_hear_it(
    page: ArticlePage, thea: Actor, ada: Actor, make_actor: MakeActor
) -> None:
    address = f"/es/translations/{page.unit_id}"
    told = {"act": "remark", "anchor": "1", "note": "Is it <b>this</b> library?"}
    assert _as(thea).post(address, told).status_code == 302
    other = _as(make_actor("Otto", "editor")).get(address).content.decode()
    assert "Is it &lt;b&gt;this&lt;/b&gt; library?" in other
    assert "Thea" in other
    assert "library?" not in _as(ada).get(address).content.decode()
    assert _as(ada).post(address, told).status_code == 403
    for wrong in ({"anchor": "99"}, {"note": " "}, {"note": "x" * 1001}):
        assert _as(thea).post(address, told | wrong).status_code in (404, 422)


def test_a_translator_mends_a_whole_paragraph(thea: Actor, make_article: MakeArticle) -> None:
    page = make_article("A title", lead="", body=("The lamps are green. Nobody whispers loudly.",))
    address = f"/es/translations/{page.unit_id}"
    html = _as(thea).get(address).content.decode()
    block = re.search(r'href="(\?block=[^"]+)"', html)
    assert block
    html = _as(thea).get(f"{address}{block[1]}").content.decode()
    assert "The lamps are green. Nobody whispers loudly." in html
    told = {
        "act": "block",
        "text": "Nadie susurra, y las luces son verdes.",
        "all": re.findall(r'name="all" value="([^"]+)"', html),
    }
    assert _as(thea).post(f"{address}{block[1]}", told).status_code == 302
    html = _as(thea).get(f"{address}{block[1]}").content.decode()
    assert "Nadie susurra, y las luces son verdes." in html
    late = _as(thea).post(f"{address}{block[1]}", told | {"text": "Otra cosa dicha más tarde."})
    assert late.status_code == 409
    assert "Otra cosa dicha más tarde." in late.content.decode()
    for wrong in (["1:1"], ["9:9:9"], [f"{2**70}:1:1"], []):
        assert _as(thea).post(address, told | {"all": wrong}).status_code == 404


def test_who_is_suspended_suggests_nothing(comment: Comment, carmen: Actor, mina: Actor) -> None:
    impose(actor=mina, kind="ban", grounds=Grounds("spam"), reader_id=carmen.id)
    assert _send(_as(carmen), comment.unit_id, "suggest", "Verdes.").status_code == 403
    assert _send(_as(carmen), comment.unit_id, "bad").status_code == 403
    assert waiting_suggestions() == []
