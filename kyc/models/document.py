"""A document: one picture of a card, sealed in the storage."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.sources import Source
from kyc.models.case import Case

DESTROYED = "destroyed/"  # where no picture is any more: the name that its row keeps


class Document(models.Model):
    """`sha256` is of the picture as it was sent, so that the same file twice makes one document.

    It tells whoever has the very file that it was sent: erasure puts random bytes in its place.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    storage_key = models.CharField(max_length=200, unique=True)
    sha256 = models.BinaryField(max_length=32)
    size = models.PositiveIntegerField(help_text=_("bytes, re-encoded"))
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    quality = models.JSONField(default=dict, help_text=_("the card's geometry in the picture: numbers only"))
    source = models.CharField(
        max_length=8, choices=[(s.value, s.value) for s in Source], default=Source.FILE.value
    )
    insisted = models.BooleanField(
        default=False, help_text=_("its customer was warned and has no better one: an officer decides")
    )
    received_at = models.DateTimeField(default=timezone.now, db_index=True)
    # When it came, where its customer insisted on it later: `received_at` is set anew then, which makes it the newest.
    first_received_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="one_document_a_picture")]
        indexes = [models.Index(fields=["case", "-received_at"])]

    @property
    def destroyed(self) -> bool:
        """Whether its picture was destroyed because it showed what may not be had."""
        return self.storage_key.startswith(DESTROYED)

    def __str__(self) -> str:
        return str(self.id)[:8]
