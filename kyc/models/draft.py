"""What an officer had typed when their session ended: sealed, theirs alone, gone after a short while."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from kyc.models.case import Case


class Draft(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "account"], name="one_draft_an_officer")]

    def __str__(self) -> str:
        return f"draft {self.at:%Y-%m-%d %H:%M}"
