"""How each configured reader is doing: what waits for it, what of its quota was used, whether it is called at all."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from kyc.models import AccountQuota, Reading, ReadingJob
from kyc.selectors.queue import at_most

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ReaderState:
    """`paused_until` and `reason` (a code of the contract) while calls are broken off, else None and ''."""

    name: str
    waiting: int
    last_minute: int
    allowed_a_minute: int
    paused_until: datetime | None
    reason: str


def states() -> list[ReaderState]:
    """In the order of OCR_READERS; counts stop at `queue.MANY`."""
    now = timezone.now()
    rows = {row.reader: row for row in AccountQuota.objects.all()}
    return [_state(name, rows.get(name), now) for name in settings.OCR_READERS]


def _state(name: str, row: AccountQuota | None, now: datetime) -> ReaderState:
    until = datetime.fromtimestamp(row.open_until, UTC) if row and row.open_until else None
    paused = until is not None and until > now
    return ReaderState(
        name=name,
        waiting=at_most(ReadingJob.objects.filter(reader=name, settled_at=None)),
        last_minute=at_most(Reading.objects.filter(reader=name, at__gte=now - MINUTE)),
        allowed_a_minute=round(settings.OCR_REQUESTS_PER_SECOND * 60),
        paused_until=until if paused else None,
        reason=row.reason if row and paused else "",
    )
