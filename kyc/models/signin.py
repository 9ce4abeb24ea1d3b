"""Signing in: failed attempts, counted; and where an officer is signed in, so that it can be seen and ended."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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


class OfficerSession(models.Model):
    """One browser in which an officer showed both factors. Its id stands in the session, which is over without it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="officer_sessions")
    began_at = models.DateTimeField(default=timezone.now, db_index=True)
    seen_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"{self.device} {self.seen_at:%Y-%m-%d %H:%M}"
