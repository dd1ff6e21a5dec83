"""Reader's text reaches a surface by one door: ``translation.queries.present`` and its kin.

Two looks at it. The first reads the code of the surfaces: no field that holds
raw text is touched there. The second marks every raw text with a word, has all
of it translated, and looks for the word on every surface of another edition.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail as mail_box
from django.test import Client

from dragoman.conversation import actions as conversation
from dragoman.conversation.actions import Draft
from dragoman.conversation.following import follow
from dragoman.foundation import clock
from dragoman.interchange.exporters.text import as_json, as_text, gather
from dragoman.notifications.actions import choose
from dragoman.notifications.gathering import gather as gather_notifications
from dragoman.notifications.mailing import send_due_mail
from dragoman.notifications.rules.kinds import Wish
from dragoman.readers.models import Reader
from dragoman.readers.policies import Actor
from dragoman.search.indexing import fill, index_events
from dragoman.translation.models import Engine, Segment
from tests.conftest import MakeArticle, Script, Work

ROOT = Path(__file__).parents[2] / "dragoman"
SURFACES = ("website", "api", "desk", "commandline", "interchange/exporters", "config", "notifications", "search")
# Fields of the models that hold what somebody wrote or an engine made of it, by names that mean nothing else.
RAW = frozenset({"source", "segment", "segments", "marked", "title", "contents", "translation_text", "occurrences"})
# Templates say the names of ``Presented`` and of forms; these two are raw there as well.
_IN_TEMPLATES = re.compile(r"\{[{%][^}%]*\.(" + "|".join(sorted(RAW)) + r")\b")


def leaks(folder: Path) -> Iterator[str]:
    """Every place under a folder where a field of raw text is read."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in RAW and isinstance(node.ctx, ast.Load):
                yield f"{path.name}:{node.lineno} .{node.attr}"
    for path in sorted(folder.rglob("*.html")):
        for match in _IN_TEMPLATES.finditer(path.read_text("utf-8")):
            yield f"{path.name} .{match[1]}"


@pytest.mark.parametrize("surface", SURFACES)
def test_no_surface_reads_raw_text(surface: str) -> None:
    assert (ROOT / surface).is_dir()
    assert list(leaks(ROOT / surface)) == []


def test_a_surface_that_reads_raw_text_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text("def page(comment):\n    return comment.source\n")
    (tmp_path / "page.html").write_text("<p>{{ comment.source|safe }}</p>{% if page.title %}…{% endif %}")
    (tmp_path / "fine.html").write_text("<p>{{ comment.text.html }}</p>")
    assert list(leaks(tmp_path)) == ["views.py:2 .source", "page.html .source", "page.html .title"]


WORD = "Rawword"
Surface = Callable[[Client, int, int], str]


def _page(address: str) -> Surface:
    return lambda client, number, comment: client.get(
        address.format(number=number, comment=comment), follow=True
    ).content.decode()


SHOWN: dict[str, Surface] = {
    "article": _page("/es/town/{number}-x"),
    "front": _page("/es/"),
    "section": _page("/es/town/"),
    "profile": _page("/es/readers/Ada"),
    "comment fragment": _page("/es/fragment/comment/{comment}@1"),
    "article fragment": _page("/es/fragment/article/{number}@1"),
    "window": _page("/es/fragment/window/{number}?after=0"),
    "export as text": lambda _client, number, _comment: "\n".join(as_text(gather(number, "es", original=False))),
    "export as JSON": lambda _client, number, _comment: json.dumps(as_json(gather(number, "es", original=False))),
    "search": _page("/es/search?q=traducida"),
    "notifications": lambda client, _number, _comment: _as_follower(client, "/es/notifications"),
    "mail": lambda client, _number, _comment: _mailed(),
    "API: articles": _page("/api/v1/articles?language=es"),
    "API: article": _page("/api/v1/articles/{number}?language=es"),
    "API: comments": _page("/api/v1/articles/{number}/comments?language=es"),
}


def _as_follower(client: Client, address: str) -> str:
    client.force_login(Reader.objects.get(nickname="Mina"))
    return client.get(address).content.decode()


def _mailed() -> str:
    settings.DRAGOMAN.values["site.url"] = "https://paper.example"
    try:
        with clock.stopped_at(clock.now() + timedelta(hours=1)):
            send_due_mail()
    finally:
        settings.DRAGOMAN.values["site.url"] = ""
    return "\n".join(str(part) for mail in mail_box.outbox for part in (mail.body, *getattr(mail, "alternatives", ())))


def _without_originals(shown: str) -> str:
    """What a surface shows beside the originals that it offers."""
    if shown.startswith(("{", "[")):
        return json.dumps(_strip(json.loads(shown)))
    return re.sub(r'<details class="original">.*?</details>', "", shown, flags=re.DOTALL)


def _strip(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _strip(one) for key, one in value.items() if key not in ("original", "exact")}
    return [_strip(one) for one in value] if isinstance(value, list) else value


@pytest.fixture
def translated(
    make_article: MakeArticle, ada: Actor, mina: Actor, engine: Script, work: Work, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, int]:
    """An article and a comment whose every sentence holds the word in English and not in Spanish; their ids."""
    page = make_article(
        f"The {WORD} opens at night",
        lead=f"Readers asked for a {WORD} for years.",
        body=(f"The {WORD} in the hall are green.", f"Nobody in the {WORD} whispers loudly."),
    )
    thread = conversation.thread_at(key=f"article:{page.number}")
    follow(actor=mina, thread=thread, follows=True)
    choose(actor=mina, wishes={"followed": Wish(mail="instant")})
    Reader.objects.filter(nickname="Mina").update(edition="es")
    gather_notifications()
    posted = conversation.post_comment(
        actor=ada, thread=thread, draft=Draft(f"I think the {WORD} should stay open at night.", "en")
    )
    row = Engine.objects.get()
    row.options["answers"] = {
        f"es|{segment.text}": f"Aquí se encuentra la frase traducida de la puerta, la {_spelled(segment.pk)}."
        for segment in Segment.objects.all()
    }
    row.save()
    # Whether these are good translations is not what is asked here.
    monkeypatch.setattr("dragoman.translation.attempts.judge", lambda _answer, **_rest: [])
    work()
    for keep_up in (gather_notifications, index_events, fill):
        keep_up()
    return page.number or 0, posted.comment.pk


def _spelled(number: int) -> str:
    words = ["primera", "segunda", "tercera", "cuarta", "quinta", "sexta", "última"]
    return words[number % len(words)]


@pytest.mark.parametrize("name", SHOWN)
def test_what_a_surface_shows_has_come_through_the_door(name: str, translated: tuple[int, int], client: Client) -> None:
    shown = SHOWN[name](client, *translated)
    assert "traducida" in shown or name == "profile"
    assert WORD not in _without_originals(shown)
