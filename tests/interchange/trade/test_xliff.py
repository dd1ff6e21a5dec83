"""An article goes to a translator outside, and comes back."""

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from translate.storage.xliff2 import Xliff2File

from dragoman.foundation.errors import NotFound
from dragoman.interchange.importers.errors import BadFile
from dragoman.interchange.trade.xliff import read_article, write_article
from dragoman.publication import actions
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from dragoman.translation import correcting
from dragoman.translation.correcting import Place, Seen
from dragoman.translation.improving import request_again
from dragoman.translation.models import Translation
from dragoman.translation.outside import Outcome
from dragoman.translation.queries import present
from dragoman.translation.sentences import history, text_at_work
from tests.conftest import MakeActor, MakeArticle, Script, Work

Change = Callable[[str], str]


@pytest.fixture
def article(make_article: MakeArticle, engine: Script, work: Work) -> ArticlePage:
    engine(
        answers={
            "es|The ferry gets a bell": "El ferri recibe una campana",
            "es|The door is ⟦*1⟧open⟦/1⟧ at night.": "La puerta está ⟦*1⟧abierta⟦/1⟧ por la noche.",
            "es|⟦1⟧ has the key.": "⟦1⟧ tiene la llave.",
        }
    )
    body = ("The door is <b>open</b> at night. Anna Lund has the key.",)
    page = make_article("The ferry gets a bell", lead="", body=body)
    work()
    return page


def sent(page: ArticlePage) -> str:
    file = StringIO()
    write_article(file, page.number or 0, "es")
    return file.getvalue()


def back(tmp_path: Path, content: str) -> Outcome:
    path = tmp_path / "article.xlf"
    path.write_text(content, "utf-8")
    return read_article(path, by="Agency")


def shown(page: ArticlePage) -> str:
    return present([page.unit_id or 0], "es", whole_only=False)[page.unit_id or 0].text


def replaced(content: str, old: str, new: str) -> str:
    assert old in content
    return content.replace(old, new)


def test_what_was_changed_outside_is_shown_and_what_was_not_stays_a_machines(
    tmp_path: Path, article: ArticlePage
) -> None:
    content = sent(article)
    assert '<data id="d1">Anna Lund</data>' in content
    assert '<ph id="1" dataRef="d1" disp="Anna Lund"/>' in content
    outcome = back(tmp_path, replaced(content, "tiene la llave.", "guarda la llave."))
    assert (outcome.taken, outcome.unchanged, outcome.meanwhile, outcome.outdated) == (1, 0, 0, 0)
    assert "Anna Lund guarda la llave." in shown(article)
    made = Translation.objects.get(origin="human")
    assert (made.by, made.unit_id) == ("Agency", article.unit_id)


def test_what_is_marked_as_done_is_a_persons_word_though_it_is_the_machines(
    tmp_path: Path, article: ArticlePage
) -> None:
    content = sent(article)
    sentences = content.count("<unit ")
    assert back(tmp_path, content.replace('state="initial"', 'state="final"')).taken == sentences
    assert present([article.unit_id or 0], "es")[article.unit_id or 0].state == "human"
    assert back(tmp_path, content.replace('state="initial"', 'state="final"')).unchanged == sentences


def test_an_original_that_was_edited_meanwhile_keeps_the_work_marked(
    tmp_path: Path, article: ArticlePage, work: Work
) -> None:
    content = replaced(sent(article), "tiene la llave.", "guarda la llave.")
    article.body = [("paragraph", "<p>The door is <b>open</b> at night. Anna Lund has the key now.</p>")]
    actions.publish(article)
    work()
    outcome = back(tmp_path, content)
    assert (outcome.taken, outcome.outdated) == (0, 1)
    found = present([article.unit_id or 0], "es", whole_only=False)[article.unit_id or 0]
    assert "Anna Lund guarda la llave." in found.text
    assert found.outdated == 1


