"""Reading a document: the job that is leased, the answer that is kept, and what was found in it."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.findings import Severity
from kyc.models.case import Case
from kyc.models.document import Document


class ReadingJob(models.Model):
    """One reader's task on one document. The row is the queue: to take work is to update it and see the count is one.

    `token` rises with each lease (a fencing token): a worker that wakes after its lease writes nothing.
    """

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="jobs")
    reader = models.CharField(max_length=32)
    token = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    deaths = models.PositiveSmallIntegerField(default=0, help_text=_("workers that never came back"))
    next_attempt_at = models.DateTimeField(default=timezone.now)
    rung_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=100, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "reader"], name="one_job_a_reader")]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="job_due", condition=models.Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.reader} {self.document_id}"


class Reading(models.Model):
    """One answer of one reader, never changed. `error_code` is empty where the card was read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(ReadingJob, models.PROTECT, related_name="reading")
    document = models.ForeignKey(Document, models.PROTECT, related_name="readings")
    reader = models.CharField(max_length=32)
    engine = models.CharField(max_length=100, blank=True)
    version = models.CharField(max_length=100, blank=True)
    request_id = models.CharField(max_length=100, blank=True)
    duration = models.FloatField(help_text=_("seconds"))
    attempts = models.PositiveSmallIntegerField(default=1)
    error_code = models.CharField(max_length=100, blank=True)
    sealed_answer = models.BinaryField(null=True)
    sealed_photo = models.BinaryField(null=True)
    details = models.JSONField(
        default=dict, help_text=_("confidence and place of each field, geometry: no text of the card")
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes = [models.Index(fields=["document", "at"]), models.Index(fields=["reader", "at"])]

    def __str__(self) -> str:
        return f"{self.reader} {self.at:%Y-%m-%d %H:%M}"


class Finding(models.Model):
    """What a rule noticed. The words are made when shown (`kyc.wording`); the evidence is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="findings")
    reading = models.ForeignKey(Reading, models.PROTECT, null=True, related_name="findings")
    code = models.CharField(max_length=64, db_index=True)
    severity = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Severity])
    fields = models.JSONField(default=list)
    sealed_evidence = models.BinaryField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [
            models.Index(fields=["case", "severity"]),
            models.Index(fields=["case", "code"]),
            models.Index(fields=["at", "code"]),
        ]

    def __str__(self) -> str:
        return self.code
