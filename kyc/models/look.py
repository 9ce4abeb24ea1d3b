"""The second officer's own view of a case, formed before they see the first's where the policy says blind."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.provenance import Outcome
from kyc.models.review import Decision


class SecondLook(models.Model):
    """What a different officer would have decided. `sealed_view` holds their values and comment as JSON."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="looks")
    outcome = models.CharField(max_length=10, choices=[(o.value, o.value) for o in Outcome])
    reasons = models.JSONField(default=list)
    sealed_view = models.BinaryField()
    blind = models.BooleanField()
    agrees = models.BooleanField()
    differs = models.JSONField(default=list, help_text=_("fields whose values differ, and `outcome`"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        constraints = [models.UniqueConstraint(fields=["decision", "by"], name="one_look_an_officer")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"

    @property
    def identity(self) -> str:
        return f"look:{self.id}"
