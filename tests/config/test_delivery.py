"""What two web processes answer from their memory, and that nothing which was taken away is among it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.commandline.test_commands import ROOT, run_in

_ACT = """
import os, sys, django
os.environ["DRAGOMAN_HOME"], os.environ["DJANGO_SETTINGS_MODULE"] = sys.argv[1], "dragoman.config.settings"
django.setup()
from dragoman.conversation.actions import Draft, post_comment, thread_at
from dragoman.conversation.moderating import decide
from dragoman.conversation.queries import access_comment
from dragoman.moderation.actions import Grounds
from dragoman.publication import actions as publication
from dragoman.readers.actions import create_reader
from dragoman.readers.queries import actor_of

if sys.argv[2] == "fill":
    publication.set_up_publication(name="x")
    section = publication.create_section(name="Town", language="en", slug="town")
    article = publication.NewArticle("The ferry", "en", "", [("paragraph", "<p>It goes at night.</p>")])
    page = publication.publish(publication.create_article(section=section, article=article))
    ada = actor_of(create_reader(nickname="Ada"))
    thread = thread_at(key=f"article:{page.number}")
    print(post_comment(actor=ada, thread=thread, draft=Draft("Words that must go.", "en")).comment.pk)
else:
    mina = actor_of(create_reader(nickname="Mina", roles=["moderator"]))
    decide(actor=mina, comment=access_comment(int(sys.argv[3])), act="remove", grounds=Grounds("spam"))
"""


def _act(home: Path, *rest: str) -> str:
    command = [sys.executable, "-c", _ACT, str(home), *rest]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = run_in(tmp_path / "home", "init", "--name", "The Kept Courier", "--languages", "en,es")
    assert made.returncode == 0, made.stderr
    return tmp_path / "home"


@contextmanager
def _served(home: Path, *, workers: int) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(ROOT / ".venv/bin/dragoman"), "serve", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 60
        while not _is_ready(address):
            assert time.monotonic() < end, "the server never became ready"
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(15)


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def test_a_removed_text_is_in_no_processs_memory_when_the_removal_has_answered(home: Path) -> None:
    comment = _act(home, "fill")
    with _served(home, workers=2) as url:
        fragment = f"{url}/en/fragment/comment/{comment}@1.0"
        # Each request by a connection of its own: both processes have it in their memory by then.
        assert all("Words that must go." in httpx.get(fragment).text for _time in range(20))
        _act(home, "remove", comment)
        assert not any("Words that must go." in httpx.get(fragment).text for _time in range(20))


def test_event_streams_can_be_switched_off(home: Path) -> None:
    toml = home / "dragoman.toml"
    toml.write_text(f"{toml.read_text()}\n[live]\nenabled = false\n")
    with _served(home, workers=1) as url:
        assert httpx.get(f"{url}/events?topics=thread:1").status_code == 204
