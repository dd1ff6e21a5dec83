"""Filling a new home with the demo publication.

Texts are stored through the same actions as everybody's; human translations go
into the memory, the rest is left to the engines.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from django.db import transaction

from dragoman.conversation import actions as conversation
from dragoman.conversation.importing import Imported, ImportedComment, import_comments
from dragoman.conversation.rules.quoting import Passage
from dragoman.interchange.demo import EDITIONS
from dragoman.interchange.demo.crowd import crowd_comments
from dragoman.interchange.demo.pictures import picture
from dragoman.publication import actions as publication
from dragoman.publication.models import ArticlePage, SectionPage
from dragoman.readers.actions import create_reader, share_password
from dragoman.translation import actions as translation
from dragoman.translation.operating import register_engine, script_engine
from dragoman.translation.passages import Sentence, sentences_of
from dragoman.translation.rules import markdown
from dragoman.translation.rules.rendering import inlines_html
from dragoman.translation.wishes import request_everything

PASSWORD = "dragoman-demo"  # noqa: S105 — of everybody in the demo, and told to whoever starts it
_TRANSLATOR = "dosOrillas"
_SCRIPTED_TARGETS = EDITIONS
_CROWD_ARTICLE = "night-library"

Text = Mapping[str, str]  # language → one sentence; the key "scripted" is a behaviour


def content() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The publication's own file and its articles, oldest first."""
    folder = files("dragoman.interchange.demo") / "content"
    articles = sorted((folder / "articles").iterdir(), key=lambda path: path.name)
    return json.loads((folder / "publication.json").read_text("utf-8")), [
        json.loads(path.read_text("utf-8")) for path in articles if path.name.endswith(".json")
    ]


def fill(told: Callable[[str], None], *, crowd: int = 1000) -> None:
    """Load everything in one transaction: a demo is whole or not there."""
    about, articles = content()
    with transaction.atomic():
        told("readers")
        readers = _readers(about["readers"])
        sections = {
            one["key"]: publication.create_section(
                name=one["name"][one["language"]], language=one["language"], slug=one["key"]
            )
            for one in about["sections"]
        }
        for one in about["sections"]:
            _remember(sections[one["key"]].unit_id or 0, [one["name"]], one["language"])
        _scripted_engine(articles)
        for article in articles:
            told(article["key"])
            page = _article(article, sections[article["section"]])
            names = [*readers, *(one["real_name"] for one in about["readers"] if one["real_name"])]
            _comments(article, page, names, readers)
            if article["key"] == _CROWD_ARTICLE:
                told(f"{crowd} generated comments")
                _crowd(page, list(readers.values()), crowd, article)
        request_everything()


