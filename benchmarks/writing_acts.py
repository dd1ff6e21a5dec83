"""The acts of ``writing``, imported when its home is open."""

import random
import statistics
import time
from http import HTTPStatus

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from benchmarks.filling import register
from benchmarks.papers import publish_articles, publish_threads
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import decide
from dragoman.publication import actions as publication
from dragoman.readers.actions import create_reader, create_token
from dragoman.readers.queries import actor_of
from dragoman.translation.models import Unit
from dragoman.translation.rules.scheduling import ARTICLE
from dragoman.translation.wishes import request_translations
from dragoman.translation.worker import work_until_empty
from dragoman.website import recalled


def fill(writers: int) -> None:
    """An article, and a token for each writer, one a line."""
    publication.set_up_publication(name="Benchmark")
    section = publication.create_section(name="Town", language="en", slug="town")
    article = publication.NewArticle("The ferry", "en", "", [("paragraph", "<p>It goes at night.</p>")])
    publication.publish(publication.create_article(section=section, article=article))
    for number in range(writers):
        print(create_token(reader_id=create_reader(nickname=f"writer{number}").pk))


def publish(comments: int, articles: int) -> None:
    """An article with a thread and others beside it, all of it in every edition."""
    call_command("collectstatic", verbosity=0, interactive=False)
    publish_threads([comments])
    languages = settings.DRAGOMAN.languages
    if len(languages) > 1:
        register("echo", "echo", {"pairs": ",".join(f"en-{one}" for one in languages if one != "en")})
        request_translations(list(Unit.objects.values_list("pk", flat=True)), priority=ARTICLE)
        work_until_empty()
    publish_articles(articles - 1)


def render(path: str, times: int) -> None:
    """The median of the microseconds that a page takes of which nothing is recalled, without a server."""
    client = Client(SERVER_NAME="localhost")
    taken = []
    for _time in range(times + 3):
        recalled.forget()
        began = time.perf_counter()
        if client.get(path).status_code != HTTPStatus.OK:
            raise RuntimeError(f"{path} is no page")
        taken.append(1_000_000 * (time.perf_counter() - began))
    print(statistics.median(taken[3:]))


def check() -> None:
    """How many comments have a number that they should not have."""
    rows = Comment.objects.filter(number__isnull=False).order_by("released_at", "number")
    numbers = list(rows.values_list("number", flat=True))
    print(sum(number != place for place, number in enumerate(numbers, 1)))


def count() -> None:
    """How many comments there are."""
    print(Comment.objects.count())


def release(wanted: int) -> None:
    """Release what is held, in any order, until so many were released."""
    moderator = actor_of(create_reader(nickname="Mina", roles=["moderator"]))
    dice = random.Random(3)
    done = 0
    end = time.monotonic() + 500
    while done < wanted:
        held = list(Comment.objects.filter(state="held").order_by("id")[:50])
        dice.shuffle(held)
        for comment in held:
            decide(actor=moderator, comment=comment, act="release")
        done += len(held)
        if time.monotonic() > end:
            raise SystemExit("not all was held")
        if not held:
            time.sleep(0.05)
