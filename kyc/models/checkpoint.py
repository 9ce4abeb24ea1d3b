"""Signed checkpoints of the audit chain."""

from datetime import UTC, datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Checkpoint(models.Model):
    """At this moment the chain reached this entry with this hash, says the deployment's audit key (Ed25519)."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    hash = models.BinaryField(max_length=32)
    key = models.CharField(max_length=16)
    signature = models.BinaryField(max_length=64)

    def __str__(self) -> str:
        return f"checkpoint {self.sequence}"

    def statement(self) -> bytes:
        """What is signed; plain text, so that any language can put it together again."""
        at = moment(self.at)
        return f"sinwon audit checkpoint 1\n{self.sequence}\n{bytes(self.hash).hex()}\n{at}\n".encode()


class Anchor(models.Model):
    """A checkpoint was kept off the host, or its hour was certified by a time-stamping authority (RFC 3161)."""

    class Kind(models.TextChoices):
        STORE = "store", _("kept off the host")
        TIME = "time", _("time stamp")

    sequence = models.PositiveBigIntegerField(db_index=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    place = models.CharField(max_length=200, help_text=_("name in the store, or address of the authority"))
    token = models.BinaryField(null=True, help_text=_("the authority's answer, DER"))

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"


def moment(at: datetime) -> str:
    """UTC with microseconds, as in the chain's hashes."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
