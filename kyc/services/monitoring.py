"""What is counted while it happens, for those who watch from outside: how calls of readers end, and lost leases."""

import logging

from django.db import DatabaseError, transaction
from django.db.models import F

from kyc.models import ReaderCalls
from kyc.models.calls import BOUNDS

logger = logging.getLogger(__name__)

LEASE_EXPIRED = "Sinwon.LeaseExpired"


def count(*, reader: str, code: str = "", seconds: float = 0.0) -> None:
    """One more. A count that cannot be written is lost, and nothing else."""
    more = {name: F(name) + 1 for name, bound in BOUNDS.items() if seconds <= bound}
    try:
        with transaction.atomic():
            row = ReaderCalls.objects.filter(reader=reader, code=code)
            more |= {"calls": F("calls") + 1, "seconds": F("seconds") + seconds}
            if not row.update(**more):
                ReaderCalls.objects.get_or_create(reader=reader, code=code)
                row.update(**more)
    except DatabaseError as e:
        logger.warning("a call of %s was not counted: %s", reader, type(e).__name__)
