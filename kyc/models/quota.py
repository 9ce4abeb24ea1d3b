"""One row for each reader's account: what may be sent when (GCRA), and whether to send at all (breaker)."""

from django.db import models


class AccountQuota(models.Model):
    """`tat`: the theoretical arrival time of GCRA, seconds since the epoch. `failures` in a row open the breaker until
    `open_until`; then one probe may go, whose lease is `probe_until`."""

    reader = models.CharField(primary_key=True, max_length=32)
    tat = models.FloatField(default=0)
    failures = models.PositiveIntegerField(default=0)
    open_until = models.FloatField(default=0)
    probe_until = models.FloatField(default=0)
    reason = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.reader
