"""The systems of the business around the product: who they are, their keys, and the verifications they asked for."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.hosts import Outcome


class Host(models.Model):
    """One system that opens verifications. `return_addresses` are where it may send customers back to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60, unique=True)
    return_addresses = models.JSONField(default=list, help_text=_("each with everything below its path"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("host system")
        verbose_name_plural = _("host systems")

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """`digest` is the SHA-256 of the key (256 random bits, so no slow hash is needed); the key itself is nowhere.

    `window` and `used` count the requests of the current minute.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.ForeignKey(Host, models.PROTECT, related_name="keys")
    name = models.CharField(max_length=60)
    hint = models.CharField(max_length=24, help_text=_("the beginning of the key, to know it by"))
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    sandbox = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    window = models.PositiveBigIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return self.hint


class Verification(models.Model):
    """What a host asked for, beside the case that does it. `reference` is the host's own name for it, of nobody."""

    case = models.OneToOneField("kyc.Case", models.PROTECT, primary_key=True, related_name="verification")
    host = models.ForeignKey(Host, models.PROTECT, related_name="verifications")
    reference = models.CharField(max_length=100)
    return_address = models.CharField(max_length=500, blank=True)
    methods = models.PositiveSmallIntegerField(default=0, help_text=_("ways of identification, at least"))
    second_officer = models.BooleanField(default=False)
    outcome = models.CharField(
        max_length=10, blank=True, choices=[(o.value, o.value) for o in Outcome], help_text=_("sandbox alone")
    )
    again = models.JSONField(default=list, help_text=_("why the host asked for another picture"))
    again_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        indexes = [
            models.Index(fields=["host", "-created_at", "-case"], name="verification_page"),
            models.Index(fields=["host", "reference"], name="verification_reference"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)[:8]

    @property
    def sandbox(self) -> bool:
        return bool(self.outcome)


class Repeat(models.Model):
    """An answer given under an Idempotency-Key: the same request gets it again. Holds no personal data."""

    host = models.ForeignKey(Host, models.CASCADE)
    token = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host", "token"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return self.token[:8]
