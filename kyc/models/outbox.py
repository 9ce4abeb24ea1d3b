"""The outbox: what hosts are to be told, written in the transaction of the change itself and sent afterwards."""

import uuid
from uuid import UUID

from django.db import models
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.hosts import TOLD
from kyc.domain.lifecycle import State
from kyc.models.delivery import Delivery
from kyc.models.host import Host, Verification


class WebhookEndpoint(models.Model):
    """Where a host listens. Its secret is made of the keyring and `generation`; the one before counts for a while."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.ForeignKey(Host, models.PROTECT, related_name="endpoints")
    url = models.CharField(max_length=500)
    sandbox = models.BooleanField(default=False)
    generation = models.PositiveIntegerField(default=1)
    previous_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("webhook address")
        verbose_name_plural = _("webhook addresses")

    def __str__(self) -> str:
        return self.url


class OutboxMessage(Delivery):
    """One message to one address, dead after three days.

    `sequence` counts a case's events from one; an address hears the events of a case in this order.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="messages")
    verification = models.ForeignKey(Verification, models.PROTECT, related_name="messages")
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages to hosts")
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "verification", "sequence"], name="one_message_an_event"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="message_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["dead_at"], name="message_dead", condition=models.Q(dead_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.sequence}"

    @classmethod
    def tell(cls, case_id: UUID, state: State) -> None:
        """In the transaction of the move: a message for each address of the host that asked for it, if any."""
        if state not in TOLD:
            return
        verification = Verification.objects.filter(case_id=case_id).first()
        if verification is None:
            return
        endpoints = WebhookEndpoint.objects.filter(
            host=verification.host_id, active=True, sandbox=verification.sandbox
        )
        reached = OutboxMessage.objects.filter(verification=verification).aggregate(reached=Max("sequence"))[
            "reached"
        ]
        OutboxMessage.objects.bulk_create(
            OutboxMessage(
                endpoint=endpoint, verification=verification, sequence=(reached or 0) + 1, event=TOLD[state]
            )
            for endpoint in endpoints
        )
