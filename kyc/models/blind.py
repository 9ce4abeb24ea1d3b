"""Blind double checks: another officer types the fields of a case that was approved, seeing the picture alone."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from kyc.models.case import Case


class BlindCheck(models.Model):
    """Drawn by chance when a case was approved. `differs` names the fields on which the two people differ."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="blind_check")
    asked_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="blind_checks")
    done_at = models.DateTimeField(null=True, db_index=True)
    differs = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], name="blind_check_open", condition=models.Q(done_at=None))
        ]

    def __str__(self) -> str:
        return str(self.case_id)[:8]
