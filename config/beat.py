"""The scheduler of `celery beat`, which shows that it lives and loses no time at the start."""

import logging
from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry
from django.db import DatabaseError, close_old_connections

from kyc.services import health

logger = logging.getLogger(__name__)

FREQUENT = timedelta(minutes=1)
CLOCK_MARGIN = timedelta(seconds=2)


class Scheduler(PersistentScheduler):
    """Celery's own, with a heartbeat. What is due every few seconds is due at the start as well."""

    def setup_schedule(self) -> None:
        super().setup_schedule()
        for entry in self.schedule.values():
            every = getattr(entry.schedule, "run_every", None)
            if every is not None and every <= FREQUENT:
                entry.last_run_at = entry.default_now() - every

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        self._say_alive()
        self._heed_clock()
        return super().tick(*args, **kwargs)

    def _heed_clock(self) -> None:
        """After a clock was set back, what ran "in the future" would rest until then: it is due again from now on."""
        late = [entry for entry in self.schedule.values() if _ahead(entry)]
        for entry in late:
            entry.last_run_at = entry.default_now()
        if late:
            self.populate_heap()

    def _say_alive(self) -> None:
        close_old_connections()
        try:
            health.beat(part="beat")
        except DatabaseError as e:
            logger.warning("the heartbeat was not written: %s", type(e).__name__)


def _ahead(entry: ScheduleEntry) -> bool:
    """Whether it ran at a time that is still to come."""
    return bool(entry.last_run_at and entry.last_run_at > entry.default_now() + CLOCK_MARGIN)
