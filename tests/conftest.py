"""The cast, and a publication for it to meet in.

Ada reads and writes in English, Blai in Catalan, Carmen in Spanish; Mina
moderates, Edda edits, Root administers. ``engine`` is a scripted engine for
every pair of the publication's editions.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from dragoman.conversation import actions as conversation
from dragoman.foundation import clock
from dragoman.moderation.rulebook import set_mode, set_rule
from dragoman.moderation.rules.order import RULES
from dragoman.publication import actions as publication
from dragoman.publication.models import ArticlePage, SectionPage
from dragoman.readers.actions import create_reader
from dragoman.readers.models import Reader
from dragoman.readers.policies import Actor
from dragoman.readers.queries import actor_of
from dragoman.translation.operating import register_engine
from dragoman.translation.worker import work_until_empty
from dragoman.website import recalled

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
EDITIONS = ("en", "es", "ca", "fr", "ar", "pt")

MakeActor = Callable[..., Actor]
MakeArticle = Callable[..., ArticlePage]
Script = Callable[..., None]
Work = Callable[[], int]


def account_of(actor: Actor) -> Reader:
    """The actor's account as it is now."""
    return Reader.objects.get(nickname=actor.nickname)


@pytest.fixture(autouse=True)
def nothing_is_recalled() -> None:
    """Each test has another database, whose events begin anew."""
    recalled.forget()


@pytest.fixture
def make_actor(db: None) -> MakeActor:
    """A new account as an actor."""

    def make(nickname: str, *roles: str, languages: tuple[str, ...] = (), real_name: str = "") -> Actor:
        reader = create_reader(
            nickname=nickname,
            email=f"{nickname.lower()}@example.org",
            password="a long passphrase",
            real_name=real_name,
            languages=languages,
            roles=roles,
        )
        return actor_of(reader)

    return make


@pytest.fixture
def ada(make_actor: MakeActor) -> Actor:
    """Writes in English."""
    return make_actor("Ada", real_name="Ada Lund")


@pytest.fixture
def carmen(make_actor: MakeActor) -> Actor:
    """Writes in Spanish."""
    return make_actor("Carmen")


@pytest.fixture
def mina(make_actor: MakeActor) -> Actor:
    """Moderates."""
    return make_actor("Mina", "moderator")


@pytest.fixture
def section(db: None) -> SectionPage:
    """The one section of the publication."""
    publication.set_up_publication(name="The Test Courier")
    return publication.create_section(name="Town", language="en", slug="town")


_KEEPER = Actor(1, "Keeper", frozenset({"moderator"}))


@contextmanager
def comments_wait(*, wait: bool = True) -> Iterator[None]:
    """What is written meanwhile waits for a moderator."""
    set_mode(actor=_KEEPER, scope="site", key="", mode="before" if wait else "after")
    yield
    set_mode(actor=_KEEPER, scope="site", key="", mode="")


def rules_off(*names: str) -> None:
    """These rules find nothing; without names, none does."""
    for rule in RULES:
        if not names or rule.name in names:
            numbers = {number: value for number, (value, _most) in rule.numbers.items()}
            set_rule(actor=_KEEPER, rule=rule.name, act="off", numbers=numbers)


@pytest.fixture
def make_article(section: SectionPage) -> MakeArticle:
    """A published article; ``body`` is a list of paragraphs."""

    def make(
        headline: str = "The library stays open at night",
        *,
        lead: str = "Readers asked for it for years.",
        body: tuple[str, ...] = ("The lamps are green. Ruben Askelund brings bread.", "Nobody whispers loudly."),
        language: str = "en",
        people: tuple[str, ...] = ("Ruben Askelund",),
        publish: bool = True,
        blocks: tuple[tuple[str, Any], ...] = (),
    ) -> ArticlePage:
        page = publication.create_article(
            section=section,
            article=publication.NewArticle(
                headline=headline,
                language=language,
                lead=lead,
                body=[*(("paragraph", f"<p>{text}</p>") for text in body), *blocks],
                bylines=["Ilse Tavaro"],
                people=people,
                dated=NOON,
            ),
        )
        return publication.publish(page) if publish else page

    return make


@pytest.fixture
def engine(db: None) -> Script:
    """Registers a scripted engine; called again it changes what the engine does."""

    def script(*, answers: dict[str, str] | None = None, faults: dict[str, str] | None = None) -> None:
        pairs = [[one, other] for one in (*EDITIONS, "de") for other in EDITIONS if one != other]
        register_engine(
            name="scripted",
            kind="scripted",
            version="1",
            pairs=pairs,
            options={"pairs": pairs, "answers": answers or {}, "faults": faults or {}},
        )

    script()
    return script


@pytest.fixture
def work(db: None) -> Work:
    """Work until the queue has nothing that is due."""
    return work_until_empty


@pytest.fixture
def thread_of() -> Callable[[ArticlePage], Any]:
    """An article's thread."""
    return lambda page: conversation.thread_at(key=f"article:{page.number}")


@pytest.fixture
def at_noon() -> Iterator[None]:
    """The clock stands still."""
    with clock.stopped_at(NOON):
        yield
