"""Failed sign-ins, counted for each account and each address."""

from django.db import models


class FailedSignIns(models.Model):
    """`key` names an account by its id, an address, or a name that is no account by a bucket: never what was typed."""

    key = models.CharField(primary_key=True, max_length=80)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, db_index=True)
    wait_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "kyc_failed_signins"

    def __str__(self) -> str:
        return self.key