def test_somebody_who_translated_it_here_meanwhile_is_not_overwritten_and_nothing_is_lost(
    tmp_path: Path, article: ArticlePage, make_actor: MakeActor
) -> None:
    content = replaced(sent(article), "tiene la llave.", "guarda la llave.")
    thea: Actor = make_actor("Thea", "translator")
    at = text_at_work(article.unit_id or 0, "es").sentences[-1]
    place = Place(article.unit_id or 0, at.anchor, "es")
    correcting.correct(actor=thea, place=place, text="Anna Lund lleva la llave.", seen=Seen(at.wording))
    outcome = back(tmp_path, content)
    assert (outcome.taken, outcome.meanwhile) == (0, 1)
    assert "Anna Lund lleva la llave." in shown(article)
    assert "Anna Lund guarda la llave." in [one.text for one in history(article.unit_id or 0, at.anchor, "es")]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text.replace("has the key", "had the key"), "is not the one that went out"),
        (lambda text: text.replace('<target><ph id="1"', '<target><ph id="7"'), "has a mark “atom 7” of its own"),
        (lambda text: text.replace('<unit id="s', '<unit id="x'), "none that went out from here"),
        (lambda text: text.replace('version="2.0"', 'version="1.2"'), "not XLIFF 2, but 1.2"),
        (lambda text: text.replace('trgLang="es"', 'trgLang="ga"'), "no edition of this publication"),
        (lambda text: text.replace('trgLang="es"', 'trgLang="?"'), "not the tag of a language"),
        (lambda text: text.replace("original=", "about="), "no article of ours"),
        (lambda text: text[:-20], "line"),
        (lambda text: re.sub(r"\?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', text, count=1), "entities are not allowed"),
    ],
)
def test_a_bad_file_is_refused_whole_with_the_line(
    tmp_path: Path, article: ArticlePage, change: Change, why: str
) -> None:
    content = replaced(sent(article), "tiene la llave.", "guarda la llave.")
    assert change(content) != content
    with pytest.raises(BadFile, match=why):
        back(tmp_path, change(content))
    assert not Translation.objects.filter(origin="human").exists()


def test_a_mark_may_be_left_out_and_a_direction_does_no_harm(tmp_path: Path, article: ArticlePage) -> None:
    content = re.sub(r"<target>La puerta.*?</target>", "<target>La \u202epuerta⟦1⟧ abre.</target>", sent(article))
    assert back(tmp_path, content).taken == 1
    assert "La puerta[1] abre." in shown(article)


def test_tools_may_cut_a_sentence_in_pieces(tmp_path: Path, article: ArticlePage) -> None:
    content = sent(article)
    whole = re.search(r'<segment state="initial"><source>(<ph[^>]*/>) has the key\.</source>.*?</segment>', content)
    assert whole
    pieces = (
        f'<segment state="final"><source>{whole[1]} has</source><target>{whole[1]} guarda</target></segment>'
        "<ignorable><source> </source><target> </target></ignorable>"
        '<segment state="final"><source>the key.</source><target>la llave.</target></segment>'
    )
    assert back(tmp_path, content.replace(whole[0], pieces)).taken == 1
    assert "Anna Lund guarda la llave." in shown(article)


def test_an_article_that_is_not_there_cannot_be_sent(article: ArticlePage) -> None:
    with pytest.raises(NotFound):
        write_article(StringIO(), 999, "es")
    with pytest.raises(NotFound):
        write_article(StringIO(), article.number or 0, "en")


def test_another_tool_reads_what_we_write(tmp_path: Path, article: ArticlePage) -> None:
    path = tmp_path / "ours.xlf"
    path.write_text(sent(article), "utf-8")
    with path.open("rb") as file:
        tool: Any = Xliff2File
        pairs = [(str(one.source), str(one.target)) for one in tool.parsestring(file.read()).units]
    assert ("The ferry gets a bell", "El ferri recibe una campana") in pairs


def test_what_a_machine_made_anew_meanwhile_is_no_persons_word(
    tmp_path: Path, article: ArticlePage, engine: Script, work: Work
) -> None:
    content = sent(article)
    engine(answers={"es|⟦1⟧ has the key.": "La llave la tiene ⟦1⟧."})
    assert request_again(quality=["ok"]) > 0
    work()
    outcome = back(tmp_path, content)
    assert (outcome.taken, outcome.outdated) == (0, 0)
    assert not Translation.objects.filter(origin="human").exists()


def test_no_break_spaces_are_no_change(tmp_path: Path, make_article: MakeArticle, engine: Script, work: Work) -> None:
    engine(answers={"es|The door is open!": "La puerta\u00a0está abierta\u202f!"})
    page = make_article("The door is open!", lead="", body=())
    work()
    assert back(tmp_path, sent(page)).taken == 0


def test_the_two_ends_of_a_pair_are_a_pair(tmp_path: Path, article: ArticlePage) -> None:
    content = re.sub(
        r'<pc id="1"[^>]*>(\w+)</pc>', r'<sc id="1" type="fmt"/>\1<ec startRef="1" type="fmt"/>', sent(article)
    )
    assert "<sc " in content
    assert back(tmp_path, replaced(content, "La puerta está", "La puerta queda")).taken == 1
    assert "La puerta queda **abierta**" in shown(article)
