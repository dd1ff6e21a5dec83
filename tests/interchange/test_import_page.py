"""A captured page becomes an article with its thread; a bad one leaves nothing."""

from pathlib import Path

import pytest

from dragoman.conversation import queries as conversation
from dragoman.conversation.models import Comment
from dragoman.conversation.windows import window
from dragoman.interchange.exporters.text import as_text, gather
from dragoman.interchange.importers.errors import BadFile
from dragoman.interchange.importers.page import Options, import_page
from dragoman.publication import actions as publication
from dragoman.publication.models import ArticlePage
from dragoman.readers.models import Reader
from dragoman.translation.models import Unit

PAGE = """\
The ferry gets a bell

The old ferry rang its new bell on Sunday, and half the town came to listen to it. It weighs 40 kilos.

Captain Jonna Reik polished it for three days, and nobody was allowed to touch it.

A ferry without a bell is only a wet bus

- laughed Jonna Reik.

The bell was cast in the yard behind the school.
Dear reader, to leave comments on the publication, you must sign in.
  1. _bell_ Offline _bell_
    _bell_ (Ivo) 5 May 2026 13: 28
    I heard it from the hill.

    It is too loud!
  2. old sailor Online old sailor
    old sailor (Piet Moss) 5 May 2026 14: 02
    Captain Jonna Reik polished it for three days.

    Five days, says _bell_.

    7. of us were there Offline or not
  3. mira Offline mira
    mira (mira) 6 May 2026 9: 15
    3. is my favourite number\u202e.
"""
OPTIONS = Options(language="en", timezone="Europe/Madrid")


@pytest.fixture
def home(db: None) -> None:
    publication.set_up_publication(name="The Test Courier")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_every_word_of_the_page_is_shown_in_order(home: None, page: Path) -> None:
    import_page(page, OPTIONS)
    shown = " ".join(" ".join(as_text(gather(1, "en", original=False))).split())
    at = 0
    for line in PAGE.replace("\u202e", "").splitlines():
        if (
            line.strip()
            and " Offline " not in line.replace("or not", "")
            and "2026" not in line
            and " Online " not in line
        ):
            found = shown.find(" ".join(line.split()), at)
            assert found >= at, line
            at = found


def test_comments_keep_number_nickname_presence_real_name_and_time(home: None, page: Path) -> None:
    import_page(page, OPTIONS)
    lines = list(as_text(gather(1, "en", original=False)))
    assert "1. _bell_ Offline (Ivo) 2026-05-05 11:28" in lines  # the publication's own zone is UTC
    assert "2. old sailor Offline (Piet Moss) 2026-05-05 12:02" in lines


def test_a_repeated_beginning_of_a_sentence_is_a_quote_and_no_text(home: None, page: Path) -> None:
    report = import_page(page, OPTIONS)
    thread = conversation.find_thread("article:1")
    assert thread is not None
    second = window(thread, conversation.ReaderView("en")).comments[1]
    assert report.quotes == 1
    assert (second.quotes[0].exact, second.quotes[0].partial) == (
        "Captain Jonna Reik polished it for three days.",
        True,
    )
    assert second.text is not None
    assert second.text.text.startswith("Five days, says _bell_.")


def test_a_line_that_only_looks_like_a_comment_stays_in_the_body(home: None, page: Path) -> None:
    assert import_page(page, OPTIONS).comments == 3
    assert "7. of us were there Offline or not" in Comment.objects.get(number=2).source


def test_control_and_bidi_characters_are_counted_and_taken_out(home: None, page: Path) -> None:
    assert import_page(page, OPTIONS).removed_characters == 1
    assert Comment.objects.get(number=3).source == "3. is my favourite number."


def test_readers_come_in_unclaimed_and_the_article_has_the_first_comments_day(home: None, page: Path) -> None:
    import_page(page, OPTIONS)
    assert not Reader.objects.filter(is_claimed=True).exists()
    dated = ArticlePage.objects.get().dated
    assert dated is not None
    assert dated.isoformat() == "2026-05-04T22:00:00+00:00"  # midnight in Madrid


def test_a_second_import_changes_nothing(home: None, page: Path) -> None:
    first = import_page(page, OPTIONS)
    counts = (Comment.objects.count(), Reader.objects.count(), Unit.objects.count())
    second = import_page(page, OPTIONS)
    assert (second.was_there, second.article) == (True, first.article)
    assert (Comment.objects.count(), Reader.objects.count(), Unit.objects.count()) == counts


def test_a_dry_run_stores_nothing(home: None, page: Path) -> None:
    report = import_page(page, Options("en", "UTC", dry_run=True))
    assert (report.comments, ArticlePage.objects.count(), Reader.objects.count()) == (3, 0, 0)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("you must sign in.", "you must think.", 28),
        ("5 May 2026 13: 28", "31 June 2026 13: 28", 14),
        ("old sailor (Piet", "young sailor (Piet", 18),
        ("I heard it from the hill.\n\n    It is too loud!", "", 13),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_nothing_stays(
    home: None, page: Path, old: str, new: str, line: int
) -> None:
    page.write_text(PAGE.replace(old, new), encoding="utf-8")
    with pytest.raises(BadFile) as refusal:
        import_page(page, OPTIONS)
    assert f"{page}, line {line}: " in str(refusal.value)
    assert (ArticlePage.objects.count(), Reader.objects.count()) == (0, 0)


def test_a_file_that_is_no_utf_8_or_is_not_there_is_refused(home: None, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"Headline\n\ncaf\xe9\n")
    with pytest.raises(BadFile, match="line 3"):
        import_page(bad, OPTIONS)
    with pytest.raises(BadFile, match="No such file"):
        import_page(tmp_path / "none.txt", OPTIONS)
