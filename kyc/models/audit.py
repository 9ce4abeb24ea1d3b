"""The audit chain, and the register of who saw whose data. Both only grow; the database refuses anything else."""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.actors import Actor
from kyc.models.checkpoint import moment

CHAIN_LOCK = 0x53494E57  # any number of our own, for PostgreSQL's advisory lock
GENESIS = bytes(32)


class AuditEntry(models.Model):
    """One event: numbered without gaps, holding the hash of the entry before. No personal data, ids and codes only."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=64)
    actor = models.CharField(max_length=80)
    case_id = models.UUIDField(null=True, db_index=True)
    data = models.JSONField(default=dict)
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit chain")
        # What somebody did lately: limits that were reached, reviews of the register.
        indexes = [models.Index(fields=["actor", "at"], name="audit_by_actor")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def digest(self) -> bytes:
        """SHA-256 over the entry and the hash before it; canonical JSON, so that any language can recompute it."""
        text = json.dumps(self.told(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(bytes(self.previous) + text.encode()).digest()

    def told(self) -> dict[str, Any]:
        """What the hash covers, as plain values."""
        return {
            "sequence": self.sequence,
            "at": moment(self.at),
            "action": self.action,
            "actor": self.actor,
            "case": str(self.case_id) if self.case_id else None,
            "data": self.data,
        }

    @classmethod
    def append(
        cls, action: str, *, by: Actor, case_id: UUID | None = None, data: dict[str, Any] | None = None
    ) -> "AuditEntry":
        """Adds the next entry in the caller's transaction (its own where there is none)."""
        with transaction.atomic():
            lock_chain()
            last = cls.objects.order_by("-sequence").only("sequence", "hash").first()
            entry = cls(
                sequence=last.sequence + 1 if last else 1,
                at=timezone.now(),
                action=action,
                actor=str(by),
                case_id=case_id,
                data=data or {},
                previous=bytes(last.hash) if last else GENESIS,
            )
            entry.hash = entry.digest()
            entry.save(force_insert=True)
        return entry


def lock_chain() -> None:
    """One writer at a time until the transaction ends. SQLite's IMMEDIATE transactions have that already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


class Disclosure(models.Model):
    """Who saw which picture or value, when, from where and why: written before a byte leaves (PIPA safety standard)."""

    class What(models.TextChoices):
        PICTURE = "picture", _("picture")
        PORTRAIT = "portrait", _("portrait")
        NUMBER = "number", _("resident number")
        FIELDS = "fields", _("name, address and dates")
        EXPORT = "export", _("export")
        FILE = "file", _("file of the evidence")
        CONTACT = "contact", _("e-mail address")

    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="disclosures")
    actor = models.CharField(max_length=80)
    case_id = models.UUIDField(db_index=True)
    what = models.CharField(max_length=16, choices=What.choices)
    reason = models.CharField(max_length=200)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosure register")
        indexes = [models.Index(fields=["by", "at"])]

    def __str__(self) -> str:
        return f"{self.actor} {self.what} {self.case_id}"
