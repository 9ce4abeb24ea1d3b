"""A case: one person's onboarding, from the first page to the decision."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc.domain.actors import Actor
from kyc.domain.lifecycle import IllegalMove, State, check_move
from kyc.models.audit import AuditEntry
from kyc.vault.keys import CaseKey, keyring


class Case(models.Model):
    """The states and the moves between them are drawn in `kyc.domain.lifecycle`."""

    class Channel(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        STAFF = "staff", _("staff")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(
        max_length=16, choices=[(s.value, s.value) for s in State], default=State.STARTED
    )
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.CUSTOMER)
    locale = models.CharField(max_length=8, default="ko")
    legal_basis = models.CharField(max_length=200)
    sealed_key = models.BinaryField()
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(null=True, db_index=True)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="claims")
    claim_expires = models.DateTimeField(null=True)
    relationship_ended_on = models.DateField(null=True, db_index=True)
    legal_hold = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [models.Index(fields=["state", "due_at"]), models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return str(self.id)[:8]

    @property
    def status(self) -> State:
        return State(self.state)

    @property
    def archived(self) -> bool:
        """Whether only a law keeps it any longer: its purpose is over, and reviewers open it no more (PIPA 21)."""
        return self.relationship_ended_on is not None and self.status is State.APPROVED

    def key(self) -> CaseKey:
        """The case's key, unsealed. Raises `Refused` once the case is erased."""
        return keyring().case_key(self.id, bytes(self.sealed_key))

    def claimed_by_other(self, account_id: int | None) -> bool:
        """Whether another officer holds the case now."""
        held = self.claim_expires is not None and self.claim_expires > timezone.now()
        return held and self.claimed_by_id is not None and self.claimed_by_id != account_id

    def move(self, to: State, *, by: Actor, reason: str = "", **changes: Any) -> None:
        """The only line that writes a state, with its audit entry, all or nothing.

        `changes` are further columns set by the same update. Raises IllegalMove where the table has no such move or
        where somebody else moved the case since it was loaded.
        """
        origin = self.status
        check_move(origin, to)
        now = timezone.now()
        with transaction.atomic():
            moved = Case.objects.filter(pk=self.pk, state=origin).update(state=to, changed_at=now, **changes)
            if moved != 1:
                raise IllegalMove(State(Case.objects.values_list("state", flat=True).get(pk=self.pk)), to)
            data = {"from": origin.value, "to": to.value} | ({"reason": reason} if reason else {})
            AuditEntry.append("case.moved", by=by, case_id=self.pk, data=data)
        self.state, self.changed_at = to.value, now
        for name, value in changes.items():
            setattr(self, name, value)
