"""The same code on PostgreSQL, by configuration alone: with Redis, with RabbitMQ, and with SQS and S3 behind a pooler.

Collected where SINWON_TEST_DATABASE=postgresql asks for it (tests/conftest.py): `make test` needs neither of them.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws import CREDENTIALS, REGION, Aws
from tests.brokers import RabbitMQ, Redis
from tests.pgbouncer import Pooler
from tests.postgresql import Cluster
from tests.stack import Stack

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory, redis: Redis) -> Iterator[Stack]:
    cluster = Cluster()
    cluster.start()
    running = Stack(
        tmp_path_factory.mktemp("production"),
        DATABASE_URL=cluster.url,
        CELERY_BROKER_URL=redis.url,
        READING_LEASE_SECONDS="10",
        OCR_DEADLINE_SECONDS="9",
    )
    running.start()
    yield running
    running.stop()
    cluster.stop()


def test_a_card_is_read_end_to_end(production: Stack, cards: Path) -> None:
    told = json.loads(production.manage("submit", "--wait", "--json", str(cards / "clean-001.jpg")))
    assert told["state"] == "in_review"
    assert told["fields"]["rrn"] == "011206-4******"
    assert "unbroken" in production.manage("verify_audit")


def test_a_dead_broker_holds_nobody_up_and_what_it_forgot_is_rung_again(
    production: Stack, redis: Redis, cards: Path
) -> None:
    redis.kill()
    started = time.monotonic()
    told = json.loads(production.manage("submit", "--json", str(cards / "clean-002.jpg"), check=False))
    took = time.monotonic() - started
    assert told["state"] == "queued"
    redis.start()
    assert took < 30, took
    until = time.monotonic() + 90
    while production.ask(_state(told["case"])) != "in_review":
        assert time.monotonic() < until, "the card was not read after the broker came back"
        time.sleep(1)


def _state(case: str) -> str:
    return f"import json; from kyc.models import Case; print(json.dumps(Case.objects.get(pk='{case}').state))"


def _read(stack: Stack, card: Path) -> str:
    told = json.loads(stack.manage("submit", "--wait", "--json", str(card)))
    assert told["fields"]["rrn"] == "011206-4******"
    return str(told["state"])


def test_a_card_is_rung_for_by_rabbitmq_over_a_replicated_queue(tmp_path: Path, cards: Path) -> None:
    cluster, broker = Cluster(), RabbitMQ()
    cluster.start()
    broker.start()
    stack = Stack(tmp_path, DATABASE_URL=cluster.url, CELERY_BROKER_URL=broker.url)
    try:
        stack.start()
        assert _read(stack, cards / "clean-001.jpg") == "in_review"
        assert broker.queue_types()["celery"] == "quorum"
        assert json.loads(stack.manage("doctor", "--json"))["broker"] == ""
    finally:
        stack.stop()
        broker.stop()
        cluster.stop()


def test_a_card_is_rung_for_by_sqs_and_kept_in_s3_behind_a_pooler(
    tmp_path: Path, cards: Path, aws: Aws
) -> None:
    """moto plays AWS: it takes the real requests and checks neither signature nor policy."""
    cluster = Cluster()
    cluster.start()
    pooler = Pooler(cluster)
    pooler.start(connections=4)
    bucket = aws.bucket("sinwon-production")
    stack = Stack(
        tmp_path,
        DATABASE_URL=pooler.url,
        DATABASE_POOLER="1",
        CELERY_BROKER_URL=f"sqs://testing:testing@{aws.endpoint.removeprefix('http://')}",
        STORAGE_URL=f"s3://{bucket}/cards?region={REGION}&endpoint={aws.endpoint}&sse=aws:kms",
        **CREDENTIALS,
    )
    try:
        stack.start()
        assert _read(stack, cards / "clean-001.jpg") == "in_review"
        (kept,) = aws.client("s3").list_objects_v2(Bucket=bucket, Prefix="cards/")["Contents"]
        head = aws.client("s3").head_object(Bucket=bucket, Key=kept["Key"])
        assert head["ServerSideEncryption"] == "aws:kms"
        assert aws.client("sqs").list_queues()["QueueUrls"][0].endswith("/celery")
        wrong = {part: words for part, words in json.loads(stack.manage("doctor", "--json")).items() if words}
        assert wrong == {}
    finally:
        stack.stop()
        pooler.stop()
        cluster.stop()
