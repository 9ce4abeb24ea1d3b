"""Who was given which right, by whom and why: rows that only grow (PIPA safety standard: three years)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.roles import Role


class RoleChange(models.Model):
    """One step: a role given, taken away, asked for oneself, or such an asking declined; `answers` is the asking."""

    class Step(models.TextChoices):
        GRANTED = "granted", _("given")
        REVOKED = "revoked", _("taken away")
        ASKED = "asked", _("asked for oneself")
        DECLINED = "declined", _("declined")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_changes")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    step = models.CharField(max_length=8, choices=Step.choices)
    actor = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    answers = models.OneToOneField("self", models.PROTECT, null=True, related_name="answer")

    class Meta:
        verbose_name = _("change of rights")
        verbose_name_plural = _("changes of rights")

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.step}"
