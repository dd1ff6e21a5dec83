"""Whatever changes a kept page tells one of the keys that the page has declared.

Each page is rendered before and after something happens. Where it looks
otherwise, what was announced meanwhile must name it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.test import Client
from wagtail.images import get_image_model

from dragoman.conversation import actions as conversation
from dragoman.conversation.actions import Draft
from dragoman.conversation.editing import change_language, edit_comment, withdraw_comment
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import decide
from dragoman.conversation.moving import move_branch
from dragoman.conversation.rules.quoting import Passage
from dragoman.conversation.voting import cast_vote
from dragoman.delivery.keys import touched_by
from dragoman.interchange.demo.pictures import picture
from dragoman.live.queries import events_after, last_event_id
from dragoman.moderation.actions import Grounds
from dragoman.publication import actions as publication
from dragoman.publication.models import ArticlePage, SectionPage
from dragoman.publication.releasing import withdraw_edition
from dragoman.readers.actions import change_profile, grant_role, mute, rename_reader, tell_present
from dragoman.readers.policies import Actor
from dragoman.translation.correcting import Place, Seen, correct
from dragoman.translation.passages import sentences_of
from dragoman.translation.sentences import text_at_work
from dragoman.website import recalled
from tests.conftest import MakeActor, MakeArticle, Script, Work, account_of

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_ONCE = re.compile(r'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"')


@dataclass
class Scene:
    """An article with three comments in its thread, and what the acts below need."""

    page: ArticlePage
    section: SectionPage
    ada: Actor
    carmen: Actor
    mina: Actor
    first: Comment
    answer: Comment
    last: Comment
    work: Work
    make_article: MakeArticle

    @property
    def thread(self) -> Any:
        return self.first.thread

    def again(self, comment: Comment) -> Comment:
        return Comment.objects.select_related("thread").get(pk=comment.pk)


@pytest.fixture
def scene(make_article: MakeArticle, section: SectionPage, make_actor: MakeActor, engine: Script, work: Work) -> Scene:
    shown = {"image": picture("library", "A library"), "alt": "A library", "caption": "", "credit": "Ana"}
    page = make_article(blocks=(("image", shown),))
    ada, carmen, mina = make_actor("Ada", real_name="Ada Lund"), make_actor("Carmen"), make_actor("Mina", "moderator")
    thread = conversation.thread_at(key=f"article:{page.number}")

    def post(actor: Actor, text: str, reply_to: int | None = None) -> Comment:
        return conversation.post_comment(actor=actor, thread=thread, draft=Draft(text, "en", reply_to=reply_to)).comment

    first = post(ada, "The lamps are green tonight.")
    answer = post(carmen, "I have seen them as well, from the bridge.", 1)
    last = post(ada, "Nobody else has written yet.")
    work()
    return Scene(page, section, ada, carmen, mina, first, answer, last, work, make_article)


def _reply(scene: Scene) -> None:
    draft = Draft("They were red in the spring.", "en", reply_to=2)
    conversation.post_comment(actor=scene.ada, thread=scene.thread, draft=draft)


def _publish_again(scene: Scene) -> None:
    scene.page.lead = "Readers had asked for it for many years."
    publication.publish(scene.page)


def _rename_section(scene: Scene) -> None:
    scene.section.title = "Harbour"
    scene.section.save_revision().publish()


def _unpublish(scene: Scene) -> None:
    scene.page.unpublish()


def _publish_another(scene: Scene) -> None:
    scene.make_article(headline="The ferry goes at night")


def _show_real_name(scene: Scene) -> None:
    change_profile(
        actor_id=scene.ada.id or 0, real_name="Ada Lundgren", shows_real_name=True, languages=[], hides_presence=False
    )


def _quote(scene: Scene, unit: int | None) -> None:
    said = next(one for one in sentences_of(unit or 0) if "lamps" in one.text)
    passage = Passage(said.unit, said.block, said.occurrence, said.revision, 0, len(said.text), said.text)
    draft = Draft("That is what I mean.", "en", quote=passage)
    conversation.post_comment(actor=scene.ada, thread=scene.thread, draft=draft)


def _move(scene: Scene) -> None:
    other = scene.make_article(headline="The ferry goes at night")
    move_branch(actor=scene.mina, comment=scene.answer, to=conversation.thread_at(key=f"article:{other.number}"))


def _correct(unit: int | None) -> None:
    one = next(one for one in text_at_work(unit or 0, "es").sentences if "lamps" in one.original)
    seen = Seen(one.wording, one.shown.id if one.shown else 0)
    correct(actor=_THEA, place=Place(unit or 0, one.anchor, "es"), text="Las lámparas son verdes.", seen=seen)


_THEA = Actor(1, "Thea", frozenset({"translator"}))
_EDDA = Actor(1, "Edda", frozenset({"editor"}))
_ACTS: dict[str, Callable[[Scene], object]] = {
    "reply": _reply,
    "vote": lambda it: cast_vote(actor=it.carmen, comment=it.last, value=1),
    "edit": lambda it: edit_comment(actor=it.ada, comment=it.first, text="The lamps are red tonight.", kept_names=()),
    "change of language": lambda it: change_language(actor=it.ada, comment=it.first, language="ca"),
    "withdrawal": lambda it: withdraw_comment(actor=it.carmen, comment=it.answer),
    "removal": lambda it: decide(actor=it.mina, comment=it.first, act="remove", grounds=Grounds("spam")),
    "hold": lambda it: decide(actor=it.mina, comment=it.last, act="hold", grounds=Grounds("other")),
    "pick": lambda it: decide(actor=it.mina, comment=it.last, act="pick"),
    "translation": lambda it: it.work(),
    "renaming": lambda it: rename_reader(actor=it.ada, nickname="Ada of the Harbour"),
    "real name": _show_real_name,
    "badge": lambda it: grant_role(reader_id=it.ada.id or 0, role="editor"),
    "quote": lambda it: _quote(it, it.page.unit_id),
    "move": _move,
    "correction of a comment": lambda it: _correct(it.first.unit_id),
    "correction of a quoted comment": lambda it: _correct(it.first.unit_id),
    "correction of the article": lambda it: _correct(it.page.unit_id),
    "withdrawal of an edition": lambda it: withdraw_edition(actor=_EDDA, number=it.page.number or 0, language="es"),
    "deletion of a picture": lambda it: get_image_model().objects.get().delete(),
    "presence": lambda it: tell_present([it.ada.id or 0], process="a"),
    "publishing again": _publish_again,
    "publishing another": _publish_another,
    "unpublishing": _unpublish,
    "another name of the section": _rename_section,
    "a move to another section": lambda it: it.page.move(
        publication.create_section(name="River", language="en", slug="river"), pos="last-child"
    ),
}


def _addresses(scene: Scene) -> list[str]:
    number = scene.page.number
    article = f"town/{number}-the-library-stays-open-at-night"
    return [
        *(f"/{edition}/" for edition in ("en", "es")),
        *(f"/{edition}/town/" for edition in ("en", "es")),
        f"/en/{article}",
        f"/en/{article}?order=best",
        f"/en/{article}?from=2",
        f"/en/{article}?view=original",
        f"/es/{article}",
        f"/es/fragment/article/{number}@0",
        *(f"/es/fragment/comment/{one.pk}@0" for one in Comment.objects.filter(thread=scene.thread)),
        f"/en/fragment/new/{number}?after=1",
    ]


def _seen(client: Client, address: str) -> tuple[str, set[str]]:
    recalled.forget()  # what is recalled goes by the same keys, and would hide one that is missing
    answer = client.get(address)
    words = re.sub(r' data-at="\d+"', "", answer.content.decode())
    return f"{answer.status_code} {words}", set(answer.headers.get("Surrogate-Key", "").split())


def _prepare(act: str, scene: Scene) -> None:
    if act == "pick":
        grant_role(reader_id=scene.mina.id or 0, role="editor")
        scene.mina = type(scene.mina)(scene.mina.id, "Mina", scene.mina.roles | {"editor"}, ())
    if act == "translation":  # of something that is new
        _reply(scene)
    if act == "correction of a quoted comment":
        _quote(scene, scene.first.unit_id)
        scene.work()


@pytest.mark.parametrize("act", _ACTS)
def test_what_changes_a_page_is_told_to_it(client: Client, scene: Scene, act: str) -> None:
    _prepare(act, scene)
    before = {address: _seen(client, address) for address in _addresses(scene)}
    assert all(keys for _words, keys in before.values())
    start = last_event_id()
    _ACTS[act](scene)
    changed = {address for address, (words, _keys) in before.items() if _seen(client, address)[0] != words}
    told = [
        touched
        for heard in events_after(start)
        for touched in touched_by(heard.announcement.topic, heard.announcement.kind, heard.announcement.data)
    ]
    assert changed, "the act changes nothing that is shown: it proves nothing"
    for address in changed:
        edition = address.split("/")[1]
        assert any(one.edition in (None, edition) and one.keys & before[address][1] for one in told), address


@pytest.mark.parametrize("act", _ACTS)
def test_what_is_recalled_is_what_would_be_made_anew(scene: Scene, make_actor: MakeActor, act: str) -> None:
    _prepare(act, scene)
    cast_vote(actor=scene.carmen, comment=scene.first, value=1)
    blai = make_actor("Blai", languages=("ca", "es"))
    mute(actor=blai, reader_id=scene.ada.id or 0, muted=True)
    browsers = [Client() for _reader in range(5)]
    for browser, actor in zip(browsers, (scene.ada, scene.carmen, scene.mina, blai), strict=False):
        browser.force_login(account_of(actor), backend=_BACKEND)
    pages = [address for address in _addresses(scene) if "/town/1" in address]
    assert len(pages) == 5
    for browser, address in product(browsers, pages):
        browser.get(address)
    _ACTS[act](scene)
    shown = {(browser, address): _words(browser, address) for browser, address in product(browsers, pages)}
    for (browser, address), words in shown.items():
        recalled.forget()
        assert _words(browser, address) == words, address


def _words(browser: Client, address: str) -> str:
    """Without what is another each time: what proves whose a form is."""
    answer = browser.get(address)
    return f"{answer.status_code} {_ONCE.sub('', answer.content.decode())}"


def test_a_page_for_everybody_gives_nobody_a_cookie(client: Client, scene: Scene) -> None:
    other = Client()
    other.force_login(account_of(scene.carmen), backend=_BACKEND)
    for address in _addresses(scene):
        other.get(address)  # what is remembered of a reader's page is no harm to the others'
        answer = client.get(address)
        assert not answer.cookies
        assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_a_readers_own_page_is_no_shared_one(client: Client, scene: Scene) -> None:
    client.force_login(account_of(scene.ada), backend=_BACKEND)
    for address in _addresses(scene)[:5]:
        answer = client.get(address)
        assert "Surrogate-Key" not in answer.headers
        assert answer.headers["Cache-Control"] == "private, no-store"
