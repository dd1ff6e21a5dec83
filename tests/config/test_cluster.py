"""Two nodes, PostgreSQL with a replica behind PgBouncer, Redis, media in S3: what may be away, what is never shown."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import httpx
import psycopg
import pytest

from benchmarks.postgres import Postgres
from benchmarks.servers import descendants
from tests.clusters import BUCKET, ROOT, Cluster, cluster, frozen, run_in, s3_server
from tests.config.homes import act, until

_ARTICLE = "/en/town/1-the-ferry"


@dataclass
class Paper:
    """The cluster, the comment that will go, and where pictures lie."""

    cluster: Cluster
    comment: str
    token: str
    store: str
    client: Any


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    with s3_server() as store:
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "eu-north-1"}
        client = boto3.client("s3", endpoint_url=store, **keys)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        anybody = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/*",
        }
        client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [anybody]}))
        told = {
            "limits.enabled": "false",
            "media.storage": "s3",
            "media.url": f"{store}/{BUCKET}",
            "media.bucket": BUCKET,
            "media.endpoint": store,
            "media.region": "eu-north-1",
            "media.key": "key",
            "media.secret": "secret",
        }
        spelled = [part for key, value in told.items() for part in ("--set", f"{key}={value}")]
        with cluster(tmp_path_factory.mktemp("cluster"), "--name", "The Wide Courier", *spelled) as made:
            home = made.nodes[0].home
            yield Paper(made, act(home, "fill"), act(home, "token"), store, client)


def _page(address: str, **headers: str) -> str:
    return httpx.get(address + _ARTICLE, headers=headers, timeout=60).text


def _post(paper: Paper, text: str, node: int = 0) -> httpx.Response:
    return httpx.post(
        f"{paper.cluster.nodes[node].url}/api/v1/articles/1/comments",
        json={"text": text, "language": "en"},
        headers={"Authorization": f"Bearer {paper.token}", "Idempotency-Key": text[:60]},
        timeout=60,
    )


def _rows_read(server: Postgres) -> int:
    with psycopg.connect(server.address) as connection:
        row = connection.execute("SELECT sum(idx_scan + seq_scan) FROM pg_stat_user_tables").fetchone()
        return int(row[0]) if row else 0


@contextmanager
def _replay_paused(paper: Paper) -> Iterator[None]:
    """The replica gets what is written, and does not show it."""
    with psycopg.connect(paper.cluster.replica.address, autocommit=True) as connection:
        connection.execute("SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            connection.execute("SELECT pg_wal_replay_resume()")


def test_pages_are_read_from_the_replica(paper: Paper) -> None:
    reading = paper.cluster.nodes[0].url

    def reads_there() -> bool:
        before = _rows_read(paper.cluster.replica)
        for number in range(3):
            _page(f"{reading}", Cookie=f"sessionid=nobody{number}")
        time.sleep(0.2)  # the server tells its statistics when it is idle
        return _rows_read(paper.cluster.replica) > before

    assert until(reads_there, 20)


def test_whoever_wrote_sees_it_wherever_the_next_page_comes_from(paper: Paper) -> None:
    with _replay_paused(paper):
        answer = _post(paper, "Written while the replica stood still.")
        assert answer.status_code == 201
        written = answer.cookies["written"]
        for node in paper.cluster.nodes:
            assert "while the replica stood still" in _page(node.url, Cookie=f"sessionid=nobody; written={written}")


def test_others_see_it_too_as_soon_as_they_have_heard_of_it(paper: Paper) -> None:
    with _replay_paused(paper):
        assert _post(paper, "Heard while the replica stood still.").status_code == 201
        for node in paper.cluster.nodes:
            assert until(lambda url=node.url: "Heard while" in _page(url), 10)  # type: ignore[misc]


def test_what_was_taken_away_is_on_no_page_of_any_node_however_far_behind_the_replica_is(paper: Paper) -> None:
    for node in paper.cluster.nodes:
        assert until(lambda url=node.url: "Words that must go." in _page(url), 10)  # type: ignore[misc]
    with _replay_paused(paper):
        act(paper.cluster.nodes[0].home, "remove", paper.comment)
        for node in paper.cluster.nodes:
            assert "Words that must go." not in _page(node.url)
            assert "Words that must go." not in _page(node.url, Cookie="sessionid=nobody")


def test_writing_and_hearing_go_on_while_the_bus_is_away(paper: Paper) -> None:
    with frozen([paper.cluster.bus]):
        assert _post(paper, "Written without the bus.").status_code == 201
        assert until(lambda: "Written without the bus." in _page(paper.cluster.nodes[1].url), 10)


def test_reading_and_writing_go_on_while_the_replica_hangs(paper: Paper) -> None:
    postmaster = paper.cluster.replica.postmaster
    with frozen([postmaster, *descendants(postmaster)]):
        for node in paper.cluster.nodes:
            assert "The ferry" in _page(node.url, Cookie="sessionid=nobody")
        assert _post(paper, "Written while the replica hung.").status_code == 201


def test_reading_and_writing_go_on_without_the_replica_and_it_is_used_again_when_it_is_back(paper: Paper) -> None:
    paper.cluster.replica.stop()
    try:
        for node in paper.cluster.nodes:
            assert "The ferry" in _page(node.url, Cookie="sessionid=nobody")
        assert _post(paper, "Written without the replica.").status_code == 201
        assert not _checked(paper)["replica"]
    finally:
        paper.cluster.replica.start()
    test_pages_are_read_from_the_replica(paper)


def _says(url: str, status: int) -> bool:
    return httpx.get(url).status_code == status


def _checked(paper: Paper) -> dict[str, bool]:
    command = [str(ROOT / ".venv/bin/dragoman"), "check", "--json", "--home", str(paper.cluster.nodes[0].home)]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return {one["name"]: one["ok"] for one in json.loads(found)}


def test_check_finds_replica_and_bus_where_they_are_there(paper: Paper) -> None:
    checked = _checked(paper)
    assert (checked["replica"], checked["bus"], checked["database"]) == (True, True, True)


def test_while_the_primary_is_away_writers_are_told_to_come_again(paper: Paper) -> None:
    paper.cluster.primary.stop()
    try:
        answer = _post(paper, "Written without the primary.")
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        url = paper.cluster.nodes[0].url
        assert until(partial(_says, f"{url}/health/ready", 503), 20)
        assert httpx.get(f"{url}/health/live").status_code == 200
        told = httpx.get(f"{url}/metrics", timeout=30)
        assert told.status_code == 200
        assert "dragoman_requests_total" in told.text
    finally:
        paper.cluster.primary.start()
    assert until(lambda: _post(paper, "Written without the primary.").status_code in (200, 201), 30)


def test_a_primary_that_hangs_takes_its_nodes_out_of_the_balance(paper: Paper) -> None:
    postmaster = paper.cluster.primary.postmaster
    with frozen([postmaster, *descendants(postmaster)]):
        for node in paper.cluster.nodes:
            assert until(partial(_says, f"{node.url}/health/ready", 503), 20)
            assert httpx.get(f"{node.url}/health/live").status_code == 200
    for node in paper.cluster.nodes:
        assert until(partial(_says, f"{node.url}/health/ready", 200), 20)


def test_a_picture_that_one_node_got_is_shown_by_all(paper: Paper) -> None:
    uploaded = act(paper.cluster.nodes[0].home, "picture")
    assert uploaded.startswith(f"{paper.store}/{BUCKET}/")
    answer = httpx.get(uploaded)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    policy = httpx.get(paper.cluster.nodes[1].url + "/en/").headers["content-security-policy"]
    assert f"data: {paper.store};" in policy


def test_a_backup_has_the_pictures_of_the_store_and_brings_them_back(paper: Paper, tmp_path: Path) -> None:
    picture = act(paper.cluster.nodes[0].home, "picture")
    run_in(paper.cluster.nodes[0].home, "backup", str(tmp_path / "all.backup"))
    # The nodes' pooled connections are as they were.
    assert {_post(paper, f"Written after the backup {number}.").status_code for number in range(20)} == {201}
    with psycopg.connect(paper.cluster.primary.address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE again")
    paper.client.delete_object(Bucket=BUCKET, Key=picture.split(f"{BUCKET}/")[1])
    assert httpx.get(picture).status_code == 404
    another = paper.cluster.primary.address.replace("/postgres", "/again")
    run_in(tmp_path / "home", "restore", str(tmp_path / "all.backup"), "--database", another)
    assert httpx.get(picture).status_code == 200
    assert paper.cluster.replica.address not in (tmp_path / "home" / "dragoman.toml").read_text()
