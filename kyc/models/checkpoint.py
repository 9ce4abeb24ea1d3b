"""Signed checkpoints of the audit chain."""

from datetime import UTC, datetime

from django.db import models


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


def moment(at: datetime) -> str:
    """UTC with microseconds, as in the chain's hashes."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
