"""One attempt at a document: every due reader is asked, outside any transaction."""

import logging
import random
import time
import traceback
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from kyc.domain import trace
from kyc.services import custody, egress, monitoring
from kyc.services.recognition import leases, settlement, throttle
from kyc.services.recognition.heartbeat import kept
from kyc.services.recognition.readers import LOCAL, ReaderUnavailable, reader
from kyc.vault.keys import KeyringMissing, Refused
from ocr_integration import gateway
from ocr_integration.contract import MAX_ATTEMPTS, Action, CardReading, OcrError
from ocr_integration.quota import retry_delay

logger = logging.getLogger(__name__)

DEATHS_TO_QUARANTINE = 3
SPARE = 5  # seconds of a task besides the call: waiting for the quota, opening, saving
# A call that reached no reader cost nothing and says nothing about the picture.
UNREACHED = "ClientNetworkError.Unreachable"
AT_ONCE = timedelta()
UNREACHED_WAIT, DEFECT_WAIT, HALTED_WAIT = timedelta(seconds=3), timedelta(seconds=10), timedelta(seconds=60)


def read(*, document_id: UUID) -> None:
    """Reads one document with every reader whose job is due. Safe to call any number of times.

    A second reader that the task's time does not suffice for is left to the sweeper's next ring.
    """
    last_start = (
        time.monotonic() + settings.CELERY_TASK_SOFT_TIME_LIMIT - settings.OCR_DEADLINE_SECONDS - SPARE
    )
    for name in leases.due_readers(document_id):
        if time.monotonic() > last_start:
            return
        lease = leases.take(document_id, name)
        if lease is None:
            continue
        if lease.follows_a_death:
            monitoring.count(reader=name, code=monitoring.LEASE_EXPIRED)
        try:
            _attempt(lease)
        except SystemExit:  # told to stop (SIGTERM) in the midst of a call: no attempt, and no death
            _postpone(lease, "Sinwon.Stopped", AT_ONCE)
            raise


def ask(picture: bytes, *, photo: bool = True) -> CardReading:
    """What a reader says of a picture, without any case: the local one where it is configured, else the first.

    Raises OcrError, ReaderUnavailable, or throttle.NotNow where the account must wait.
    """
    name = LOCAL if LOCAL in settings.OCR_READERS else settings.OCR_READERS[0]
    return ask_reader(name, picture, photo=photo)


def _attempt(lease: leases.Lease) -> None:
    """Whatever happens, the job is settled or given back: only a worker that died lets its lease run out."""
    trace.work_on(lease.case.id)
    if code := _hopeless(lease):
        settlement.failed(lease, code=code, action=Action.DEFECT)
        return
    try:
        with kept(lease):
            answer = ask_reader(lease.reader, custody.open_picture(lease.document))
        settlement.succeeded(lease, answer)
    except ReaderUnavailable as e:
        _postpone(lease, e.code, UNREACHED_WAIT)
    except throttle.NotNow as e:
        _postpone(lease, e.code or "Sinwon.Waiting", timedelta(seconds=e.seconds * random.uniform(1, 1.2)))  # noqa: S311
    except KeyringMissing:
        logger.critical("the keyring cannot be read: cases wait until this is mended")
        _postpone(lease, "Sinwon.Keyring", DEFECT_WAIT)
    except Refused:
        settlement.failed(lease, code="Sinwon.PictureChanged", action=Action.DEFECT)
    except FileNotFoundError:  # a storage that is not mounted looks the same: several tries, far apart
        _again_or_officer(lease, "Sinwon.PictureMissing", HALTED_WAIT)
    except OSError:
        _postpone(lease, "Sinwon.Storage", UNREACHED_WAIT)
    except OcrError as e:
        _failed(lease, e)
    except Exception as e:
        _defect(lease, e)


def _hopeless(lease: leases.Lease) -> str:
    """Why the reader must not be asked at all, '' where it may."""
    if lease.deaths >= DEATHS_TO_QUARANTINE:
        return "Sinwon.Quarantined"
    if lease.reader not in settings.OCR_READERS:
        return "Sinwon.ReaderRemoved"
    if not egress.allows(lease.case, lease.reader):
        return "Sinwon.NoTransferConsent"
    return ""


def _defect(lease: leases.Lease, error: Exception) -> None:
    """A fault of our own. Where it happened is logged, never its text: that may quote what was read."""
    logger.critical(
        "document %s reader %s: %s at\n%s",
        lease.document.id,
        lease.reader,
        type(error).__name__,
        "".join(traceback.format_tb(error.__traceback__)),
    )
    _again_or_officer(lease, "Sinwon.Defect", DEFECT_WAIT)


def _again_or_officer(lease: leases.Lease, code: str, after: timedelta) -> None:
    """A counted attempt; after the last an officer looks at the case."""
    if lease.attempts < MAX_ATTEMPTS:
        settlement.requeue(lease, error=code, after=after, counted=True)
    else:
        settlement.failed(lease, code=code, action=Action.DEFECT)


def ask_reader(name: str, picture: bytes, *, photo: bool = True) -> CardReading:
    """Asks one reader when it is this call's turn, and tells quota and breaker how it went."""
    target = reader(name)
    permit = throttle.wait_for_turn(name)
    began, code = time.monotonic(), ""
    try:
        return gateway.read_card(picture, reader=target, photo=photo)
    except OcrError as e:
        code = e.code
        raise
    finally:
        throttle.report(name, permit, code)
        monitoring.count(reader=name, code=code, seconds=time.monotonic() - began)


def _failed(lease: leases.Lease, error: OcrError) -> None:
    """Tries again later where that can help; else the job is settled without a reading."""
    logger.warning(
        "document %s reader %s attempt %d: %s", lease.document.id, lease.reader, lease.attempts, error.code
    )
    if error.code == UNREACHED:
        _postpone(lease, error.code, UNREACHED_WAIT)
        return
    if error.action is Action.HALT:
        logger.error(
            "reader %s halted: %s. Nothing is lost; cases wait until this is mended.",
            lease.reader,
            error.code,
        )
        _postpone(lease, error.code, HALTED_WAIT)
        return
    wait = retry_delay(lease.attempts, random.random()) if error.action is Action.RETRY else None  # noqa: S311
    if wait is not None:
        settlement.requeue(lease, error=error.code, after=timedelta(seconds=wait), counted=True)
        return
    settlement.failed(
        lease, code=error.code, action=error.action, request_id=error.request_id or "", reason=error.reason
    )


def _postpone(lease: leases.Lease, code: str, after: timedelta) -> None:
    settlement.requeue(lease, error=code, after=after, counted=False)
