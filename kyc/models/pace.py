"""How fast something comes: one row for a case, an address or an officer, forgotten when it is slow again."""

from django.db import models


class Pace(models.Model):
    """`key` names a limit and a case, an address or an officer.

    `until`: when all that came would be due at the allowed rate."""

    key = models.CharField(primary_key=True, max_length=80)
    until = models.DateTimeField(db_index=True)
    reported_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key
