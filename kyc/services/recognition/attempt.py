"""One attempt at a document: every due reader is asked, outside any transaction."""

import logging
import random
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from kyc.services import custody
from kyc.services.recognition import leases, settlement, throttle
from kyc.services.recognition.readers import ReaderUnavailable, reader
from kyc.vault.keys import Refused
from ocr_integration import gateway
from ocr_integration.contract import Action, CardReading, OcrError

logger = logging.getLogger(__name__)

DEATHS_TO_QUARANTINE = 3
# Codes of a call that reached no reader: it cost nothing and says nothing about the picture.
UNREACHED = frozenset({"ClientNetworkError.Unreachable"})
BASE_WAIT, LONGEST_WAIT, HALTED_WAIT = timedelta(seconds=2), timedelta(minutes=5), timedelta(seconds=60)
UNREACHED_WAIT = timedelta(seconds=3)


def read(*, document_id: UUID) -> None:
    """Reads one document with every configured reader whose job is due. Safe to call any number of times."""
    for name in settings.OCR_READERS:
        lease = leases.take(document_id, name)
        if lease is not None:
            _attempt(lease)


def ask(picture: bytes, *, photo: bool = True) -> CardReading:
    """What the first configured reader says of a picture, without any case.

    Raises OcrError, ReaderUnavailable, or throttle.NotNow where the account must wait.
    """
    name = settings.OCR_READERS[0]
    target = reader(name)
    throttle.wait_for_turn(name)
    return gateway.read_card(picture, reader=target, photo=photo)


def _attempt(lease: leases.Lease) -> None:
    if lease.deaths >= DEATHS_TO_QUARANTINE:
        settlement.failed(lease, code="Sinwon.Quarantined", action=Action.DEFECT)
        return
    try:
        target = reader(lease.reader)
        picture = custody.open_picture(lease.document)
        throttle.wait_for_turn(lease.reader)
        answer = gateway.read_card(picture, reader=target)
    except ReaderUnavailable as e:
        _postpone(lease, e.code, UNREACHED_WAIT)
    except throttle.NotNow as e:
        _postpone(lease, "Sinwon.Waiting", timedelta(seconds=e.seconds))
    except Refused:
        settlement.failed(lease, code="Sinwon.PictureChanged", action=Action.DEFECT)
    except OSError:
        _postpone(lease, "Sinwon.Storage", UNREACHED_WAIT)
    except OcrError as e:
        throttle.report(lease.reader, e)
        _failed(lease, e)
    else:
        throttle.report(lease.reader, None)
        settlement.succeeded(lease, answer)


def _failed(lease: leases.Lease, error: OcrError) -> None:
    """Tries again later where that can help; else the job is settled without a reading."""
    logger.warning("document %s reader %s attempt %d: %s", lease.document.id, lease.reader, lease.attempts, error.code)
    if error.code in UNREACHED:
        _postpone(lease, error.code, UNREACHED_WAIT)
    elif error.action is Action.HALT:
        logger.error("reader %s halted: %s. Nothing is lost; cases wait until this is mended.", lease.reader, error.code)
        _postpone(lease, error.code, HALTED_WAIT)
    elif error.action is Action.RETRY and lease.attempts < settings.READING_MAX_ATTEMPTS:
        settlement.requeue(lease, error=error.code, after=_backoff(lease.attempts), counted=True)
    else:
        settlement.failed(
            lease, code=error.code, action=error.action, request_id=error.request_id or "", reason=error.reason
        )


def _postpone(lease: leases.Lease, code: str, after: timedelta) -> None:
    settlement.requeue(lease, error=code, after=after, counted=False)


def _backoff(attempts: int) -> timedelta:
    """Growing and jittered, so that documents that failed together do not return together."""
    wait = min(LONGEST_WAIT, BASE_WAIT * 2 ** (attempts - 1))
    return wait * random.uniform(0.5, 1.0)  # noqa: S311
