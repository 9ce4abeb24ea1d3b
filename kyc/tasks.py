"""Doorbells: a task carries an id, fetches the row and calls a service. Under ten lines each."""

import logging
from collections.abc import Callable
from uuid import UUID

from celery import Task, shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, transaction

from kyc.domain import trace
from kyc.models import Document
from kyc.services import (
    anchoring,
    audit,
    codes,
    counting,
    drafts,
    guesses,
    health,
    mailing,
    pace,
    recognition,
    reconcile,
    repeats,
    retention,
    sessions,
    uploads,
    webhooks,
)
from kyc.vault.signing import SigningKeyMissing

logger = logging.getLogger(__name__)

HEARD_EVERY = 1.0  # seconds: all workers of a deployment write one row


def enqueue(document: Document) -> None:
    """Rings for a document once its row is committed. A dead broker fails nothing: the sweeper rings again."""
    transaction.on_commit(lambda: ring(document.id))


def ring(document_id: UUID) -> None:
    try:
        read_document.apply_async((str(document_id),), headers={"sinwon_trace": trace.current()})
    except Exception as e:  # each broker's library raises errors of its own, and the picture is safe already
        logger.warning(
            "the bell for document %s was not heard (%s); the sweeper rings again",
            document_id,
            type(e).__name__,
        )


@shared_task(bind=True)
def read_document(self: "Task[[str], None]", document_id: str) -> None:
    """Reads one document if anything is left to do; a failed attempt is due again when its row says so."""
    trace.begin(self.request.get("sinwon_trace") or "")
    health.beat(part="worker", at_most_every=HEARD_EVERY)
    recognition.read(document_id=UUID(document_id))


@shared_task
def ring_stranded() -> None:
    """Rings again for what nobody holds, every few seconds."""
    trace.begin()
    health.beat(part="worker", at_most_every=HEARD_EVERY)
    recognition.release_stranded()
    recognition.conclude_stranded()
    for document_id in recognition.due_documents():
        ring(document_id)


@shared_task
def tell_hosts() -> None:
    """Rings for each address that has something to hear, every few seconds."""
    for endpoint_id in webhooks.waiting():
        tell_host.delay(str(endpoint_id))


@shared_task
def tell_host(endpoint_id: str) -> None:
    webhooks.empty(endpoint_id=UUID(endpoint_id))


@shared_task
def write_customers() -> None:
    """Sends the mails that are due, every few seconds, unless another worker is at it."""
    if mailing.waiting():
        mailing.empty()


@shared_task
def expire_cases() -> None:
    retention.expire_cases()


@shared_task
def reconcile_pictures() -> None:
    """Goes on with the rounds over the pictures and their rows, half a minute at most."""
    reconcile.reconcile()


@shared_task
def tidy() -> None:
    """Forgets failed sign-ins of yesterday, sessions that are over, what was typed in them, unfinished uploads, old
    codes and old answers of the API; what cannot be tidied now stops nothing else."""
    for part in (guesses, repeats, sessions, drafts, codes, uploads, pace):
        _tidied(part.tidy)
    _tidied(SessionStore.clear_expired)


def _tidied(forget: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            forget()
    except DatabaseError:
        logger.exception("%s could not be tidied", forget.__module__)


@shared_task
def erase_due() -> None:
    """Erases what is over, and reports; each erasure stands in the audit chain too."""
    done = retention.erase_due()
    if done.erased or done.failed:
        logger.info("%d cases erased, %d could not be", len(done.erased), len(done.failed))


@shared_task
def count_days() -> None:
    """Counts the days that are over, for the pages of figures."""
    counting.count_days()


@shared_task
def sign_audit() -> None:
    """Signs how far the audit chain has come, every minute in which it grew, and keeps it off the host."""
    try:
        audit.sign()
        anchoring.run()
    except audit.ChainBroken as e:
        logger.critical("the audit chain is broken and was not signed: %s", e)
    except SigningKeyMissing as e:
        logger.error("the audit chain was not signed: %s", e)  # noqa: TRY400 - the sentence says it all
