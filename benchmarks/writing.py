"""What ``writers`` does inside a home: ``python -m benchmarks.writing HOME fill N | check | release N``."""

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django


def main() -> None:
    """Parse and run."""
    os.environ["DRAGOMAN_HOME"] = str(Path(sys.argv[1]))
    os.environ["DJANGO_SETTINGS_MODULE"] = "dragoman.config.settings"
    django.setup()
    act, *rest = sys.argv[2:]
    acts: dict[str, Callable[..., None]] = {"fill": _fill, "check": _check, "release": _release}
    acts[act](*(int(one) for one in rest))


def _fill(writers: int) -> None:
    """An article, and a token for each writer, one a line."""
    from dragoman.publication import actions as publication  # noqa: PLC0415 — after django.setup()
    from dragoman.readers.actions import create_reader, create_token  # noqa: PLC0415

    publication.set_up_publication(name="Benchmark")
    section = publication.create_section(name="Town", language="en", slug="town")
    article = publication.NewArticle("The ferry", "en", "", [("paragraph", "<p>It goes at night.</p>")])
    publication.publish(publication.create_article(section=section, article=article))
    for number in range(writers):
        print(create_token(reader_id=create_reader(nickname=f"writer{number}").pk))


def _check() -> None:
    """How many comments have a number that they should not have."""
    from dragoman.conversation.models import Comment  # noqa: PLC0415 — after django.setup()

    rows = Comment.objects.filter(number__isnull=False).order_by("released_at", "number")
    numbers = list(rows.values_list("number", flat=True))
    print(sum(number != place for place, number in enumerate(numbers, 1)))


def _release(wanted: int) -> None:
    """Release what is held, in any order, until so many were released."""
    from dragoman.conversation.models import Comment  # noqa: PLC0415 — after django.setup()
    from dragoman.conversation.moderating import decide  # noqa: PLC0415
    from dragoman.readers.actions import create_reader  # noqa: PLC0415
    from dragoman.readers.queries import actor_of  # noqa: PLC0415

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


if __name__ == "__main__":
    main()
