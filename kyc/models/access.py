"""The monthly review of the register of disclosures: an auditor looked, and signed with a note."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccessReview(models.Model):
    """`figures` are what the auditor saw when signing; they and the note never change afterwards."""

    month = models.DateField(unique=True, help_text=_("its first day"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="access_reviews")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=1000)
    figures = models.JSONField()

    class Meta:
        verbose_name = _("review of disclosures")
        verbose_name_plural = _("reviews of disclosures")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
