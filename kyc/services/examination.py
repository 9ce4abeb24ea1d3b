"""Each part of the deployment asked whether it works: what is wrong comes back as a sentence that says what to do."""

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from kyc.models import AuditEntry, append_only
from kyc.selectors import monitoring
from kyc.services import health
from kyc.services.recognition import local, readers
from kyc.vault import storage
from kyc.vault.keys import KeyringMissing, keyring
from kyc.vault.signing import SigningKeyMissing, load_public_key

ROOM_BYTES = 1024**3
OLD_WAIT_SECONDS = 300.0
UNSIGNED_FOR = timedelta(minutes=5)
PATIENCE = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """`wrong` is '' where the part works."""

    part: str
    wrong: str

    @property
    def good(self) -> bool:
        return not self.wrong


def ready() -> list[Answer]:
    """Whether this process can take a picture in: what a load balancer should know. A dead broker holds nobody up."""
    return _ask({"database": _database, "migrations": _migrations, "keyring": _keyring, "storage": _storage})


def everything() -> list[Answer]:
    """Every part of the deployment, as seen from this machine."""
    return ready() + _ask(
        {
            "evidence": _evidence,
            "audit key": _audit_key,
            "audit chain": _audit_chain,
            "broker": _broker,
            "worker": lambda: _heard(
                "worker", "no picture is read: start a worker, and beat, which wakes it"
            ),
            "beat": lambda: _heard("beat", "nothing is rung for again and nothing expires: start beat"),
            "readers": _readers,
            "queue": _queue,
            "disk": _disk,
        }
    )


def _ask(questions: dict[str, Callable[[], str]]) -> list[Answer]:
    return [Answer(part, _wrong(question)) for part, question in questions.items()]


def _wrong(question: Callable[[], str]) -> str:
    try:
        return question()
    except DatabaseError as e:
        return f"the database does not answer ({type(e).__name__}): look at DATABASE_URL and the server"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    left = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(left)} migrations are not applied: run `manage.py migrate`" if left else ""


def _keyring() -> str:
    try:
        keyring()
    except KeyringMissing as e:
        return str(e)
    return ""


def _storage() -> str:
    """Writes, reads and removes a few bytes, under a name that no picture has."""
    wanted = f"probe/{uuid.uuid4()}"
    try:
        name = storage.pictures().save(wanted, ContentFile(b"sinwon"))
        with storage.pictures().open(name) as file:
            told = file.read()
        storage.pictures().delete(name)
    except Exception as e:  # each backend raises errors of its own
        return f"the picture store fails ({type(e).__name__}): look at STORAGE_URL, its rights and its room"
    return "" if told == b"sinwon" else "the picture store does not give back what was put into it"


def _evidence() -> str:
    gone = append_only.missing(connection)
    return f"triggers on evidence are missing ({', '.join(gone)}): see check kyc.E005" if gone else ""


def _audit_key() -> str:
    try:
        load_public_key(settings.AUDIT_KEY)
    except SigningKeyMissing as e:
        return str(e)
    return ""


def _audit_chain() -> str:
    newest, signed = AuditEntry.objects.order_by("-sequence").first(), monitoring.signed_at()
    grown = newest is not None and (signed is None or newest.at > signed)
    if newest is not None and grown and newest.at < timezone.now() - UNSIGNED_FOR:
        return "the audit chain was not signed for minutes: look for `sign_audit` in the worker's log"
    return ""


def _broker() -> str:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=PATIENCE)
    except Exception as e:  # each transport raises errors of its own
        return f"the broker does not answer ({type(e).__name__}): pictures are read late; look at CELERY_BROKER_URL"
    return ""


def _heard(part: str, follows: str) -> str:
    return "" if health.alive(part) else f"not heard for {health.STALE_AFTER.seconds} s, so {follows}"


def _readers() -> str:
    broken = [account for account in monitoring.accounts() if account.open_for > 0]
    for account in broken:
        return f"{account.reader} is not asked for {account.open_for:.0f} s after {account.reason}"
    if readers.LOCAL in settings.OCR_READERS and not local.answers(
        readers.local_endpoint(), seconds=PATIENCE
    ):
        return "the local reader does not answer: start it, or look at OCR_LOCAL_ENDPOINT"
    return ""


def _queue() -> str:
    waiting = monitoring.reading_queue()
    if waiting.oldest > OLD_WAIT_SECONDS:
        return f"{waiting.total} pictures wait, the oldest for {waiting.oldest:.0f} s: more workers, or a stuck reader"
    return ""


def _disk() -> str:
    free = shutil.disk_usage(Path(settings.VAR)).free
    return f"only {free // 1024**2} MB are free under {settings.VAR}" if free < ROOM_BYTES else ""
