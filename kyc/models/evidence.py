"""What officers add to a case: files, notes, methods of identification, and the authenticity check done outside."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.evidence import CheckResult, Method
from kyc.models.case import Case


class Attachment(models.Model):
    """A file, sealed in the storage under the case's key; its name is sealed too."""

    class Kind(models.TextChoices):
        JPEG = "jpeg", _("picture")
        PDF = "pdf", _("PDF")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    storage_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    size = models.PositiveIntegerField(help_text=_("bytes, as it is kept"))
    sealed_name = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return str(self.id)[:8]


class Note(models.Model):
    """What an officer wrote down for colleagues; the customer never sees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    sealed_text = models.BinaryField()
    attachment = models.OneToOneField(Attachment, models.PROTECT, null=True, related_name="note")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [models.Index(fields=["case", "at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class VerificationMethod(models.Model):
    """A way in which the person was identified, with its evidence. A wrong row is struck by a later one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="methods")
    kind = models.CharField(max_length=20, choices=[(m.value, m.value) for m in Method])
    sealed_reference = models.BinaryField()
    attachment = models.OneToOneField(Attachment, models.PROTECT, null=True, related_name="method")
    strikes = models.OneToOneField("self", models.PROTECT, null=True, related_name="struck_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("method of identification")
        verbose_name_plural = _("methods of identification")
        indexes = [models.Index(fields=["case", "at"])]

    def __str__(self) -> str:
        return self.kind


class AuthenticityCheck(models.Model):
    """The government's check (진위확인), done outside: what it said, when, by whom. `values` are the ids submitted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="checks")
    result = models.CharField(max_length=12, choices=[(r.value, r.value) for r in CheckResult])
    checked_at = models.DateTimeField()
    sealed_reference = models.BinaryField()
    values = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("authenticity check")
        verbose_name_plural = _("authenticity checks")
        indexes = [models.Index(fields=["case", "at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(result="mismatch"), name="one_mismatch_stops"
            )
        ]

    def __str__(self) -> str:
        return self.result