def _readers(wanted: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    made = {
        one["nickname"]: create_reader(
            nickname=one["nickname"],
            email=f"reader{number}@demo.example",
            real_name=one["real_name"] or "",
            roles=one["roles"],
        ).pk
        for number, one in enumerate(wanted, 1)
    }
    share_password(reader_ids=list(made.values()), password=PASSWORD)
    return made


def _article(article: Mapping[str, Any], section: SectionPage) -> ArticlePage:
    language = article["language"]
    page = publication.create_article(
        section=section,
        article=publication.NewArticle(
            headline=article["headline"][language],
            language=language,
            lead=_joined(article["lead"], language),
            body=[_block(block, language) for block in article["body"]],
            bylines=article["byline"],
            people=article["people"],
            dated=datetime.fromisoformat(article["published"]),
        ),
    )
    page = publication.publish(page)
    texts = [
        article["headline"],
        *article["lead"],
        *(text for block in article["body"] for text in _block_texts(block)),
    ]
    if language != "de":
        _remember(page.unit_id or 0, texts, language)
    else:
        _script(page.unit_id or 0, texts, language)
    return page


def _joined(texts: Sequence[Text], language: str) -> str:
    return " ".join(text[language] for text in texts)


def _block(block: Mapping[str, Any], language: str) -> tuple[str, Any]:
    kind = block["type"]
    if kind == "paragraph":
        return kind, _rich(_joined(block["sentences"], language))
    if kind == "heading":
        return kind, block["sentence"][language]
    if kind == "pullquote":
        text = _joined(block["sentences"], language)
        return kind, {"text": text, "attribution": block["attribution"][language]}
    if kind == "list":
        return kind, [_rich(_joined(item, language)) for item in block["items"]]
    return kind, {
        "image": picture(block["picture"], block["alt"][language]),
        "alt": block["alt"][language],
        "caption": _joined(block["caption"], language),
        "credit": block["credit"],
    }


def _rich(text: str) -> str:
    """The demo's Markdown emphasis and links as the rich text of an editor."""
    blocks = markdown.parse(text).text_blocks()
    return "<p>" + inlines_html(inline for block in blocks for inline in block.inlines) + "</p>"


def _block_texts(block: Mapping[str, Any]) -> list[Text]:
    if block["type"] == "heading":
        return [block["sentence"]]
    if block["type"] == "list":
        return [text for item in block["items"] for text in item]
    if block["type"] == "image":
        return [block["alt"], *block["caption"]]
    return [*block["sentences"], *([block["attribution"]] if "attribution" in block else [])]


def _remember(unit: int, texts: Sequence[Text], source: str) -> None:
    sentences = [{tag: words for tag, words in text.items() if tag not in (source, "scripted")} for text in texts]
    translation.remember_translations(unit, sentences=sentences, by=_TRANSLATOR)


def _comments(article: Mapping[str, Any], page: ArticlePage, names: Sequence[str], readers: Mapping[str, int]) -> None:
    published = datetime.fromisoformat(article["published"])
    thread = conversation.thread_at(key=f"article:{page.number}")
    made: dict[str, ImportedComment] = {}
    for number, one in enumerate(article["comments"], 1):
        imported = Imported(
            author=readers[one["author"]],
            text="\n\n".join(_joined(paragraph, one["language"]) for paragraph in one["paragraphs"]),
            language=one["language"],
            posted_at=published + timedelta(minutes=one["minutes"]),
            number=number,
            reply_to=made[one["reply_to"]].number if one["reply_to"] else None,
            passages=_passages(one["quote"], article, page, made),
        )
        made[one["id"]] = import_comments(thread=thread, comments=[imported], kept_names=names)[0]
        texts = [text for paragraph in one["paragraphs"] for text in paragraph]
        unit = made[one["id"]].unit
        if article["language"] == "de":
            _script(unit, texts, one["language"])
        else:
            _remember(unit, texts, one["language"])


def _passages(
    quote: Mapping[str, Any] | None,
    article: Mapping[str, Any],
    page: ArticlePage,
    made: Mapping[str, ImportedComment],
) -> tuple[tuple[int, Passage], ...]:
    if quote is None:
        return ()
    if "comment" in quote:
        sentences = sentences_of(made[quote["comment"]].unit)
        block = f"b{quote['paragraph'] + 1}"
    else:
        sentences = sentences_of(page.unit_id or 0)
        block = str(page.body[quote["body"]].id)
    sentence = [one for one in sentences if one.block == block][quote["sentence"]]
    return ((0, _whole(sentence)),)


def _whole(one: Sentence) -> Passage:
    return Passage(one.unit, one.block, one.occurrence, one.revision, 0, len(one.text), one.text)


def _crowd(page: ArticlePage, authors: Sequence[int], number: int, article: Mapping[str, Any]) -> None:
    thread = conversation.thread_at(key=f"article:{page.number}")
    start = datetime.fromisoformat(article["published"]) + timedelta(days=1)
    generated = crowd_comments(authors, first_number=thread.last_number + 1, count=number, start=start)
    for at in range(0, len(generated), 250):
        import_comments(thread=thread, comments=generated[at : at + 250])


def _scripted_engine(articles: Sequence[Mapping[str, Any]]) -> None:
    if any(article["language"] == "de" for article in articles):
        pairs = [["de", target] for target in _SCRIPTED_TARGETS]
        register_engine(name="scripted", kind="scripted", version="1", pairs=pairs, options={})


def _script(unit: int, texts: Sequence[Text], source: str) -> None:
    """Tell the scripted engine what to answer for these sentences, and how to behave at some."""
    behaviours = [str(text.get("scripted", "")) for text in texts]
    answers = [
        {tag: words for tag, words in text.items() if tag in _SCRIPTED_TARGETS and tag != source} for text in texts
    ]
    script_engine(unit, name="scripted", answers=answers, behaviours=behaviours)
