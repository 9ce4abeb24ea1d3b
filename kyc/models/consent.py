"""Notices that were shown and consents that were asked: which text, in which language, when, from where.

What a statute requires is a notice; consent is asked only for what is optional (PIPA 22, decree 17).
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.models.case import Case


class Text(models.Model):
    """Which wording: a code, its version and the SHA-256 of the words shown."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="%(class)ss")
    code = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    locale = models.CharField(max_length=8)
    at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Notice(Text):
    """A notice that the customer was shown before sending a picture."""

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")


class Consent(Text):
    """An optional purpose that the customer was asked for; refusing never blocks."""

    granted = models.BooleanField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
