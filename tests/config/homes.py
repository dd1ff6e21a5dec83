"""Homes of their own for whole servers, and what is done in one from outside."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.clusters import ROOT

_ACT = """
import os, sys, django
os.environ["DRAGOMAN_HOME"], os.environ["DJANGO_SETTINGS_MODULE"] = sys.argv[1], "dragoman.config.settings"
django.setup()
from dragoman.conversation.actions import Draft, post_comment, thread_at
from dragoman.conversation.moderating import decide
from dragoman.conversation.queries import access_comment
from dragoman.moderation.actions import Grounds
from dragoman.publication import actions as publication
from dragoman.readers.actions import create_reader, create_token
from dragoman.readers.queries import actor_of

if sys.argv[2] == "fill":
    publication.set_up_publication(name="x")
    section = publication.create_section(name="Town", language="en", slug="town")
    article = publication.NewArticle("The ferry", "en", "", [("paragraph", "<p>It goes at night.</p>")])
    page = publication.publish(publication.create_article(section=section, article=article))
    ada = actor_of(create_reader(nickname="Ada"))
    thread = thread_at(key=f"article:{page.number}")
    print(post_comment(actor=ada, thread=thread, draft=Draft("Words that must go.", "en")).comment.pk)
elif sys.argv[2] == "post":
    bea = actor_of(create_reader(nickname="Bea"))
    print(post_comment(actor=bea, thread=thread_at(key="article:1"), draft=Draft(sys.argv[3], "en")).comment.pk)
elif sys.argv[2] == "posts":
    for number in range(int(sys.argv[3])):
        writer = actor_of(create_reader(nickname=f"{os.getpid()} {number}"))
        post_comment(actor=writer, thread=thread_at(key="article:1"), draft=Draft(f"Post {number}.", "en"))
elif sys.argv[2] == "token":
    for nickname in sys.argv[3:] or ["Writer"]:
        print(create_token(reader_id=create_reader(nickname=nickname).pk))
elif sys.argv[2] == "picture":
    import io
    from PIL import Image as Picture
    from django.core.files.images import ImageFile
    from wagtail.images.models import Image

    drawn = io.BytesIO()
    Picture.new("RGB", (40, 30), "navy").save(drawn, "PNG")
    drawn.seek(0)
    print(Image.objects.create(title="Navy", file=ImageFile(drawn, name="navy.png")).file.url)
elif sys.argv[2] == "session":
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from dragoman.readers.models import Reader

    reader, session = Reader.objects.get(nickname="Ada"), SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = reader.pk, reader.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.create()
    print(session.session_key)
else:
    mina = actor_of(create_reader(nickname="Mina", roles=["moderator"]))
    decide(actor=mina, comment=access_comment(int(sys.argv[3])), act="remove", grounds=Grounds("spam"))
"""


def act(home: Path, *rest: str) -> str:
    """Do something in a home, in a process of its own; what it printed."""
    command = [sys.executable, "-c", _ACT, str(home), *rest]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def until(condition: Callable[[], object], seconds: float) -> bool:
    """Whether it came about in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def free_port() -> int:
    """One that nothing listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Path, port: int, *, workers: int) -> "subprocess.Popen[bytes]":
    """``dragoman serve``, not waited for."""
    command = [str(ROOT / ".venv/bin/dragoman"), "serve", "--home", str(home), "--port", str(port)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*command, "--workers", str(workers)], stdout=quiet, stderr=quiet)


@contextmanager
def served(home: Path, *, workers: int) -> Iterator[str]:
    """A server that is ready, until the end of the block; its address."""
    port = free_port()
    process = start(home, port, workers=workers)
    try:
        assert until(lambda: is_ready(f"http://127.0.0.1:{port}"), 60), "the server never became ready"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(15)


def is_ready(address: str) -> bool:
    """Whether it serves."""
    try:
        return httpx.get(f"{address}/health/ready", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def processes(home: Path) -> list[int]:
    """Every process that carries the home in its environment or its command."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            told = (path / "environ").read_bytes() + (path / "cmdline").read_bytes()
        except OSError:
            continue
        if str(home).encode() in told and int(path.name) != os.getpid():
            found.append(int(path.name))
    return found
