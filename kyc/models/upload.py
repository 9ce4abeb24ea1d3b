"""A picture on its way: its parts as they arrive, sealed, and what the glance at the whole said. Gone after a day."""

import uuid

from django.db import models
from django.utils import timezone

from kyc.domain.sources import Source
from kyc.models.case import Case


class Upload(models.Model):
    """`mark` is the browser's own name for the picture: the same picture has the same mark.

    `faults` are codes of `domain.quality`; `warned` counts how often the customer was told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="uploads")
    mark = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    source = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Source])
    received = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    warned = models.PositiveSmallIntegerField(default=0)
    finished = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "mark"], name="one_upload_a_mark")]

    def __str__(self) -> str:
        return str(self.id)[:8]


class UploadPart(models.Model):
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts")
    offset = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="one_part_an_offset")]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.offset}"
