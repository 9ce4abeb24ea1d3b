"""What every outbox has in common: rows that are a queue, leased by one worker at a time, tried again, given up."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

IN_NEED_FIRST = (F("dead_at").desc(nulls_last=True), F("due_at").asc(nulls_last=True), "-at")
"""Those that were given up, then those that wait, then the latest that went."""


class Delivery(models.Model):
    """One thing to send: due, leased, then delivered or dead. What was decided under a lost lease changes nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now, null=True)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=60, blank=True, help_text=_("why the last attempt failed: a code"))

    class Meta:
        abstract = True

    @staticmethod
    def is_due() -> Q:
        """Due now, and no worker is at it."""
        now = timezone.now()
        return (Q(lease_until=None) | Q(lease_until__lte=now)) & Q(due_at__lte=now)

    def take(self, due: "QuerySet[Delivery]", *, call_seconds: float) -> bool:
        """A lease that no other worker has, while this row is among `due`; it outlasts a call of so many seconds."""
        lease, until = uuid.uuid4(), timezone.now() + timedelta(seconds=2 * call_seconds + 5)
        if due.filter(pk=self.pk).update(lease=lease, lease_until=until) != 1:
            return False
        self.lease = lease
        return True

    def delivered(self) -> None:
        self._settled(delivered_at=timezone.now(), due_at=None, attempts=self.attempts + 1, problem="")

    def failed(self, problem: str, *, again_in: timedelta | None) -> None:
        """Tried again after the wait; without one it is dead."""
        now = timezone.now()
        due, dead = (now + again_in, None) if again_in is not None else (None, now)
        self._settled(attempts=self.attempts + 1, problem=problem, due_at=due, dead_at=dead)

    def _settled(self, **changes: object) -> None:
        held = type(self)._default_manager.filter(pk=self.pk, lease=self.lease)
        held.update(lease=None, lease_until=None, **changes)
